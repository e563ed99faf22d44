"""PDF -> text, by pdfium: pages parted by a blank line, lines of a paragraph and words cut by a hyphen joined."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.corpus.formats.output import Output
from core.problem import Problem

MOST_PAGES = 100_000
_MOST_BAD = 100  # pages that cannot be read
_CUT = "\ufffe"  # pdfium's mark where a line ended within a word
_RIGHT_TO_LEFT = re.compile(  # letters and the marks on them: no digits, no punctuation
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05d0-\u05f2\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff"
    "\u0710-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
)
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_ITEM = re.compile(r"(?:[•◦▪‣·*–—-]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s")
_ENDED = re.compile(r"""[.!?:;…。！？：；][”’"')\]」』）]*$""")
_NUMBER = re.compile(r"\s*[-–—]?\s*(?:\d{1,5}|[ivxlc]{1,7})\s*[-–—]?\s*")
_NARROW = 30  # columns of a page narrower than this are lists or verse: their lines stay
_PASSWORD, _FULL = 4, 0.75


def read_pdf(path: Path, out: Output, name: str, _: str = "") -> None:
    """Convert a document. Raises Problem if it is encrypted, damaged, or holds no text but pictures."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise Problem("{name} is encrypted: open it, save it without a password, and bring that.", name=name
                          ) from error  # fmt: skip
        raise _damaged(name) from error
    if len(document) > MOST_PAGES:
        raise Problem("{name} has {count} pages, the limit is {most}: bring a part of it.",
                      name=name, count=len(document), most=MOST_PAGES)  # fmt: skip
    _describe(document, out)
    for text in _pages(document, name):
        if text:
            out.text(("\n\n" if out.begun else "") + text)
    if not out.begun:
        raise Problem(
            "{name} has no text layer, only pictures of its pages: recognise its text (OCR) first.", name=name
        )
    out.text("\n")


def _damaged(name: str) -> Problem:
    return Problem("{name} is a damaged PDF: fetch it or save it again.", name=name)


def _describe(document: Any, out: Output) -> None:
    said = document.get_metadata_dict(skip_empty=True)
    out.column("title", said.get("Title"))
    out.column("author", said.get("Author"))
    date = re.match(r"D:(\d{4})(\d\d)?(\d\d)?", said.get("CreationDate", ""))
    out.column("date", "-".join(part for part in date.groups() if part) if date else "")


def _pages(document: Any, name: str) -> Iterator[str]:
    import pypdfium2

    bad = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            yield _joined(_text(text_page))
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError as error:
            bad += 1
            if bad == len(document) or bad > _MOST_BAD:
                raise _damaged(name) from error


def _text(page: Any) -> str:
    """The text of a page; words that are written from right to left in the order they are read in."""
    text = page.get_text_range()
    if not _RIGHT_TO_LEFT.search(text):
        return text
    return _RIGHT_TO_LEFT.sub(lambda run: run[0][::-1] if _is_visual(page, run) else run[0], text)


def _is_visual(page: Any, run: re.Match[str]) -> bool:
    """Whether a run of letters is in the order of the eye from left to right, by where they stand on the page.

    Letters that are one sign stand at one place: those pdfium has turned round.
    """
    from pypdfium2.raw import FPDFText_GetCharIndexFromTextIndex as index_of

    letters = [i for i in range(run.start(), run.end()) if unicodedata.category(run.string[i]) == "Lo"]
    places = [page.get_charbox(index)[0] for i in (letters[:1] + letters[-1:]) if (index := index_of(page, i)) >= 0]
    return len(letters) > 1 and len(places) == 2 and places[0] <= places[1]


def _joined(text: str) -> str:
    """Paragraphs, a line each, out of a page's lines; a page's number alone on its first or last line goes."""
    plain = text.replace("\r\n", "\n").replace("\0", "").replace(_CUT, _CUT + "\n")
    lines = [line.strip() for line in plain.split("\n")]
    while lines and (not lines[-1] or _NUMBER.fullmatch(lines[-1])):
        lines.pop()
    while lines and (not lines[0] or _NUMBER.fullmatch(lines[0])):
        del lines[0]
    widths = sorted(map(_width, filter(None, lines)))
    full = _FULL * widths[int(0.8 * (len(widths) - 1))] if widths else 0
    joined: list[str] = []
    for i, line in enumerate(lines):
        if joined and joined[-1].endswith(_CUT):
            joined[-1] = joined[-1][:-1] + ("" if line[:1].islower() else "-") + line
        elif i and lines[i - 1] and _goes_on(lines[i - 1], line, full):
            blank = "" if _WIDE.match(line) and _WIDE.match(joined[-1][-1]) else " "
            joined[-1] += blank + line
        else:
            joined.append(line)
    return "\n".join(joined).replace(_CUT, "")


def _goes_on(before: str, line: str, full: float) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if full < _FULL * _NARROW or not line or _width(before) < full or _ITEM.match(line):
        return False
    is_heading = _width(line) < full and not _ENDED.search(line) and line[0].isupper() and _ENDED.search(before)
    return not is_heading


def _width(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))
