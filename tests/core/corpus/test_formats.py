"""Documents of each format -> text, records, and what they say of themselves."""

import codecs
import gzip
import json
from contextlib import ExitStack

import pytest

from core.corpus import Corpus
from core.corpus.formats.telling import format_of
from core.corpus.sources import find_sources
from core.problem import Problem
from tests.core.corpus.made import docx, epub, paragraph, pdf, shown, zipped


def text(path, **settings) -> str:
    return "\n---\n".join(Corpus.from_files([path], **settings).documents)


def columns(path) -> dict[str, str]:
    with ExitStack() as stack:
        (source,), _ = find_sources([path], stack)
        return dict(source.columns)


def written(path, content: str | bytes):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "head, ending, format_",
    [
        (b"%PDF-1.4", "txt", "pdf"),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", "txt", "html"),
        (b"<!-- c --><HTML lang=en>", "", "html"),
        ("<html><p>x".encode("utf-16"), "txt", "html"),
        (b"<p>a piece", "html", "html"),
        (b"<?xml version='1.0'?><html>", "xml", "html"),
        (b"<?xml version='1.0'?><a/>", "", "xml"),
        (b"<?xml version='1.0'?><a/>", "txt", ""),
        (b"<html> is what I wrote", "md", ""),
        (b'{"text": "a"}\n{"text": "b"}\n', "json", ""),
        (b'{"text": "a"}', "json", "json"),
        (b'[\n{"text": "a"}]', "jsonl", "json"),
        (b"plain words", "txt", ""),
    ],
)
def test_a_format_is_told_by_bytes_and_by_name(head, ending, format_) -> None:
    assert format_of(head, ending, "a") == format_


HTML = """<!DOCTYPE html><html><head><title>A &amp; B</title><meta name="author" content="Jane"><style>p {x}</style>
<script>if (a < b) alert("<p>no</p>")</script></head><body><h1>First<br>chapter</h1><p>One   <b>bold</b>
line &eacute;&#233;</p><div>Two</div><ul><li>a<li>b</ul><pre>x
 y</pre><table><tr><td><p>1</p><td>2</td></tr><tr><td></td><td>4</td></tr></table><noscript>no</noscript></body></html>"""


def test_html_is_what_a_reader_sees(tmp_path) -> None:
    path = written(tmp_path / "a.html", HTML)
    lines = ["# First chapter", "", "One bold line éé", "", "Two", "", "a", "b", "", "x", "y", "", "1\t2", "4", ""]
    assert text(path) == "\n".join(lines)
    assert columns(path) == {"title": "A & B", "author": "Jane"}
    assert text(path, split="headings").startswith("# First chapter")


@pytest.mark.parametrize("declared, encoding", [("gb2312", "gb18030"), ("iso-8859-1", "cp1252"), ("big5", "big5")])
def test_html_is_read_in_the_encoding_it_declares(tmp_path, declared, encoding) -> None:
    words = {"gb18030": "你好世界", "cp1252": "déjà “vu”", "big5": "學校"}[encoding]
    page = f'<html><head><meta http-equiv="x" content="text/html; charset={declared}"></head><p>{words}</p>'
    assert text(written(tmp_path / "a.htm", page.encode(encoding))) == words + "\n"


def test_html_that_declares_the_wrong_encoding_is_read_in_its_own(tmp_path) -> None:
    page = "<html><meta charset=utf-8><p>" + "我们今天去学校看书，明天回家。" * 5
    assert "我们今天" in text(written(tmp_path / "a.html", page.encode("gb18030")))
    assert "学校" in text(written(tmp_path / "b.html", codecs.BOM_UTF8 + "<meta charset=gbk><p>学校".encode()))


def test_a_chosen_encoding_is_for_the_page_and_not_for_its_text(tmp_path) -> None:
    path = written(tmp_path / "a.html", "<p>é".encode("cp437"))
    with ExitStack() as stack:
        (source,), _ = find_sources([path], stack, encoding="cp437")
        assert b"".join(source.chunks()).decode("utf-8-sig") == "é\n"
    assert "é" in text(written(tmp_path / "b.html", "<p>é".encode("cp1252")), encoding="cp1252")


