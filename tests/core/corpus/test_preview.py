"""A look at files before they are read."""

import gzip
import json
import random

import pytest

from core.corpus.preview import HEAD, preview
from core.corpus.reading import ReadSettings
from core.problem import Problem


def look(tmp_path, name: str, data: str | bytes, **settings) -> dict:
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    found = preview([tmp_path / name], ReadSettings(**settings))
    assert json.loads(json.dumps(found)) == found
    return found


def said(found: dict, part: str = "warnings") -> str:
    return " ".join(str(Problem.from_dict(item)) for item in found[part])


def test_a_small_text(tmp_path) -> None:
    found = look(tmp_path, "a.txt", "The cat sat on the mat, and the dog with it.\n")
    assert found["language"] == "en" and found["tokens"][:3] == ["the", "cat", "sat"] and found["exact"]
    assert (found["words"], found["documents"], found["splits"]) == (11, 1, [])
    assert "about 11 words" in said(found)


def test_a_guess_is_shown_with_the_others(tmp_path) -> None:
    found = look(tmp_path, "a.txt", ("我们今天去学校看书，明天回家。\n" * 40).encode("gb18030"))
    (file,) = found["files"]
    assert (file["encoding"], file["certain"]) == ("gb18030", False)
    assert file["encodings"][0]["head"].startswith("我们今天") and len(file["encodings"]) > 1


def test_damaged_utf8_is_said_and_can_be_chosen(tmp_path) -> None:
    data = "日本語の文章\n".encode() * 100 + b"\xe6\n"
    (file,) = look(tmp_path, "a.txt", data)["files"]
    assert "damaged" in str(Problem.from_dict(file["problem"])) and file["encodings"][0]["name"] == "utf-8"
    (file,) = look(tmp_path, "a.txt", data, encoding="utf-8")["files"]
    assert file["problem"] is None


def test_a_long_text_is_read_at_its_head_only(tmp_path) -> None:
    line = "Ünï the cat and the dog\n"
    found = look(tmp_path, "a.txt", line * 100_000)
    assert len(found["head"]) <= 2000 and not found["exact"]
    assert found["words"] == pytest.approx(600_000, rel=0.05)
    lines = next(split for split in found["splits"] if split["split"] == "lines")
    assert lines["documents"] == 100_000 and lines["exact"]


def test_a_cut_character_at_the_end_of_the_head_is_no_damage(tmp_path) -> None:
    (file,) = look(tmp_path, "a.txt", "a" + "语" * HEAD)["files"]
    assert file["encoding"] == "utf-8" and file["problem"] is None


def test_splits_are_proposed_with_their_counts(tmp_path) -> None:
    found = look(tmp_path, "a.txt", "".join(f"Chapter {i}\n\n{'Some words here. ' * 40}\n\n" for i in range(1, 13)))
    splits = {split["split"]: split for split in found["splits"]}
    assert splits["chapters"]["documents"] == 12 and splits["chapters"]["titles"][:2] == ["Chapter 1", "Chapter 2"]
    assert "split it by chapters into 12" in said(found)
    assert look(tmp_path, "b.txt", found["head"], split="chapters")["documents"] > 1


def test_columns_are_guessed(tmp_path) -> None:
    found = look(tmp_path, "a.csv", "year,kind,remark\n" + "1900,x,some words here\n1901,y,some other words\n" * 20)
    (file,) = found["files"]
    assert (file["columns"], file["text_column"], file["label_column"]) == (
        ["year", "kind", "remark"],
        "remark",
        "year",
    )
    assert file["rows"][0] == {"year": "1900", "kind": "x"} and found["documents"] == 40 and found["splits"] == []


@pytest.mark.parametrize(
    "tokenizer, text, warned",
    [
        ("words", "满纸荒唐言，一把辛酸泪。" * 200, "choose the tokeniser chinese"),
        ("words", "吾輩は猫である。名前はまだ無い。" * 200, "choose the tokeniser characters"),
        ("chinese", "满纸荒唐言，一把辛酸泪。" * 200, ""),
        ("words", "满纸 荒唐 言 ， 一把 辛酸 泪 。" * 200, ""),
    ],
)
def test_text_without_spaces_is_warned_of(tmp_path, tokenizer: str, text: str, warned: str) -> None:
    warnings = said(look(tmp_path, "a.txt", text, tokenizer=tokenizer))
    assert warned in warnings and ("no spaces" in warnings) == bool(warned)


def test_twins_and_poor_texts_are_warned_of(tmp_path) -> None:
    assert "two parts" in said(look(tmp_path, "a.txt", "café cafe\u0301 " * 600))
    assert "only 1 different words" in said(look(tmp_path, "a.txt", "word " * 5000))


def test_an_empty_file_and_binary(tmp_path) -> None:
    with pytest.raises(Problem, match="a.txt is empty"):
        look(tmp_path, "a.txt", " \n ")
    (file,) = look(tmp_path, "b.txt", b"\x7fELF\0\0")["files"]
    assert "a program" in str(Problem.from_dict(file["problem"]))


def test_a_cut_archive_is_said(tmp_path) -> None:
    packed = gzip.compress(random.Random(0).randbytes(600_000).hex().encode())
    for length in (5000, 400_000):
        (file,) = look(tmp_path, "a.txt.gz", packed[:length])["files"]
        assert "damaged" in str(Problem.from_dict(file["problem"]))


def test_many_files_are_looked_at_in_part(tmp_path) -> None:
    paths = [tmp_path / f"{i}.txt" for i in range(25)]
    for path in paths:
        path.write_text("the cat and the dog")
    found = preview(paths, ReadSettings())
    assert (len(found["files"]), found["more_files"], found["documents"]) == (20, 5, 25)
    assert found["words"] == pytest.approx(125, rel=0.1) and not found["exact"]
