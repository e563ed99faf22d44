"""Documents made for tests, as small as their formats allow."""

import zipfile
from pathlib import Path

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="in/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def docx(path: Path, body: str, *more: tuple[str, bytes | str], head: str = "") -> Path:
    """A Word document with this XML as its body; head: what stands before the document's root."""
    document = f"<?xml version='1.0'?>{head}<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped(path, ("[Content_Types].xml", TYPES), ("_rels/.rels", RELS), ("word/document.xml", document), *more)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(path: Path, chapters: dict[str, str], spine: list[str], *more: tuple[str, str], metadata: str = "") -> Path:
    """An e-book: pages by name, and the names in the order of reading."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    pages = [(f"in/{name}", f"<html><body>{page}</body></html>") for name, page in chapters.items()]
    start = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", CONTAINER), ("in/book.opf", package)]
    return zipped(path, *start, *pages, *more)


def pdf(path: Path, *contents: bytes, kids: str = "", stream: str = "") -> Path:
    """Pages with these content streams. kids: what the tree of pages holds; stream: entries of each stream."""
    numbers = [4 + 2 * i for i in range(len(contents))]
    kids = kids or " ".join(f"{number} 0 R" for number in numbers)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(contents)}/Kids[{kids}]>>".encode(),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4 + 2 * len(contents): b"<</Title(A title)/CreationDate(D:20240103)>>",
    }
    for number, content in zip(numbers, contents):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {number + 1} 0 R"
        objects[number] = f"{page}/Resources<</Font<</F 3 0 R>>>>>>".encode()
        entries = f"<</Length {len(content)}{stream}>>".encode()
        objects[number + 1] = entries + b"stream\n" + content + b"\nendstream"
    data, places = b"%PDF-1.4\n", []
    for number, text in sorted(objects.items()):
        places.append(len(data))
        data += f"{number} 0 obj".encode() + text + b"endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer<</Size {len(places) + 1}/Root 1 0 R/Info {max(objects)} 0 R>>"
    path.write_bytes(data + end.encode() + trailer.encode() + f"\nstartxref\n{len(data)}\n%%EOF".encode())
    return path


def shown(*lines: str) -> bytes:
    """The content of a page that shows these lines."""
    return b"BT /F 12 Tf 14 TL 72 700 Td " + b"".join(f"({line}) Tj T* ".encode() for line in lines) + b"ET"
