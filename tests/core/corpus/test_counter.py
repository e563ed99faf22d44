"""Counter-corpora: what each operation makes of a text that one can read, in English and in Chinese."""

import shutil
import tempfile
import weakref
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus
from core.corpus.counter import check, chosen, derive, described, gold, shuffles, stretches
from core.corpus.counter.operation import hashes
from core.corpus.occurrences import align
from core.explore.senses_baselines import Around, confounds, representations
from core.explore.senses_measures import coded, credits, resamples
from core.problem import Problem

ENGLISH = [
    "I eat a banana. Open the door! The Banana is yellow; a door is not.",
    'No such word here. "Who?" he said. Doors and bananas.',
    "...",
    "The door and the banana, he said to Mr. Door. Then left",
]
CHINESE = [
    "我在苹果公司工作。今天吃了苹果，门开着！他说：“苹果很好吃。”门关上了。",
    "这里没有。银行在河边。",
    "门和苹果都好。",
]


def english(**more):
    return Corpus.from_texts(ENGLISH, labels=["a", "b", "a", "c"], **more)


def chinese():
    return Corpus.from_texts(CHINESE, tokenizer="chinese")


def made(corpus, name, other=None, **options):
    """The derived corpus, with its gold labels and its texts; its folder goes with it."""
    folder = Path(tempfile.mkdtemp())
    for _ in derive(corpus, chosen(name, options), folder / "made", other):
        pass
    after = Corpus.open(folder / "made")
    weakref.finalize(after, shutil.rmtree, folder, True)
    after.gold, after.texts = gold(after), list(after.documents)
    return after


def words(corpus):
    types = corpus.cut(1).vocab.words
    return [types[i] for i in corpus.tokens]


def labelled(corpus):
    return [(corpus.documents[row.document][row.start : row.end], row.label) for row in corpus.gold.itertuples()]


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "characters"])
@pytest.mark.parametrize("within", ["sentence", "document", "corpus"])
def test_shuffled_words_are_the_same_words(tokenizer, within):
    before = Corpus.from_texts(ENGLISH + CHINESE, tokenizer=tokenizer)
    after = made(before, "shuffle words", within=within, seed=3)
    assert Counter(words(after)) == Counter(words(before)) and words(after) != words(before)
    assert after.offsets.tolist() == before.offsets.tolist()
    assert after.sentences.tolist() == before.sentences.tolist()
    assert after.table["from document"].tolist() == list(map(str, range(7)))


@pytest.mark.parametrize("within, edges", [("sentence", "sentences"), ("document", "offsets")])
def test_words_stay_within_their_group(within, edges):
    before = english()
    after = made(before, "shuffle words", within=within)
    groups = np.unique([*getattr(before, edges), len(before.tokens)])
    for begin, end in zip(groups, groups[1:]):
        assert Counter(words(after)[begin:end]) == Counter(words(before)[begin:end])


def test_shuffled_words_are_words_alone_with_a_blank_line_between_sentences():
    texts = made(english(), "shuffle words").texts
    assert [len(line.split()) for line in texts[0].split("\n\n")] == [4, 3, 8] and texts[0].islower()
    assert texts[2] == ""


def test_shuffled_characters_leave_blanks_and_punctuation_in_place():
    corpus = Corpus.from_texts(CHINESE, tokenizer="characters")
    for before, after in zip(CHINESE, made(corpus, "shuffle words", within="corpus").texts):
        assert [c if not c.isalnum() else "x" for c in before] == [c if not c.isalnum() else "x" for c in after]


def test_a_seed_is_a_result_whatever_the_blocks(monkeypatch):
    first = made(english(), "shuffle words", within="document", seed=5).texts
    monkeypatch.setattr(shuffles, "_TOGETHER", 20)
    again = made(english(), "shuffle words", within="document", seed=5).texts
    assert first == again != made(english(), "shuffle words", within="document", seed=6).texts


