"""What the picture of a word's senses asks: its places layer by layer, its groups, their evidence, and one sentence.

Of a run, each takes a `Source`, the arguments of `core.answers.senses.senses` as `word`, and JSON.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.cache import Answer
from core.answers.corpora import Steps, opened, plain, table
from core.answers.senses import Source, held, occurrences, senses
from core.answers.senses_change import sense_change, sense_typical
from core.answers.senses_measured import sense_measured
from core.corpus.tokenizers import HIDDEN
from core.encoders.base import ContextVectors, MaskedWord
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

    from core.explore.sense_facets import Keep
    from core.store import Store

Word = Mapping[str, Any]
FEWEST = 3  # occurrences of which a picture is made
NEAREST = 12
BEGINS = 60  # letters by which a document is known
LONGEST_SENTENCE = 80  # words of one that is edited


def sense_occurrences(store: "Store", **word: Any) -> Steps:
    """The occurrences, see `core.explore.senses.Occurrences`. Facts: total, documents, whole, frame and columns as
    lists; where there are none, problem alone."""
    yield marked("Looking up")
    try:
        found = occurrences(store, **word)
    except Problem as problem:
        return {}, {"problem": problem.to_dict()}
    facts = {"total": found.total, "documents": found.documents, "whole": found.whole, "frame": table(found.frame),
             "columns": table(found.columns.fillna("").astype(str))}  # fmt: skip
    return {}, plain(facts)


def sense_facets(
    store: "Store", corpus_id: str, query: str, mode: str = "words", keep: "Keep | None" = None
) -> Steps:  # fmt: skip
    """What the occurrences can be narrowed to. Facts: whole, how many there are without a filter; facets, see
    `core.explore.senses.facets`; documents, how each one listed begins."""
    from core.explore.senses import facets

    yield marked("Counting")
    corpus = opened(store, corpus_id)
    whole, found = facets(corpus, query, mode=mode, keep=keep)
    begins = [" ".join(corpus.documents.slice(int(i), 0, BEGINS).split()) for i in found["document"]["values"]]
    return {}, plain({"whole": whole, "facets": found, "documents": begins})


def sense_map(source: Source, word: Word) -> Steps:
    """Arrays xy float32 (n, S, 2), see `core.explore.sense_layout`; known bool (n,); explained (S,). Facts: kind, n.

    Places of occurrences where the run has no token are not numbers. Where the run has none of them, or too few, there
    is one fact: problem.
    """
    try:
        return (yield from _mapped(source, word))
    except Problem as problem:  # other runs are shown without this one
        return {}, {"problem": problem.to_dict()}


def _mapped(source: Source, word: Word) -> Steps:
    from core.explore.sense_layout import frames

    found = yield from held(source, **word)
    vectors, known = found.arrays["vectors"], found.arrays["known"]
    yield marked("Laying out the layers")
    if known.sum() < FEWEST and found.facts["kind"] == "contextual":
        raise Problem("{n} occurrences are too few for a picture: 3 are needed. Choose a more frequent word, or a "
                      "larger corpus.", n=int(known.sum()))  # fmt: skip
    laid = frames(vectors[known])
    xy = laid.places(vectors)
    xy[~known] = np.nan
    arrays = {"xy": xy, "known": known, "explained": laid.explained.astype(np.float32)}
    return arrays, dict(found.facts)


def sense_groups(source: Source, word: Word, layer: int, by: str = "kmeans", count: int = 0, seed: int = 0) -> Steps:
    """Array groups int32 (n,): see `core.explore.sense_groups.cluster`; -1 also where the run has no token."""
    from core.explore.sense_groups import cluster

    found = yield from held(source, **word)
    vectors, known = found.arrays["vectors"], found.arrays["known"]
    yield marked("Grouping the occurrences")
    groups = np.full(len(known), -1, np.int32)
    groups[known] = cluster(vectors[known, _layer(vectors, layer)], by, count, seed)
    return {"groups": groups}, {}


def sense_told(source: Source, word: Word, layer: int, groups: Sequence[int]) -> Steps:
    """How far apart these groups are, and what sets them apart.

    Arrays separation float32 (S,), the mean silhouette in each layer; and in this layer, float32 (n,): silhouette, and
    likeness, the cosine to the mean of the own group's others (nan without a group).
    """
    from core.explore.sense_groups import likeness, separation
    from core.explore.senses_measures import silhouettes

    found = yield from held(source, **word)
    vectors, coded = found.arrays["vectors"], _coded(groups, found)
    yield marked("Comparing the groups")
    here, mine = vectors[:, _layer(vectors, layer)], np.flatnonzero(coded >= 0)
    apart, near = (np.full(len(coded), np.nan, np.float32) for _ in range(2))
    kinds, dense = np.unique(coded[mine], return_inverse=True)
    if len(mine):
        near[mine] = likeness(here[mine], dense)[np.arange(len(mine)), dense]
    if len(kinds) > 1:
        apart[mine] = silhouettes(here[mine], dense)
    curve = separation(vectors, coded).astype(np.float32)
    return {"separation": curve, "silhouette": apart, "likeness": near}, {}


def sense_words(store: "Store", word: Word, groups: Sequence[int]) -> Steps:
    """Facts groups: of each group, see `core.explore.sense_groups.characteristic`."""
    from core.explore.sense_groups import characteristic

    yield marked("Comparing the groups")
    frame = occurrences(store, **word).frame
    corpus = opened(store, word["corpus_id"])
    skipped = _grammar(corpus.facts["language"]) | {form.lower() for form in frame["form"]} | {*frame["form"]}
    return {}, {"groups": characteristic(_contexts(corpus.vocab, frame), np.asarray(groups), skipped)}


def sense_telling(store: "Store", word: Word, groups: Sequence[int], grammar: bool = False) -> Steps:
    """The words that tell most about these groups, those of grammar only if asked; facts words: see
    `core.explore.sense_sight.telling`."""
    from core.explore.sense_sight import telling

    yield marked("Comparing the groups")
    frame = occurrences(store, **word).frame
    corpus = opened(store, word["corpus_id"])
    skipped = {*frame["form"], *(form.lower() for form in frame["form"])}
    skipped |= set() if grammar else _grammar(corpus.facts["language"])
    return {}, {"words": telling(_contexts(corpus.vocab, frame), np.asarray(groups), skipped)}


def sense_near(source: Source, word: Word, layer: int, row: int) -> Steps:
    """The occurrences most like one of them in a layer: arrays rows int32 (k,), cosines float32 (k,)."""
    from core.explore.senses_measures import unit

    found = yield from held(source, **word)
    vectors, known = found.arrays["vectors"], found.arrays["known"].copy()
    if not 0 <= row < len(known) or not known[row]:
        raise Problem("There is no occurrence {row} with a vector in this run.", row=row)
    rows = unit(vectors[:, _layer(vectors, layer)])
    known[row] = False
    cosines = np.where(known, rows @ rows[row], -np.inf)
    order = np.argsort(-cosines, kind="stable")[: min(NEAREST, int(known.sum()))]
    return {"rows": order.astype(np.int32), "cosines": cosines[order].astype(np.float32)}, {}


def sense_pairs(source: Source, word: Word, first: Sequence[int], second: Sequence[int]) -> Steps:
    """Array cosines float32 (m, S): of pairs of occurrences, in each layer; not a number without a token."""
    from core.explore.senses_measures import unit

    found = yield from held(source, **word)
    yield marked("Comparing the occurrences")
    one, other = np.asarray(first, np.int64), np.asarray(second, np.int64)
    rows = unit(found.arrays["vectors"].astype(np.float64))
    cosines = np.einsum("msd,msd->ms", rows[one], rows[other]).astype(np.float32)
    cosines[~(found.arrays["known"][one] & found.arrays["known"][other])] = np.nan
    return {"cosines": cosines}, {}


def sense_moved(
    source: Source, word: Word, layer: int, groups: Sequence[int], sentence: str, first: int, last: int
) -> Steps:
    """Where the word would stand in another sentence, its characters first..last, and which word of it decides.

    Arrays xy float32 (S, 2) in the frames of `sense_map`; shares float32 (k,), of each group, in this layer; effects
    float32 (t,): how much of the first group's share each word of the sentence, as the corpus has words, brings (by
    leaving it out), nan for the word itself and for hidden ones. Facts words: t; b, the sharpness of the shares. Of
    the sentence the run sees what the word's sight lets it see.
    """
    from core.explore.sense_groups import likeness, shares, sharpness
    from core.explore.sense_layout import frames
    from core.explore.sense_vectors import parts, tokens_at

    encoder = source.encoder
    if not isinstance(encoder, ContextVectors):
        raise Problem("{title} reads no context: a sentence changes nothing there.", title=encoder.title)
    found = yield from held(source, **word)
    vectors, known, coded = found.arrays["vectors"], found.arrays["known"], _coded(groups, found)
    layer = _layer(vectors, layer)
    vocab, sentence, first, last = _in_sight(source, word, sentence, first, last)
    words, places = tokens_at(vocab, sentence, first, last)
    cut = parts(vocab, sentence, places, opened(source.store, word["corpus_id"]).vocab)
    _check_sentence(cut, places)
    yield marked("Reading the sentence")
    left_out = {*places, *(i for i, token in enumerate(words) if token == HIDDEN)}
    kept = [i for i, (_text, tokens) in enumerate(cut) if not {*tokens} & left_out]
    asked = [(words, place) for place in places]
    for out in ({*cut[i][1]} for i in kept):
        shorter = tuple(token for i, token in enumerate(words) if i not in out)
        asked += [(shorter, place - sum(i < place for i in out)) for place in places]
    new = yield from encoder.occurrence_vectors([text for text, _ in asked], [place for _, place in asked])
    new = new.reshape(-1, len(places), *new.shape[1:]).mean(axis=1)
    mine = coded >= 0
    here = vectors[mine, layer]
    b = sharpness(likeness(here, coded[mine]), coded[mine])
    weights = shares(likeness(here, coded[mine], new[:, layer]), b)
    top = int(weights[0].argmax())
    effects = np.full(len(cut), np.nan, np.float32)
    effects[kept] = weights[0, top] - weights[1:, top]
    xy = frames(vectors[known]).places(new[:1])[0]
    return {"xy": xy, "shares": weights[0].astype(np.float32), "effects": effects}, {
        "words": [text for text, _ in cut],
        "b": b,
    }


def sense_substitutes(source: Source, word: Word, groups: Sequence[int]) -> Steps:
    """What the run would put in the word's place; facts groups: see `core.explore.sense_substitutes.substitutes`."""
    from core.explore.sense_substitutes import substitutes

    encoder = source.encoder
    if not isinstance(encoder, MaskedWord):
        raise Problem("{title} guesses no hidden word; choose another run.", title=encoder.title)
    frame = occurrences(source.store, **word).frame
    yield marked("Hiding the word")
    found = yield from substitutes(encoder, encoder.vocab, frame, np.asarray(groups))
    return {}, plain({"groups": found})


