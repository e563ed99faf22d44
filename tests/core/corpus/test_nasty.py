"""Every bad file of the collection beside the project is read or refused in a sentence, in bounded time and memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty"
SECONDS, MEGABYTES = 15, 600  # of the processor for one file, children too; of memory in all
SCRIPT = """
import json, os, re, sys
from core.corpus import Corpus
from core.corpus.preview import preview
from core.corpus.reading import ReadSettings
from core.problem import Problem
def read(path):
    corpus = Corpus.from_files([path])
    facts = corpus.facts
    return {"documents": len(corpus.documents), "text": "\\n".join(corpus.documents[:50])[:3000],
            "words": sorted(corpus.vocab.words[:8]),
            "language": facts["language"], "tokens": facts["tokens"], "types": facts["types"],
            "columns": list(corpus.table.columns), "rows": corpus.table.head(3).astype(str).values.tolist(),
            "skipped": [str(Problem.from_dict(each)) for each in facts["skipped"]]}
def look(path):
    file = preview([path], ReadSettings())["files"][0]
    return {"encoding": file["encoding"], "certain": file["certain"], "text_column": file["text_column"],
            "label_column": file["label_column"]}
for path in sys.argv[1:]:
    begin, found = sum(os.times()[:4]), {}
    for one in (read, look):
        try:
            found |= one(path)
        except Problem as problem:
            found |= {"said": found.get("said") or str(problem)}
    found["seconds"] = sum(os.times()[:4]) - begin
    found["megabytes"] = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
    print(json.dumps([path, found]))
