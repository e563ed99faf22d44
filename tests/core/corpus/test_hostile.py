"""Files made to harm: each ends in a corpus or in a Problem, soon, in bounded memory, and leaves nothing behind."""

import csv
import gzip
import io
import json
import random
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.corpus.formats.converter import Converter
from core.corpus.preview import preview
from core.corpus.settings import ReadSettings
from core.problem import Problem
from tests.core.corpus.made import W, docx, epub, paragraph, pdf, shown, zipped


def quietly(examples: int) -> settings:
    """The same examples each time, with nothing kept and no clock."""
    unimportant = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=unimportant,
    )  # fmt: skip


def outcome(path: Path, **more) -> str:
    """What reading says: the Problem, or the documents. Any other exception is a fault. A look must end well too."""
    said = []
    for read in (lambda: list(Corpus.from_files([path], **more).documents), lambda: preview([path], ReadSettings())):
        try:
            said.append(str(read()))
        except Problem as problem:
            said.append(f"Problem: {problem}")
    return said[0]


def laughs(root: str, text: str) -> str:
    """A document whose entities would grow to 3 GB."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY a0 "lol">{entities}]>' + text


OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
GROWING = f'<!DOCTYPE x [<!ENTITY e "{"e" * 100_000}">]><x>{"&e;" * 30_000}</x>'


@pytest.mark.parametrize(
    "content",
    [laughs("x", "<x>&a9;</x>"), OUTSIDE + "<x>&e;</x>", GROWING, '<!DOCTYPE x [<!ENTITY % p "x">%p;]><x>y</x>'],
)
def test_entities_are_refused(tmp_path, content) -> None:
    (tmp_path / "a.xml").write_text(content)
    assert "defines entities of its own" in outcome(tmp_path / "a.xml")
    document = docx(tmp_path / "a.docx", paragraph("&e;&a9;"), head=content[: content.index("]>") + 2])
    assert "defines entities of its own" in outcome(document)
    parts = [("mimetype", "application/epub+zip"), ("META-INF/container.xml", content)]
    assert "defines entities of its own" in outcome(zipped(tmp_path / "a.epub", *parts))


def test_other_files_are_never_read(tmp_path) -> None:
    (tmp_path / "a.html").write_text(OUTSIDE + "<html><iframe src=file:///etc/passwd></iframe>&e; <p>words")
    (tmp_path / "b.xml").write_text('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x>words</x>')
    inner = f'<w:p {W}><w:r><w:t>words</w:t></w:r></w:p><xi:include xmlns:xi="x" href="file:///etc/passwd"/>'
    chapters = {"../../../../../../etc/passwd": "", "a": "<p>words", "/etc/passwd": ""}
    book = epub(tmp_path / "d.epub", chapters, [*chapters, "file:///etc/passwd"])
    for path in (tmp_path / "a.html", tmp_path / "b.xml", docx(tmp_path / "c.docx", inner), book):
        said = outcome(path)
        assert "words" in said and "root:" not in said


def test_a_pdf_whose_pages_lead_in_a_circle_ends(tmp_path) -> None:
    said = outcome(pdf(tmp_path / "a.pdf", shown("words"), kids="2 0 R"))
    assert "damaged" in said or "no text layer" in said
    endless = pdf(tmp_path / "b.pdf", shown("words"))
    endless.write_bytes(endless.read_bytes().replace(b"/Count 1", b"/Count 999999999"))
    assert outcome(endless)


def test_a_pdf_with_an_enormous_stream_ends(tmp_path) -> None:
    packed = zlib.compress(b"(words words words) Tj " * 4_000_000, 9)
    assert "a.pdf" in outcome(pdf(tmp_path / "a.pdf", packed, stream="/Filter/FlateDecode"))
    twice = zlib.compress(zlib.compress(bytes(1 << 28), 9), 9)
    assert "a.pdf" in outcome(pdf(tmp_path / "a.pdf", twice, stream="/Filter[/FlateDecode/FlateDecode]"))


def test_a_document_with_a_part_a_thousand_times_larger_is_refused(tmp_path) -> None:
    bomb = docx(tmp_path / "a.docx", paragraph("x"), ("word/media/image.png", b" " * (100 << 20)))
    assert "a.docx unpacks to more than 200 times its size" in outcome(bomb)
    assert "a.docx unpacks to more than 200 times its size" in outcome(docx(bomb, paragraph(" " * (100 << 20))))


def test_books_without_order_or_in_a_circle(tmp_path) -> None:
    chapters = {"a": "<p>one", "b": "<p>two"}
    assert "one\\n\\ntwo" in outcome(epub(tmp_path / "a.epub", chapters, []))
    assert "two\\n\\none\\n'" in outcome(epub(tmp_path / "b.epub", chapters, ["b", "a"] * 1000))
    assert "without chapters" in outcome(epub(tmp_path / "c.epub", {}, ["a"]))
    assert "is missing" in outcome(zipped(tmp_path / "d.epub", ("META-INF/container.xml", "<container/>")))


def test_locked_books_and_encrypted_documents_are_said(tmp_path) -> None:
    lock = '<e><CipherReference URI="in/a"/></e>'
    book = epub(tmp_path / "a.epub", {"a": "<p>x"}, ["a"], ("META-INF/encryption.xml", lock))
    assert "(DRM)" in outcome(book)
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "a.docx is encrypted" in outcome(tmp_path / "a.docx")


def test_members_that_are_too_many_links_or_elsewhere(tmp_path) -> None:
    many = zipped(tmp_path / "a.zip", *[(f"{i}.txt", b"x") for i in range(10_001)])
    assert "a.zip holds 10001 files, the limit is 10000" in outcome(many)
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    bad = [
        (link, b"/etc/passwd"),
        *[(name, b"x") for name in ("../a.txt", "/a.txt", "C:/a.txt", "b/../../a.txt", "..\\a.txt")],
    ]
    assert "has an unsafe name" in outcome(zipped(tmp_path / "b.zip", *bad[1:], bad[0]))
    corpus = Corpus.from_files([zipped(tmp_path / "c.zip", *bad, ("good.html", b"<p>good"))])
    assert list(corpus.documents) == ["good\n"] and len(corpus.facts["skipped"]) == 6


def test_archives_in_archives_are_not_opened_whatever_their_name(tmp_path) -> None:
    inner = zipped(tmp_path / "in.zip", ("a.txt", b"hidden")).read_bytes()
    outer = zipped(tmp_path / "a.zip", ("in.zip", inner), ("in.txt", inner), ("in", inner), ("b.txt", b"seen"))
    corpus = Corpus.from_files([outer])
    said = [str(Problem.from_dict(item)) for item in corpus.facts["skipped"]]
    assert list(corpus.documents) == ["seen"] and len(said) == 3 and all("was not opened" in each for each in said)
    (tmp_path / "a.zip.gz").write_bytes(gzip.compress(inner))
    assert "is an archive in an archive" in outcome(tmp_path / "a.zip.gz")


@pytest.mark.parametrize("name", ["a.gz", "a.html.gz", "a.pdf.gz"])
def test_bombs_and_cut_files_in_gzip(tmp_path, name) -> None:
    start = {"a.gz": b"", "a.html.gz": b"<html>", "a.pdf.gz": b"%PDF-1.4"}[name]
    (tmp_path / name).write_bytes(gzip.compress(start + b"a" * (100 << 20), 1))
    assert f"{name} unpacks to more than 200 times" in outcome(tmp_path / name)
    whole = gzip.compress(start + random.Random(0).randbytes(50_000).hex().encode())
    (tmp_path / name).write_bytes(whole[:30_000])
    assert f"{name} is damaged or cut off" in outcome(tmp_path / name)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_deep_nesting(tmp_path, name) -> None:
    for content in ("[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, '[{"text":' + "[" * 100_000):
        (tmp_path / name).write_text(content)
        assert "Problem" in outcome(tmp_path / name)
    (tmp_path / "a.xml").write_text("<a>" * 100_000 + "x" + "</a>" * 100_000)
    assert "nested too deeply" in outcome(tmp_path / "a.xml")
    (tmp_path / "a.html").write_text("<div>" * 100_000 + "<svg>" * 1000 + "x" + "</svg>" * 1000 + "seen")
    assert "seen" in outcome(tmp_path / "a.html")


def test_tables_that_are_too_wide_or_have_a_huge_cell(tmp_path) -> None:
    (tmp_path / "a.csv").write_text(",".join(f"c{i}" for i in range(100_000)) + "\n" + "x," * 99_999 + "x\n")
    assert "100000 columns, the limit is 1000" in outcome(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text('id,text\n1,"' + "word " * 60_000 + '"\n')
    assert outcome(tmp_path / "b.csv").count("word") == 60_000


@quietly(40)
@given(
    data=st.binary(min_size=1, max_size=400), ending=st.sampled_from(["txt", "csv", "jsonl", "md", "gz", "zip", "xz"])
)
def test_random_bytes(tmp_path, data: bytes, ending: str) -> None:
    magic = {"gz": b"\x1f\x8b\x08", "zip": b"PK\x03\x04", "xz": b"\xfd7zXZ\x00"}.get(ending, b"")
    (tmp_path / f"a.{ending}").write_bytes(magic + data)
    assert outcome(tmp_path / f"a.{ending}")


@quietly(40)
@given(
    rows=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t|"),
    cut=st.integers(0, 9),
)
def test_random_tables(tmp_path, rows: list[list[str]], delimiter: str, cut: int) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, escapechar="\\").writerows(rows)
    (tmp_path / "a.csv").write_bytes(file.getvalue().encode("utf-8", "replace")[: -cut or None] or b"x")
    assert outcome(tmp_path / "a.csv")


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.just("text"), inner, max_size=3)
    ),
    max_leaves=8,
)


@quietly(40)
@given(values=st.lists(VALUES, max_size=4), cut=st.integers(0, 3))
def test_random_json_lines(tmp_path, values: list, cut: int) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, values))[: -cut or None] or "x")
    assert outcome(tmp_path / "a.jsonl")


NAMES = st.text("ab./\\:é红", max_size=8) | st.sampled_from(["mimetype", "word/document.xml", "[Content_Types].xml"])


@quietly(30)
@given(
    members=st.lists(
        st.tuples(NAMES, st.sampled_from(["", ".txt", ".json", ".zip", ".csv"]), st.binary(max_size=40)), max_size=4
    ),
    place=st.integers(0, 400),
    bits=st.integers(0, 255),
)
def test_random_archives(tmp_path, members, place: int, bits: int) -> None:
    path = zipped(tmp_path / "a.zip", *{name + ending or "x": data for name, ending, data in members}.items())
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= bits
    path.write_bytes(data)
    assert outcome(path)


@pytest.fixture(scope="module")
def converter(tmp_path_factory):
    with closing(Converter(tmp_path_factory.mktemp("converted"))) as converter:
        yield converter


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, bytes]:
    """A good file of each format that is converted."""
    folder = tmp_path_factory.mktemp("good")
    chapters = {"a": "<h1>I</h1><p>one", "b": "<p>two &amp; three</p>"}
    made = {
        "pdf": pdf(folder / "a.pdf", shown("words of a page", "more"), shown("two")),
        "docx": docx(
            folder / "a.docx", paragraph("words") + f"<w:tbl><w:tr><w:tc>{paragraph('x')}</w:tc></w:tr></w:tbl>"
        ),
        "epub": epub(folder / "a.epub", chapters, ["a", "b"]),
    }
    return {kind: path.read_bytes() for kind, path in made.items()} | {
        "html": b"<!DOCTYPE html><html><head><title>t</title></head><body><p>a &amp; <b>b</b><table><td>x</table>",
        "xml": b"<?xml version='1.0'?><all><doc id='1'><text>a</text></doc><doc id='2'><text>b</text></doc></all>",
        "json": b'[{"text": "a", "n": [1, {"x": null}]}, "two", {"text": "\\ud83d"}, -1.5e3]',
    }


@pytest.mark.parametrize("kind", ["pdf", "docx", "epub", "html", "xml", "json"])
@quietly(40)
@given(data=st.data())
def test_damaged_documents(tmp_path, converter, good, kind, data) -> None:
    document = bytearray(good[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(document) - 1))
        length = data.draw(st.integers(0, 30))
        document[place : place + length] = data.draw(st.binary(max_size=8) | st.just(b"999999999") | st.just(b"<a "))
        document = document or bytearray(b"x")
    (tmp_path / "a").write_bytes(document)
    try:
        converter.convert(kind, tmp_path / "a", "a")
    except Problem as problem:
        assert str(problem)


def test_every_good_document_is_read(tmp_path, converter, good) -> None:
    for kind, data in good.items():
        (tmp_path / "a").write_bytes(data)
        assert converter.convert(kind, tmp_path / "a", "a").size > 3
