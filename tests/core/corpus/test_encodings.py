"""Which encoding a file is in."""

import codecs

import pytest

from core.corpus import Corpus
from core.problem import Problem

TEXTS = {
    "gb18030": "我们今天去学校看书，明天回家。红楼梦是一部小说。",
    "big5": "我們今天去學校看書，明天回家。紅樓夢是一部小說。",
    "shift_jis": "吾輩は猫である。名前はまだ無い。",
    "euc_kr": "나는 학교에 갑니다. 오늘은 날씨가 좋습니다.",
    "koi8_r": "Привет, мир! Как твои дела сегодня?",
    "cp1251": "Привет, мир! Как твои дела сегодня?",
    "cp1252": "“déjà vu” à la carte, où êtes-vous allé hier",
}


def read(tmp_path, data: bytes, **settings) -> str:
    (tmp_path / "a.txt").write_bytes(data)
    return Corpus.from_files([tmp_path / "a.txt"], **settings).documents[0]


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("times", [1, 50])
def test_common_encodings_are_guessed(tmp_path, encoding: str, times: int) -> None:
    text = (TEXTS[encoding] + "\n") * times
    assert read(tmp_path, text.encode(encoding)) == text


@pytest.mark.parametrize(
    "encoding, text",
    [
        ("gb18030", "你好"),
        ("gb18030", "hello 你好 world 世界 this is mostly English with a little 中文"),
        ("gb18030", "人人生而自由，在尊嚴和權利上一律平等。"),
        ("gb18030", "𠀀𠮷野家的“㐀㐁”字很少见，䶮也是。"),
        ("big5", "台北市是中華民國的首都"),
        ("cp950", "我們在裏面看書①②③，好嗎"),
        ("shift_jis", "東京都の天気は晴れです"),
        ("cp932", "①東京 ②大阪 ～です"),
        ("euc_jp", "吾輩は猫である。名前はまだ無い。"),
        ("iso2022_jp", "吾輩は猫である。"),
        ("euc_kr", "모든 인간은 태어날 때부터 자유로우며"),
        ("koi8_r", "Мир"),
        ("cp1251", "Мир"),
        ("cp1252", "naïve café"),
        ("cp1252", "El niño comió la piña"),
        ("cp1252", "Smörgåsbord är gott, åtta ägg"),
        ("latin_1", "Über die Straße gehen schöne Mädchen"),
        ("cp1250", "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności"),
        ("utf_16_le", "我们今天去学校看书，明天回家"),
        ("utf_16_be", "我们今天去学校看书，明天回家"),
        ("utf_16_le", "Привет, мир! Как дела?"),
    ],
)
def test_a_few_words_are_enough(tmp_path, encoding: str, text: str) -> None:
    assert read(tmp_path, text.encode(encoding)) == text


def test_a_mark_goes_before_a_choice(tmp_path) -> None:
    assert read(tmp_path, "é".encode("utf-16"), encoding="cp1252") == "é"
    assert read(tmp_path, codecs.BOM_UTF8 + "é".encode(), encoding="gb18030") == "é"


@pytest.mark.parametrize("data", [bytes(1), bytes(2), bytes(5), b"\0\1\2", b"\0\1\2\3", b"wo\0rds wi\0th zeros " * 9])
def test_zero_bytes_are_no_text(tmp_path, data: bytes) -> None:
    with pytest.raises(Problem, match="not text|is empty"):
        read(tmp_path, data)


def test_curly_quotes_in_english_are_not_russian(tmp_path) -> None:
    text = "It’s a long way to “Tipperary”, isn’t it? We can talk about it later on.\n" * 20
    assert read(tmp_path, text.encode("cp1252")) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", ["The cat and the dog\n" * 9, "第一回 你好，世界。\n" * 9], ids=["en", "zh"])
def test_unicode_with_a_mark_or_told_by_its_zeros(tmp_path, encoding: str, text: str) -> None:
    assert read(tmp_path, text.encode(encoding)) == text


def test_a_mark_is_no_character(tmp_path) -> None:
    assert read(tmp_path, codecs.BOM_UTF8 + b"hello") == "hello"
    assert read(tmp_path, codecs.BOM_UTF8 + b"hello", encoding="utf-8") == "hello"


def test_line_ends_become_one_kind(tmp_path) -> None:
    assert read(tmp_path, b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_damaged_utf8_names_the_byte_and_is_read_when_asked(tmp_path) -> None:
    data = "日本語の文章".encode() * 100 + b"\xe6" + "日本語".encode()
    with pytest.raises(Problem, match="a.txt is damaged: it is UTF-8 but for byte 1800"):
        read(tmp_path, data)
    assert "\ufffd" in read(tmp_path, data, encoding="utf-8")


def test_utf8_cut_within_its_last_character(tmp_path) -> None:
    with pytest.raises(Problem, match="damaged: it is UTF-8 but for byte 6"):
        read(tmp_path, "日本語".encode()[:-1])


def test_damage_far_into_a_file_is_found_at_its_place(tmp_path) -> None:
    start = "Ünïcödé wörds, 世界.\n".encode() * 100_000
    with pytest.raises(Problem, match=f"byte {len(start) + 1}"):
        read(tmp_path, start + b"a\xffb" + start)


def test_an_accent_far_into_a_file_is_read_in_its_encoding(tmp_path) -> None:
    text = "plain words\n" * 120_000 + "un été déjà passé, où êtes-vous allé\n" * 20_000
    assert read(tmp_path, text.encode("cp1252")) == text


def test_two_encodings_in_one_file_are_said(tmp_path) -> None:
    line = "满纸荒唐言，一把辛酸泪。都云作者痴，谁解其中味？\n"
    with pytest.raises(Problem, match="no single encoding"):
        read(tmp_path, (line.encode() + line.encode("gb18030")) * 50)


@pytest.mark.parametrize(
    "data, thing",
    [
        (b"\x7fELF" + bytes(range(256)) * 9, "a program"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture"),
        (b"%PDF-1.7 text", "a damaged PDF"),
        (b"abc\0def " * 100, "not text"),
        (b"words " * 400_000 + b"\0", "not text"),
        (bytes(range(128, 256)) * 50, "not text"),
        (b"\x80\x04\x95\x10" + bytes(20), "not text"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, data: bytes, thing: str) -> None:
    with pytest.raises(Problem, match=thing):
        read(tmp_path, data)


@pytest.mark.parametrize("name", ["klingon", "base64", "unicode_escape", "é", "zlib"])
def test_an_unknown_encoding_is_a_problem(tmp_path, name: str) -> None:
    with pytest.raises(Problem, match="no encoding called"):
        read(tmp_path, b"text", encoding=name)


def test_a_chosen_encoding_is_taken_as_it_is(tmp_path) -> None:
    assert read(tmp_path, "é".encode(), encoding="cp1252") == "Ã©"


def test_a_chosen_encoding_does_not_make_a_picture_a_text(tmp_path) -> None:
    with pytest.raises(Problem, match="a picture"):
        read(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(99), encoding="cp1252")
