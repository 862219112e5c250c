"""Cuts a witness into blocks, sentences and tokens, and says what each block is for.

In: a `Source`. Out: an `Article` whose spans point into the raw text, which is never changed, and the faults of the
witness's role corrections. Plain text is cut into paragraphs here; Markdown brings its blocks along. No grammar is parsed:
a sentence ends where punctuation, capitals and the word lists of `data/<language>/segmentation.toml` say so.

    split_sentences('“Why?” Gen. Kim asked. Nobody at the U.N. answered.')
    ['“Why?” Gen. Kim asked.', 'Nobody at the U.N. answered.']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, pairwise, repeat

from generator.collate.fold import fold, fold_with_map
from generator.collate.lexicon import DEFAULT_LANGUAGE, Lexicon, lexicon
from generator.collate.tokens import BULLETS, scan, shaped
from generator.errors import Diagnostic, error
from generator.model import BOILERPLATE, Article, Block, Role, RoleOverride, Sentence, Source, SourceBlock, Span, Token

TAG_REACH = 5
"""How many tokens after a closed question may go by before its reporting verb ("Why?" the tired old man asked). More: more
sentences stay whole, and more are run together. Sensible from 3 to 6."""

HEADLINE_TOKENS = 30
"""The longest first block that can be a headline. More: a first sentence without its full stop becomes a headline. Sensible
from 20 (English headlines reach 18 words) to 40 (a headline in Han characters)."""

FURNITURE_TOKENS = 25
"""The longest block that can be a byline, a line of dates or a call to action. More: a paragraph that quotes "click here"
is folded away. Sensible from 15 to 40."""

CAPTION_TOKENS = 80
"""The longest block that can be a caption. Sensible from 50 to 100: agencies put the whole story under a picture."""

CREDIT_REACH = 12
"""How many tokens at a caption's end may hold its credit in brackets. Sensible from 6 to 20."""

CAPITALS = 4
"""How many words in capitals, and nothing but capitals, make a related-link line. Fewer: "WHAT COMES NEXT", a subheading,
is folded away. Sensible from 3 to 5."""

# ------------------------------------------------------------------ sentences

_OPENERS = BULLETS | {":"}
_WIDE_ENDERS = frozenset("。！？｡")
_CLOSING = frozenset("”’)]}」』）】》〉")
_EITHER = frozenset("\"'«»‹›“‘`")
_CLOSING_APART = frozenset("»›")


def split_sentences(text: str, language: str = DEFAULT_LANGUAGE) -> list[str]:
    """The sentences of `text` as they stand in it, without the white space between them."""
    words, paragraphs = lexicon(language), split_paragraphs(text)
    return [sentence.span.of(text) for block in _sentences_of_blocks(text, paragraphs, words) for sentence in block]


def _sentences_of_blocks(text: str, blocks: Sequence[Span], words: Lexicon) -> list[tuple[Sentence, ...]]:
    """The sentences of each block. The text is scanned once: 15 blocks of 500 words one by one take 0.1 ms more."""
    tokens, ends = scan(shaped(text), Span(0, len(text)), words)
    found = []
    for block in blocks:
        first, stop = bisect_left(tokens, block[:1]), bisect_left(tokens, block[1:])
        inside = [end - first for end in ends[bisect_left(ends, first) : bisect_left(ends, stop)]]
        found.append(_sentences(text, tokens[first:stop], inside, words))
    return found


def _sentences(text: str, tokens: list[Token], ends: Iterable[int], words: Lexicon) -> tuple[Sentence, ...]:
    """The sentences of one block, given its tokens and the indices of those that may begin or end a sentence."""
    cuts = [0]
    for index in ends:
        cut = _opening(tokens, index, text, words) or _cut_after(tokens, index, cuts[-1], text, words)
        if cut > cuts[-1]:
            cuts.append(cut)
    if tokens:
        cuts.append(len(tokens))
    return tuple([Sentence(Span(tokens[i].start, tokens[j - 1].end), tuple(tokens[i:j])) for i, j in pairwise(cuts)])


