"""The steps of cleaning that look at characters: each takes a text and gives (the cleaned text, how many changes).

What one step takes for a place never crosses white space, but for tags, so that a text can be cleaned in blocks cut at
white space with the same result. Where something is taken away a blank stands instead: no two words grow together.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

LONGEST_TAG = 1000  # characters; a < that is not closed by then is no tag
LONGEST_HIDDEN = 256 << 10  # characters of a comment, a script or a style sheet
_HAN = "\u2e80-\u2fff\u3005-\u3007\u3021-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_LETTER = rf"[^\W_{_HAN}]"  # a letter or digit of a script that parts its words

_OPENER = re.compile(r"<(!--|script\b|style\b)", re.IGNORECASE)
_CLOSERS = {"!--": re.compile("-->"), "script": re.compile("(?=</script)", re.IGNORECASE),
            "style": re.compile("(?=</style)", re.IGNORECASE)}  # fmt: skip
_REST = rf"[^<>]{{0,{LONGEST_TAG - 100}}}"
_TAG = re.compile(rf"<(?:/?(?P<name>[A-Za-z][\w:.-]{{0,40}})(?:[\s/]{_REST})?|[!?][A-Za-z\[]{_REST})>")
_WITHIN_WORDS = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q rb rp rt ruby s samp small span strike "
    "strong sub sup tt u var wbr".split()
)
_LINES = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 head header hr html li main nav ol option p pre section table tbody thead title tr ul".split()
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def strip_tags(text: str) -> tuple[str, int]:
    """Without markup, comments, scripts and style sheets; entities as characters. A tag of a paragraph or line becomes
    a line end, one within words nothing, another a blank; <3 and a < b stay."""
    count = 0
    if "<" in text:
        text, count = _without_hidden(text)
        text, tags = _TAG.subn(_instead_of_tag, text)
        count += tags
    if "&" in text:
        text, entities = _ENTITY.subn(lambda found: html.unescape(found[0]).replace("\xa0", " "), text)
        count += entities
    return text, count


def _instead_of_tag(found: re.Match[str]) -> str:
    name = (found["name"] or "").lower()
    return "" if name in _WITHIN_WORDS else "\n" if name in _LINES else " "


def _without_hidden(text: str) -> tuple[str, int]:
    parts, place = [], 0
    for begin, end in hidden(text, len(text)):
        if end >= 0:
            parts.append(text[place:begin])
            place = end
    return (" ".join([*parts, text[place:]]), len(parts)) if parts else (text, 0)


def hidden(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Where comments, scripts and style sheets begin and end before `end`; the end is -1 for one that is not closed."""
    place, none_before = 0, Counter[str]()
    while found := _OPENER.search(text, place, end):
        kind, last = found[1].lower(), min(end, found.start() + LONGEST_HIDDEN)
        shut = _CLOSERS[kind].search(text, max(found.end(), none_before[kind]), last)
        if not shut:
            none_before[kind] = last - 8  # so that a thousand openers do not search the same text a thousand times
        place = shut.end() if shut else found.end()
        yield found.start(), place if shut else -1


_IN_ADDRESS = rf"[^\s<>\"'“”‘’()\[\]{{}}|\\^`、。，；：！？（）《》【】「」…{_HAN}]"
_ADDRESS_END = r"(?<![.,;:!?*_])"
_PATH = rf"(?:{_IN_ADDRESS}|\({_IN_ADDRESS}*\))*{_ADDRESS_END}"
_URL = re.compile(r"(?:https?|ftp)://" + _IN_ADDRESS + _PATH, re.IGNORECASE)
_WWW = re.compile(r"(?<![A-Za-z0-9.@-])www\d?\.[A-Za-z0-9-]" + _PATH, re.IGNORECASE)
_MAIL = re.compile(r"(?<![A-Za-z0-9.%+-])[A-Za-z0-9_.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_SITE = re.compile(
    r"(?<![A-Za-z0-9.@_-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|cn)(?:\.[a-z]{2})?"
    rf"(?![A-Za-z0-9@-]|\.[A-Za-z0-9])(?::\d+)?(?:/{_PATH})?"
)
_ADDRESSES = (("://", _URL), ("www", _WWW), ("@", _MAIL), (".", _SITE))


