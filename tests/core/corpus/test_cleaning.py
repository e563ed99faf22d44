"""Cleaning: worked examples of every step, and the same result however the text is cut."""

import json
from collections import Counter
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus, boilerplate, cleaning, steps
from core.corpus.boilerplate import without_boilerplate
from core.corpus.cleaning import Cleaner
from core.corpus.duplicates import Duplicates
from core.corpus.reading import build_texts
from core.corpus.settings import ReadSettings
from core.problem import Problem


@pytest.mark.parametrize(
    "text, cleaned, count",
    [
        ("a <b>bold</b>ness", "a boldness", 2),
        ("<p class='x'>One.</p><p>Two.<br/>Three</p>", "\nOne.\n\nTwo.\nThree\n", 5),
        ("R&amp;D &lt;b&gt; caf&eacute;&nbsp;&#20013;&#x6587;", "R&D <b> café 中文", 7),
        ("x<!-- a > b\n<i> -->y", "x y", 1),
        ("x<script>if (a < b) { }</script >y<STYLE>p {}</style>z", "x  y  z", 4),
        ("<ref name=\"a\">note</ref><unk>", " note  ", 3),
        ("I <3 you, a < b and c > d, <john@x.org>, 1 << 2 >> 3, AT&T &c &; &nosuchthing", None, 0),
        ("<!-- never closed <b>", "<!-- never closed ", 1),
        ("<红楼梦>", None, 0),
        ("<!DOCTYPE html><?xml version='1.0'?>", "  ", 2),
    ],
)  # fmt: skip
def test_tags(text: str, cleaned: str | None, count: int) -> None:
    assert steps.strip_tags(text) == (text if cleaned is None else cleaned, count)


@pytest.mark.parametrize(
    "text, cleaned, count",
    [
        ("See http://x.org/a_(b)?c=d#e. Then", "See  . Then", 1),
        ("(https://x.org/a), HTTP://X.ORG!", "( ),  !", 2),
        ("请访问https://www.x.com/a.html，谢谢", "请访问 ，谢谢", 1),
        ("本书来自www.x.com整理，邮箱abc@163.com。", "本书来自 整理，邮箱 。", 2),
        ("Mail a.b+c@mail.x.co.uk or <d@e.fr>.", "Mail   or < >.", 2),
        ("at example.com/a/b, or bbc.co.uk and news.cn", "at  , or bbc.co.uk and  ", 2),
        ("e.g. this.That and.community 3.14 U.S. i.e. file.txt a@b x://y", None, 0),
    ],
)
def test_addresses(text: str, cleaned: str | None, count: int) -> None:
    assert steps.strip_urls(text) == (text if cleaned is None else cleaned, count)


@pytest.mark.parametrize(
    "text, cleaned, count",
    [
        ("In 1984, 1,234.5 of 50% at 12:30 on 2020-01-31.", "In  ,   of   at   on  .", 5),
        ("1914–1918 and 95–99%", "  and  ", 2),
        ("MP3 19th 3D B2B v2.0 x_1 covid-19", "MP3 19th 3D B2B v2.0 x_  covid- ", 2),
        ("公元1644年3月，１２３个，3.5％", "公元 年 月， 个， ", 4),
        ("一百二十回 第三章 ½ ²", None, 0),
        ("٣٤ and -5", "  and - ", 2),
    ],
)  # fmt: skip
def test_numbers(text: str, cleaned: str | None, count: int) -> None:
    assert steps.strip_numbers(text) == (text if cleaned is None else cleaned, count)


@pytest.mark.parametrize(
    "text, cleaned, count",
    [
        ("“Don’t,” he said -- don't!\n", " Don’t  he said   don't \n", 4),
        ("他说：“你好！”《红楼梦》……", "他说 你好 红楼梦 ", 3),
        ("'tis the dogs' day", " tis the dogs  day", 2),
        ("‘你好’他说", " 你好 他说", 2),
        ("well-known snake_case a+b=c $5", "well known snake case a b c  5", 5),
        ("I 👨‍👩‍👧 cafe\u0301 हिन्दी ไทย", None, 0),
    ],
)
def test_punctuation(text: str, cleaned: str | None, count: int) -> None:
    assert steps.strip_punctuation(text) == (text if cleaned is None else cleaned, count)


