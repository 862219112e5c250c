"""Every file of the site that belongs to no story: lists and pages, search, feeds, sitemap, what hosts ask for.

In: the settings, the facts of all stories, the site's own pages, the names of its assets. Out: `Planned` files, each route once.
Nothing is made before it is asked for. The search index is not here: it is made of the finished pages (`search.index`).
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.config import SiteConfig
from generator.ownpages import OwnPages
from generator.site import feeds, hosting, search, sitemap
from generator.site.around import Planned, around
from generator.site.facts import StoryFacts


def plan(config: SiteConfig, stories: Sequence[StoryFacts], own: OwnPages, assets: Sequence[str]) -> tuple[Planned, ...]:
    """All files around the stories. `assets`: the paths of the theme's files in the site."""
    pages = around(config, stories, own)
    return (
        *pages,
        *search.planned(config),
        *feeds.planned(config, stories),
        *sitemap.planned(config, stories, pages),
        *hosting.planned(config, assets),
    )
