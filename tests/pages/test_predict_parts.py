"""The parts of Predict that gaps, pairs and many runs have: what stands there is what the encoders say."""

import json
import shutil

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.coding import code
from core.store import Store
from tests.core.explore.conftest import finish as ended
from tests.pages.conftest import (
    button,
    cells,
    click,
    drawn,
    end_processes,
    finish,
    shown,
    tales,
    translated,
    until,
    using,
)

SENTENCE = "The king had a beautiful daughter"
BERT = {"steps": 20, "layers": 1, "heads": 2, "width": 16, "context": 24, "batch": 8, "threads": 1}
ELMO = {"steps": 10, "layers": 1, "width": 8, "context": 8, "batch": 8, "threads": 1}


@pytest.fixture(scope="module")
def talking(filled, tmp_path_factory):
    """The home of the filled store with a BERT, an ELMo and two n-grams beside, one of characters."""
    home = tmp_path_factory.mktemp("talking") / "home"
    shutil.copytree(filled, home, ignore=shutil.ignore_patterns("answers", "inbox", "*.lock"))
    store = Store(home)
    corpus = store.corpora()[0].id
    finish(store, store.queue_train("ngram", {"order": 3}, corpus, min_count=20, name="Triples"))
    finish(store, store.queue_train("elmo", ELMO, corpus, min_count=20, name="Both ways"))
    finish(store, store.queue_train("bert", BERT, corpus, min_count=20, name="Gaps <b>"))
    letters = store.add_corpus(Corpus.from_texts(tales(2), language="en", tokenizer="characters"), "Letters").id
    finish(store, store.queue_train("ngram", {"order": 3}, letters, min_count=1, name="Letters in threes"))
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def home(talking):
    with using(talking, keep=True) as found:
        yield found


def keys(page) -> set[str]:
    return {part.key for part in page.get("bidi_component")}


def part(open_page, view, plots, language="en", **query):
    """The page with this part, once these plots stand."""
    return until(open_page("predict", language, predict=view, **query), lambda page: {*plots} <= keys(page))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("view", "missing", "train", "encoder"),
    [("masked", "No finished run guesses a hidden word yet.", "Train BERT", "bert"),
     ("order", "No finished run counts sequences of words yet.", "Train n-grams", "ngram")],
)  # fmt: skip
def test_without_a_run_that_can_there_is_a_way_to_one(open_page, full_home, language, view, missing, train, encoder):
    page = open_page("predict", language, predict=view)
    assert translated(missing, language) in shown(page) and not page.exception
    button(page, translated(train, language)).click().run()
    assert page.query_params["encoder"] == encoder


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_gap_shows_what_would_be_put_there(open_page, home, language):
    page = part(open_page, "masked", {"masked-bert-001"}, language, sentence=SENTENCE, place="1")
    encoder = Store(home).encoder("bert-001")
    chances = encoder.masked_word([word.lower() for word in SENTENCE.split()], 1)
    best = np.argsort(-chances, kind="stable")[:12]
    assert list(drawn(page, "masked-bert-001")["layout"]["yaxis"]["ticktext"]) == [encoder.vocab.words[i] for i in best]
    rank = 1 + (chances > chances[encoder.vocab.index("king")]).sum()
    assert f"{rank:,}" in shown(page) and "[ ? \\]" in shown(page) and not page.exception


def test_a_word_is_hidden_by_a_click_and_stays_in_the_link(open_page, home):
    page = part(open_page, "masked", {"masked-bert-001"}, sentence=SENTENCE)
    [chips] = [each for each in page.get("button_group") if each.key == "place_chips"]
    assert chips.value == 4  # the longest
    page = chips.set_value(1).run()
    assert page.query_params["place"] == "1" and not page.exception


def test_an_edited_sentence_stands_beside_it(open_page, home, taken):
    edited = "Once the king had a terrible daughter"
    page = part(open_page, "masked", {"masked-both-bert-001"}, sentence=SENTENCE, place="1", edited=edited)
    encoder = Store(home).encoder("bert-001")
    before = encoder.masked_word([word.lower() for word in SENTENCE.split()], 1)
    after = encoder.masked_word([word.lower() for word in edited.split()], 2)
    share = np.abs(before.astype(float) - after).sum() / 2
    assert f"{share:.1%} of the probability went to other words." in shown(page)
    assert cells(taken["hidden-word.csv"])[0] == ["word", "before", "after"]
    page = open_page("predict", predict="masked", sentence=SENTENCE, place="1", edited="had a")
    assert "has no word in that place" in shown(page)


@pytest.mark.parametrize("text", ["   ", "…"])
def test_a_sentence_without_words_is_asked_for(open_page, home, text):
    page = open_page("predict", predict="masked", sentence=text)
    assert page.info[0].value == "Type a sentence, and click the word to hide." and not page.exception


