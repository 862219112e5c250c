"""Cuts a text into tokens: words, numbers, marks of punctuation, symbols, addresses and @names.

In: a text, a span of it, and the word lists of its language. Out: tokens whose spans point into the raw text. Nothing is
normalised but `Token.fold`. Scripts without spaces are cut by rule, not by dictionary: Han and Hiragana by character,
Katakana by run (as Unicode's word boundaries have it), Thai and its neighbours by character cluster.

    [text[token.start : token.end] for token in tokenize("Kim’s 12,000 U.S. troops…")]
    ["Kim’s", "12,000", "U.S.", "troops", "…"]

One pattern finds the tokens, in the *shape* of a text: the text with every code point outside ASCII replaced by one of a
few that stand for its class. A shape is as long as its text, and its classes fit a bitmap: 0.5 ms an article of 500 words
and 4 ms to compile, against 1.1 ms and 100 ms for a pattern over ranges of Unicode. What a token is follows from its shape
alone, and is remembered by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, repeat
from operator import sub
from typing import NamedTuple

from generator.collate.fold import fold
from generator.collate.lexicon import DEFAULT_LANGUAGE, Lexicon, lexicon
from generator.model import Span, Token, TokenKind

_LETTER, _HEBREW, _IDEOGRAPH, _KATAKANA = "éæØß"
_VOWEL_BEFORE, _CONSONANT, _VOWEL_AFTER = "þðÿ"
_MARK, _JOINER, _STACKER = "¨×÷"
_DIGIT, _SEPARATOR, _PERCENT = "¹¸¼"
_CURRENCY, _FLAG, _SYMBOL, _PUNCTUATION, _DASH, _LONG_DASH, _ELLIPSIS, _NO_BREAK = "£®¤§¬µ¶\xa0"

_SHAPE_OF = {
    **dict.fromkeys("’ʼ＇׳", "'"),
    **dict.fromkeys("‐‑־", "-"),
    **dict.fromkeys("–−", _DASH),
    **dict.fromkeys("—―", _LONG_DASH),
    **dict.fromkeys("…⋯‥", _ELLIPSIS),
    **dict.fromkeys("\u00a0\u202f\u2009", _NO_BREAK),
    **dict.fromkeys("٫٬", _SEPARATOR),
    **dict.fromkeys("‰٪％", _PERCENT),
    **dict.fromkeys("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4", _VOWEL_BEFORE),
    **dict.fromkeys("\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eaf\u0eb0\u0eb2\u0eb3\u0ec6", _VOWEL_AFTER),
    **dict.fromkeys("\u1039\u17d2", _STACKER),
    **dict.fromkeys("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff", _MARK),
    "°": "°",
    "±": "±",
    "״": '"',
    "·": "·",
    "\u200d": _JOINER,
}
_SCRIPTS = (
    ("\u05d0", "\u05ea", _HEBREW),
    ("\u0e01", "\u0edf", _CONSONANT),
    ("\u1000", "\u109f", _CONSONANT),
    ("\u1780", "\u17d3", _CONSONANT),
    ("\u3005", "\u3007", _IDEOGRAPH),
    ("\u3021", "\u3029", _IDEOGRAPH),
    ("\u3041", "\u309f", _IDEOGRAPH),
    ("\u30a1", "\u30ff", _KATAKANA),
    ("\u31f0", "\u31ff", _KATAKANA),
    ("\u3400", "\u9fff", _IDEOGRAPH),
    ("\uf900", "\ufaff", _IDEOGRAPH),
    ("\uff66", "\uff9f", _KATAKANA),
    ("\U0001b000", "\U0001b16f", _IDEOGRAPH),
    ("\U0001f1e6", "\U0001f1ff", _FLAG),
    ("\U00020000", "\U0003ffff", _IDEOGRAPH),
)
_CATEGORIES = {
    "L": _LETTER,
    "M": _MARK,
    "P": _PUNCTUATION,
    "Nd": _DIGIT,
    "Nl": _LETTER,
    "No": _LETTER,
    "Cf": _MARK,
    "Sc": _CURRENCY,
}


class _Shapes(dict[int, str]):
    """The class of each code point outside ASCII, found when first asked for."""

    def __missing__(self, point: int) -> str:
        self[point] = shape = _shape_of(chr(point))
        return shape


def _shape_of(char: str) -> str:
    """The code point below U+0100 that stands for the class of `char`."""
    if char in _SHAPE_OF:
        return _SHAPE_OF[char]
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category[0] in "LNS":
        for first, last, shape in _SCRIPTS:
            if first <= char <= last and category != "Nd":
                return shape
    return _CATEGORIES.get(category) or _CATEGORIES.get(category[0], _SYMBOL)


_SHAPES = _Shapes()
_STRANGE = re.compile(r"[^\x00-\x7f]")
_STRANGE_RUN = re.compile(r"[^\x00-\x7f]+")

FEW_STRANGE = 16
"""Up to so many different code points outside ASCII are replaced one by one (English articles have some five: 0.03 ms for 500
words, against 0.07 ms run by run); more are replaced run by run, in one go however many there are. From 8 to 32."""

# Only single classes repeat possessively: of groups, Python up to 3.11.2 loses part of the match ("2025-08-2|2").
_L = "[A-Za-zéæ]"  # a letter that is not of a script without spaces
_D = "[0-9¹]"
_A = "[A-Za-z0-9éæ¹]"  # letter or digit
_X = "[A-Za-z0-9éæ¹°¨×÷]"  # the same, or a mark, a joiner, a degree sign
_M = "[¨×÷]"
_LINK = rf"(?:['_·-]{_A}{_X}*+(?:(?<={_D})[.,](?={_D}){_X}++)*|(?<=æ)\"æ{_X}*+)"
_NUMBER = rf"{_X}*+(?:(?:[.,:/'¬¸](?={_D})|\xa0(?={_D}{{3}}(?!{_X}))){_X}++|{_LINK})*(?:\xa0?[%¼€£])?"
_PATH = r'(?:/[^\s<>"§]*[\w/])?'
_DOMAIN = rf"\.(?=[a-z])(?:[\w-]{{1,63}}\.){{0,3}}(?:com|org|net|gov|edu|int|info|news|io|tv|co\.[a-z][a-z])(?![\w-]){_PATH}"
_RUN = r"(?:(?<=\.)\.\.?|(?<=[!?])[!?]+|(?<=-)-+|(?<=¬)¬+|(?<=µ)µ+|(?<=¶)¶+|(?<=')')?"  # "..", "?!", "--", "''"
_CLUSTER = r"(?:(?<=þ)ð)?(?:[ÿ¨×]|÷ð?+)*(?:(?:\.ð[ÿ¨×]*+)+\.?)?"  # of Thai and its like; "ส.ค." is one
_MAILBOX = r"(?:[.+][\w-]{1,64}){0,3}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,}"
_TOKEN = (  # alternatives begin with a class, and say which they were by an empty group
    rf"{_L}(?:\.-?{_L}(?!{_X}))+(?:\.(?!\.))?{_LINK}*()"  # 1: U.S., p.m., U.S.-led
    r'|[hHwW](?:(?<=[hH])ttps?://|(?<=[wW])ww\.)[^\s<>"§]*[\w/]()'  # 2: https://…
    rf"|{_L}{_X}*+{_LINK}*(?:(?:{_DOMAIN}|{_MAILBOX})())?"  # 3: foxnews.com, kim@example.org; else a word
    rf"|[Øþðÿß](?:(?<=Ø){_M}*+|(?<=ß)[ß¨×÷]*+|{_CLUSTER})"  # a word: of a script without spaces
    rf"|{_D}{_NUMBER}()|[$£](?=-?{_D})-?{_NUMBER}()"  # 4, 5: a number
    rf"|[+±¬-](?<![^\s(\[\"§].)(?=[$£]?{_D})[$£]?{_NUMBER}()|\.(?<!\w\.)(?={_D}){_NUMBER}()"  # 6, 7: a number
    rf"|[@#](?=[A-Za-zéæØßðþ_])(?:\w|{_M})*()"  # 8: @name, #subject
    rf"|[!-#%-*,-/:;?@[-\]_{{}}§¬µ¶·¸¼]{_RUN}{_M}*+()"  # 9: punctuation
    rf"|[^\w\s](?:(?<=`)`|(?<=®)®)?{_M}*+(?:(?<=×)[^\w\s]{_M}*+)*()|[^\s]()"  # 10, 11: a symbol
)
_GROUPS = re.compile(_TOKEN)
# A token with the white space before it. Four in five are letters before a space or a comma: 0.24 ms for 1,000, against 0.40.
_PIECE = re.compile(rf" ?+{_L}++(?=[ ,])|\s*+(?:{_TOKEN.replace('()', '')})")
_KINDS: tuple[TokenKind, ...] = (
    *("word", "word", "url", "url", "number", "number", "number", "number", "handle"),
    *("punctuation", "symbol", "symbol"),
)  # fmt: skip
_DOTTED, _PRICE, _MARKS = 1, 5, 9

ENDERS = frozenset(".!?…。！？｡؟۔।॥։።။។‼⁇⁈⁉")
"""Marks that may end a sentence, a full stop that belongs to an abbreviation aside."""

BULLETS = frozenset("-*•◦‣▪")
"""Marks that may begin an item of a list; a dash is folded."""

_SCANNED = ENDERS | BULLETS | {":", "–", "—"}
_NEXT = re.compile(r"\s*+(\S?)")


class Shaped(NamedTuple):
    """A text and its shape; both are of one length."""

    text: str
    shape: str


class Scan(NamedTuple):
    """The tokens of a stretch of text, and the indices of those after which a sentence may end, or which may begin one."""

    tokens: list[Token]
    ends: list[int]


def tokenize(text: str, language: str = DEFAULT_LANGUAGE) -> tuple[Token, ...]:
    """The tokens of `text`, in order: together they hold every character that is not white space, each once.

    White space is in no token, but for the no-break space inside a number ("12 000", "58 %").
    """
    return tuple(scan(shaped(text), Span(0, len(text)), lexicon(language)).tokens)


def shaped(text: str) -> Shaped:
    """The text with its shape, in which every code point outside ASCII is replaced by one that stands for its class."""
    if text.isascii():
        return Shaped(text, text)
    shapes = {char: shape for char in set(_STRANGE.findall(text)) if (shape := _SHAPES[ord(char)]) != char}
    if len(shapes) > FEW_STRANGE or not shapes.keys().isdisjoint(shapes.values()):
        return Shaped(text, _STRANGE_RUN.sub(_shape_of_run, text))
    shape = text
    for char, class_ in shapes.items():
        shape = shape.replace(char, class_)
    return Shaped(text, shape)


def _shape_of_run(run: re.Match[str]) -> str:
    return run[0].translate(_SHAPES)


def scan(source: Shaped, span: Span, words: Lexicon) -> Scan:
    """The tokens of a span of a text."""
    pieces = _PIECE.findall(source.shape, *span)
    if not pieces:
        return Scan([], [])
    lengths, kinds, folds, groups = zip(*map(_known, pieces), strict=True)
    stops = list(accumulate(map(len, pieces), initial=span.start))[1:]
    # Made in bulk: 0.26 µs a token, against 0.47 µs for Token(…).
    tokens = list(map(tuple.__new__, repeat(Token), zip(map(sub, stops, lengths), stops, kinds, folds, strict=True)))
    return _finished(tokens, groups, source, words)


@lru_cache(maxsize=8192)
def _known(piece: str) -> tuple[int, TokenKind, str, int]:
    """Of a token's shape, with the white space before it: its length, kind and fold, and the group that `_finished` needs, or -1.

    A shape within ASCII folds as its text does.
    """
    shape = piece.lstrip()
    found = _GROUPS.match(shape)
    group = found.lastindex or 0 if found else 0
    folded = shape.lower() if group < _MARKS else _token_fold(shape)
    is_done = shape.isascii() and (
        ("'" not in shape if not group else group not in {_DOTTED, _PRICE}) if group < _MARKS else shape[0] not in _SCANNED
    )
    return len(shape), _KINDS[group], folded, -1 if is_done else group


def _finished(tokens: list[Token], groups: Sequence[int], source: Shaped, words: Lexicon) -> Scan:
    """The tokens with the folds of what is not ASCII, and with abbreviations, elisions and prices as one's neighbours make them."""
    text, shape = source
    elisions = words.words("elisions")
    done: list[Token] = []
    ends: list[int] = []
    upto = 0
    for index, group in enumerate(groups):
        if group < 0:
            continue
        done += tokens[upto:index]
        upto = index + 1
        start, end, kind, _ = tokens[index]
        if not group:
            if elisions and (cut := _elision(shape[start:end], text[start:end], elisions)):
                done.append(Token(start, start + cut, "word", _token_fold(text[start : start + cut])))
                start += cut
        elif group >= _MARKS:
            if text[start] in _SCANNED:
                if shape[start:end] == "." and done and done[-1].end == start and _is_abbreviation(done[-1], text, words):
                    start, kind = done.pop().start, "word"
                ends.append(len(done))
        elif group == _DOTTED:
            if text[end - 1] == ".":
                ends.append(len(done))
        elif group == _PRICE and done and done[-1].end == start and _is_country(done[-1], text):
            start = done.pop().start
        done.append(Token(start, end, kind, _token_fold(text[start:end])))
    done += tokens[upto:]
    return Scan(done, ends)