@pytest.mark.parametrize(
    "text, cleaned, count",
    [
        ("Ｈｅｌｌｏ，　Ｗｏｒｌｄ！１２３", "Hello, World!123", 16),
        ("　　他说：ＧＤＰ增长３．５％，好！对吗？（对）", "  他说：GDP增长3.5%，好！对吗？（对）", 9),
        ("□□，□；", None, 0),
        ("“好！”，ｏｋ？！", "“好！”，ok?!", 4),
        ("ｱｲｳ アイウ half 中文。", None, 0),
    ],
)
def test_full_width(text: str, cleaned: str | None, count: int) -> None:
    assert steps.half_width(text) == (text if cleaned is None else cleaned, count)


def test_scripts() -> None:
    assert steps.to_simplified("紅樓夢裏的頭髮與發現, and ABC") == ("红楼梦里的头发与发现, and ABC", 9)
    assert steps.to_traditional("头发与发现，后来皇后") == ("頭髮與發現，後來皇后", 7)
    assert steps.to_simplified("plain") == ("plain", 0) and steps.to_simplified("汉字") == ("汉字", 0)


@pytest.mark.parametrize("step", [steps.strip_tags, steps.strip_urls, steps.strip_numbers, steps.strip_punctuation,
                                  steps.half_width, steps.to_simplified, steps.to_traditional])  # fmt: skip
@pytest.mark.parametrize("hostile", ["<!--", "<a ", "<script>", "&", "http://", "www.", "a.", "a@", "1,", "1.", "'",
                                     "（", "Ａ", "(", "http://a(", ">", "發"])  # fmt: skip
