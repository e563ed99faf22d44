"""Labels of occurrences: found where they stand, left out in a sentence where they do not, aligned with tokens."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.corpus.labelling import LabelFile, guess, import_labels, import_lines, open_labels
from core.corpus.occurrences import FOUND, LONGER, NO_TOKEN, align, checked, exported, fit, unfit
from core.problem import Problem

TEXTS = [
    "She sat on the bank of the river. The bank lent   him money,\nand the bank was shut.",
    "Banks are rivers' banks; an e\u0301t\u00e9 by the bank.",
    "我在苹果公司工作，吃苹果。",
]
BANK = TEXTS[0].index("bank")


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(TEXTS)


@pytest.fixture(scope="module")
def chinese():
    return Corpus.from_texts(TEXTS[2:], tokenizer="chinese")


@pytest.fixture
def file(tmp_path):
    def write(content, name="labels.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_labels(path)

    return write


def rows(labelled):
    return [tuple(row) for row in labelled.table.itertuples(index=False)]


def said(labelled):
    return " ".join(map(str, labelled.notes))


def test_offsets_are_taken_as_they_are(corpus, file):
    table = file(f"document,start,end,label\n0,{BANK},{BANK + 4},river\n1,0,5,money\n")
    found = import_labels(table, corpus)
    assert rows(found) == [(0, BANK, BANK + 4, "river"), (1, 0, 5, "money")] and found.notes == []


def test_tabs_json_and_packed_files_too(corpus, file):
    record = {"doc": 0, "begin": BANK, "stop": BANK + 4, "sense": "river"}
    for content, name in [
        (f"0\t{BANK}\t{BANK + 4}\triver\n", "a.tsv"), (json.dumps(record) + "\n", "a.jsonl"),
        (json.dumps([record]), "a.json"),
        (gzip.compress(f"document;start;end;label\n0;{BANK};{BANK + 4};river".encode()), "a.csv.gz"),
    ]:  # fmt: skip
        assert rows(import_labels(file(content, name), corpus)) == [(0, BANK, BANK + 4, "river")]


def test_documents_may_be_named(tmp_path, file):
    (tmp_path / "a.csv").write_text("text,title\nthe bank here,Alpha\nno bank,Beta\nbank,Beta\n")
    named = Corpus.from_files([tmp_path / "a.csv"], text_column="text", title_column="title")
    found = import_labels(file("title,start,end,label\nAlpha,4,8,x\nBeta,3,7,y\nGamma,0,4,z\n"), named)
    assert rows(found) == [(0, 4, 8, "x")] and "2 rows name no document of this corpus" in said(found)


def test_what_cannot_be_is_counted_and_said(corpus, file):
    table = file(
        f"document,start,end,label\n0,{BANK},{BANK + 4},a\n0,{BANK},{BANK + 4},a\n9,0,4,a\n0,-1,3,a\n0,5,5,a\n"
        f"0,0,{10**30},a\n0,x,4,a\n0,1e400,4,a\n1,5,6,a\n0,0,3,a\n0,0,3,b\n,0,3,a\n"
    )
    found = import_labels(table, corpus)
    assert rows(found) == [(0, BANK, BANK + 4, "a")]
    for part in ("4 rows lie outside their document", "2 rows have no whole number", "1 rows hold nothing but white",
                 "1 rows say again", "2 rows give one place different labels"):  # fmt: skip
        assert part in said(found) or part.replace("4", "3") in said(found)


def test_nothing_at_all_is_a_problem(corpus, file):
    with pytest.raises(Problem, match=r"2 rows lie outside their document and were left out \(1; 2\)"):
        import_labels(file("document,start,end,label\n0,900,910,a\n77,0,1,a\n"), corpus)
    with pytest.raises(Problem, match="does not say where its words stand; its columns are column 1, column 2"):
        import_labels(file("colour,size\nred,large\nblue,small\n"), corpus)
    for content, what in [
        ("", "empty"),
        ("document,start,end,label\n", "holds no labels"),
        (bytes(range(256)) * 9, "text"),
    ]:
        with pytest.raises(Problem, match=what):
            file(content)
    with pytest.raises(Problem, match="no JSON"):
        file('{"document": 1', "a.jsonl")


def test_a_sentence_with_an_index_is_found(corpus, file):
    table = file(
        "index\tsentence\tlabel\n4\tShe sat on the bank of the river .\triver\n1\tThe bank lent him money ,\tmoney\n",
        "a.tsv",
    )
    found = import_labels(table, corpus)
    assert [(TEXTS[0][start:end], label) for _, start, end, label in rows(found)] == [
        ("bank", "river"),
        ("bank", "money"),
    ]


def test_labels_may_lie_in_a_file_of_their_own(corpus, file):
    table = file("4\tShe sat on the bank of the river .\n1\tThe bank lent him money ,\n", "data.txt")
    assert [label for *_, label in rows(import_labels(table, corpus, gold=["0", "1"]))] == ["0", "1"]
    with pytest.raises(Problem, match="2 rows and there are 1 labels"):
        import_labels(table, corpus, gold=["0"])


def test_a_sentence_with_a_start_in_characters_is_found(corpus, file):
    table = file(
        "word\tsense\tstart\tform\tsentence\nbank\triver\t15\tbank\tShe sat on the bank of the river.\n", "a.tsv"
    )
    assert rows(import_labels(table, corpus)) == [(0, BANK, BANK + 4, "river")]


def test_rows_that_were_read_as_a_corpus_belong_to_their_own_documents(file):
    same = Corpus.from_texts(["on the bank", "on the bank", "off the bank"])
    table = file("2\ton the bank\ta\n2\ton the bank\tb\n2\toff the bank\ta\n", "a.tsv")
    assert rows(import_labels(table, same)) == [(0, 7, 11, "a"), (1, 7, 11, "b"), (2, 8, 12, "a")]


def test_pasted_lines_are_found_whatever_their_white_space(corpus):
    text = "lent him money, and the\tbank\twas shut\tmoney\nsat  on the **bank** of the river\triver\n\n"
    found = import_lines(text, corpus)
    assert [label for *_, label in rows(found)] == ["river", "money"] and found.notes == []
    assert TEXTS[0][found.table["start"][1] :].startswith("bank was shut")


def test_lines_in_several_places_or_none_are_named(corpus):
    found = import_lines(
        "the\tbank\t\tx\n…sat on the\tbank\tof the…\triver\nno such\tbank\there\ty\nnothing marked", corpus
    )
    assert rows(found) == [(0, BANK, BANK + 4, "river")]
    assert "1 rows stand in several places" in said(found) and "(1: the bank)" in said(found)
    assert "1 rows were not found in this corpus" in said(found) and "(3: no such bank here)" in said(found)
    assert "1 rows have no word that is marked" in said(found) and "nothing marked" in said(found)


def test_a_label_is_its_token(corpus, chinese):
    places = [(1, 0, BANK, BANK + 4, ""), (2, 0, BANK - 1, BANK + 4, ""), (3, 0, BANK, BANK + 8, "")]
    tokens, reasons = fit(corpus, checked(corpus, places).table)
    assert {corpus.vocab.words[corpus.tokens[token]] for token in tokens} == {"bank"} and not reasons.any()
    accent = TEXTS[1].index("e\u0301t")
    assert align(corpus, checked(corpus, [(1, 1, accent, accent + 4, "")]).table).tolist() == [corpus.offsets[1] + 5]


def test_a_label_inside_a_longer_word_is_said(chinese):
    table = checked(chinese, [(1, 0, 2, 4, "firm"), (2, 0, 10, 12, "fruit"), (3, 0, 8, 9, "mark")]).table
    tokens, reasons = fit(chinese, table)
    assert reasons.tolist() == [LONGER, NO_TOKEN, FOUND] and tokens.tolist()[:2] == [-1, -1]
    assert chinese.vocab.words[chinese.tokens[tokens[2]]] == "苹果"
    assert [str(note) for note in unfit(table, reasons, chinese)] == [
        "1 occurrences are inside a longer word (1: 苹果).", "1 occurrences have no token there (2: ，)."
    ]  # fmt: skip


def test_what_is_written_can_be_read_again(corpus, tmp_path):
    places = [
        (i, 0, start, start + 4, f"s{i}")
        for i, start in enumerate(n for n in range(80) if TEXTS[0].startswith("bank", n))
    ]
    table = checked(corpus, places).table
    written = exported(corpus, table, characters=30)
    assert written.columns.tolist() == ["document", "start", "end", "left", "keyword", "right", "label"]
    written.to_csv(tmp_path / "a.csv", index=False)
    written[["left", "keyword", "right", "label"]].to_csv(tmp_path / "b.tsv", sep="\t", index=False, header=False)
    for name in ("a.csv", "b.tsv"):
        assert import_labels(open_labels(tmp_path / name), corpus).table.equals(table)


def test_a_header_is_known_by_the_numbers_below_it(file):
    table = file("docno,von,bis,klasse\n0,3,4,a\n0,7,9,b\n")
    assert table.columns == ["docno", "von", "bis", "klasse"] and len(table.rows) == 2
    assert table.roles == {"document": "docno", "start": "von", "end": "bis", "label": "klasse"}


def test_a_guess_can_be_put_right(corpus):
    file = LabelFile(
        "x", ["a", "b", "c", "d"], [["0", str(BANK), "river", str(BANK + 4)]], guess(["a", "b", "c", "d"], [])
    )
    roles = {"document": "a", "start": "b", "label": "c", "end": "d"}
    assert rows(import_labels(file, corpus, roles)) == [(0, BANK, BANK + 4, "river")]


WORDS = st.lists(
    st.sampled_from(["bank", "Bank", "e\u0301", "苹果", " ", "\n", ". ", "x", "’s", "𝄞"]), max_size=40
).map("".join)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=3), tokenizer=st.sampled_from(["words", "chinese", "characters"]))
def test_every_token_is_found_at_its_own_place(texts, tokenizer):
    corpus = Corpus.from_texts([*texts, "bank 苹果"], tokenizer=tokenizer)
    documents = np.repeat(np.arange(len(corpus.documents)), np.diff(corpus.offsets))
    places = [(i, d, s, s + 1, "") for i, (d, s) in enumerate(zip(documents.tolist(), corpus.starts.tolist()))]
    visible = [place for place in places if corpus.documents[place[1]][place[2]].strip()]
    table = checked(corpus, visible).table
    tokens, reasons = fit(corpus, table)
    kept = [place[0] for place in visible]
    assert all(token in (-1, i) for token, i in zip(tokens, kept)) and set(reasons) <= {FOUND, LONGER}
    assert [token for token in tokens if token >= 0] == [i for i, reason in zip(kept, reasons) if reason == FOUND]


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_labels_or_a_sentence(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "labels.csv"
    path.write_bytes(content)
    corpus = Corpus.from_texts(["some text 0"])
    try:
        found = import_labels(open_labels(path), corpus)
    except Problem:
        return
    assert len(found.table)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_pasted_text_is_labels_or_a_sentence(text):
    corpus = Corpus.from_texts(["some text 0"])
    try:
        assert len(import_lines(text, corpus).table)
    except Problem:
        return
