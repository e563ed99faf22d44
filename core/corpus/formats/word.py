"""DOCX -> text, by mammoth: headings marked, cells of a table parted by tabs, footnotes at the end."""

from pathlib import Path

from core.corpus.formats.hypertext import Page
from core.corpus.formats.output import Output
from core.corpus.formats.parts import check_entities, local, open_document, parse_part

_SAID = {"title": "title", "creator": "author", "created": "date"}
_STYLES = "p[style-name='Title'] => h1:fresh"


def read_docx(path: Path, out: Output, name: str, _: str = "") -> None:
    """Convert a document; a Strict Open XML one too."""
    import mammoth

    with open_document(path, name) as archive:
        check_entities(archive, name)
        if "docProps/core.xml" in archive.namelist():
            for element in parse_part(archive, "docProps/core.xml", name):
                said = _SAID.get(local(element.tag))
                if said:
                    out.column(said, (element.text or "")[:10] if said == "date" else element.text)
    with open(path, "rb") as file:
        page = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=_no_picture)
    writer = Page(out, notes=False)
    writer.feed(page.value)
    writer.close()


def _no_picture(_: object) -> list:
    return []
