"""Keyword in context, beside one made by hand out of the documents."""

import random
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.corpus.index import FILES
from core.explore.concordance import LONGEST_PART, all_lines, concordance, expand, snippet
from core.explore.query import parse
from core.problem import Problem

WORD = re.compile(r"[^\W_]+")
TEXTS = st.lists(st.text("abBé王 .,\n", max_size=40), min_size=1, max_size=5)


def by_hand(texts: list[str], phrase: list[str], window: int) -> list[dict]:
    """Every line of a phrase in the order of the text, with the words to its left (nearest first) and right."""
    lines, before = [], 0
    for document, text in enumerate(texts):
        spans = [found.span() for found in WORD.finditer(text)]
        words = [text[a:b].lower() for a, b in spans]
        for i in range(len(words) - len(phrase) + 1):
            after = i + len(phrase)
            if words[i:after] == phrase:
                first, last = spans[max(0, i - window)][0], spans[min(len(words), after + window) - 1][1]
                begin, end = spans[i][0], spans[after - 1][1]
                parts = [re.sub(r"\s+", " ", part) for part in (text[first:begin], text[begin:end], text[end:last])]
                lines.append({"position": before + i, "document": document, "begin": begin, "end": end,
                              "left": parts[0], "node": parts[1], "right": parts[2],
                              "before": (words[:i][::-1] + [""] * 3)[:3],
                              "behind": (words[after:] + [""] * 3)[:3]})  # fmt: skip
        before += len(words)
    return lines


def in_order(lines: list[dict], sort: str, descending: bool) -> list[dict]:
    if sort == "text":
        return lines[::-1] if descending else lines
    return sorted(lines, key=lambda line: line["before" if sort == "left" else "behind"], reverse=descending)


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.integers(1, 6), st.sampled_from(["text", "left", "right"]), st.booleans(), st.integers(1, 4),
       st.lists(st.sampled_from(["a", "b", "ab", "王", "bb"]), min_size=1, max_size=2))  # fmt: skip