@lru_cache(maxsize=4096)
def _token_fold(raw: str) -> str:
    """`fold`, with the no-break spaces inside a number gone; remembered, because a text repeats its tokens."""
    return fold(raw).replace(" ", "")


def _elision(shape: str, raw: str, elisions: frozenset[str]) -> int:
    """Where an elided article or pronoun ends: after the apostrophe of "l’homme", or 0."""
    cut = shape.find("'") + 1
    return cut if cut and raw[: cut - 1].lower() in elisions else 0


def _is_country(word: Token, text: str) -> bool:
    """Whether `word` can stand before a currency sign as part of it: "US$5", "A$5"."""
    return word.end - word.start <= 3 and text[word.start : word.end].isupper()


def _is_abbreviation(word: Token, text: str, words: Lexicon) -> bool:
    """Whether the full stop after `word` belongs to it."""
    if word.kind != "word":
        return False
    found = _NEXT.match(text, word.end + 1)
    follows = found[1] if found else ""
    if word.fold in words.words("abbreviations_before_numbers") and follows.isdigit():
        return True
    if word.fold in words.words("abbreviations"):
        return True
    capital = text[word.start].isupper()
    if word.end - word.start == 1:
        return _is_initial(word, follows, capital=capital, words=words)
    return capital and (word.fold in words.words("titles") or word.fold in words.words("capital_abbreviations"))


def _is_initial(letter: Token, follows: str, *, capital: bool, words: Lexicon) -> bool:
    """Whether the full stop after a single letter belongs to it: "J. Edgar", "z. B.", "в 2024 г."."""
    if capital:
        return (follows.isupper() or follows == ",") and letter.fold not in words.words("never_initials")
    return letter.fold.islower() and bool(follows)
