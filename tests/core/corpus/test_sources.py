"""Files and archives, hostile ones too."""

import gzip
import io
import lzma
import random
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.corpus import Corpus, archives, sources
from core.problem import Problem


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_a_zip_is_its_text_files_with_their_folders(tmp_path) -> None:
    path = zipped(tmp_path / "a.zip", ("pos/1.txt", b"good film"), ("neg/2.txt", b"bad film"), ("neg/", b""))
    corpus = Corpus.from_files([path])
    assert list(corpus.documents) == ["good film", "bad film"]
    assert corpus.table["folder"].tolist() == ["pos", "neg"] and corpus.table["file"].tolist() == ["1.txt", "2.txt"]
    assert Corpus.from_files([path], label_column="folder").labels == ["pos", "neg"]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.txt.xz", "nameless"])
def test_packed_files_are_told_by_their_first_bytes(tmp_path, name: str) -> None:
    pack = lzma.compress if "xz" in name else gzip.compress
    (tmp_path / name).write_bytes(pack(b"the cat sat"))
    corpus = Corpus.from_files([tmp_path / name])
    assert list(corpus.documents) == ["the cat sat"] and corpus.facts["name"] == name


def test_a_packed_table_is_a_table(tmp_path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"label,text\nx,hello there\ny,good bye\n"))
    assert Corpus.from_files([tmp_path / "a.csv.gz"], label_column="label").labels == ["x", "y"]


def test_unsafe_members_are_left_out_and_said(tmp_path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    bad = [("../../evil.txt", b"x"), ("/abs.txt", b"x"), ("C:\\win.txt", b"x"), (link, b"/etc/passwd")]
    corpus = Corpus.from_files([zipped(tmp_path / "a.zip", *bad, ("ok/good.txt", b"good words"))])
    said = [str(Problem.from_dict(item)) for item in corpus.facts["skipped"]]
    assert list(corpus.documents) == ["good words"] and len(said) == 4
    assert "../../evil.txt has an unsafe name" in said[0] and "link" in said[3]


def test_nested_archives_and_other_files_are_left_out_and_said(tmp_path) -> None:
    path = zipped(
        tmp_path / "a.zip", ("in.zip", b"PK"), ("x.exe", b"MZ"), ("__MACOSX/._a.txt", b"x"), ("a.txt", b"word")
    )
    said = [str(Problem.from_dict(item)) for item in Corpus.from_files([path]).facts["skipped"]]
    assert said == ["in.zip is an archive in an archive and was not opened.",
                    "x.exe is of no kind that is read and was left out."]  # fmt: skip


def test_names_without_the_utf8_mark_are_read_as_gb18030(tmp_path) -> None:
    buffer = io.BytesIO()
    zipped(buffer, ("abcd.txt", "你好".encode()))  # type: ignore[arg-type]
    (tmp_path / "a.zip").write_bytes(buffer.getvalue().replace(b"abcd.txt", "红楼".encode("gb18030") + b".txt"))
    assert Corpus.from_files([tmp_path / "a.zip"]).table["file"].tolist() == ["红楼.txt"]


def test_bombs_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archives, "RATIO_FROM", 1 << 20)
    zeros = b"a" * (3 << 20)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(zeros))
    (tmp_path / "bomb.xz").write_bytes(lzma.compress(zeros))
    zipped(tmp_path / "bomb.zip", ("a.txt", zeros))
    for name in ("bomb.gz", "bomb.xz", "bomb.zip"):
        with pytest.raises(Problem, match="200 times its size"):
            Corpus.from_files([tmp_path / name])


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1 << 20)
    data = random.Random(0).randbytes(1 << 20).hex().encode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    zipped(tmp_path / "a.zip", ("a.txt", data))
    for name in ("a.gz", "a.zip"):
        with pytest.raises(Problem, match="the limit"):
            Corpus.from_files([tmp_path / name])


def test_too_many_members_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    with pytest.raises(Problem, match="holds 4 files, the limit is 3"):
        Corpus.from_files([zipped(tmp_path / "a.zip", *[(f"{i}.txt", b"a") for i in range(4)])])


def test_encrypted_archives_are_refused(tmp_path) -> None:
    path = zipped(tmp_path / "a.zip", ("a.txt", b"word"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Problem, match="encrypted"):
        Corpus.from_files([path])


@pytest.mark.parametrize("name", ["a.gz", "a.xz", "a.zip", "b.zip"])
def test_cut_archives_are_damaged(tmp_path, name: str) -> None:
    data = random.Random(1).randbytes(50_000).hex().encode()
    pack = {"a.gz": gzip.compress, "a.xz": lzma.compress}
    whole = pack[name](data) if name in pack else zipped(tmp_path / "w.zip", ("a.txt", data)).read_bytes()
    broken = whole[: len(whole) // 2] if name != "b.zip" else whole[:5000] + bytes(9) + whole[5009:]
    (tmp_path / name).write_bytes(broken)
    with pytest.raises(Problem, match="damaged"):
        Corpus.from_files([tmp_path / name])


@pytest.mark.parametrize(
    "names, said",
    [
        (("[Content_Types].xml", "xl/workbook.xml"), "a spreadsheet or a presentation"),
        (("mimetype", "content.xml"), "an Office document of a kind that is not read"),
        (("[Content_Types].xml", "word/document.xml"), "damaged"),
    ],
)
def test_other_documents_that_are_archives_are_refused(tmp_path, names, said) -> None:
    with pytest.raises(Problem, match=said):
        Corpus.from_files([zipped(tmp_path / "a.docx", *[(name, b"x") for name in names])])


def test_an_archive_without_text_is_said(tmp_path) -> None:
    with pytest.raises(Problem, match="holds no text file"):
        Corpus.from_files([zipped(tmp_path / "a.zip")])
    with pytest.raises(Problem, match="holds no text file, .*: a.exe is of no kind"):
        Corpus.from_files([zipped(tmp_path / "b.zip", ("a.exe", b"MZ"))])


def test_a_missing_or_empty_file_or_none_at_all(tmp_path) -> None:
    (tmp_path / "empty.txt").touch()
    cases = {"nothing.txt": "cannot be opened", "empty.txt": "empty.txt is empty", ".": "cannot be opened"}
    for name, message in cases.items():
        with pytest.raises(Problem, match=message):
            Corpus.from_files([tmp_path / name])
    with pytest.raises(Problem, match="choose at least one"):
        Corpus.from_files([])


def test_a_name_is_shown_in_place_of_the_path(tmp_path) -> None:
    (tmp_path / "6b86b273").write_bytes(b"label,text\nx,hello\n")
    corpus = Corpus.from_files([(tmp_path / "6b86b273", "my.csv")])
    assert corpus.facts["name"] == "my.csv" and corpus.table["file"].tolist() == ["my.csv"]
    assert list(corpus.documents) == ["hello"]


def test_reading_stops_where_it_is_told(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 5000)
    with ExitStack() as stack:
        (source,), _ = sources.find_sources([tmp_path / "a.txt"], stack)
        assert b"".join(source.chunks(100)) == b"x" * 100