def test_as_by_hand(texts, window, sort, descending, size, phrase):
    corpus = Corpus.from_texts([*texts, "a b ab 王 bb"])
    lines = in_order(by_hand(list(corpus.documents), phrase, window), sort, descending)
    columns = ["position", "document", "begin", "end", "left", "node", "right"]
    asked = {"query": " ".join(phrase), "window": window, "sort": sort, "descending": descending}
    whole = concordance(corpus, **asked)
    assert whole.hits == len(lines) and whole.documents == len({line["document"] for line in lines})
    assert whole.lines[columns].to_dict("records") == [{name: line[name] for name in columns} for line in lines]
    pages = [concordance(corpus, **asked, page=page, size=size) for page in range(len(lines) // size + 1)]
    assert [p for page in pages for p in page.lines["position"]] == [line["position"] for line in lines]


def test_a_line_has_the_texts_own_letters():
    corpus = Corpus.from_texts(['He said: "Don’t go\n\n there, E\u0301lan!" İstanbul.'])
    line = concordance(corpus, "go", window=3).lines.iloc[0]
    assert (line["left"], line["node"]) == ('He said: "Don’t ', "go")
    assert line["right"] == ' there, E\u0301lan!" İstanbul'
    assert snippet(corpus, 2, 1) == 'said: "Don’t go' and concordance(corpus, "élan").lines["node"][0] == "E\u0301lan"


def test_nothing_crosses_a_document():
    corpus = Corpus.from_texts(["a b", "x", "", "c d"])
    lines = concordance(corpus, "x", window=50).lines
    assert lines[["left", "node", "right"]].values.tolist() == [["", "x", ""]] and lines["document"].tolist() == [1]
    assert concordance(corpus, "x", sort="left").lines["sentence"].tolist() == [1]


@pytest.mark.parametrize("tokenizer", ["chinese", "characters"])
def test_chinese_lines_are_the_text(tokenizer):
    text = "第一回\u3000贾宝玉，林黛玉。\n\u3000\u3000宝玉笑道：“好妹妹！”"
    corpus = Corpus.from_texts([text, "宝玉"], tokenizer=tokenizer, lowercase=False)
    lines = concordance(corpus, parse(corpus, "宝玉", "text"), window=50).lines
    assert (lines["left"] + lines["node"] + lines["right"])[0].startswith("第一回 贾宝玉，林黛玉。")
    assert lines["begin"].tolist() == [5, 15, 0] and lines["document"].tolist() == [0, 0, 1]


TABLE = "text,title,year,kind\nred a,Zoo,1865,x\nred b,ant,2 May 1790,\nred c,Bee,1901,y\nred d,,,x\n"


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    path = tmp_path_factory.mktemp("dated") / "a.csv"
    path.write_text(TABLE)
    return Corpus.from_files(path, title_column="title", date_column="year", group_column="kind")


@pytest.mark.parametrize(
    "sort, descending, order",
    [("text", False, [0, 1, 2, 3]), ("document", False, [1, 2, 0, 3]), ("year", False, [1, 0, 2, 3]),
     ("year", True, [2, 0, 1, 3]), ("kind", False, [0, 3, 2, 1]), ("kind", True, [2, 0, 3, 1]),
     ("right", True, [3, 2, 1, 0])],
)  # fmt: skip
def test_sorts_by_what_is_known_of_documents(dated, sort, descending, order):
    lines = concordance(dated, "red", sort=sort, descending=descending).lines
    assert lines["document"].tolist() == order
    assert lines.loc[lines["document"] == 0, ["title", "date", "group"]].values.tolist() == [["Zoo", "1865", "x"]]


def test_random_is_one_order_a_seed():
    corpus = Corpus.from_texts(["a b " * 300])
    orders = [concordance(corpus, "a", sort="random", seed=seed, size=300).lines["position"] for seed in (1, 1, 2)]
    assert orders[0].tolist() == orders[1].tolist() != orders[2].tolist() and sorted(orders[2]) == list(
        range(0, 600, 2)
    )
    page = concordance(corpus, "a", sort="random", seed=2, size=50, page=3).lines["position"]
    assert page.tolist() == orders[2].tolist()[150:200]


def test_a_page_beyond_the_last_and_other_documents():
    corpus = Corpus.from_texts(["a a a", "a b"])
    beyond = concordance(corpus, "a", page=7)
    assert beyond.hits == 4 and len(beyond.lines) == 0 and "left" in beyond.lines
    inside = concordance(corpus, "a", within=[1], sort="right")
    assert (inside.hits, inside.documents, inside.lines["position"].tolist()) == (1, 1, [3])


@pytest.mark.parametrize(
    "bad, said", [({"window": 0}, "1 to 50"), ({"window": 51}, "1 to 50"), ({"sort": "x"}, "text, left")]
)
def test_what_cannot_be_shown(bad, said):
    with pytest.raises(Problem, match=said):
        concordance(Corpus.from_texts(["a b"]), "a", **bad)


def test_a_corpus_read_before_there_was_an_index(tmp_path):
    made = Corpus.from_texts(["the cat sat", "a cat"])
    shutil.copytree(made.folder, tmp_path / "old")
    for name in FILES:
        (tmp_path / "old" / name).unlink()
    lines = concordance(Corpus.open(tmp_path / "old", 2), "cat", sort="left").lines
    assert lines["left"].tolist() == ["a ", "the "] and (tmp_path / "old" / FILES[-1]).exists()


def test_a_huge_document_and_a_huge_word():
    text = "。" * 100_000 + "宝玉" + "。" * 100_000 + "x" * 100_000 + " end"
    corpus = Corpus.from_texts([text])
    line = concordance(corpus, "宝玉").lines.iloc[0]
    assert (line["begin"], line["end"], line["node"]) == (100_000, 100_002, "宝玉")
    assert line["left"] == "" and len(line["right"]) == LONGEST_PART
    huge = concordance(corpus, "x*").lines.iloc[0]
    assert huge["end"] - huge["begin"] == 100_000 and len(huge["node"]) == LONGEST_PART and huge["right"] == " end"


def test_all_lines_are_the_pages_up_to_the_limit():
    corpus = Corpus.from_texts(["a b c " * 3000])
    frames = list(all_lines(corpus, "b", sort="left", window=2, limit=2500))
    whole = concordance(corpus, "b", sort="left", window=2, size=2500).lines
    pd.testing.assert_frame_equal(pd.concat(frames, ignore_index=True), whole)
    assert [len(frame) for frame in frames] == [2000, 500] and len(next(all_lines(corpus, "b", limit=0))) == 0


def test_expand_gives_the_paragraph():
    corpus = Corpus.from_texts(["First one.\nThe cat sat. It slept.\nLast."])
    passage = expand(corpus, 3)
    assert passage.text == "The cat sat. It slept." and passage.text[passage.begin : passage.end] == "cat"
    assert passage.first == 11 and expand(corpus, 3, length=2).text[4:11] == "cat sat"
    close = expand(corpus, 3, characters=5)
    assert close.text[close.begin : close.end] == "cat" and len(close.text) <= 13
    with pytest.raises(Problem, match="no word 99"):
        expand(corpus, 99)


def test_expand_in_a_text_of_wrapped_lines_goes_to_the_empty_line():
    chance = random.Random(1)
    lines = [" ".join(chance.choice(["river", "bank", "money", "boat"]) for _ in range(12))[:66] for _ in range(40)]
    corpus = Corpus.from_texts(["\n".join(lines) + "\n\nThe word here\nis wrapped.\n\n" + "\n".join(lines)])
    assert corpus.facts["wrapped"]
    place = int(np.flatnonzero(corpus.tokens == corpus.index.find("wrapped"))[0])
    assert expand(corpus, place).text == "The word here\nis wrapped."


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(0, 20), st.integers(1, 30))
def test_a_passage_is_a_part_of_its_document(texts, place, characters):
    corpus = Corpus.from_texts([*texts, "a b ab"])
    passage = expand(corpus, place % len(corpus.tokens), characters)
    text = corpus.documents[passage.document]
    assert text[passage.first : passage.first + len(passage.text)] == passage.text
    kind = int(corpus.tokens[place % len(corpus.tokens)])
    assert passage.text[passage.begin : passage.end].lower() == corpus.index.word(kind)
