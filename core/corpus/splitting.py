"""A text file -> documents: by chapters, headings, blank lines, lines, or every so many words.

Text comes and goes in pieces, so that a file of any size is split in little memory. A document is some pieces (str)
and then its row (dict): the table's other columns, here its title where it has one.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Literal, get_args

Split = Literal["none", "chapters", "blank lines", "headings", "words", "lines"]
SPLITS: tuple[str, ...] = get_args(Split)
Piece = str | dict[str, str | None]
LONGEST_LINE = 1 << 20  # characters; a longer line comes in several pieces
_FRONT_MATTER = 200  # characters before the first chapter that are no document of their own

_NUMBER = (
    r"(?:[IVXLCDM]+|\d{1,4}|(?i:(?:the\s+)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen"
    r"|(?:twenty|thirty|forty|fifty)(?:-\w{3,6})?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)))"
)
_HAN_NUMBER = r"[〇零○一二三四五六七八九十百千两兩廿卅壹贰叁肆伍陆柒捌玖拾佰\d０-９]"
_REST = r"(?:[\s:：、][^。！？]*)?"  # of a heading: its title
_HAN_CHAPTER = (
    rf"(?:[^\s。！？，]{{1,12}}\s)?第\s*{_HAN_NUMBER}{{1,7}}\s*[回囘章卷巻节節篇幕折部集话話][】〗\]]?{_REST}"
    rf"|(?:楔子|引子|序|序[章言幕]|前言|尾[声聲]|[后後][记記]|[终終]章|番外篇?{_HAN_NUMBER}{{0,3}}"
    rf"|卷之?{_HAN_NUMBER}{{1,5}}|[上中下][卷篇部]){_REST}"
)
_CHAPTER = re.compile(
    rf"\s*(?:[☆★※◎●【〖\[]?[、\s]*(?:{_HAN_CHAPTER})"
    r"|(?:CHAPTER|Chapter|LETTER|Letter|BOOK|Book|PART|Part|VOLUME|Volume|ACT|Act|SCENE|Scene|CANTO|Canto|STAVE|Stave"
    r"|ADVENTURE|Adventure|SECTION|Section|CHAPITRE|Chapitre|KAPITEL|Kapitel|CAP[IÍ]TULO|Cap[ií]tulo)\s+" + _NUMBER +
    r"(?:\s*[.:—–-].{0,80}|\s+[A-Z“\"'].{0,80})?"
    r"|(?:PROLOGUE|Prologue|EPILOGUE|Epilogue|PREFACE|Preface|INTRODUCTION|Introduction|FOREWORD|Foreword|AFTERWORD"
    r"|Afterword|CONCLUSION|Conclusion)[.:]?)\s*"
)  # fmt: skip
_NUMERAL = re.compile(  # heads a chapter after a blank line, alone or before a title in capitals
    r"\s*(?:[IVXLC]{1,7}\.?|[IVX]{1,6}\.\s+(?:AN? )?[A-Z]{2,}[A-Z0-9 ,;:'’“”\"&.!?-]{0,70})\s*"
)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S.*\s*")
_UNIT = re.compile(r"[\u3400-\u9fff]{1,2}|[^\W_]+(?:['’][^\W_]+)*")  # two Chinese characters count as a word
_SENTENCE_END = re.compile(r"[。！？!?.…]+[”’」』）\")']*(?=\s|[\u3000-\u9fff]|$)\s*|\n+")


def split_text(pieces: Iterator[str], how: str, words: int = 300) -> Iterator[Piece]:
    """The documents of one text file. how: one of SPLITS; words: of a document, for "words"."""
    if how == "none":
        yield from pieces
        yield {}
    elif how == "lines":
        yield from _trimmed(_each_line(lines(pieces)))
    elif how == "blank lines":
        yield from _trimmed(_paragraphs(lines(pieces)))
    elif how == "words":
        yield from _trimmed(_every(pieces, words))
    else:
        yield from _trimmed(_titled(lines(pieces), _is_chapter if how == "chapters" else _is_heading))


def _trimmed(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The documents without the white space after them."""
    blank = ""
    for piece in pieces:
        if isinstance(piece, dict):
            yield piece
            blank = ""
            continue
        body = piece.rstrip()
        if body or len(blank) > LONGEST_LINE:
            yield blank + body
            blank = ""
        blank += piece[len(body) :]


