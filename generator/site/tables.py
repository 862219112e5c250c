"""Comparisons as data: notes and changes as CSV, a whole pair as JSON.

In: a story and a comparison. Out: rows of text, or plain data for `json.dumps`. Offsets are code points of the texts, half-open.

CSV is RFC 4180 (commas, CRLF, every cell in quotation marks, a head line) in UTF-8. A cell that a spreadsheet would run as a
formula, one that begins with = + - @ or a tab, gets an apostrophe in front: it came from an article, which is untrusted.
A list inside a cell is separated by a semicolon and a space, passages by " | ", spans as 12-40.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from generator.config import SiteConfig
from generator.model import Anchor, Annotation, Change, Comparison, Evidence, Figures, Orphan, Row, Selector, Source, Story
from generator.site.frame import comparison_route
from generator.site.webannotation import encoded, page_iri

_FORMULA = frozenset("=+-@\t\r\n")
"""What a cell begins with that a spreadsheet takes for a formula, or skips to find one."""

FORMAT_VERSION = 1
"""Of the JSON; raised when a key changes its meaning or goes."""

NOTE_COLUMNS = (
    "story", "a", "b", "id", "kinds", "severity", "status", "direction", "title", "note",
    "a_quotes", "a_spans", "b_quotes", "b_spans", "lost", "evidence", "see", "history", "by", "page",
)  # fmt: skip
CHANGE_COLUMNS = (
    "id", "kinds", "tag", "detail", "a_text", "a_start", "a_end", "b_text", "b_start", "b_end", "move", "row", "role",
)  # fmt: skip

Json: TypeAlias = dict[str, Any]


# ------------------------------------------------------------------ CSV


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. The csv module looks at every character, and takes six times as long."""
    lines = [_line(columns)]
    lines += map(_line, rows)
    return "".join(lines)


def _line(row: Sequence[str]) -> str:
    joined = '","'.join(row)
    if joined.count('"') == 2 * (len(row) - 1) and _FORMULA.isdisjoint([cell[:1] for cell in row]):
        return f'"{joined}"\r\n'
    return f"{','.join(map(_cell, row))}\r\n"


def _cell(text: str) -> str:
    """A text in quotation marks, neutralised if it would run as a formula."""
    if '"' in text:
        text = text.replace('"', '""')
    return f'"\'{text}"' if text[:1] in _FORMULA else f'"{text}"'