def sense_ranking(
    source: Source, corpus_id: str, layer: int = -1, count: int = 60, each: int = 40, seed: int = 0
) -> Steps:
    """The many-sided words of a corpus; see `core.explore.sense_ranking.ranking`. Facts: table, layer, words."""
    from core.explore.sense_ranking import candidates, occurrences, ranking
    from core.explore.sense_vectors import occurrence_vectors

    encoder = source.encoder
    if not isinstance(encoder, ContextVectors):
        raise Problem("{title} reads no context: all its words have one side. Choose another run.", title=encoder.title)
    yield marked("Drawing words")
    corpus = opened(source.store, corpus_id)
    words = candidates(corpus, count, _grammar(corpus.facts["language"]), seed)
    frame, whose = occurrences(corpus, words, each, seed)
    yield marked("Reading the sentences")
    vectors, known, _unread = yield from occurrence_vectors(encoder, encoder.vocab, frame)
    yield marked("Comparing the words")
    layer = _layer(vectors, layer)
    read = [word for i, word in enumerate(words) if (known & (whose == i)).sum() > 2]
    kept = known & np.isin(whose, [words.index(word) for word in read])
    counts = np.array([corpus.vocab.counts[corpus.vocab.index(word)] for word in read])
    coded = np.unique(whose[kept], return_inverse=True)[1]
    found = ranking(vectors[kept, layer], coded, read, counts)
    return {}, plain({"table": table(found), "layer": layer, "words": len(read)})


