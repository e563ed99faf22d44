"""A look at files before they are read."""

import gzip
import json
import random
import zipfile

import pytest

from core.corpus.cleaning import STEPS
from core.corpus.preview import HEAD, preview
from core.corpus.reading import ReadSettings
from core.corpus.trial import excerpt
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
    assert (file["columns"], file["text_column"]) == (["year", "kind", "remark"], "remark")
    assert (file["label_column"], file["date_column"], file["group_column"]) == ("kind", "year", None)
    assert found["columns"] == ["file", "year", "kind"] and file["title_column"] is None
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


def cleaning(found: dict) -> dict[str, tuple[int, str, str]]:
    return {item["step"]: (item["count"], item["before"], item["after"]) for item in found["cleaning"]}


def test_every_step_is_tried_before_it_is_chosen(tmp_path) -> None:
    text = "A <b>bold</b> word.\nSee http://x.org/a in 1984.\n"
    steps = cleaning(look(tmp_path, "a.txt", text))
    assert list(steps) == list(STEPS)
    assert steps["strip_tags"] == (2, text, "A bold word.\nSee http://x.org/a in 1984.\n")
    assert steps["strip_urls"][0] == 1 and "See   in 1984" in steps["strip_urls"][2]
    assert steps["strip_numbers"][0] == 1 and steps["half_width"] == steps["script"] == (0, "", "")


def test_chosen_steps_show_in_the_head_and_to_those_after_them(tmp_path) -> None:
    text = "Go to http://x.org/1984 １９８４.\n" * 30
    found = look(tmp_path, "a.txt", text, strip_urls=True)
    assert "http" not in found["head"] and cleaning(found)["strip_numbers"][0] == 30
    assert cleaning(look(tmp_path, "a.txt", text))["strip_numbers"][0] == 60
    assert look(tmp_path, "a.txt", text, strip_numbers=True, strip_urls=True)["tokens"][:4] == ["go", "to", "go", "to"]


def test_an_excerpt_begins_with_a_word_and_stays_in_its_document() -> None:
    words = " ".join(f"word{i}" for i in range(40))
    before, after = excerpt(f"{words} 77 {words}", f"{words}   {words}")
    assert before.startswith("word") and before.index("77") <= 40 and 100 < len(before) <= 120
    assert after == before.replace("77", " ") + after[-1] and excerpt("same", "same") == ("", "")
    assert excerpt("one\x1etwo 2 three\x1efour", "one\x1etwo   three\x1efour") == ("two 2 three", "two   three")
    assert excerpt("cut away", "") == ("cut away", "")


def test_boilerplate_is_tried_on_files_and_cut_before_the_split(tmp_path) -> None:
    begin = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n"
    text = f"Title: X\n\n{begin}\nCHAPTER I\none two\n\nCHAPTER II\nthree\n\nEnd of Project Gutenberg's X\nlaw\n"
    tried = look(tmp_path, "a.txt", text)
    count, before, after = cleaning(tried)["strip_boilerplate"]
    assert (
        count == 4 and before.startswith("Title: X") and after.startswith("CHAPTER I\none") and "law" in tried["head"]
    )
    found = look(tmp_path, "a.txt", text, strip_boilerplate=True, split="chapters")
    assert found["head"].startswith("CHAPTER I") and "law" not in found["head"] and found["documents"] == 2
    assert found["files"][0]["title_column"] == "title"


def test_duplicates_are_counted_and_left_out(tmp_path) -> None:
    table = "text,n\n" + "the same words,1\nother words,2\n" * 20
    found = look(tmp_path, "a.csv", table)
    assert cleaning(found)["drop_duplicates"] == (38, "the same words", "") and found["documents"] == 40
    assert look(tmp_path, "a.csv", table, drop_duplicates=True)["documents"] == 2


def test_a_step_that_leaves_nothing_is_warned_of_and_can_be_switched_off(tmp_path) -> None:
    assert "Cleaning (Numbers) leaves no word of a.txt" in said(look(tmp_path, "a.txt", "1 2 3", strip_numbers=True))
    assert "Phrases are made of words" in said(look(tmp_path, "a.txt", "a b", phrases=True, tokenizer="characters"))


def test_stop_words_are_no_tokens(tmp_path) -> None:
    assert look(tmp_path, "a.txt", "the cat and The dog", stop_words="the AND")["tokens"] == ["cat", "dog"]


def test_folders_are_a_group_and_files_are_titles(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("tang/a.txt", "tang/b.txt", "song/c.txt"):
            archive.writestr(name, "some words here")
    found = preview([tmp_path / "a.zip"], ReadSettings())
    assert {(file["group_column"], file["title_column"]) for file in found["files"]} == {("folder", "file")}
    assert found["columns"] == ["file", "folder"]


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


@pytest.mark.parametrize(("text", "settings", "count", "before", "after"), [
    ("The cat and the dog.", {"stop_words": "the and"}, (3, 5), "the cat and the dog", "cat dog"),
    ("猫和狗在家里睡觉。", {"stop_words": "和 在", "tokenizer": "chinese"}, (2, 6), "猫 和 狗 在", "猫 狗 家里"),
])  # fmt: skip
def test_stop_words_are_counted_and_shown(tmp_path, text, settings, count, before, after) -> None:
    stopped = look(tmp_path, "a.txt", text, **settings)["stopped"]
    assert (stopped["count"], stopped["of"]) == count
    assert stopped["before"].startswith(before) and stopped["after"].startswith(after)


@pytest.mark.parametrize("settings", [{}, {"stop_words": "the", "tokenizer": "characters", "phrases": True}])
def test_without_a_list_or_with_settings_that_clash_no_stop_words_are_counted(tmp_path, settings) -> None:
    assert look(tmp_path, "a.txt", "The cat and the dog.", **settings)["stopped"] is None