def lines(pieces: Iterator[str]) -> Iterator[str]:
    """Lines with their line end; a line longer than LONGEST_LINE in several pieces, the last with the line end."""
    rest: list[str] = []
    held = 0
    for piece in pieces:
        first, *others = piece.split("\n")
        rest.append(first)
        held += len(first)
        if others:
            yield "".join(rest) + "\n"
            for line in others[:-1]:
                yield line + "\n"
            rest, held = [others[-1]], len(others[-1])
        if held > LONGEST_LINE:
            yield "".join(rest)
            rest, held = [], 0
    if held:
        yield "".join(rest)


def _each_line(all_lines: Iterator[str]) -> Iterator[Piece]:
    blank = True
    for line in all_lines:
        blank = blank and not line.strip()
        if not blank:
            yield line
        if line.endswith("\n") and not blank:
            yield {}
            blank = True
    if not blank:
        yield {}


def _paragraphs(all_lines: Iterator[str]) -> Iterator[Piece]:
    begun, within = False, False  # a document has begun; the next piece goes on with a line
    for line in all_lines:
        if within or line.strip():
            begun = True
            yield line
        elif begun:
            yield {}
            begun = False
        within = not line.endswith("\n")
    if begun:
        yield {}


def _titled(all_lines: Iterator[str], is_heading: Callable[[str, bool], bool]) -> Iterator[Piece]:
    """A document begins at each heading. A heading with nothing under it (a table of contents), or a few words
    before the first one, go with the document that follows."""
    title, body, begun, within, blank = None, 0, False, False, True
    for line in all_lines:
        if not within and len(line) < 120 and is_heading(line, blank):
            if begun and body > (_FRONT_MATTER if title is None else 0):
                yield {"title": title}
                begun = False
            title, body = line.strip().lstrip("#").strip(), 0
        else:
            body += len(line.strip())
        if begun or line.strip():
            begun = True
            yield line
        within, blank = not line.endswith("\n"), not line.strip()
    if begun:
        yield {"title": title}


def _is_chapter(line: str, after_blank: bool) -> bool:
    line = line.lstrip("# ") if line.startswith("#") else line  # as converted documents write their headings
    return bool(_CHAPTER.fullmatch(line) or (after_blank and _NUMERAL.fullmatch(line)))


def _is_heading(line: str, _: bool) -> bool:
    return bool(_HEADING.fullmatch(line))


def _every(pieces: Iterator[str], words: int) -> Iterator[Piece]:
    """Documents of about `words` words, each ended with a sentence if one ends within a third more."""
    text, begun = "", False
    for piece in pieces:
        text += piece
        place = 0
        for end in _ends(text, words):
            yield text[place:end]
            yield {}
            place, begun = end, False
        text = text[place:]
        if len(text) > 4 * LONGEST_LINE:  # hardly a word in it
            yield text
            text, begun = "", True
    if text.strip() or begun:
        yield text
        yield {}


def _ends(text: str, words: int) -> Iterator[int]:
    """Where the documents end that are sure to end in this text."""
    units = [unit.end() for unit in _UNIT.finditer(text)]
    first, more = 0, words // 3
    while first + words + more < len(units):
        earliest, latest = units[first + words - 1], units[first + words + more - 1]
        sentence = _SENTENCE_END.search(text, earliest, latest)
        end = sentence.end() if sentence else earliest
        yield end
        first = bisect_right(units, end)
