"""Tags and publishers: which there are, which spellings are one, and the address of each.

In: facts of stories. Out: `Terms`, and a warning for each tag that is spelt in several ways. Spellings that differ in case, in
white space or in "-" and "_" only are one term, called by the spelling most often used.

    Wahlen → wahlen    Élections → elections    選挙 → x-5c1f0d3a
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from types import MappingProxyType
from typing import NamedTuple

from generator.errors import Diagnostic, Where, warning
from generator.site.facts import StoryFacts

SLUG_LENGTH = 60
"""Longest readable part of an address, in characters: what is longer is cut, and told apart by its hash."""

_HASH_LENGTH = 4
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_SEPARATORS = re.compile(r"[\s_-]+")


class Term(NamedTuple):
    """A tag or a publisher: which of them (`form`), its part of the address, its name, and its stories in the order given."""

    form: str
    slug: str
    name: str
    stories: tuple[StoryFacts, ...]

    @property
    def route(self) -> str:
        """Where the first sheet of its stories lies."""
        return f"{self.form}/{self.slug}/index.html"


@dataclass(frozen=True, slots=True)
class Terms:
    """All tags, or all publishers, of a site: by name, and by every spelling of it. `form`: `tag` or `publisher`.

    `odd` says which terms are not called, or do not lie, as their spelling alone would have it: because most stories spell them in
    another way, or because another term has their address.
    """

    form: str
    every: tuple[Term, ...]
    spelt: Mapping[str, Term]
    odd: str

    def of(self, names: Iterable[str]) -> tuple[Term, ...]:
        """The terms of these spellings, each once, in their order."""
        # By slug: a term's hash goes through all its stories.
        return tuple({self.spelt[name].slug: self.spelt[name] for name in names}.values())


def tags_of(story: StoryFacts) -> tuple[str, ...]:
    """The tags of a story, as written."""
    return story.tags


def publishers_of(story: StoryFacts) -> tuple[str, ...]:
    """The publishers of a story's versions."""
    return tuple([witness.publisher for witness in story.witnesses if witness.publisher])


def terms(form: str, stories: Sequence[StoryFacts], names_of: Callable[[StoryFacts], Sequence[str]]) -> Terms:
    """The terms that stories have, by name as people sort them."""
    counts: Counter[str] = Counter()
    keys: dict[str, str] = {}
    found: defaultdict[str, list[StoryFacts]] = defaultdict(list)
    for story in stories:
        for name in names_of(story):
            counts[name] += 1
            key = keys.get(name) or keys.setdefault(name, _key(name))
            within = found[key]
            if not within or within[-1] is not story:
                within.append(story)
    slugs = _slugs(found)
    names = _usual(counts, keys)
    every = {key: Term(form, slugs[key], names[key], tuple(within)) for key, within in found.items()}
    ordered = sorted(every, key=lambda key: (_plain(names[key]), key))
    odd = sorted(
        f"{name} {names[key]} {slugs[key]}" for name, key in keys.items() if name != names[key] or slugs[key] != _slug(key)
    )
    spelt = MappingProxyType({name: every[key] for name, key in keys.items()})
    return Terms(form, tuple(every[key] for key in ordered), spelt, "\n".join(odd))


def spelling_faults(tags: Mapping[str, Sequence[str]]) -> tuple[Diagnostic, ...]:
    """A warning for each story that spells a tag in another way than most do; `tags` of each story, by slug."""
    counts = Counter(tag for each in tags.values() for tag in each)
    usual = _usual(counts, {tag: _key(tag) for tag in counts})
    if len(usual) == len(counts):
        return ()
    return tuple(
        warning(
            Where(f"content/{slug}/comparison.yaml"),
            f"the tag {tag!r} is spelt {usual[_key(tag)]!r} elsewhere",
            "they are shown as one; spell them alike",
        )
        for slug, each in sorted(tags.items())
        for tag in each
        if usual[_key(tag)] != tag
    )


def _usual(counts: Mapping[str, int], keys: Mapping[str, str]) -> dict[str, str]:
    """The spelling most often used of each term, by its key; of two, the first in the order of code points."""
    usual: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        usual.setdefault(keys[name], name)
    return usual


@lru_cache(maxsize=10_000)
def _key(name: str) -> str:
    """What all spellings of a term have in common."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _slugs(keys: Iterable[str]) -> dict[str, str]:
    """The address of each term. Of several that would share one, the plainest keeps it and the others carry a hash."""
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        wanted[_slug(key)].append(key)
    found = {}
    for slug, sharing in wanted.items():
        first, *others = sorted(sharing, key=lambda key: (not key.isascii(), len(key), key))
        found[first] = slug
        found |= {key: f"{slug}-{_hash(key)}" for key in others}
    return found


@lru_cache(maxsize=10_000)
def _slug(key: str) -> str:
    """The address that a term has by itself; of letters that have no plain form nothing is left but a hash."""
    plain = _plain(key)
    slug = _NO_LETTERS.sub("-", plain).strip("-")
    lost = any(character.isalnum() and not character.isascii() for character in plain)
    if len(slug) > SLUG_LENGTH:
        slug, lost = slug[:SLUG_LENGTH].rstrip("-"), True
    return f"{slug or 'x'}-{_hash(key)}" if lost or not slug else slug


def _plain(name: str) -> str:
    """Lower case without accents: how people look for a name in a list."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _hash(key: str) -> str:
    return blake2s(key.encode(), digest_size=_HASH_LENGTH).hexdigest()