def test_a_long_run_of_anything_ends(step, hostile: str) -> None:
    text, count = step(hostile * (200_000 // len(hostile)))
    assert len(text) <= 200_000 and 0 <= count <= 200_000


def read(tmp_path, text: str, name: str = "a.txt", **settings: object) -> Corpus:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return Corpus.from_files(tmp_path / name, **settings)


BOOK = (
    "The Project Gutenberg eBook of Emma\n\nThis eBook is for the use of anyone.\n\n"
    "*** START OF THE PROJECT GUTENBERG EBOOK EMMA ***\n\n\nProduced by A. Person and\nthe team at a site\n\n\n"
    "EMMA\n\nIt was produced by nobody.\n\n\nEnd of the Project Gutenberg EBook of Emma, by Jane Austen\n\n"
    "*** END OF THE PROJECT GUTENBERG EBOOK EMMA ***\n\nUpdated editions will replace the previous one.\n"
)


@pytest.mark.parametrize(
    "begin",
    [
        "*** START OF THE PROJECT GUTENBERG EBOOK EMMA ***\n", "***START OF THIS PROJECT GUTENBERG EBOOK EMMA***\n",
        "*** START OF THE PROJECT GUTENBERG EBOOK THE LONG\nTITLE OF EMMA ***\n",
        "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n",
        "*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*\n",
        "*** START OF THIS PROJECT GUTENBERG EBOOK, EMMA\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "end",
    ["*** END OF THE PROJECT GUTENBERG EBOOK EMMA ***", "***END OF THIS PROJECT GUTENBERG EBOOK EMMA***",
     "End of Project Gutenberg's Emma, by Jane Austen", "End of The Project Gutenberg Etext of Emma"],
)  # fmt: skip
def test_the_frame_of_a_book(begin: str, end: str) -> None:
    cut = Counter[str]()
    text = f"Title: Emma\n\n{begin}\nEMMA\n\nIt began.\n\n{end}\nThe licence\n"
    assert "".join(without_boilerplate([text], cut)) == "EMMA\n\nIt began.\n\n"
    assert cut == {"strip_boilerplate": 1 + begin.count("\n") + 2}


def test_a_whole_book_is_cut_before_it_is_split(tmp_path) -> None:
    corpus = read(tmp_path, BOOK.replace("EMMA\n\nIt", "CHAPTER I\nIt"), strip_boilerplate=True, split="chapters")
    assert corpus.documents[:] == ["CHAPTER I\nIt was produced by nobody."]
    assert corpus.facts["cleaned"] == {"strip_boilerplate": 8}


def test_books_joined_and_a_book_about_the_mark() -> None:
    text = "".join(without_boilerplate([BOOK * 3], Counter()))
    assert text == "EMMA\n\nIt was produced by nobody.\n\n\n" * 3
    story = "End of the Project Gutenberg licence, he read.\n" + "And so on.\n" * 10_000
    assert "".join(without_boilerplate([story], Counter())) == story


def test_notices_of_sites_at_the_edges_alone() -> None:
    middle = "第一回\n话说天下大势。\n" * 30
    notice = "本书由www.example.com免费提供下载，更多电子书请访问本站\n"
    text = f"=====\n{notice}======\n红楼梦\n{middle}{notice}{middle}附：【本作品来自互联网,本人不做任何负责】\n"
    cut = Counter[str]()
    assert "".join(without_boilerplate([text], cut)) == f"红楼梦\n{middle}{notice}{middle}"
    assert cut.total() == 4
    plain = "他从书库下来，本书由我所写。\n我在网上看到更多。\n"
    assert "".join(without_boilerplate([plain], Counter())) == plain


def test_the_rows_of_a_table_have_frames_of_their_own(tmp_path) -> None:
    rows = "".join(json.dumps({"text": text}) + "\n" for text in (BOOK, "plain words", BOOK))
    corpus = read(tmp_path, rows, "a.jsonl", strip_boilerplate=True)
    assert [text.strip() for text in corpus.documents] == [
        "EMMA\n\nIt was produced by nobody.", "plain words", "EMMA\n\nIt was produced by nobody."
    ]  # fmt: skip


def test_duplicates_are_left_out_and_their_rows_too(tmp_path) -> None:
    table = "text,who\nOne two.,a\nthree,b\none  TWO.,c\nThree!,d\nthree,e\n"
    corpus = read(tmp_path, table, "t.csv", drop_duplicates=True)
    assert corpus.documents[:] == ["One two.", "three", "Three!"] and corpus.table["who"].tolist() == ["a", "b", "d"]
    assert corpus.facts["cleaned"] == {"drop_duplicates": 2} and corpus.facts["characters"] == 19
    more = read(tmp_path, table, "t.csv", drop_duplicates=True, strip_punctuation=True)
    assert more.documents[:] == ["One two ", "three"] and (more.folder / "text.utf8").stat().st_size == 13


def test_many_duplicates_are_told_apart() -> None:
    seen, random = Duplicates(), Random(0)
    texts = [str(random.randrange(20_000)) for _ in range(40_000)]
    known, before = [], set()
    for text in texts:
        seen.add(text[:1])
        seen.add(text[1:])
        known.append((seen.end(), text in before))
        before.add(text)
    assert all(found == truth for found, truth in known) and sum(found for found, _ in known) > 10_000


def test_all_steps_in_their_order(tmp_path) -> None:
    text = "<p>見 http://x.org/1&amp;2 １２３ 頭髮，ＯＫ！</p>\n<p>只有 5</p>\n"
    corpus = read(tmp_path, text, strip_tags=True, strip_urls=True, half_width=True, script="simplified",
                  strip_numbers=True, strip_punctuation=True, drop_duplicates=True)  # fmt: skip
    assert corpus.documents[0].split() == ["见", "头发", "OK", "只有"]
    assert corpus.facts["cleaned"] == {"strip_tags": 5, "strip_urls": 1, "half_width": 6, "script": 3,
                                       "strip_numbers": 2, "strip_punctuation": 2, "drop_duplicates": 0}  # fmt: skip


@pytest.mark.parametrize(
    "text, step, title",
    [("1 2 3", "strip_numbers", "Numbers"), ("http://x.org/a", "strip_urls", "Web addresses"),
     ("<br>...<img src='x'>", "strip_tags", "HTML tags"),
     ("*** START OF THE PROJECT GUTENBERG EBOOK X ***\n", "strip_boilerplate", "Boilerplate")],
)  # fmt: skip
def test_a_step_that_leaves_nothing_is_named(tmp_path, text: str, step: str, title: str) -> None:
    with pytest.raises(Problem, match=rf"Cleaning \({title}\) leaves no word of a.txt"):
        read(tmp_path, text, strip_punctuation=True, **{step: True})


def test_documents_that_cleaning_empties_are_left_out_and_counted(tmp_path) -> None:
    corpus = read(tmp_path, "one\n\n12\n\ntwo 3", split="blank lines", strip_numbers=True)
    assert [text.strip() for text in corpus.documents] == ["one", "two"]
    assert [note["values"]["count"] for note in corpus.facts["skipped"]] == [1]


def test_titles_of_chapters_are_cleaned_like_their_text(tmp_path) -> None:
    corpus = read(tmp_path, "第一回　賈夫人\n話說\n", split="chapters", script="simplified")
    assert corpus.table["title"].tolist() == ["第一回　贾夫人"] and corpus.documents[0] == "第一回　贾夫人\n话说"


def test_from_texts_is_cleaned_and_keeps_empty_documents(tmp_path) -> None:
    asked = ReadSettings(strip_tags=True, strip_numbers=True)
    for _ in build_texts(["<b>one</b>", "2", ""], {"label": ["x", "y", "z"]}, tmp_path / "c", asked):
        pass
    corpus = Corpus.open(tmp_path / "c")
    assert corpus.documents[:] == ["one", " ", ""] and corpus.labels == ["x", "y", "z"]


def test_lone_halves_of_characters_do_no_harm(tmp_path) -> None:
    corpus = read(tmp_path, '{"text": "\\ud83d a \\udc00 發"}\n', "a.jsonl", script="simplified", half_width=True)
    assert corpus.documents[0] == "\ufffd a \ufffd 发"


ALL = ReadSettings(strip_boilerplate=True, strip_tags=True, strip_urls=True, half_width=True, script="simplified",
                   strip_numbers=True, strip_punctuation=True)  # fmt: skip
SPICE = ["<b class='x\ny'>", "</p>", "<!-- a\nb -->", "<script>1 < 2</script>", "&amp;", "http://a.org/b?c",
         "x@y.org", "1,234.5", "－１２．５", "don't", "“說。”", "頭髮", "ＯＫ！", "好！", "word", "第一回", "<3",
         "a < b"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SPICE), st.sampled_from([" ", "\n", "\u3000", " \n\n"])), max_size=40),
       st.integers(1, 9), st.integers(8, 200))  # fmt: skip