def test_a_word_document(tmp_path) -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Part one</w:t></w:r></w:p>'
    table = f"<w:tbl><w:tr><w:tc>{paragraph('1')}</w:tc><w:tc>{paragraph('2')}</w:tc></w:tr></w:tbl>"
    core = (
        '<c:p xmlns:c="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
        "<dc:title>Tales</dc:title><dc:creator>Ann</dc:creator><t:created>2020-05-06T07:08:09Z</t:created></c:p>"
    )
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    )
    more = [("docProps/core.xml", core), ("word/styles.xml", styles), ("word/_rels/document.xml.rels", relations)]
    path = docx(tmp_path / "a.docx", heading + paragraph("Once 从前") + table, *more)
    assert text(path) == "# Part one\n\nOnce 从前\n\n1\t2\n"
    assert columns(path) == {"title": "Tales", "author": "Ann", "date": "2020-05-06"}


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path) -> None:
    chapters = {"a.xhtml": "<h2>Chapter I</h2><p>end</p>", "b b.xhtml": "<p>begin</p>"}
    said = "<dc:title>红楼梦</dc:title><dc:creator>曹雪芹</dc:creator>"
    path = epub(tmp_path / "a.epub", chapters, ["b b.xhtml", "a.xhtml", "a.xhtml", "missing"], metadata=said)
    assert text(path) == "begin\n\n## Chapter I\n\nend\n"
    assert columns(path) == {"title": "红楼梦", "author": "曹雪芹"}


def test_chapters_without_headings_bear_their_names_in_the_contents(tmp_path) -> None:
    point = '<navPoint><navLabel><text>The Storm</text></navLabel><content src="a.xhtml#x"/></navPoint>'
    toc = f"<ncx><navMap>{point}</navMap></ncx>"
    path = epub(tmp_path / "a.epub", {"a.xhtml": "<p>Rain fell.</p>", "b.xhtml": "<p>Sun.</p>"}, ["a.xhtml", "b.xhtml"])
    with_toc = zipped(tmp_path / "b.epub", *_parts(path, {"in/toc.ncx": toc}))
    assert text(with_toc) == "# The Storm\n\nRain fell.\n\nSun.\n"


def _parts(path, more: dict[str, str]):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()} | more
    item = '<item id="t" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
    return [(name, data.replace("</manifest>", item)) for name, data in parts.items()]


def test_pdf_pages_paragraphs_and_hyphens(tmp_path) -> None:
    width = "the quick brown fox jumps over the lazy dog and so on for e"
    first = shown(
        width + "x-", "ample it does. Now this line is as wide as the other one is", "short end", "Heading", "1"
    )
    path = pdf(tmp_path / "a.pdf", first, shown("page two"))
    joined = f"{width}xample it does. Now this line is as wide as the other one is short end\nHeading\n\npage two\n"
    assert text(path) == joined
    assert columns(path) == {"title": "A title", "date": "2024-01-03"}


def test_a_pdf_without_text_says_what_to_do(tmp_path) -> None:
    with pytest.raises(Problem, match=r"no text layer.*\(OCR\)"):
        text(pdf(tmp_path / "a.pdf", b"0 0 10 10 re f"))
    with pytest.raises(Problem, match="a.pdf is damaged, or is no pdf"):
        text(written(tmp_path / "a.pdf", "just words"))


def test_xml_records_are_rows(tmp_path) -> None:
    record = "<doc id='{0}'><title>T{0}</title><text><p>one &amp;</p><p>two {0}</p></text></doc>"
    path = written(tmp_path / "a.xml", "<all>" + "".join(map(record.format, range(3))) + "</all>")
    corpus = Corpus.from_files([path])
    assert corpus.documents[0] == "one &\ntwo 0" and len(corpus.documents) == 3
    assert corpus.table["id"].tolist() == ["0", "1", "2"] and corpus.table["title"][2] == "T2"


def test_a_feed_is_its_items(tmp_path) -> None:
    item = "<item><title>{0}</title><description>news {0}</description></item>"
    feed = f"<rss><channel><title>The feed</title>{''.join(map(item.format, 'abc'))}</channel></rss>"
    assert len(Corpus.from_files([written(tmp_path / "a.xml", feed)]).documents) == 3


def test_other_xml_is_its_text_a_block_a_line(tmp_path) -> None:
    play = "<?xml version='1.0' encoding='GBK'?><!DOCTYPE play SYSTEM 'play.dtd'><play><act>"
    path = written(
        tmp_path / "a.xml", (play + "<l>生存&nbsp;还是<i>毁灭</i></l>\n<l>second</l></act><end/></play>").encode("gbk")
    )
    assert text(path) == "生存 还是毁灭\nsecond\n"