def _in_sight(source: Source, word: Word, sentence: str, first: int, last: int) -> tuple[Any, str, int, int]:
    """The vocabulary with which the run reads a sentence, and what of the sentence, and where the word is in that."""
    import pandas as pd

    from core.explore.sense_sight import Sight, Veiled, way

    if not word.get("sight"):
        return source.encoder.vocab, sentence, first, last
    rows = pd.DataFrame([{"sentence": sentence, "first": first, "last": last}])
    seen = Sight(**word["sight"]).of(rows, opened(source.store, word["corpus_id"]).vocab).iloc[0]
    vocab = Veiled(source.encoder.vocab, way(source.encoder) == "cut")
    return vocab, str(seen["sentence"]), int(seen["first"]), int(seen["last"])


def _check_sentence(words: Sequence[Any], places: Sequence[int]) -> None:
    if not places:
        raise Problem("The word that the page is about is not in this sentence: put it back.")
    if len(words) > LONGEST_SENTENCE:
        raise Problem("This sentence has {n} words; the limit is {most}: shorten it.", n=len(words),
                      most=LONGEST_SENTENCE)  # fmt: skip


def _coded(groups: Sequence[int], found: Answer) -> np.ndarray:
    """int64 (n,): the groups, -1 where the run has no token."""
    known = found.arrays["known"]
    if len(groups) != len(known):
        raise Problem("{n} groups were given for {m} occurrences: look the word up again.", n=len(groups), m=len(known))
    return np.where(known, np.asarray(groups, np.int64), -1)


