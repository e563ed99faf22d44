"""Which format a file is in: by its first bytes where they say it, else by the ending of its name."""

import json
import re
import struct
import zipfile
from typing import IO

from core.problem import Problem

HEAD = 64 << 10  # bytes of a file that are enough to tell
FORMATS = {"html": "html", "htm": "html", "xhtml": "html", "xht": "html", "xml": "xml", "json": "json", "pdf": "pdf",
           "docx": "docx", "docm": "docx", "epub": "epub"}  # fmt: skip
_LINES = ("json", "jsonl", "ndjson")
_PLAIN = ("txt", "md", "text", "markdown", "csv", "tsv", "tab")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # also what an encrypted .docx is packed in
_HTML = re.compile(rb"(?:<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->|\s)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S)
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}


def format_of(head: bytes, ending: str, name: str) -> str:
    """html, xml, json, pdf, docx or epub; "" for what is read as it is. Raises Problem for one that is locked.

    head: the first HEAD bytes of the file, or all there are.
    """
    if head.startswith(_OLD_OFFICE) and ending in ("docx", "docm"):
        raise Problem("{name} is encrypted: open it, save it without a password, and bring that.", name=name)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-") or (ending == "pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if ending in ("pdf", "docx", "docm", "epub"):  # by its name alone, not by its bytes
        raise Problem("{name} is damaged, or is no {ending}: fetch it or save it again.", name=name, ending=ending)
    start = _as_ascii(head)
    if ending in _LINES:
        return "" if _is_json_lines(start, ending) else "json"
    if ending not in ("md", "csv", "tsv", "tab") and _HTML.match(start):
        return "html"
    if ending not in _PLAIN and start.lstrip().startswith(b"<?xml"):
        return "xml"
    return FORMATS.get(ending, "")


def archive_format(archive: zipfile.ZipFile, name: str) -> str:
    """docx or epub; "" for an archive of files. Raises Problem for other documents that are archives."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if any(each.startswith("word/") for each in names):
            return "docx"
        raise Problem("{name} is a spreadsheet or a presentation: save it as .csv, .txt or .docx first.", name=name)
    if "META-INF/container.xml" in names:
        return "epub"
    if "mimetype" in names:
        raise Problem("{name} is an Office document of a kind that is not read: save it as .docx or .txt first.",
                      name=name)  # fmt: skip
    return ""


def open_archive(file: "IO[bytes] | str", name: str) -> zipfile.ZipFile:
    """Raises Problem where it is damaged."""
    try:
        return zipfile.ZipFile(file)
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        EOFError,
        OSError,
        OverflowError,
        struct.error,
    ) as error:
        raise Problem("{name} is a damaged archive: fetch it or pack it again.", name=name) from error


def _as_ascii(head: bytes) -> bytes:
    """The head with a byte order mark, and the zero bytes of UTF-16, away: enough to see markup by."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace")
    return head.replace(b"\0", b"") if b"\0" in head[:4] else head


def _is_json_lines(head: bytes, ending: str) -> bool:
    """Whether a file of JSON is one object a line, as far as its head says; one object alone is a line too."""
    start = head.lstrip()
    first, _, rest = start.partition(b"\n")
    if start.startswith(b"["):
        return bool(rest.strip()) and first.rstrip().endswith(b"]")
    if ending != "json":
        return True
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(rest.strip())