@pytest.mark.parametrize(
    "content, documents",
    [
        ([{"text": "a", "n": 1}, {"text": "b"}], ["a", "b"]),
        (["one", "two"], ["one", "two"]),
        ({"name": "x", "docs": [{"text": "a"}, {"text": "b"}]}, ["a", "b"]),
        ({"title": "t", "text": "long words", "tags": ["a"]}, ["long words"]),
        ({"1": {"text": "a"}, "2": {"text": "b"}}, ["a", "b"]),
        ([{"text": "word " * 200_000}], ["word " * 200_000]),
    ],
)
def test_json_lists(tmp_path, content, documents) -> None:
    assert list(Corpus.from_files([written(tmp_path / "a.json", json.dumps(content))]).documents) == documents
    indented = written(tmp_path / "b.json", json.dumps(content, indent=2).encode("utf-16"))
    assert list(Corpus.from_files([indented]).documents) == documents


def test_a_long_list_in_json_is_read_item_by_item(tmp_path) -> None:
    items = [{"text": f"item {i}", "n": i} for i in range(30_000)]
    corpus = Corpus.from_files([written(tmp_path / "a.json", json.dumps(items))])
    assert len(corpus.documents) == 30_000 and corpus.documents[29_999] == "item 29999"


def test_json_without_records_says_what_is_wanted(tmp_path) -> None:
    for content in ("5", "[1, 2]", "null", "[]"):
        with pytest.raises(Problem, match="holds no list of texts"):
            text(written(tmp_path / "a.json", content))
    with pytest.raises(Problem, match="is damaged after 1 items"):
        text(written(tmp_path / "a.json", '[{"text": "a"}, {"text": '))


def test_documents_in_an_archive_or_packed_are_read_too(tmp_path) -> None:
    docx(tmp_path / "w.docx", paragraph("of word"))
    pdf(tmp_path / "p.pdf", shown("of pdf"))
    files = [("x/w.docx", (tmp_path / "w.docx").read_bytes()), ("y/p.txt", (tmp_path / "p.pdf").read_bytes()),
             ("z.html", "<p>of html"), ("bad.pdf", "%PDF-1.4 no"), ("in.txt", b"PK\3\4 no")]  # fmt: skip
    corpus = Corpus.from_files([zipped(tmp_path / "a.zip", *files)])
    assert [document.strip() for document in corpus.documents] == ["of word", "of pdf", "of html"]
    assert corpus.table["folder"].tolist()[:2] == ["x", "y"]
    said = [str(Problem.from_dict(item)) for item in corpus.facts["skipped"]]
    assert "bad.pdf is a damaged PDF" in said[0] and "in.txt is a damaged archive" in said[1]
    assert text(written(tmp_path / "p.pdf.gz", gzip.compress((tmp_path / "p.pdf").read_bytes()))) == "of pdf\n"


def test_one_bad_file_of_several_is_left_out_and_said(tmp_path) -> None:
    good, bad = written(tmp_path / "a.txt", "good words"), written(tmp_path / "b.pdf", "%PDF-1.4 no")
    corpus = Corpus.from_files([good, bad, tmp_path / "missing.txt"])
    said = [str(Problem.from_dict(item)) for item in corpus.facts["skipped"]]
    assert list(corpus.documents) == ["good words"]
    assert "b.pdf is a damaged PDF" in said[0] and "missing.txt cannot be opened" in said[1]
    with pytest.raises(Problem, match="damaged PDF"):
        Corpus.from_files([bad])


def test_a_look_converts_only_the_beginning(tmp_path) -> None:
    path = written(tmp_path / "a.html", "<p>" + "word " * 1_000_000)
    with ExitStack() as stack:
        (source,), _ = find_sources([written(path, "<p>some words</p>" * 300_000)], stack, most=1000)
        assert 1000 <= len(b"".join(source.chunks())) < 100_000 and source.size > 1000


def test_nothing_stays_in_the_temporary_folder(tmp_path, monkeypatch) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    with ExitStack() as stack:
        find_sources([written(tmp_path / "a.html", "<p>words")], stack)
        assert list((tmp_path / "t").iterdir())
    assert list((tmp_path / "t").iterdir()) == []
