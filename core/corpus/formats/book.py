"""EPUB -> text: the chapters in the order of the spine, which is the order of reading."""

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from core.corpus.encodings import decoded
from core.corpus.formats.hypertext import Page
from core.corpus.formats.output import Output
from core.corpus.formats.parts import local, open_document, parse_part
from core.corpus.formats.words import declared_encoding
from core.problem import Problem

_CONTAINER, _LOCKS = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_SAID = {"title": "title", "creator": "author", "date": "date"}
_CHUNK = 1 << 18


def read_epub(path: Path, out: Output, name: str, _: str = "") -> None:
    """Convert a book. Raises Problem if it is locked, or holds no chapters."""
    with open_document(path, name) as archive:
        parts = set(archive.namelist())
        package_path = _package_path(archive, name)
        package = parse_part(archive, package_path, name)
        _describe(package, out)
        chapters = [chapter for chapter in _chapters(package, posixpath.dirname(package_path)) if chapter in parts]
        if not chapters:
            raise Problem("{name} is an e-book without chapters: save it as plain text (.txt).", name=name)
        if _LOCKS in parts and _locked(parse_part(archive, _LOCKS, name)) & set(chapters):
            raise Problem("{name} is locked by its seller (DRM): bring a copy that is not.", name=name)
        names = _names(archive, package, posixpath.dirname(package_path), parts, name)
        for chapter in chapters:
            _read_chapter(archive, chapter, names.get(chapter, ""), out, name)


def _read_chapter(archive: zipfile.ZipFile, chapter: str, title: str, out: Output, name: str) -> None:
    """Write a chapter, a blank line before it; one without any heading under its name in the table of contents."""
    with archive.open(chapter) as file:
        head = file.read(_CHUNK)
        encoding = declared_encoding(head) or "utf-8"
        text = decoded(_chunks(head, file), encoding, name, strict=False)
        first = next(text, "")
        if out.begun:
            out.text("\n")
        if title and not any(f"<h{i}" in first.lower() for i in range(1, 7)):
            out.text(f"# {title}\n\n")
        page = Page(out)
        page.feed(first)
        for piece in text:
            page.feed(piece)
        page.close()


def _chunks(head: bytes, file: Any) -> Iterator[bytes]:
    yield head
    while chunk := file.read(_CHUNK):
        yield chunk


def _package_path(archive: zipfile.ZipFile, name: str) -> str:
    """Where the list of the book's parts is."""
    paths = [element.get("full-path", "") for element in parse_part(archive, _CONTAINER, name).iter()
             if local(element.tag) == "rootfile"]  # fmt: skip
    found = [path for path in paths if path in archive.namelist()]
    if not found:
        raise Problem("{name} is a damaged e-book, its list of chapters is missing: fetch it again.", name=name)
    return found[0]


def _describe(package: Any, out: Output) -> None:
    for element in package.iter():
        said = _SAID.get(local(element.tag))
        if said and "purl.org/dc" in element.tag:
            out.column(said, element.text)


def _chapters(package: Any, folder: str) -> list[str]:
    """The parts to be read, in order, each once; without a spine all pages in the order of the list."""
    items = {element.get("id"): element for element in package.iter() if local(element.tag) == "item"}
    spine = [items[element.get("idref")] for element in package.iter()
             if local(element.tag) == "itemref" and element.get("idref") in items]  # fmt: skip
    pages = spine or [item for item in items.values() if item.get("media-type") in _PAGES]
    read = [item for item in pages if "nav" not in (item.get("properties") or "").split()] or pages
    return list(dict.fromkeys(_place(folder, item.get("href") or "") for item in read))


def _place(folder: str, href: str) -> str:
    """The name of a part that a link leads to."""
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _locked(root: Any) -> set[str]:
    return {unquote(element.get("URI", "")) for element in root.iter() if local(element.tag) == "CipherReference"}


def _names(archive: zipfile.ZipFile, package: Any, folder: str, parts: set[str], name: str) -> dict[str, str]:
    """What the table of contents calls the parts; a bare number is no name."""
    names: dict[str, str] = {}
    for item in (element for element in package.iter() if local(element.tag) == "item"):
        place = _place(folder, item.get("href") or "")
        if place not in parts:
            continue
        if "nav" in (item.get("properties") or "").split():
            found = _nav_names(archive, place, name)
        elif item.get("media-type") == "application/x-dtbncx+xml":
            found = _ncx_names(archive, place, name)
        else:
            continue
        for href, label in found:
            label = " ".join(label.split())[:200]
            if any(map(str.isalpha, label)):
                names.setdefault(_place(posixpath.dirname(place), href), label)
    return names


def _nav_names(archive: zipfile.ZipFile, place: str, name: str) -> Iterator[tuple[str, str]]:
    for element in _contents(archive, place, name):
        if local(element.tag) == "a" and element.get("href"):
            yield element.get("href"), "".join(element.itertext())


def _ncx_names(archive: zipfile.ZipFile, place: str, name: str) -> Iterator[tuple[str, str]]:
    for point in _contents(archive, place, name):
        if local(point.tag) == "navPoint":
            label = next((each for each in point if local(each.tag) == "navLabel"), None)
            content = next((each for each in point if local(each.tag) == "content"), None)
            if label is not None and content is not None:
                yield content.get("src", ""), "".join(label.itertext())


def _contents(archive: zipfile.ZipFile, place: str, name: str) -> Iterator[Any]:
    """The elements of a table of contents; none if it is no good XML: the chapters then stay without names."""
    try:
        return parse_part(archive, place, name).iter()
    except Problem:
        return iter(())
