"""The parts of a document that is a zip archive, read within limits, and its XML without entities."""

import zipfile
from pathlib import Path
from typing import IO, Any

from core.corpus.formats.telling import open_archive
from core.problem import Problem

MOST_PARTS = 10_000
MOST_RATIO, RATIO_FROM = (
    200,
    64 << 20,
)  # a part of more than RATIO_FROM may not be so many times larger than it is packed
MOST_PART = 512 << 20  # bytes


def open_document(path: Path, name: str) -> zipfile.ZipFile:
    """The archive of a document. Raises Problem if it is damaged, encrypted, or over a limit."""
    archive = open_archive(str(path), name)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Problem("{name} holds {count} files, the limit is {most}: pack fewer, or join them.",
                      name=name, count=len(parts), most=MOST_PARTS)  # fmt: skip
    if any(part.flag_bits & 1 for part in parts):
        raise Problem("{name} is encrypted: open it, save it without a password, and bring that.", name=name)
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size):
            raise Problem("{name} unpacks to more than {ratio} times its size: unpack it yourself if you trust it.",
                          name=name, ratio=MOST_RATIO)  # fmt: skip
        if part.file_size > MOST_PART:
            raise Problem("{name} unpacks to {total} MB, the limit is {most} MB: bring a part of it.",
                          name=name, total=part.file_size >> 20, most=MOST_PART >> 20)  # fmt: skip
    return archive


def parse_part(archive: zipfile.ZipFile, part: str, name: str) -> Any:
    """The root of a part's XML. Raises Problem for entities, which documents need none of, and for damage."""
    with archive.open(part) as file:
        return parse_xml(file, name)


def parse_xml(file: IO[bytes], name: str) -> Any:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import parse

    try:
        return parse(file).getroot()
    except DefusedXmlException as error:
        raise entities(name) from error
    except ParseError as error:
        raise Problem("{name} is damaged: its XML breaks off or does not fit together ({reason}).",
                      name=name, reason=str(error)[:100]) from error  # fmt: skip


def entities(name: str) -> Problem:
    return Problem(
        "{name} defines entities of its own or reaches for other files, which is not read: save it without them.",
        name=name,
    )


def check_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Raises Problem if a part of XML declares a document type or an entity, which no such document needs."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                before = b""
                while chunk := file.read(1 << 20):
                    seen = (before + chunk).replace(b"\0", b"")
                    if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                        raise entities(name)
                    before = chunk[-20:]


def local(tag: Any) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