def test_every_order_is_as_likely_as_another():
    orders = Counter(tuple(np.argsort(hashes(seed, np.arange(3))).tolist()) for seed in range(6000))
    assert len(orders) == 6 and max(abs(count - 1000) for count in orders.values()) < 150


@pytest.mark.parametrize("within", ["document", "corpus"])
@pytest.mark.parametrize("texts, tokenizer", [(ENGLISH, "words"), (CHINESE, "chinese")])
def test_shuffled_sentences_are_the_same_sentences(within, texts, tokenizer):
    before = Corpus.from_texts(texts, tokenizer=tokenizer)
    after = made(before, "shuffle sentences", within=within, seed=2)
    sentences = [
        Counter(tuple(part.tolist()) for part in np.split(np.array(words(corpus)), corpus.sentences)[1:])
        for corpus in (before, after)
    ]
    assert sentences[0] == sentences[1] and words(after) != words(before)


def test_quotation_marks_go_with_their_sentence():
    corpus = Corpus.from_texts([ENGLISH[1]])
    texts = {made(corpus, "shuffle sentences", seed=seed).texts[0] for seed in range(12)}
    assert len(texts) > 3 and all('"Who?" he said. ' in text or text.endswith('"Who?" he said. ') for text in texts)


def test_shuffled_documents_keep_their_rows():
    after = made(english(), "shuffle documents", seed=1)
    numbers = [int(number) for number in after.table["from document"]]
    assert sorted(numbers) == [0, 1, 2, 3] and numbers != [0, 1, 2, 3]
    assert after.texts == [ENGLISH[i] for i in numbers] and after.labels == ["abac"[i] for i in numbers]


def test_two_words_become_one_with_their_truth():
    after = made(english(), "merge words", first="banana bananas", second="door doors")
    assert after.texts[0] == ("I eat a bananadoor. Open the bananadoor! The bananadoor is yellow; a bananadoor is not.")
    assert [label for form, label in labelled(after)[:4]] == ["banana", "door", "banana", "door"]
    assert {form for form, _ in labelled(after)} == {"bananadoor"}
    assert after.vocab.counts[after.vocab.index("bananadoor")] == 9 == len(after.gold)
    assert after.table["changed"].tolist() == ["4", "2", "0", "3"] and after.labels == ["a", "b", "a", "c"]


def test_a_new_word_may_keep_capitals():
    after = made(english(), "merge words", first="banana bananas", second="door doors", one_form=False)
    assert labelled(after)[:4] == [("bananadoor", "banana"), ("bananadoor", "door"), ("Bananadoor", "banana"),
                                   ("bananadoor", "door")]  # fmt: skip
    assert Counter(form for form, _ in labelled(after)) == {"bananadoor": 6, "Bananadoor": 3}


@pytest.mark.parametrize("one_form, tells", [(True, set()), (False, {"form", "capital"})])
def test_of_one_form_nothing_but_the_context_tells_the_sense(one_form, tells):
    """A name has capitals, a word has not: where they are kept, the form says which it was."""
    corpus = Corpus.from_texts([f"In {i} King sat here and a sword lay there" for i in range(30)])
    after = made(corpus, "merge words", first="king", second="sword", one_form=one_form)
    forms, senses = zip(*labelled(after))
    around = Around(forms, [[]] * 60, [[]] * 60, np.arange(60), {})
    codes = coded(senses)[1]
    found = confounds(around, codes, resamples(codes, 50))
    assert {*found[found["tells"].astype(bool)]["facet"]} == tells
    given = credits(representations(around)["form"], codes)
    assert given.mean() == (0.5 if one_form else 1)


def test_two_chinese_words_become_one_that_the_dictionary_keeps():
    before = chinese()
    after = made(before, "merge words", first="苹果", second="门")
    assert [word for word, _ in labelled(after)] == ["苹果门"] * 5
    assert [label for _, label in labelled(after)] == [word for word in words(before) if word in ("苹果", "门")]
    assert words(after) == ["苹果门" if word in ("苹果", "门") else word for word in words(before)]
    assert "苹果公司" in words(after)