def test_long_sentences_say_their_window(open_page, home):
    page = part(open_page, "masked", {"masked-bert-001"}, sentence="the king " * 70, place="60")
    assert "Only the first 120 words are taken." in shown(page) and "as many as fit into the context" in shown(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pair_is_judged_beside_a_coin(open_page, home, language):
    page = part(open_page, "pair", {"tried-1"}, language, first="The king was old.", second="He had a son.")
    chance = Store(home).encoder("bert-001").next_sentence("The king was old.", "He had a son.")
    assert page.metric[0].value == f"{chance:.1%}" and translated("Next sentence", language)
    follows = translated("the sentence that follows", language)
    page = until(page, lambda page: any(each.label == follows for each in page.button))
    button(page, follows).click()
    page = until(page.run(), lambda page: "tried-2" in keys(page))
    assert len(page.session_state["pairs-tried"]) == 2 and page.query_params["first"] != "The king was old."


def test_many_pairs_of_each_kind(open_page, home, taken):
    page = part(open_page, "pair", {"kinds-bert-001"}, pairs="many", **{"pairs-count": "10"})
    rows = cells(taken["pairs.csv"])
    assert [row[0] for row in rows[1:]] == [kind for kind in ("follows", "swapped", "document", "elsewhere")
                                            for _ in range(10)]  # fmt: skip
    chance = Store(home).encoder("bert-001").next_sentence(*rows[1][1:3])
    assert float(rows[1][3]) == pytest.approx(chance, abs=1e-6) and not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_language_model_expects_its_own(open_page, home, language):
    names = {f"beside-{run}" for run in ("ngram-001", "elmo-001", "gpt-001")}
    page = part(open_page, "beside", names, language, text="the zyzzyva king")
    vocab = Store(home).vocab("ngram-001")
    best = np.argsort(-Store(home).encoder("ngram-001").next_word(["the", "zyzzyva", "king"]), kind="stable")[:8]
    assert list(drawn(page, "beside-ngram-001")["layout"]["yaxis"]["ticktext"]) == [vocab.words[i] for i in best]
    assert shown(page).count("zyzzyva") == 3 and "beside-ngram-002" not in keys(page) and not page.exception
    heads = [text.value for text in page.markdown if "(20" in text.value or "(19" in text.value]
    assert [text[2:8] for text in heads] == ["N\\-gra", "ELMo \\", "GPT \\("]


def test_models_of_words_and_of_characters_stand_apart(open_page, home):
    runs = json.dumps(["ngram-001", "ngram-002"])
    page = part(open_page, "beside", {"beside-ngram-001", "beside-ngram-002"}, text="the", **{"predict-runs": runs})
    assert "Guessing whole words" in shown(page) and "Guessing characters" in shown(page)
    click(page, "beside-ngram-002", Store(home).vocab("ngram-002").index("y"), 1).run()
    assert page.query_params["text"] == "they"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bits_of_the_same_characters(open_page, home, language, taken):
    text = "the king and the queen of zyzzyva"
    runs = json.dumps(["ngram-001", "ngram-002", "gpt-001"])
    query = {"predict-runs": runs, "bits-of": "own", "text": text}
    page = part(open_page, "bits", {"bits", "perplexity-0"}, language, **query)
    rows = {row[0]: row for row in cells(taken["bits.csv"])[1:]}
    encoder = Store(home).encoder("ngram-001")
    coded = ended(code(encoder.next_word, encoder.vocab, text))[1]
    assert float(rows["Triples"][1]) == pytest.approx(coded.model.sum() / len(text), rel=1e-5)
    assert (
        rows["Triples"][4:6] == ["7", str(coded.unknown.sum())]
        and coded.unknown[-1]
        and rows["Letters in threes"][4] == str(len(text))
    )
    assert "Letters in threes" in page.caption[-1].value and not page.exception


def test_a_held_out_passage_with_who_may_have_read_it(open_page, home):
    runs = json.dumps(["ngram-001", "ngram-002", "gpt-001"])
    page = part(open_page, "bits", {"bits"}, **{"predict-runs": runs})
    assert "Learned from another corpus" in shown(page) and len(page.text[0].value) > 200
    assert page.text[0].value == page.text[0].value.lower()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_n_grams_look_no_further_than_they_count(open_page, home, language, taken):
    runs = json.dumps(["ngram-001", "gpt-001"])
    page = part(open_page, "reach", {"reach"}, language, contexts="4", **{"predict-runs": runs})
    means = {(row[0], int(row[1])): float(row[2]) for row in cells(taken["reach.csv"])[1:]}
    assert all(means["Triples", place] == 0 for place in range(3, 41)) and means["Triples", 1] > 0
    assert all(means["Tales guessed", place] == 0 for place in range(9, 41)) and means["Tales guessed", 5] > 0
    assert not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_before(open_page, home, language):
    page = part(open_page, "next", {"previous"}, language, run="elmo-001", direction="previous", text="king")
    encoder = Store(home).encoder("elmo-001")
    best = np.argsort(-encoder.previous_word(["king"]), kind="stable")[:15]
    assert list(drawn(page, "previous")["layout"]["yaxis"]["ticktext"]) == [encoder.vocab.words[i] for i in best]
    click(page, "previous", encoder.vocab.index("old" if "old" in encoder.vocab else "the"), 1).run()
    assert page.query_params["text"].endswith(" king")


def test_a_link_to_a_run_opens_what_that_run_can_do(open_page, home):
    page = open_page("predict", run="bert-001")
    assert page.segmented_control("predict_choice").value == "masked"
    assert open_page("predict", run="gone").segmented_control("predict_choice").value == "next"