def _layer(vectors: np.ndarray, layer: int) -> int:
    """The layer as an index; -1 is the last, and one beyond the last is the last."""
    return int(min(layer if layer >= 0 else vectors.shape[1] + layer, vectors.shape[1] - 1))


def _grammar(language: str | None) -> set[str]:
    from core.corpus.stop_words import LISTS, stop_words

    return {*stop_words(language)} if language in LISTS else set()


def _contexts(vocab: Any, frame: "pd.DataFrame") -> list[tuple[list[str], list[str]]]:
    places = frame[["sentence", "first", "last"]].itertuples(index=False)
    return [(vocab.tokenize(text[:first]), vocab.tokenize(text[last:])) for text, first, last in places]


# name -> the capabilities of which it needs one, and the function of the source
OF_RUNS: dict[str, tuple[tuple[str, ...], Callable[..., Generator[Any, None, Any]]]] = {
    "senses": (("ContextVectors", "WordVectors"), senses),
    "sense_map": (("ContextVectors", "WordVectors"), sense_map),
    "sense_groups": (("ContextVectors", "WordVectors"), sense_groups),
    "sense_told": (("ContextVectors", "WordVectors"), sense_told),
    "sense_near": (("ContextVectors",), sense_near),
    "sense_ranking": (("ContextVectors",), sense_ranking),
    "sense_substitutes": (("MaskedWord",), sense_substitutes),
    "sense_pairs": (("ContextVectors", "WordVectors"), sense_pairs),
    "sense_moved": (("ContextVectors",), sense_moved),
    "sense_change": (("ContextVectors",), sense_change),
    "sense_typical": (("ContextVectors",), sense_typical),
    "sense_measured": (("ContextVectors", "WordVectors"), sense_measured),
}