def note_rows(config: SiteConfig, story: Story, comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """One row for each note of a pair, in the order of `NOTE_COLUMNS`."""
    texts = comparison.articles.map(lambda article: article.text)
    names = comparison.articles.map(lambda article: article.source.name)
    page = page_iri(config, comparison_route(story, comparison))
    for placement in comparison.placements:
        note = placement.annotation
        lost = (_shown(orphan.selector) for orphans in placement.orphans for orphan in orphans)
        yield (
            story.slug,
            names.a,
            names.b,
            note.id,
            "; ".join(note.kinds),
            note.severity,
            note.status,
            note.direction,
            note.title,
            note.body,
            _quotes(placement.anchors.a, texts.a),
            _spans(placement.anchors.a),
            _quotes(placement.anchors.b, texts.b),
            _spans(placement.anchors.b),
            " | ".join(lost),
            " | ".join(map(_evidence, note.evidence)),
            "; ".join(note.see),
            "; ".join(f"{each.date} {each.change}" for each in note.history),
            _author(story, note),
            f"{page}#note-{note.id}",
        )


def change_rows(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """One row for each change of a pair, in the order of `CHANGE_COLUMNS` and of the page; rows of the page count from 1."""
    a, b = (article.text for article in comparison.articles)
    for number, row in enumerate(comparison.rows, start=1):
        for change in row.changes:
            edit = change.edit
            (a_start, a_end), (b_start, b_end) = edit.spans.a, edit.spans.b
            kinds = "; ".join(change.kinds)
            text_a, text_b = a[a_start:a_end], b[b_start:b_end]
            places = (text_a, str(a_start), str(a_end), text_b, str(b_start), str(b_end))
            yield (change.id, kinds, edit.tag, change.detail, *places, change.move, str(number), row.role)


def _quotes(anchors: Sequence[Anchor], text: str) -> str:
    return " | ".join(anchor.span.of(text) for anchor in anchors)


def _spans(anchors: Sequence[Anchor]) -> str:
    return "; ".join(f"{anchor.span.start}-{anchor.span.end}" for anchor in anchors)


def _shown(selector: Selector) -> str:
    if selector.position is not None:
        return f"{selector.position.start}-{selector.position.end}"
    return f"{selector.gap} {selector.quote}" if selector.gap else selector.quote


def _evidence(evidence: Evidence) -> str:
    quotes = (f"{name}: {_shown(selector)}" for name, selector in evidence.quotes)
    rest = (evidence.title, evidence.publisher, evidence.url, evidence.quote, evidence.accessed, evidence.archived, evidence.why)
    return "; ".join(part for part in (*quotes, *rest) if part)


def _author(story: Story, note: Annotation) -> str:
    return next((annotator.name for annotator in story.annotators if annotator.key == note.by), note.by)


# ------------------------------------------------------------------ JSON


def comparison_json(config: SiteConfig, story: Story, comparison: Comparison, notes: str) -> str:
    """Everything known about a pair: texts, figures, rows with their changes, and its notes, which are given as JSON."""
    data = {
        "format": "variorum comparison",
        "version": FORMAT_VERSION,
        "story": story.slug,
        "title": story.title,
        "summary": story.summary,
        "published": story.published,
        "tags": story.tags,
        "page": page_iri(config, comparison_route(story, comparison)),
        "witnesses": {
            side: {**_witness(article.source), "text": article.text}
            for side, article in zip("ab", comparison.articles, strict=True)
        },
        "coarse": comparison.coarse,
        "figures": _figures(comparison.figures),
        "rows": [_row(row) for row in comparison.rows],
    }
    return f'{encoded(data)[:-1]},"notes":{notes}}}'


def _witness(source: Source) -> Json:
    return {
        "name": source.name,
        "label": source.label,
        "publisher": source.publisher,
        "author": source.author,
        "headline": source.headline,
        "published": source.published,
        "url": source.url,
        "archived": source.archived,
        "language": source.language,
        "based_on": source.based_on,
        "generator": source.generator,
    }


def _figures(figures: Figures) -> Json:
    quotations = figures.quotations
    return {
        "words": {"a": figures.words.a, "b": figures.words.b, "kept": figures.words_kept},
        "changes": dict(figures.changes),
        "passages": {"omitted": figures.passages_omitted, "added": figures.passages_added, "moved": figures.passages_moved},
        "phrases_moved": figures.phrases_moved,
        "furniture_omitted": figures.furniture_omitted,
        "quotations": {
            "intact": quotations.intact,
            "altered": quotations.altered,
            "dropped": quotations.dropped,
            "added": quotations.added,
        },
        "missing": dict(figures.missing),
    }


def _row(row: Row) -> Json:
    """A row: its blocks by index, its spans, and its changes; what stands between two changes is equal."""
    return {
        "role": row.role,
        "blocks": {"a": [row.blocks.a.start, row.blocks.a.stop], "b": [row.blocks.b.start, row.blocks.b.stop]},
        "a": row.spans.a,
        "b": row.spans.b,
        "changes": [_change(step) for step in row.script if isinstance(step, Change)],
    }


def _change(change: Change) -> Json:
    """A change; `kept`, `detail` and `move` only where there is something to say."""
    edit = change.edit
    data: Json = {"id": change.id, "kinds": change.kinds, "tag": edit.tag, "a": edit.spans.a, "b": edit.spans.b}
    if change.detail:
        data["detail"] = change.detail
    if change.move:
        data["move"] = change.move
    if edit.kept:
        data["kept"] = [[pair.a, pair.b] for pair in edit.kept]
    return data


def notes_json(config: SiteConfig, story: Story, comparison: Comparison) -> str:
    """The notes of a pair as a JSON list."""
    return encoded(list(_notes(config, story, comparison)))


def _notes(config: SiteConfig, story: Story, comparison: Comparison) -> Iterator[Json]:
    """The notes of a pair with their passages on both sides; `nearest` is what resembles a passage that was not found."""
    page = page_iri(config, comparison_route(story, comparison))
    texts = comparison.articles.map(lambda article: article.text)
    for placement in comparison.placements:
        note = placement.annotation
        yield {
            "id": note.id,
            "page": f"{page}#note-{note.id}",
            "kinds": note.kinds,
            "severity": note.severity,
            "status": note.status,
            "direction": note.direction,
            "title": note.title,
            "note": note.body,
            "by": _author(story, note),
            "a": _anchors(placement.anchors.a, texts.a),
            "b": _anchors(placement.anchors.b, texts.b),
            "lost": [*_orphans("a", placement.orphans.a), *_orphans("b", placement.orphans.b)],
            "evidence": [_evidence_data(evidence) for evidence in note.evidence],
            "see": note.see,
            "history": [{"date": each.date, "change": each.change} for each in note.history],
        }


def pair_notes_json(story: Story, comparison: Comparison, notes: str) -> str:
    """What the site's list of notes says of a pair, whose notes are given as JSON."""
    pair = {"story": story.slug, "witnesses": [article.source.name for article in comparison.articles]}
    return f'{encoded(pair)[:-1]},"notes":{notes}}}'


def site_json(config: SiteConfig, pairs: Iterable[str], following: str) -> str:
    """The notes of pairs of a site, each given as `pair_notes_json` has it; `following`: the file with the next ones, if any."""
    head = {"format": "variorum notes", "version": FORMAT_VERSION, "site": config.title} | (
        {"next": following} if following else {}
    )
    return f'{encoded(head)[:-1]},"pairs":[{",".join(pairs)}]}}'


def _anchors(anchors: Iterable[Anchor], text: str) -> list[Json]:
    return [_anchor(anchor, text) for anchor in anchors]


def _anchor(anchor: Anchor, text: str) -> Json:
    """A passage; `method` and `score` only where it was not found exactly."""
    start, end = anchor.span
    data: Json = {"start": start, "end": end, "quote": text[start:end]}
    return data if anchor.method == "exact" else data | {"method": anchor.method, "score": round(anchor.score, 3)}


def _orphans(side: str, orphans: Iterable[Orphan]) -> Iterator[Json]:
    for orphan in orphans:
        yield {
            "side": side,
            "quote": _shown(orphan.selector),
            "reason": orphan.reason,
            "nearest": orphan.nearest,
            "score": round(orphan.score, 3),
        }


def _evidence_data(evidence: Evidence) -> Json:
    data: Json = {"quotes": [{"witness": name, "quote": _shown(selector)} for name, selector in evidence.quotes]}
    for key in ("why", "url", "title", "publisher", "accessed", "quote", "archived"):
        if value := getattr(evidence, key):
            data[key] = value
    return data