def test_gold_labels_are_tokens():
    for corpus, options in (
        (english(), {"first": "door", "second": "banana"}),
        (chinese(), {"first": "门", "second": "苹果"}),
    ):
        after = made(corpus, "merge words", **options)
        tokens = align(after, after.gold)
        assert {words(after)[token] for token in tokens} == {options["first"] + options["second"]}


def test_a_new_word_by_chance_is_no_planted_one():
    corpus = Corpus.from_texts(["他在公园里，门口有人。公园门开了。门和公园"], tokenizer="chinese")
    after = made(corpus, "merge words", first="公园", second="门", form="里门")
    assert words(after).count("里门") == len(after.gold) == 4


@pytest.mark.parametrize("form, said", [
    ("banana_door", r"no single word .* banana \| door"), ("yellow", "already"), ("a b", "no single word"),
    ("…", "-: choose"),
])  # fmt: skip
def test_a_form_must_be_one_new_word(form, said):
    with pytest.raises(Problem, match=said):
        check(english(), chosen("merge words", {"first": "banana", "second": "door", "form": form}))


def test_split_labels_and_counts_add_up():
    corpus = Corpus.from_texts(["the door and a door, Door"] * 50, labels=["x", "y"] * 25)
    after = made(corpus, "split word", word="door", share=0.3)
    counts = Counter(after.gold["label"])
    assert counts.total() == 150 and 20 < counts["door1"] < 70
    assert {label: words(after).count(label) for label in ("door1", "door2", "door")} == {**counts, "door": 0}


def test_a_split_by_document_or_column_leaves_no_document_mixed():
    corpus = Corpus.from_texts(["the door and a door, Door"] * 50, labels=["x", "y"] * 25)
    by_column = made(corpus, "split word", word="door", by="column", column="label", value="y")
    assert set(by_column.gold["label"][by_column.gold["document"] % 2 == 1]) == {"door1"}
    by_document = made(corpus, "split word", word="door", by="document", seed=1).gold
    assert (by_document.groupby("document")["label"].nunique() == 1).all() and by_document["label"].nunique() == 2


@pytest.mark.parametrize("corpus, pair", [(english(), ("banana", "door")), (chinese(), ("苹果", "门"))])
def test_swapping_twice_is_nothing(corpus, pair):
    once = made(corpus, "swap words", first=pair[0], second=pair[1])
    exchanged = {pair[0]: pair[1], pair[1]: pair[0]}
    assert words(once) == [exchanged.get(word, word) for word in words(corpus)]
    assert words(made(once, "swap words", first=pair[0], second=pair[1])) == words(corpus)


def test_contexts_are_cut_on_one_side():
    left, right, window = (
        made(english(), "cut context", word="door", cut=cut, window=1).texts
        for cut in ("left", "right", "outside a window")
    )
    assert left[0] == "I eat a banana. door! door is not." and left[1] == ENGLISH[1]
    assert right[0] == "I eat a banana. Open the door! The Banana is yellow; a door."
    assert window[0] == "I eat a banana. the door! a door is."
    assert left[3] == "door and the banana, he said to Mr … Door. Then left"
    assert right[3] == "The door … and the banana, he said to Mr. Door. Then left"


def test_sentences_without_the_word_can_go():
    after = made(english(), "cut context", word="door", cut="right", others=False)
    assert after.texts[:3] == ["Open the door! The Banana is yellow; a door.", "", ""]
    assert after.texts[3] == "The door … and the banana, he said to Mr. Door. "
    assert labelled(after) == [("door", "door")] * 3 + [("Door", "door")]
    assert after.table["changed"].tolist() == ["2", "0", "0", "1"]


def test_chinese_contexts_are_cut_too():
    corpus = Corpus.from_texts(CHINESE, tokenizer="characters")
    after = made(corpus, "cut context", word="门", cut="left")
    assert after.texts[0] == "我在苹果公司工作。门开着！他说：“苹果很好吃。”门关上了。"
    assert made(corpus, "cut context", word="门", cut="right").texts[2] == "门。"