def _opening(tokens: list[Token], index: int, text: str, words: Lexicon) -> int:
    """The index of the token that begins a sentence because of what token `index` is, else 0.

    That is a bullet that begins a line, or the word before the colon of a credit line: "Troops in Kursk Image: Reuters".
    """
    before, mark = tokens[index - 1], tokens[index]
    if mark.fold == ":":
        return index - 1 if before.fold in words.words("caption_marks") and text[before.start].isupper() else 0
    begins_line = mark.fold in BULLETS and _LINE_END.search(text, before.end, mark.start)
    return index if begins_line and text[mark.end : mark.end + 1].isspace() else 0


def _cut_after(tokens: list[Token], index: int, first: int, text: str, words: Lexicon) -> int:
    """The index of the token that begins the next sentence if one ends with token `index`, else 0."""
    cut = _past_closers(tokens, index + 1, text)
    if cut >= len(tokens) or tokens[index].fold in _OPENERS:
        return 0
    if text[tokens[index].start] in _WIDE_ENDERS:
        goes_on = cut > index + 1 and tokens[cut].fold in words.words("quotation_tags")
    elif tokens[cut].start == tokens[cut - 1].end:
        goes_on = not _is_run_on(tokens, index, cut, text)
    else:
        is_lower = _is_lower(_raw(tokens[_head(tokens, cut)], text))
        goes_on = is_lower or _goes_on(tokens, index, cut, text, words) or _is_list_number(tokens, index, first)
    return 0 if goes_on else cut


def _goes_on(tokens: list[Token], index: int, cut: int, text: str, words: Lexicon) -> bool:
    """Whether a sentence goes on after the mark at `index`, though what follows begins with no lower-case letter."""
    mark, follows = tokens[index], tokens[_head(tokens, cut)]
    if mark.kind == "word":
        return _abbreviation_goes_on(_raw(mark, text), mark.fold[:-1], follows, words)
    if mark.fold == ".":
        return index > 0 and tokens[index - 1].kind == "number" and follows.fold in words.words("after_ordinals")
    tags = words.words("quotation_tags")
    return mark.fold[0] in "!?" and cut > index + 1 and any(token.fold in tags for token in tokens[cut : cut + TAG_REACH])


def _abbreviation_goes_on(raw: str, bare: str, follows: Token, words: Lexicon) -> bool:
    """Whether an abbreviation (`bare`: folded, without its full stop) stands inside its sentence.

    A language that lists no sentence starters ends a sentence at every abbreviation before a capital, initials aside; a script
    without case gives no sign, and the sentence goes on.
    """
    if bare in words.words("titles") or bare in words.words("abbreviations_before_numbers") or raw.upper() == raw.lower():
        return True
    starters = words.words("sentence_starters")
    is_initial = len(bare) == 1 and raw[0].isupper()
    return follows.fold not in starters if starters else is_initial


def _past_closers(tokens: list[Token], index: int, text: str) -> int:
    """The index of the first token from `index` on that does not close a quotation or a bracket."""
    while index < len(tokens):
        token, last = tokens[index], index + 1 == len(tokens)
        mark, adjacent = text[token.start], token.start == tokens[index - 1].end
        loose = last or tokens[index + 1].start > token.end or tokens[index + 1].kind == "punctuation"
        closes = adjacent if mark in _CLOSING else loose and mark in _EITHER and (adjacent or last or mark in _CLOSING_APART)
        if not closes:
            break
        index += 1
    return index


def _head(tokens: list[Token], index: int) -> int:
    """The index of the first token from `index` on that is no opening quotation mark, bracket or dash; it looks at three."""
    stop = min(index + 3, len(tokens) - 1)
    while index < stop and tokens[index].kind == "punctuation":
        index += 1
    return index


def _raw(token: Token, text: str) -> str:
    """A token as it stands in the text."""
    return text[token.start : token.end]


def _is_lower(raw: str) -> bool:
    """Whether a word begins in lower case; "iPhone" does not."""
    return raw[0].islower() and not raw[1:2].isupper()


def _is_list_number(tokens: list[Token], index: int, first: int) -> bool:
    """Whether the full stop at `index` follows the number or letter of a list item at the sentence's start."""
    return index == first + 1 and (tokens[first].kind == "number" or tokens[first].end - tokens[first].start == 1)