"""
REFUSED = {
    "doc/billion-laughs.docx": "defines entities of its own",
    "doc/empty.docx": "holds no text",
    "doc/password.pdf": "is encrypted",
    "enc/mixed-utf8-gbk.txt": "in no single encoding (not UTF-8 from byte 0 on)",
    "enc/nul-bytes.txt": "is not text",
    "enc/utf8-cut-mid-character.txt": "is damaged: it is UTF-8 but for byte 8957",
    "enc/utf8-invalid-bytes.txt": "is damaged: it is UTF-8 but for byte 5000",
    "text/binary-junk.txt": "is not text",
    "text/bom-only.txt": "is empty",
    "text/empty.txt": "is empty",
    "text/million-empty-lines.txt.gz": "holds no words",
    "text/picture-renamed.txt": "is a picture, not text",
    "text/whitespace-only.txt": "is empty",
    "zip/bomb-100mb.txt.gz": "unpacks to more than 200 times its size",
    "zip/bomb-300mb.zip": "unpacks to more than 200 times its size",
}
HOUND, HONGLOU, REDS = (
    "Arthur Conan Doyle\n\nThe Hound of the Baskervilles",
    "第1章 甄士隐梦幻识通灵",
    "第1章 甄士隱夢幻識通靈",
)
# What each file gives: how its text begins, and whatever else is telling.
READ: dict[str, dict[str, Any]] = {
    "doc/arabic.pdf": {"begins": "حَبيبي", "language": "ar", "has": "habibi", "columns": ["file", "title"]},
    "doc/footnotes.docx": {"begins": "Ouch.\n\nA tachyon walks into a bar.\n\nFin.\n", "tokens": 8},
    "doc/hound-reversed-spine.epub": {"begins": "Sir Henry Baskerville\n", "columns": ["file", "title"]},
    "doc/image.pdf": {"begins": "1 Your Chapter\nLorem ipsum dolor sit amet, consetetur", "tokens": 103},
    "doc/minimal.pdf": {"begins": "Lorem ipsum dolor sit amet", "has": "no sea takimata sanctus", "tokens": 100},
    "doc/multicolumn.pdf": {"begins": "Two-Column Document", "has": "consectetuer adipiscing elit. Ut purus elit"},
    "doc/strict-format.docx": {"begins": "Test\n", "tokens": 1},
    "doc/tables.docx": {"begins": "Above\n\nTop left\tTop right\nBottom left\tBottom right\n\nBelow\n", "tokens": 10},
    "doc/zh-honglou.docx": {"begins": HONGLOU, "language": "zh", "has": "\n\n作者自云：因曾历过一番梦幻之后"},
    "doc/zh-honglou.epub": {"begins": "却说雨村忙回头看时", "language": "zh", "rows": [["zh-honglou.epub", "红楼梦"]]},
    "enc/big5.txt": {"begins": REDS, "language": "zh", "encoding": "big5", "certain": False},
    "enc/cp1252-smart-quotes.txt": {"begins": "“It’s a café,” she said – “naïve, isn’t it?”", "encoding": "cp1252"},
    "enc/gbk-crlf-labelled.csv": {"documents": 40, "encoding": "gb18030", "columns": ["file", "label"]},
    "enc/gbk.txt": {"begins": HONGLOU, "language": "zh", "encoding": "gb18030", "certain": False},
    "enc/real-gb18030-xiyouji.txt.gz": {"begins": "《西游记》\n", "language": "zh", "encoding": "gb18030"},
    "enc/utf16be-bom.txt": {"begins": HOUND, "language": "en", "encoding": "utf-16", "certain": True},
    "enc/utf16le-bom.txt": {"begins": HONGLOU, "encoding": "utf-16", "certain": True, "has": "秀\n此开卷"},
    "enc/utf16le-nobom.txt": {"begins": HOUND, "language": "en", "encoding": "utf_16_le", "certain": False},
    "enc/utf8-bom-crlf.txt": {"begins": HOUND, "tokens": 9124, "encoding": "utf-8", "certain": True},
    "enc/utf8-cr-only.txt": {"begins": HOUND, "tokens": 9124, "encoding": "utf-8", "certain": True},
    "table/300-classes.csv": {"documents": 900, "text_column": "text", "label_column": "label"},
    "table/broken-lines.jsonl": {"documents": 60, "skipped": ["80 rows without text were left out."]},
    "table/duplicate-columns.csv": {"begins": "a good one", "columns": ["file", "text.2", "label", "label.2"]},
    "table/formula-cells.csv": {"begins": '=HYPERLINK("x","y")', "documents": 120},
    "table/huge-field.csv": {"documents": 2, "tokens": 60_001},
    "table/imbalanced-199-1.csv": {"documents": 200, "label_column": "label"},
    "table/no-header.csv": {"documents": 200, "text_column": "column 2", "begins": "a very good film"},
    "table/one-class.csv": {"documents": 200, "begins": "sentence number 0 is good"},
    "table/parallel-misaligned.tsv": {"documents": 250, "begins": "Hello."},
    "table/quoted-newlines-semicolon.csv": {"documents": 120, "begins": 'line one\nline two; "quoted" text'},
    "table/ragged.csv": {"begins": "good", "skipped": ["20 cells beyond the last column were left out.",
                                                      "20 rows without text were left out."]},
    "text/200k-unique-words.txt.xz": {"types": 200_000, "tokens": 200_000},
    "text/emoji-zwj-combining.txt": {"begins": "👨‍👩‍👧‍👦 family 🏳️‍🌈 flag"},
    "text/html-injection.txt": {"begins": "<script>alert(1)</script> <img src=x onerror=alert(1)>"},
    "text/mixed-zh-en.txt": {"begins": "我用Python训练了一个BERT模型", "language": "zh"},
    "text/nfc-nfd-mixed.txt": {"types": 6},
    "text/one-line-50mb.txt.xz": {"tokens": 9_380_931, "language": "en"},
    "text/one-token-1mb.txt.xz": {"tokens": 1},
    "text/one-word.txt": {"begins": "hello", "words": ["hello"]},
    "text/punctuation-digits.txt": {"begins": "!!! ... --- 123", "types": 6},
    "text/same-line-10000.txt.gz": {"types": 5, "tokens": 60_000, "words": ["cat", "mat", "on", "sat", "the"]},
    "text/same-word-200000.txt.gz": {"types": 1, "tokens": 200_000, "words": ["word"]},
    "text/stopwords-only.txt": {"types": 20, "language": "en"},
    "text/thai-arabic-hebrew-hindi.txt": {"begins": "ภาษาไทย", "has": "اللغة العربية"},
    "text/three-sentences.txt": {"tokens": 9, "types": 8, "begins": "The cat sat."},
    "zip/3000-small-files.zip": {"documents": 3000, "columns": ["file", "folder"], "language": "en"},
    "zip/gbk-names.zip": {"documents": 2, "begins": HONGLOU, "encoding": "gb18030"},
    "zip/path-traversal.zip": {"documents": 1, "begins": HOUND, "has": "Baskervilles"},
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    """What reading and looking at each file gives, in one process for all."""
    if not NASTY.exists() or sys.platform != "linux":
        pytest.skip("the collection of bad files is not here")
    paths = sorted(str(path) for path in NASTY.glob("*/*"))
    run = subprocess.run([sys.executable, "-c", SCRIPT, *paths], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]
    return {"/".join(Path(path).parts[-2:]): row for path, row in map(json.loads, run.stdout.splitlines())}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(found, name) -> None:
    assert name.partition("/")[2] in found[name]["said"] and REFUSED[name] in found[name]["said"]
    assert found[name]["seconds"] < SECONDS


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_as_it_is(found, name) -> None:
    row, wanted = found[name], dict(READ[name])
    assert "said" not in row and row["seconds"] < SECONDS
    assert row["text"].startswith(wanted.pop("begins", "")) and wanted.pop("has", "") in row["text"]
    if rows := wanted.pop("rows", None):
        assert row["rows"] == rows
    assert {key: row[key] for key in wanted} == wanted


def test_unsafe_members_are_named(found) -> None:
    said = " ".join(found["zip/path-traversal.zip"]["skipped"])
    assert all(name in said for name in ("../../evil.txt", "/abs.txt", "C:/win.txt", "link.txt is a link"))
    assert [row[0][:2] for row in found["zip/gbk-names.zip"]["rows"]] == ["红楼", "三国"]


def test_no_file_is_forgotten_and_memory_is_bounded(found) -> None:
    assert set(found) == {*REFUSED, *READ}
    assert max(row["megabytes"] for row in found.values()) < MEGABYTES