def test_background_is_told_from_the_own_documents():
    other = Corpus.from_texts([f"background number {i}" for i in range(9)], labels=list("rstuvwxyz"))
    after = made(english(), "add background", other, documents=5, seed=1)
    assert after.table["part"].tolist() == ["own"] * 4 + ["background"] * 5 and after.texts[:4] == ENGLISH
    picked = [int(number) for number in after.table["from document"][4:]]
    assert picked == sorted(set(picked)) and after.texts[4:] == [f"background number {i}" for i in picked]
    among = made(english(), "add background", other, documents=5, place="among", seed=1)
    assert sorted(among.texts) == sorted(after.texts) and among.texts != after.texts
    own = (among.table["part"] == "own").tolist()
    assert [text for text, mine in zip(among.texts, own) if mine] == ENGLISH


def test_what_an_operation_needs_is_said_at_once():
    corpus = english()
    for name, options, said in [
        ("add background", {}, "no second corpus"), ("merge words", {"first": "door"}, "Second word is empty"),
        ("swap words", {"first": "dor", "second": "a"}, "dor is not in the vocabulary; did you mean door"),
        ("split word", {"word": "door", "by": "column", "column": "x"}, "no column x; the columns are label"),
        ("split word", {"word": "door", "by": "column", "column": "label", "value": "q"}, "No document has q"),
        ("swap words", {"first": "door", "second": "door"}, "given twice"), ("cut context", {}, "Word is empty"),
    ]:  # fmt: skip
        with pytest.raises(Problem, match=said):
            check(corpus, chosen(name, options))
    with pytest.raises(Problem, match="has 4 documents, and 5 are to be added"):
        check(corpus, chosen("add background", {"documents": 5}), corpus)
    with pytest.raises(Problem, match="no operation called x"):
        chosen("x", {})


def test_the_parent_and_the_operation_are_on_record(tmp_path):
    corpus, operation = english(), chosen("shuffle words", {"seed": 4})
    for _ in derive(corpus, operation, tmp_path / "made"):
        pass
    record = (tmp_path / "made" / "derived.json").read_text()
    assert corpus.id in record and '"seed": 4' in record and described(operation)["operation"] == "shuffle words"
    assert Corpus.open(tmp_path / "made").id != corpus.id


def test_closed_early_nothing_is_left(tmp_path):
    events = derive(english(), chosen("shuffle words", {}), tmp_path / "made")
    next(events)
    events.close()
    assert list(tmp_path.iterdir()) == []


def test_tokenisation_is_the_parents():
    corpus = Corpus.from_texts(ENGLISH, lowercase=False, min_count=2, language="de")
    after = made(corpus, "shuffle documents")
    assert after.facts["language"] == "de" and not after.facts["lowercase"] and after.min_count == 2
    assert "Banana" in after.cut(1).vocab.words


def test_columns_keep_their_roles_and_the_truth_has_a_name_of_its_own(tmp_path):
    (tmp_path / "a.csv").write_text("text,from document,title\none two,x,A\nthree four,y,B\n")
    corpus = Corpus.from_files([tmp_path / "a.csv"], text_column="text", title_column="title")
    after = made(corpus, "shuffle words")
    assert after.table["from document"].tolist() == ["x", "y"] and after.table["from document.2"].tolist() == ["0", "1"]
    assert after.roles == {"title": "title"} and list(after.table.columns[:3]) == list(corpus.table.columns[:3])