def test_the_pieces_and_blocks_of_a_text_do_not_matter(parts: list, size: int, block: int) -> None:
    text = "".join(word + blank for word, blank in parts)
    whole, cut = Cleaner(ALL), Cleaner(ALL)
    expected = cleaned(whole, [text])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "BLOCK", block)
        patch.setattr(steps, "LONGEST_HIDDEN", 10_000)
        assert cleaned(cut, [text[i : i + size] for i in range(0, len(text), size)]) == expected
    assert cut.changed == whole.changed


def cleaned(cleaner: Cleaner, pieces: list[str]) -> str:
    events = cleaner.documents(chain(cleaner.file(iter(pieces)), [{}]))
    return "".join(event for event in events if isinstance(event, str))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(BOOK.splitlines(keepends=True) + ["And so on.\n"] * 9), max_size=120),
       st.integers(1, 50))  # fmt: skip
def test_the_pieces_of_a_file_do_not_matter_to_its_frame(lines: list[str], size: int) -> None:
    text = "".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("NEAR", 300), ("_KEPT", 200), ("EDGE", 3)):
            patch.setattr(boilerplate, name, value)
        expected = "".join(without_boilerplate([text], Counter()))
        patch.setattr(boilerplate, "_BLOCK", 900)
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        assert "".join(without_boilerplate(pieces, Counter())) == expected