def _is_run_on(tokens: list[Token], index: int, cut: int, text: str) -> bool:
    """Whether the space after a full stop was forgotten: "again.Officials"."""
    if cut != index + 1 or not index or tokens[index - 1].end != tokens[index].start:
        return False
    before, after = (_raw(tokens[near], text) for near in (index - 1, cut))
    return len(before) > 2 and before.islower() and len(after) > 1 and after[0].isupper() and after[1:].islower()


# ------------------------------------------------------------------ blocks

_LINE_END = re.compile(r"\r\n?+|\n")
_BLANK_LINES = re.compile(r"(?:\r\n?+|\n)(?:[^\S\r\n]*+(?:\r\n?+|\n))+")


def split_paragraphs(text: str) -> tuple[Span, ...]:
    """The paragraphs of plain text, without the white space around them.

    Blank lines separate them; a text without a blank line has one a line. Only LF, CR LF and CR end a line.
    """
    first, last = _trimmed(text, 0, len(text))
    separator = _BLANK_LINES if _BLANK_LINES.search(text, first, last) else _LINE_END
    breaks = [match.span() for match in separator.finditer(text, first, last)]
    starts = [first, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), last]
    return tuple([span for span in map(_trimmed, repeat(text), starts, ends) if span[0] < span[1]])


