"""Tables and JSON lines."""

import json

import pytest

from core.corpus import Corpus, records
from core.problem import Problem


def read(tmp_path, name: str, text: str, **settings) -> Corpus:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return Corpus.from_files([tmp_path / name], **settings)


def texts(tmp_path, name: str, text: str, **settings) -> list[str]:
    return list(read(tmp_path, name, text, **settings).documents)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter: str) -> None:
    rows = [["label", "text"], ["pos", "a good film"], ["neg", "a bad film"]]
    corpus = read(tmp_path, "a.csv", "\n".join(map(delimiter.join, rows)), label_column="label")
    assert list(corpus.documents) == ["a good film", "a bad film"] and corpus.labels == ["pos", "neg"]


def test_quoted_cells_hold_line_ends_and_quotes(tmp_path) -> None:
    text = 'label;text\npos;"line one\nline two; ""quoted"""\nneg;"semi;colon, comma"\n'
    assert texts(tmp_path, "a.csv", text) == ['line one\nline two; "quoted"', "semi;colon, comma"]


def test_quotation_marks_in_tsv_are_text(tmp_path) -> None:
    text = 'label\ttext\nneg\t" one look " at it\npos\tfine "film"\nneg\t" no end\npos\tlast\n'
    assert texts(tmp_path, "a.tsv", text) == ['" one look " at it', 'fine "film"', '" no end', "last"]


def test_quoted_tsv_is_unquoted(tmp_path) -> None:
    assert texts(tmp_path, "a.tsv", 'label\ttext\nx\t"say ""hi"""\ny\t"two\nlines"\n') == ['say "hi"', "two\nlines"]


def test_a_table_without_a_header(tmp_path) -> None:
    corpus = read(tmp_path, "a.csv", "pos,a very good film\nneg,a very bad film\n" * 5)
    assert len(corpus.documents) == 10 and corpus.documents[0] == "a very good film"
    assert corpus.table["column 1"].tolist() == ["pos", "neg"] * 5


def test_an_unknown_header_is_told_from_the_rows(tmp_path) -> None:
    corpus = read(
        tmp_path, "a.csv", "who,what they said\nann,we shall all go home now and rest\nbob,no I will not do it today\n"
    )
    assert len(corpus.documents) == 2 and corpus.table["who"].tolist() == ["ann", "bob"]


def test_one_column_of_prose_is_not_cut_at_its_commas(tmp_path) -> None:
    text = "text\n" + "".join(f"well, {'so, ' * (i % 5)}he said\n" for i in range(10))
    assert texts(tmp_path, "a.csv", text)[1] == "well, so, he said"


def test_ragged_rows_are_read_and_counted(tmp_path) -> None:
    corpus = read(tmp_path, "a.csv", "label,text\npos,good,extra,cells\nneg\n,no label\npos,\npos,fine\n")
    assert list(corpus.documents) == ["good", "no label", "fine"]
    said = {str(Problem.from_dict(item)) for item in corpus.facts["skipped"]}
    assert said == {"2 rows without text were left out.", "2 cells beyond the last column were left out."}


def test_twin_columns_get_names_of_their_own(tmp_path) -> None:
    table = read(tmp_path, "a.csv", "text,text,label,label\na good one,other,pos,1\na bad one,other,neg,0\n").table
    assert list(table.columns) == ["file", "text.2", "label", "label.2"] and table["label.2"].tolist() == ["1", "0"]


def test_the_text_column_is_the_one_asked_for_or_the_longest(tmp_path) -> None:
    text = "name,remark,note\nann,a very long remark indeed,x\nbob,another rather long remark,y\n"
    assert texts(tmp_path, "a.csv", text)[0] == "a very long remark indeed"
    assert texts(tmp_path, "b.csv", text, text_column="name") == ["ann", "bob"]
    with pytest.raises(Problem, match="no column title; it has name, remark, note"):
        texts(tmp_path, "c.csv", text, text_column="title")


def test_a_label_column_that_is_not_there_is_a_problem(tmp_path) -> None:
    with pytest.raises(Problem, match="no column kind; the columns are file, label"):
        read(tmp_path, "a.csv", "label,text\nx,hello\n", label_column="kind")


def test_a_long_cell_is_read_and_a_huge_one_refused(tmp_path, monkeypatch) -> None:
    long = "word " * 60_000
    assert texts(tmp_path, "a.csv", f'label,text\nx,"{long}"\n') == [long]
    monkeypatch.setattr(records, "LONGEST_RECORD", 1 << 20)
    with pytest.raises(Problem, match="longer than 1 million characters"):
        texts(tmp_path, "b.csv", f'label,text\nx,"{long * 5}"\ny,z\n')
    with pytest.raises(Problem, match="longer than 1 million characters"):
        texts(tmp_path, "c.jsonl", '{"text": "a"}\n' + json.dumps({"text": long * 20}) + "\n")


def test_too_many_columns_are_refused(tmp_path) -> None:
    with pytest.raises(Problem, match="2000 columns, the limit is 1000"):
        read(tmp_path, "a.csv", ",".join(f"c{i}" for i in range(2000)) + "\n" + ",".join(["word"] * 2000) + "\n")
    lines = "".join(json.dumps({"text": "a b", f"k{i}": 1}) + "\n" for i in range(1100))
    with pytest.raises(Problem, match="more than 1000 columns"):
        read(tmp_path, "b.jsonl", lines)


def test_json_lines_good_and_bad(tmp_path) -> None:
    lines = ['{"text": "good", "n": 1, "more": {"a": [1]}}', '{"text": "cut"', "not json", "", "[1, 2]", '{"text": 5}',
             '{"text": "NaN ok", "n": NaN}', '{"no": "text"}', "[" * 100_000,
             '{"text": "caf\\ud800e", "n": null}']  # fmt: skip
    corpus = read(tmp_path, "a.jsonl", "\n".join(lines))
    assert list(corpus.documents) == ["good", "NaN ok", "caf\ufffde"]
    assert corpus.table["n"].tolist()[:2] == ["1", "NaN"] and corpus.table["more"][0] == '{"a": [1]}'
    assert str(Problem.from_dict(corpus.facts["skipped"][0])) == "6 rows without text were left out."


def test_rare_line_separators_are_text(tmp_path) -> None:
    assert texts(tmp_path, "a.csv", "label,text\nx,a\u2028b\ny,c\x85d\n") == ["a\u2028b", "c\x85d"]
    assert texts(tmp_path, "a.jsonl", '{"text": "a\u2028b"}\n') == ["a\u2028b"]


def test_json_that_is_no_lines_says_so(tmp_path) -> None:
    with pytest.raises(Problem, match="is no JSON"):
        read(tmp_path, "a.json", "hello\nworld\n")
    with pytest.raises(Problem, match="no JSON object"):
        read(tmp_path, "b.jsonl", "hello\nworld\n")


def test_rows_without_any_text_are_said(tmp_path) -> None:
    with pytest.raises(Problem, match="is empty"):
        read(tmp_path, "a.csv", "label,text\nx,\ny, \n")
    with pytest.raises(Problem, match="holds no rows"):
        read(tmp_path, "b.csv", "\n\n")
