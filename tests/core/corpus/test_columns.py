"""What columns are for: roles that are guessed, roles that are chosen, and dates as people write them."""

import pytest

from core.corpus import Corpus
from core.corpus.roles import guess_roles, year_of
from core.problem import Problem


@pytest.mark.parametrize(
    "cell, year",
    [
        ("1865", 1865.0), ("1865.0", 1865.0), (" 1920s ", 1920.0), ("1914-1918", 1914.0), ("[1865?]", 1865.0),
        ("2021-07-01", 2021 + 181 / 365), ("2020-07-01", 2020 + 182 / 366), ("2021-07", 2021 + 181 / 365),
        ("2021-07-01T23:59:59Z", 2021 + 181 / 365), ("2021-07-01 08:00:00.123 +0200", 2021 + 181 / 365),
        ("20210701", 2021 + 181 / 365), ("1.7.2021", 2021 + 181 / 365), ("2021.7.1", 2021 + 181 / 365),
        ("25/12/2021", 2021 + 358 / 365), ("12/25/2021", 2021 + 358 / 365), ("3/4/2021", 2021.0),
        ("1 July 2021", 2021 + 181 / 365), ("July 1st, 2021", 2021 + 181 / 365), ("Jul. 2021", 2021 + 181 / 365),
        ("Thu, 1 Jul 2021 12:00:00 GMT", 2021 + 181 / 365), ("01-Jul-2021", 2021 + 181 / 365),
        ("2021年7月1日", 2021 + 181 / 365), ("２０２１年７月", 2021 + 181 / 365),
        ("二〇二一年七月一日", 2021 + 181 / 365), ("公元1644年", 1644.0),
        ("一九九八年十二月二十五日", 1998 + 358 / 365), ("1980年代", 1980.0), ("公元前221年", -221.0), ("44 BC", -44.0),
        ("c. 1600", 1600.0), ("约1600年", 1600.0), ("1865-00-00", 1865.0), ("2020-02-29", 2020 + 59 / 366),
    ],
)  # fmt: skip
def test_a_date_as_people_write_it(cell: str, year: float) -> None:
    assert year_of(cell) == pytest.approx(year, abs=1e-9)


@pytest.mark.parametrize(
    "cell", ["", None, "12", "99999", "in 1984 it was", "12:30", "2021-02-30", "1865-13-01", "3.14", "1,865", "yes",
             "31/31/2021", "Smarch 2021", "0000", "²", "1" * 5000, "年", "十年", "1e3", "२०२१-१३-०१"]
)  # fmt: skip
def test_what_is_no_date(cell: str | None) -> None:
    assert year_of(cell) is None


def rows(**columns: list[str]) -> list[dict[str, str | None]]:
    return [dict(zip(columns, cells)) for cells in zip(*columns.values())]


def test_roles_are_guessed_by_name() -> None:
    table = rows(id=list("abcd"), Title=["One", "Two", "Three", "Four"], pub_date=["1900", "1901", "1902", "1903"],
                 author=["x", "y", "x", "y"])  # fmt: skip
    assert guess_roles(table, None, None) == {"title": "Title", "date": "pub_date", "group": "author"}
    chinese = rows(标题=["一", "二"], 年份=["1900年", "1901年"], 作者=["甲", "甲"])
    assert guess_roles(chinese, "正文", None) == {"title": "标题", "date": "年份"}


def test_roles_are_guessed_by_what_is_in_them() -> None:
    table = rows(a=["2020-01-01", "2021-05-06"] * 20, b=["red", "blue"] * 20, c=["1200", "1300"] * 20, d=["7"] * 40)
    assert guess_roles(table, None, None) == {"date": "a", "group": "b"}
    assert guess_roles(table, None, "b") == {"label": "b", "date": "a"}
    assert guess_roles(table, None, "a") == {"label": "b", "date": "a"}


def test_nothing_is_guessed_without_a_reason() -> None:
    assert guess_roles([], None, None) == {}
    assert guess_roles(rows(time=["12:30", "noon"], price=["1999", "2001"], name=["", ""]), None, None) == {}


def read(tmp_path, **settings: str) -> Corpus:
    path = tmp_path / "t.csv"
    path.write_text("headline,year,who,text\nOne,1900,ann,some words\nTwo,1901,bob,other words\nThree,1902,ann,more\n")
    return Corpus.from_files(path, **settings)


def test_chosen_roles_stand_in_the_record_and_change_the_identity(tmp_path) -> None:
    plain = read(tmp_path)
    corpus = read(tmp_path, title_column="headline", date_column="year", group_column="who", label_column="who")
    assert corpus.roles == {"label": "who", "title": "headline", "date": "year", "group": "who"} and plain.roles == {}
    assert corpus.id != plain.id and corpus.documents[:] == plain.documents[:]
    assert [year_of(cell) for cell in corpus.table[corpus.roles["date"]]] == [1900, 1901, 1902]


@pytest.mark.parametrize("role", ["label_column", "title_column", "date_column", "group_column"])
def test_a_column_that_is_not_there_is_said_with_those_that_are(tmp_path, role: str) -> None:
    with pytest.raises(Problem, match="There is no column nope; the columns are file, headline, year, who"):
        read(tmp_path, **{role: "nope"})


def test_what_reading_adds_counts_as_a_column(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("Chapter 1\none\nChapter 2\ntwo\n")
    corpus = Corpus.from_files(tmp_path / "a.txt", split="chapters", title_column="title", group_column="file")
    assert corpus.roles == {"title": "title", "group": "file"}
    assert corpus.table["title"].tolist() == ["Chapter 1", "Chapter 2"]