def _trimmed(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends."""
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    return Span(start + left, start + max(left, len(part.rstrip())))


def segment(source: Source) -> tuple[Article, tuple[Diagnostic, ...]]:
    """The article of a witness, and the faults of its role corrections."""
    text, words = source.text, lexicon(source.language)
    marked = source.blocks or [SourceBlock("paragraph", span) for span in split_paragraphs(text)]
    found = _sentences_of_blocks(text, [block.span for block in marked], words)
    cut = [(block, sentences) for block, sentences in zip(marked, found, strict=True) if sentences]
    corrected, faults = _corrections(source, [Span(parts[0].span.start, parts[-1].span.end) for _, parts in cut])
    blocks: list[Block] = []
    may_title = len(cut) > 1
    for block, sentences in cut:
        span = Span(sentences[0].span.start, sentences[-1].span.end)
        role = corrected.get(span) or _role(block, sentences, source, words, may_title=may_title)
        may_title = may_title and role in BOILERPLATE
        blocks.append(Block(role, block.form, block.level, block.marker, span, sentences))
    return Article(source, text, tuple(blocks)), faults


# ------------------------------------------------------------------ roles

_CLOSERS = frozenset("\"')]}）】》〉")
_STOPS = frozenset(".,;:。、，；：।۔؛።։")
_DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}")


def _corrections(source: Source, spans: list[Span]) -> tuple[dict[Span, Role], tuple[Diagnostic, ...]]:
    """The roles that comparison.yaml gives to blocks, by the block's span, and the corrections that fit no block or several."""
    roles: dict[Span, Role] = {}
    faults: list[Diagnostic] = []
    texts = [(span, fold_with_map(span.of(source.text)).text) for span in spans] if source.roles else []
    for override in source.roles:
        quote = fold_with_map(override.quote).text.strip()
        found = [span for span, text in texts if quote and quote in text]
        if len(found) == 1:
            roles[found[0]] = override.role
        else:
            faults.append(_unfit(source, override, len(found)))
    return roles, tuple(faults)


def _unfit(source: Source, override: RoleOverride, count: int) -> Diagnostic:
    """The fault of a correction whose quotation stands in `count` blocks, none or several."""
    where = f"stands in {count} paragraphs" if count else "stands in no paragraph"
    hint = (
        "quote more of the one you mean" if count else "copy the words from the article; a quotation must not span two paragraphs"
    )
    return error(override.where, f"the role {override.role!r}: {override.quote!r} {where} of {source.name!r}", hint)


def _role(block: SourceBlock, sentences: tuple[Sentence, ...], source: Source, words: Lexicon, *, may_title: bool) -> Role:
    """What a block is for. `may_title`: only site furniture stands before it, and it is not the only block."""
    length = sum([len(inside) for _, inside in sentences])
    if block.form != "paragraph" or length > CAPTION_TOKENS:
        return _declared_role(block)
    tokens = list(chain.from_iterable([inside for _, inside in sentences]))
    if length <= FURNITURE_TOKENS and (furniture := _furniture(tokens, source.text, words, may_title=may_title)):
        return furniture
    if _is_caption(sentences, tokens, source.text, words):
        return "caption"
    named = source.headline and fold(source.headline) == fold(source.text[tokens[0].start : tokens[-1].end])
    titled = length <= HEADLINE_TOKENS and len(sentences) == 1 and not _is_stopped(tokens)
    return "headline" if may_title and (named or titled) else "body"


def _declared_role(block: SourceBlock) -> Role:
    """What markup says of a block."""
    if block.form == "quotation":
        return "quotation"
    return "headline" if block.form == "heading" and block.level == 1 else "body"


def _furniture(tokens: list[Token], text: str, words: Lexicon, *, may_title: bool) -> Role | None:
    """What piece of site furniture a short block is, if any."""
    spoken = _spoken(tokens)
    if _is_dated(tokens, words) or _is_byline(tokens, spoken, text, words):
        return "dateline"
    if _phrases(words.language, "related_openers").match(spoken):
        return "related"
    if spoken.strip(" .!:") in words.words("promotion_lines") or _phrases(words.language, "promotions").search(spoken):
        return "promotion"
    if not may_title and not _is_stopped(tokens) and _is_capitals(tokens, text):
        return "related"
    return None


def _spoken(tokens: list[Token]) -> str:
    """The folds of tokens with a space around each, to look for phrases in."""
    return f" {' '.join([token.fold for token in tokens])} "


@cache
def _phrases(language: str, name: str) -> re.Pattern[str]:
    """A pattern for any phrase of a list of one language, the longest first, as `_spoken` puts it."""
    phrases = sorted(lexicon(language).words(name), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(f" (?:{'|'.join(map(re.escape, phrases))}) " if phrases else "(?!)")


def _is_stopped(tokens: list[Token]) -> bool:
    """Whether a block ends as a sentence of running text does, closing quotation marks and brackets aside."""
    for token in reversed(tokens):
        if token[3] not in _CLOSERS:
            return token[3] in _STOPS
    return False


def _is_capitals(tokens: list[Token], text: str) -> bool:
    """Whether all words are in capitals, and there are enough of them; never so in a script without case."""
    are_capitals = [_raw(token, text).isupper() for token in tokens if token.kind == "word"]
    return len(are_capitals) >= CAPITALS and all(are_capitals)


def _is_byline(tokens: list[Token], spoken: str, text: str, words: Lexicon) -> bool:
    """Whether a block says who wrote: "By Kim Lee", "Reporting by Kim Lee; editing by Ana Ruiz."."""
    opener = _phrases(words.language, "bylines").match(spoken)
    if not opener:
        return False
    length = opener[0].count(" ") - 1
    if length == len(tokens) or text[tokens[length].start].islower():
        return False
    return length > 1 or not _is_stopped(tokens)


def _is_dated(tokens: list[Token], words: Lexicon) -> bool:
    """Whether a block is a line of dates: one that is nothing but a date, or that a word such as "Updated" opens."""
    if _is_stopped(tokens) or "number" not in [token[2] for token in tokens]:
        return False
    dates, fillers = words.words("date_words"), words.words("date_fillers")
    if tokens[0].fold in words.words("date_marks"):
        return any(token.kind == "number" or token.fold in dates for token in tokens[1:3])
    named = any(token.fold in dates or _DATE.fullmatch(token.fold) for token in tokens)
    return named and all(token.kind not in {"word", "url", "handle"} or token.fold in dates | fillers for token in tokens)


def _is_caption(sentences: tuple[Sentence, ...], tokens: list[Token], text: str, words: Lexicon) -> bool:
    """Whether a block belongs to a picture: "FILE - …", a credit line such as "Photo: Reuters", "(AP Photo/Ana Ruiz)"."""
    marks = words.words("caption_marks")
    for _, inside in sentences:
        first = inside[0]
        if first.fold in marks and text[first.start].isupper() and len(inside) > 1 and inside[1].fold in {":", "-"}:
            return True
    ending = tokens[-CREDIT_REACH:]
    if "(" not in [token[3] for token in ending]:
        return False
    return _phrases(words.language, "caption_credits").search(_spoken(ending)) is not None
