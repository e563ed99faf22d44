"""A text into documents."""

import pytest

from core.corpus import Corpus, splitting
from core.corpus.splitting import SPLITS, lines, split_text


def documents(text: str, how: str, words: int = 300, size: int = 7) -> list[tuple[str, str | None]]:
    """The documents and their titles; the text comes in pieces of `size` characters."""
    found, parts = [], []
    for piece in split_text(iter([text[i : i + size] for i in range(0, len(text), size)]), how, words):
        if isinstance(piece, str):
            parts.append(piece)
        else:
            found.append(("".join(parts), piece.get("title")))
            parts = []
    assert not parts
    return found


def test_lines_and_paragraphs() -> None:
    text = "\none\ntwo \n\n \nthree\n"
    assert [t for t, _ in documents(text, "none")] == [text]
    assert [t for t, _ in documents(text, "lines")] == ["one", "two", "three"]
    assert [t for t, _ in documents(text, "blank lines")] == ["one\ntwo", "three"]


def test_chapters_in_english() -> None:
    text = (
        "THE TITLE\n\nCHAPTER I\nCHAPTER II\n\nChapter 1\n\nIt began.\n\nChapter 2. The End\nIt ended in chapter 3.\n"
    )
    assert documents(text, "chapters") == [
        ("THE TITLE\n\nCHAPTER I\nCHAPTER II\n\nChapter 1\n\nIt began.", "Chapter 1"),
        ("Chapter 2. The End\nIt ended in chapter 3.", "Chapter 2. The End"),
    ]


def test_chapters_in_chinese() -> None:
    text = "红楼梦\n第1章 甄士隐\n第四回中既将薛家母子等事略已表明。\n第二回　贾夫人\n话说\n《》目录 第三回　悟空\n却说"
    assert [title for _, title in documents(text, "chapters")] == [
        "第1章 甄士隐",
        "第二回　贾夫人",
        "《》目录 第三回　悟空",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "PART FIRST",
        "Book the Second",
        "CHAPTER XII. A Visit",
        "Letter 4",
        "第十二卷",
        "第 3 章：雨",
        "CHAPTER Twenty-One",
        "Volume II",
        "SCENE II. A room",
        "ADVENTURE I. A SCANDAL",
        "Kapitel 3",
        "EPILOGUE",
        "Preface.",
        "楔子　张天师祈禳瘟疫",
        "第壹囘 开始",
        "【第一章】 风起",
        "☆、第１２章",
        "卷之三",
        "卷一 五帝本纪第一",
        "番外二 旧事",
        "後記",
    ],
)
def test_headings_of_chapters(line: str) -> None:
    assert [title for _, title in documents(f"a\n{line}\nb\n", "chapters")] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Part of it was lost",
        "Act now",
        "Chapter and verse",
        "第一次见面。",
        "I.",
        "Book it today",
        "第三回他来了，",
        "后记得他",
        "序曲响起了",
        "Introduction to it",
        "V. S. NAIPAUL",
        "卷起袖子",
        "Scene of a crime",
    ],
)
def test_what_heads_no_chapter(line: str) -> None:
    assert [title for _, title in documents(f"a\n{line}\nb\n", "chapters")] == [None]


def test_a_lone_numeral_after_a_blank_line_heads_a_chapter() -> None:
    assert [title for _, title in documents("I\n\none\n\nII\n\ntwo\n", "chapters")] == ["I", "II"]


def test_a_numeral_before_a_title_in_capitals_heads_a_chapter() -> None:
    text = "I. A SCANDAL IN BOHEMIA\n\none\n\nII. THE RED-HEADED LEAGUE\n\ntwo\n\nV. S. NAIPAUL\n\nI. said no\n"
    assert [title for _, title in documents(text, "chapters")] == [
        "I. A SCANDAL IN BOHEMIA",
        "II. THE RED-HEADED LEAGUE",
    ]


def test_headings() -> None:
    text = "# 数学\n一\n#tag is none\n## Next one ##\ntwo\n"
    assert documents(text, "headings") == [("# 数学\n一\n#tag is none", "数学"), ("## Next one ##\ntwo", "Next one ##")]


def test_every_so_many_words_cut_at_a_sentence_where_possible() -> None:
    text = "One two three four five six. " * 20
    parts = [t for t, _ in documents(text, "words", 10)]
    assert [len(part.split()) for part in parts] == [12] * 10
    assert all(part.endswith(".") for part in parts)
    assert [len(t.split()) for t, _ in documents("word " * 35, "words", 10)] == [10, 10, 10, 5]


def test_two_chinese_characters_count_as_a_word() -> None:
    parts = [t for t, _ in documents("我们今天去学校。" * 30, "words", 20)]
    assert all(part.endswith("。") for part in parts) and 35 <= len(parts[0]) <= 56


@pytest.mark.parametrize("how", SPLITS)
def test_no_letter_is_lost_whatever_the_pieces(how: str) -> None:
    text = "Chapter 1\n\nA b c. D e f.\n# x\n\n第一回 好\n" * 8
    whole, cut = documents(text, how, 10, 10**6), documents(text, how, 10, 3)
    assert whole == cut
    assert "".join("".join(t.split()) for t, _ in cut) == "".join(text.split())


def test_a_long_line_comes_in_pieces(monkeypatch) -> None:
    monkeypatch.setattr(splitting, "LONGEST_LINE", 10)
    parts = list(lines(iter(["aaaa "] * 9 + ["end\nnext"])))
    assert "".join(parts) == "aaaa " * 9 + "end\nnext" and len(parts) > 3
    assert [t for t, _ in documents("aaaa " * 9 + "\nnext", "lines")] == [("aaaa " * 9).rstrip(), "next"]


def test_titles_stand_in_the_table(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("Chapter 1\none\nChapter 2\ntwo\n")
    corpus = Corpus.from_files([tmp_path / "a.txt"], split="chapters")
    assert corpus.table["title"].tolist() == ["Chapter 1", "Chapter 2"] and len(corpus.documents) == 2


def test_headings_of_converted_documents_are_chapters_too() -> None:
    text = "# Chapter I\nIt rained.\n\n# Chapter II\nIt snowed.\n"
    pieces = list(split_text(iter([text]), "chapters", 300))
    assert sum(isinstance(piece, dict) for piece in pieces) == 2
