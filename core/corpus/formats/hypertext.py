"""HTML -> text: what a reader would see, a block a line, headings marked as in Markdown so that they can split it."""

import re
from html.parser import HTMLParser
from pathlib import Path

from core.corpus.formats.output import Output
from core.corpus.formats.words import text_of

_UNSEEN = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "textarea", "button"}
_HEADINGS = {f"h{i}": "#" * i + " " for i in range(1, 7)}
_PARAGRAPHS = {"p", "blockquote", "pre", "table", "ul", "ol", "dl", "section", "article", "figure", "hr", "header",
               "footer", "main", "nav", "aside", "address", "form", "body", *_HEADINGS}  # fmt: skip
_LINES = {"div", "li", "br", "tr", "dt", "dd", "caption", "figcaption", "option", "legend", "fieldset", "title"}
_CELLS = {"td", "th"}
_CELL, _END = "\x01", "\x02"  # between cells, and between lines that are kept
_BARE = {0: None, 1: None, 2: None}
_KEPT = _BARE | {ord("\n"): _END}
_META = {"author": "author", "dc.creator": "author", "article:author": "author", "date": "date", "dc.date": "date",
         "article:published_time": "date", "dcterms.created": "date"}  # fmt: skip


def read_html(path: Path, out: Output, name: str, encoding: str = "") -> None:
    """Convert a page. The title goes to the columns."""
    page = Page(out)
    for text in text_of(path, name, encoding):
        page.feed(text)
    page.close()
    out.column("title", "".join(page.title))


class Page(HTMLParser):
    """Writes the text of the markup that it is fed; notes: whether links to footnotes and back are text."""

    def __init__(self, out: Output, notes: bool = True):
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.headings = 0
        self._out, self._notes = out, notes
        self._unseen = ""  # the element within which nothing is seen
        self._depth = 0
        self._in_title, self._kept = False, 0  # within elements that keep their white space
        self._line: list[str] = []
        self._begun = False  # something has been written
        self._cells = 0  # cells of this row so far: blocks within are no lines
        self._mark = ""  # of the heading that the next text is
        self._gap = 0  # line ends before the next text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN or (tag == "a" and not self._notes and _is_note(attrs)):
            self._unseen, self._depth = tag, 1
        elif tag == "title":
            self._in_title = not self.title
        elif tag == "meta":
            self._describe(dict(attrs))
        else:
            self._break(tag)
            self._kept += tag == "pre"
            if tag in _CELLS:
                self._line += [_CELL] if self._cells else []
                self._cells += 1
            self._mark = _HEADINGS.get(tag, self._mark)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN and tag not in ("a", "title", "pre"):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        elif tag == "title":
            self._in_title = False
        else:
            self._break(tag)
            self._kept -= tag == "pre" and self._kept > 0
            self._mark = "" if tag in _HEADINGS else self._mark

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._unseen:
            self._line.append(data.translate(_BARE if not self._kept else _KEPT))
            if len(self._line) > 10_000:
                self._line = ["".join(self._line)]

    def close(self) -> None:
        super().close()
        self._break("body")
        if self._begun:
            self._out.text("\n")

    def _break(self, tag: str) -> None:
        if tag in _CELLS:
            return
        self._cells = 0 if tag in ("table", "tr") else self._cells
        if (tag == "br" and self._mark) or self._cells:
            self._line.append(" ")
            return
        wanted = 2 if tag in _PARAGRAPHS else 1 if tag in _LINES else 0
        if not wanted:
            return
        text = _tidied("".join(self._line))
        self._line = []
        if text:
            self.headings += bool(self._mark)
            self._out.text(("\n" * self._gap if self._begun else "") + self._mark + text)
            self._gap, self._mark, self._begun = 0, "", True
        self._gap = max(self._gap, wanted)

    def _describe(self, attributes: dict[str, str | None]) -> None:
        known = _META.get((attributes.get("name") or attributes.get("property") or "").lower())
        if known:
            self._out.column(known, attributes.get("content"))


def _is_note(attrs: list[tuple[str, str | None]]) -> bool:
    return any(key == "href" and re.match("#(?:foot|end)note", value or "") for key, value in attrs)


def _tidied(text: str) -> str:
    """White space as a browser shows it: one blank; tabs between cells and kept line ends stay."""
    lines = ["\t".join(" ".join(cell.split()) for cell in line.split(_CELL)) for line in text.split(_END)]
    return "\n".join(lines).strip()