def strip_urls(text: str) -> tuple[str, int]:
    """Without web and mail addresses. The mark that ends a sentence after one stays."""
    count, lower = 0, text.lower()
    for sign, pattern in _ADDRESSES:
        if sign in lower:
            text, found = pattern.subn(" ", text)
            count += found
    return text, count


_MARKS = "！（），．：；？"  # at home in Chinese and Japanese, where they end sentences
_WIDE = rf"{_HAN}\u3001-\u3004\u3008-\u3020“”‘’…—\u25a0-\u25ff"
_FULL_WIDTH = re.compile("[\u3000\uff01-\uff5e]")
_FULL_LETTERS = re.compile("[\u3000" + "".join(chr(c) for c in range(0xFF01, 0xFF5F) if chr(c) not in _MARKS) + "]+")
_LONE_MARKS = re.compile(f"[{_MARKS}](?<![{_WIDE}{_MARKS}].)[{_MARKS}]*+(?![{_WIDE}])")
_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> tuple[str, int]:
    """Full-width letters, digits, signs and blanks as half-width ones. The marks ，．：；！？（） stay beside Chinese
    or Japanese characters, where they are no other form of ASCII's but the usual ones, and end sentences."""
    count = 0
    for pattern in (_FULL_LETTERS, _LONE_MARKS) if _FULL_WIDTH.search(text) else ():
        count += sum(map(len, pattern.findall(text)))
        text = pattern.sub(lambda found: found[0].translate(_TO_HALF), text)
    return text, count


def to_simplified(text: str) -> tuple[str, int]:
    """Traditional characters as simplified ones (OpenCC's t2s)."""
    return _converted(text, "t2s")


def to_traditional(text: str) -> tuple[str, int]:
    """Simplified characters as traditional ones (OpenCC's s2t, which tells 头发 頭髮 from 发现 發現)."""
    return _converted(text, "s2t")


def _converted(text: str, how: str) -> tuple[str, int]:
    if text.isascii():
        return text, 0
    converted: str = _converter(how).convert(text)
    if len(converted) == len(text):
        return converted, int(np.count_nonzero(_codes(text) != _codes(converted)))
    return converted, (Counter(text) - Counter(converted)).total()


@cache
def _converter(how: str) -> Any:
    from opencc import OpenCC

    return OpenCC(how)


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


_NUMBER = re.compile(rf"\d(?<!{_LETTER}\d)(?<!\d[.,:/–-]\d)\d*+(?:[.,:/–-]\d++)*+[%‰％]?+(?!{_LETTER})")


def strip_numbers(text: str) -> tuple[str, int]:
    """Without numbers: 7, 1,234.5, 50%, 12:30, 2020-01-31, １２３. A number within a word (MP3, 19th) stays, and so do
    the numerals 一 二 三, which are words."""
    return _NUMBER.subn(" ", text)


def strip_punctuation(text: str) -> tuple[str, int]:
    """With a blank for each run of punctuation and signs. An apostrophe within a word stays, and so do emoji."""
    marks, apostrophes = _punctuation()
    text, count = marks.subn(" ", text)
    if "'" in text or "’" in text:
        text, more = apostrophes.subn(" ", text)
        count += more
    return text, count


@cache
def _punctuation() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Runs of Unicode's punctuation, mathematical, currency and modifier signs; and apostrophes at a word's edge."""
    kinds = ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk")
    found = [chr(code) for code in range(1 << 16) if unicodedata.category(chr(code)) in kinds and chr(code) not in "'’"]
    inside = "".join(map(re.escape, found))
    return re.compile(f"[{inside}]+"), re.compile(f"['’](?:['’]+|(?<!{_LETTER}['’])|(?!{_LETTER}))")
