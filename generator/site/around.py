"""The files around the stories: which there are, what each is made from, and how it is made when it is needed.

In: the settings, the facts of all stories, the site's own pages. Out: `Planned` files. Stories are only grouped and sorted here,
which takes little on ten thousand of them and is done at every build; nothing is laid out, let alone rendered, before `make` is
called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2s
from operator import attrgetter

from generator.config import SiteConfig
from generator.ownpages import OwnPages
from generator.site.facts import StoryFacts
from generator.site.frame import Page
from generator.site.lists import Browse, index_page, term_page, terms_page
from generator.site.notelists import kind_page, kinds_page, notes_page
from generator.site.paging import Sheet, sheets
from generator.site.plainpages import PICTURE_FOLDER, how_page, missing_page, own_page
from generator.site.terms import Terms, publishers_of, tags_of, terms

_SLUG = attrgetter("slug")

NEWEST = 5
"""Comparisons that the page for missing addresses offers."""

TERMS_LENGTH = 500
"""Tags or publishers on a sheet of the list of all: a line each. From 100 to 2,000."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file of the site around the stories.

    `needs`: the slugs of the stories whose facts it is made from, in an order that matters; `more`: anything else it depends on,
    as text. The settings, the program's version and, unless `template` is empty, that template with all it includes count besides.
    `make` gives a page for the renderer, or bytes; two calls give the same. `anew`: there if it shows more of a story's notes than
    the other facts tell; plans it again for other facts of the stories it needs. Without, an edited note does not make it anew.
    """

    route: str
    template: str
    needs: tuple[str, ...]
    more: str
    make: Callable[[], Page | bytes]
    anew: Callable[[Sequence[StoryFacts]], Planned] | None = None


def around(config: SiteConfig, stories: Sequence[StoryFacts], own: OwnPages) -> tuple[Planned, ...]:
    """All files of the site that belong to no story. Stories without a page (their pairs failed) are in none of them."""
    listed = newest_first(stories)
    browse = Browse(terms("tag", listed, tags_of), terms("publisher", listed, publishers_of))
    return (
        *_index(config, browse, listed),
        *_terms(config, browse, browse.tags),
        *_terms(config, browse, browse.publishers),
        *_notes(config, listed),
        *_kinds(config, listed),
        Planned("how-to-read/index.html", "how.html", (), "", partial(how_page, config)),
        Planned("404.html", "missing.html", _slugs(listed[:NEWEST]), "", partial(missing_page, config, listed[:NEWEST])),
        *_own(config, own),
    )


def newest_first(stories: Sequence[StoryFacts]) -> tuple[StoryFacts, ...]:
    """Stories that have a page, by date of publication, the newest first, those of one day by slug; without a date last."""
    ordered = sorted((story for story in stories if story.pairs), key=lambda story: story.slug)
    return tuple(sorted(ordered, key=lambda story: story.published, reverse=True))


def _index(config: SiteConfig, browse: Browse, listed: Sequence[StoryFacts]) -> Iterator[Planned]:
    """The first page, and the sheets that follow it."""
    for sheet in sheets("", listed):
        make = partial(index_page, config, browse, sheet)
        yield Planned(sheet.route, "index.html", _slugs(sheet.items), _said(sheet, browse), make)


def _terms(config: SiteConfig, browse: Browse, found: Terms) -> Iterator[Planned]:
    """The pages of all tags or publishers, and the list of them."""
    for term in found.every:
        folder = term.route.removesuffix("index.html")
        for sheet in sheets(folder, term.stories):
            said = f"{term.name}\n{0 if sheet.number else len(term.stories)}\n{_said(sheet, browse)}"
            make = partial(term_page, config, browse, term, sheet)
            yield Planned(sheet.route, "term.html", _slugs(sheet.items), said, make)
    for every in sheets(f"{found.form}s/", found.every, limit=TERMS_LENGTH):
        said = "\n".join(f"{term.slug} {term.name} {len(term.stories)}" for term in every.items)
        yield Planned(
            every.route, "terms.html", (), f"{_neighbours(every)}\n{said}", partial(terms_page, config, found.form, every)
        )


def _notes(config: SiteConfig, listed: Sequence[StoryFacts]) -> Iterator[Planned]:
    """All notes, by story."""
    noted = [story for story in listed if story.notes]
    lengths = [len(story.notes) for story in noted]
    total = sum(lengths)
    for sheet in sheets("notes/", noted, lengths):
        said = f"{0 if sheet.number else total} {_neighbours(sheet)}"
        yield _noted("notes.html", said, partial(notes_page, config, total=total), sheet)


def _kinds(config: SiteConfig, listed: Sequence[StoryFacts]) -> Iterator[Planned]:
    """The page of each kind that the site knows, and the list of them."""
    stories: dict[str, list[StoryFacts]] = {}
    lengths: dict[str, list[int]] = {}
    for story in listed:
        for key, count in story.kinds:
            stories.setdefault(key, []).append(story)
            lengths.setdefault(key, []).append(count)
    totals = {key: sum(counts) for key, counts in lengths.items()}
    for kind in config.kinds:
        key, total = kind.key, totals.get(kind.key, 0)
        for sheet in sheets(f"kind/{key}/", stories.get(key, ()), lengths.get(key, ())):
            said = f"{0 if sheet.number else total} {_neighbours(sheet)}"
            yield _noted("kind.html", said, partial(kind_page, config, key, total=total), sheet)
    counts = tuple(sorted(totals.items()))
    yield Planned("kinds/index.html", "kinds.html", (), repr(counts), partial(kinds_page, config, counts))


def _noted(template: str, said: str, make: Callable[[Sheet[StoryFacts]], Page], sheet: Sheet[StoryFacts]) -> Planned:
    """A sheet that shows notes; `make` makes it."""

    def anew(stories: Sequence[StoryFacts]) -> Planned:
        return _noted(template, said, make, replace(sheet, items=tuple(stories)))

    return Planned(sheet.route, template, _slugs(sheet.items), said, partial(make, sheet), anew)


def is_grouped_alike(before: StoryFacts | None, now: StoryFacts | None) -> bool:
    """Whether a story's facts differ in nothing but what its notes say: then the same files are made of the same stories."""
    if before is None or now is None:
        return before is now
    return len(before.notes) == len(now.notes) and before._replace(notes=()) == now._replace(notes=())


def _own(config: SiteConfig, own: OwnPages) -> Iterator[Planned]:
    """The site's own pages with their pictures, and its own files."""
    known = f"{sorted(page.name for page in own.pages)} {[picture.name for picture in own.pictures]}"
    for page in own.pages:
        said = f"{known}\n{page.title}\n{page.language}\n{page.description}\n{page.body}"
        yield Planned(f"{page.name}/index.html", "own.html", (), said, partial(own_page, config, own, page))
    for file in own.files:
        yield Planned(file.route, "", (), file.digest, file.read)
    for picture in own.pictures:
        digest = blake2s(picture.data).hexdigest()
        yield Planned(f"{PICTURE_FOLDER}/{picture.name}", "", (), digest, partial(bytes, picture.data))


def _slugs(stories: Sequence[StoryFacts]) -> tuple[str, ...]:
    return tuple(map(_SLUG, stories))


def _neighbours(sheet: Sheet[object]) -> str:
    return f"{sheet.newer} {sheet.older}"


def _said(sheet: Sheet[StoryFacts], browse: Browse) -> str:
    """What a list of stories depends on besides them: its neighbours, and the terms that are not as stories write them."""
    return f"{_neighbours(sheet)}\n{browse.tags.odd}\n{browse.publishers.odd}"
