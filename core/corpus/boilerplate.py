"""What frames a text and is none of it: Project Gutenberg's header and licence, and the notices of Chinese text sites.

A header is looked for in the first NEAR characters of a file, a licence in the last NEAR; a file of several books loses
what stands between two of them. A notice is a whole line among the first or last EDGE ones that speaks both of this
copy of the book (本书, 电子书, TXT, …) and of where it comes from (a web address, 下载, 论坛, …).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

STEP = "strip_boilerplate"
NEAR = 64 << 10  # characters; the longest header, with its small print, has about 20,000
EDGE = 15  # lines with something in them
_KEPT = 8 << 10  # characters at either end of a file in which the EDGE lines are looked for
_BLOCK = 256 << 10  # characters, more than 2 * NEAR + _KEPT
_LONGEST_NOTICE = 150  # characters

_BEGIN = re.compile(
    r"^[ \t]*(?:\*{1,5}[ \t]*START OF (?:(?:THE|THIS) )?(?:COPYRIGHTED )?PROJECT GUTENBERG"
    r"(?:[^\n]*\*[ \t]*$|[^\n*]{0,120}\n[^\n*]{1,120}\*{2,3}[ \t]*$|[^\n]*)|\*END ?\*? ?THE SMALL PRINT![^\n]*)\n?",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^[ \t]*(?:\*{1,5}[ \t]*)?END OF (?:THE |THIS )?(?:COPYRIGHTED )?PROJECT GUTENBERG", re.MULTILINE | re.IGNORECASE
)
_MADE_BY = re.compile(
    r"\s*\[?(?:(?:this )?(?:e-?text|e-?book|html version)[^\n]{0,30})?"
    r"(?:produced|prepared|scanned|proofed|digitized|transcribed)\b[^\n]*\b(?:by|from)\b[^\n]*(?:\n[^\S\n]*\S[^\n]*){0,7}"
    r"(?:\n|\Z)",
    re.IGNORECASE,
)
_COPY = re.compile(
    "本书|本書|本站|本作品|电子书|電子書|txt|小说网|小說網|小说下载|小說下載|书库|書庫|书屋|全本|全集|好书|更多精彩|最新章节",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"https?://|www\.|[a-z0-9-]\.(?:com|net|org|cn|cc)\b|下载|下載|论坛|論壇|上传|上傳|24小时|24小時|版权归|版權歸|互联网|網際網路",
    re.IGNORECASE,
)
_RULE = re.compile(r"[=*\-_~—─━－＝☆★◆■\s]{3,}")


def without_boilerplate(
    pieces: Iterable[str], cut: Counter[str], *, notices: bool = True, whole: bool = True
) -> Iterator[str]:
    """The text of one file, in pieces, without its frame; the lines that are cut are counted in `cut`.

    notices: those of sites, too: in a file, but not in a row of a table, which may hold nothing else. whole: the text
    goes to the end of the file; if not, its end is left as it is.
    """
    blocks = _blocks(pieces)
    held, more = next(blocks, ""), True
    begin = _last_begin(held[:NEAR])
    held = _opened(held, begin, cut) if begin else held
    held = _without_notices(held, cut, first=True) if notices else held
    while more and whole:
        block = next(blocks, None)
        more = block is not None
        held += block or ""
        while end := _END.search(held):
            yield held[: end.start()]
            held = held[end.start() :]
            while more and len(held) <= 2 * NEAR:  # to see what comes after it
                block = next(blocks, None)
                more = block is not None
                held += block or ""
            held, line = _after_end(held, cut)
            yield line
        place = max(held.rfind("\n", 0, max(0, len(held) - _KEPT)) + 1, len(held) - _BLOCK) if more else 0
        yield held[:place]
        held = held[place:]
    yield _without_notices(held, cut, first=False) if notices and whole else held
    yield from blocks


def _last_begin(head: str) -> int:
    """Where the text begins after the last mark of a beginning in `head` that no mark of an end comes before; or 0."""
    end = _END.search(head)
    begins = [found.end() for found in _BEGIN.finditer(head, 0, end.start() if end else len(head))]
    return begins[-1] if begins else 0


def _opened(text: str, begin: int, cut: Counter[str]) -> str:
    """The text from `begin` on, without blank lines and lines that say who made the file."""
    for _ in range(3):
        made_by = _MADE_BY.match(text, begin, begin + NEAR)
        begin = made_by.end() if made_by else begin
    cut[STEP] += _lines(text[:begin])
    return text[begin:].lstrip("\r\n")


def _after_end(held: str, cut: Counter[str]) -> tuple[str, str]:
    """(what goes on after the mark of an end, which begins `held`; what is to be kept before that)."""
    begin = _BEGIN.search(held, 0, NEAR)
    if begin:
        return _opened(held, begin.end(), cut), ""
    if len(held) > NEAR:  # a book that tells of such a mark
        line = held.find("\n") + 1 or len(held)
        return held[line:], held[:line]
    cut[STEP] += _lines(held)
    return "", ""


def _without_notices(text: str, cut: Counter[str], *, first: bool) -> str:
    """The text without the notices among its first, or last, lines, and without the rules (====) around them."""
    edge = text[:_KEPT] if first else text[-_KEPT:]
    lines = edge.splitlines(keepends=True)
    if len(edge) < len(text):
        lines = lines[:-1] if first else lines[1:]  # this one may be cut
    full = [i for i, line in enumerate(lines) if line.strip()]
    full = full[:EDGE] if first else full[-EDGE:]
    gone = {i for i in full if _is_notice(lines[i])}
    if not gone:
        return text
    beside = {full[k] for k in range(len(full)) if gone & set(full[max(0, k - 1) : k + 2])}
    gone |= {i for i in beside if _RULE.fullmatch(lines[i].strip())}
    cut[STEP] += len(gone)
    kept, length = "".join(line for i, line in enumerate(lines) if i not in gone), sum(map(len, lines))
    return kept + text[length:] if first else text[: len(text) - length] + kept


def _is_notice(line: str) -> bool:
    return len(line.strip()) <= _LONGEST_NOTICE and bool(_COPY.search(line) and _PLACE.search(line))


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces joined into blocks of about _BLOCK characters or more; the last one may be shorter."""
    parts, held = [], 0
    for piece in pieces:
        parts.append(piece)
        held += len(piece)
        if held >= _BLOCK:
            yield "".join(parts)
            parts, held = [], 0
    if parts:
        yield "".join(parts)