@pytest.mark.parametrize("name, options", [
    ("swap words", {"first": "door", "second": "bridge"}), ("merge words", {"first": "door", "second": "bridge"}),
    ("cut context", {"word": "door"}), ("shuffle sentences", {}), ("shuffle documents", {}),
])  # fmt: skip
def test_long_documents_come_in_stretches(monkeypatch, name, options):
    text = "“The door is öpen,” he said. " * 40 + "a bridge and a door " * 40
    corpus = Corpus.from_texts([text, "short bridge"])
    whole = made(corpus, name, **options)
    monkeypatch.setattr(stretches.stretches, "__defaults__", (100,))
    parts = made(corpus, name, **options)
    if name != "cut context":  # which cuts a sentence that is longer than a stretch by pieces
        assert parts.texts == whole.texts
    assert len(parts.texts) == 2 and (parts.gold is None) == (whole.gold is None)


def test_stretches_are_the_text():
    text = "“The door is öpen,” he said. " * 40 + "银" * 300 + " a bridge and a door " * 40
    corpus = Corpus.from_texts([text, "", "x y"])
    several = list(stretches.stretches(corpus, 100))
    assert "".join(one.text for one in several) == text + "x y" and len(several) > 10
    assert [one.first for one in several[1:]] == [one.last for one in several[:-1]]
    assert all(text[one.base :].startswith(one.text) for one in several if one.document == 0)


PARTS = ["door", "Door", "DOOR", "bridge", "öl", "x", "don't", "e\u0301t", "\u200b", ". ", "! ", "\n\n", " ", "门"]
SPELT = st.lists(st.sampled_from(PARTS), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(SPELT.map("".join), min_size=1, max_size=4), tokenizer=st.sampled_from(["words", "chinese"]))
def test_labels_are_exact_on_any_text(texts, tokenizer):
    before = Corpus.from_texts([*texts, "the door and a bridge"], tokenizer=tokenizer)
    after = made(before, "merge words", first="door", second="bridge", form="planted")
    assert all(word.lower() == "planted" for word, _ in labelled(after))
    truth = [word for word in words(before) if word in ("door", "bridge")]
    assert [label for _, label in labelled(after)] == truth
    assert words(after) == ["planted" if word in ("door", "bridge") else word for word in words(before)]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(SPELT.map("".join), min_size=1, max_size=4), tokenizer=st.sampled_from(["words", "chinese"]))
def test_sentences_and_words_of_any_text_only_change_places(texts, tokenizer):
    before = Corpus.from_texts([*texts, "the door and a bridge"], tokenizer=tokenizer)
    for name, within in (
        ("shuffle sentences", "corpus"),
        ("shuffle sentences", "document"),
        ("shuffle words", "corpus"),
    ):
        after = made(before, name, within=within)
        assert Counter(words(after)) == Counter(words(before)), after.texts


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(SPELT.map("".join), min_size=1, max_size=4),
    cut=st.sampled_from(["left", "right", "outside a window"]),
    tokenizer=st.sampled_from(["words", "chinese", "characters"]),
)
def test_cut_words_stay_and_nothing_new_comes(texts, cut, tokenizer):
    word = "x" if tokenizer == "characters" else "door"
    before = Corpus.from_texts([*texts, "the door x"], tokenizer=tokenizer)
    after = made(before, "cut context", word=word, cut=cut, window=1)
    kept, known = Counter(words(after)), Counter(words(before))
    assert kept[word] == known[word] == len(after.gold) and set(kept) - set(known) <= {"…", " "}
    assert all(text.lower() == word for text, _ in labelled(after))


@pytest.mark.parametrize("more", [{"tokenizer": "pieces", "pieces_size": 100}, {"stop_words": "the is of"}])
def test_pieces_and_stop_words_hold_in_the_new_corpus(tmp_path, more):
    (tmp_path / "a.txt").write_text("The old door is open. A banana is in the door of gold.\n" * 40)
    before = Corpus.from_files([tmp_path / "a.txt"], split="lines", **more)
    after = made(before, "merge words", first="banana", second="door")
    assert words(after) == ["bananadoor" if word in ("banana", "door") else word for word in words(before)]
    assert after.vocab.tokenization.stop_words == before.vocab.tokenization.stop_words
    if "tokenizer" in more:
        with pytest.raises(Problem, match="read as subword pieces"):
            made(before, "shuffle words")
