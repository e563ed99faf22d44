"""What can be asked without a model: maps, clusters, the preview of a file. Each takes the store and JSON."""

from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers import (
    classifying,
    corpora,
    documents,
    evaluation,
    importing,
    labels,
    neighbours,
    predicting,
    reading,
    senses_looking,
    spaces,
    terms,
)
from core.answers.cache import Asked
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.store import Store

Answered = tuple[dict[str, np.ndarray], dict[str, Any]]


def projection(store: "Store", run_id: str, options: Mapping[str, Any]) -> Generator[Any, None, Answered]:
    """A map of a run's most frequent words, see `core.explore.projection.project`; options: of `ProjectionOptions`."""
    from core.explore.projection import ProjectionOptions, project

    return project(store.vectors(run_id), ProjectionOptions(**options))


def clusters(
    store: "Store", run_id: str, words: int = 5000, count: int = 12, metric: str = "cosine", seed: int = 0
) -> Generator[Any, None, Answered]:
    """Groups among a run's `words` most frequent words: arrays labels int32 (n,); facts names, one a group."""
    from core.explore.clusters import clusters as grouped

    yield marked("Grouping words")
    vectors, vocabulary = store.vectors(run_id)[:words], store.vocab(run_id)
    labels, names = grouped(vectors, vocabulary.words, count, metric, seed)
    return {"labels": labels}, {"names": names}


def preview(
    _store: "Store", paths: Sequence[Sequence[str]], settings: Mapping[str, Any]
) -> Generator[Any, None, Answered]:
    """What reading these files, each a path and a name, would give; see `core.corpus.limited.limited_preview`."""
    from core.corpus.limited import limited_preview
    from core.corpus.settings import ReadSettings

    yield marked("Looking into the file")
    return {}, limited_preview([(Path(path), name) for path, name in paths], ReadSettings(**settings))


FUNCTIONS: dict[str, Callable[..., Generator[Any, None, Answered]]] = {
    "projection": projection,
    "clusters": clusters,
    "preview": preview,
    "overview": corpora.overview,
    "concordance": corpora.concordance,
    "all_lines": corpora.all_lines,
    "passage": reading.passage,
    "occurrences": corpora.occurrences,
    "page": reading.page,
    "collocations": corpora.collocations,
    "pairs": corpora.pairs,
    "trends": corpora.trends,
    "keyness": corpora.keyness,
    "labels_found": labels.labels_found,
    "document_terms": terms.document_terms,
    "explained": terms.explained,
    "corpus_terms": terms.corpus_terms,
    "word_documents": terms.word_documents,
    "group_terms": terms.group_terms,
    "term_blocks": terms.term_blocks,
    "term_search": terms.term_search,
    "company": terms.company,
    "pasted": terms.pasted,
    "document_map": documents.document_map,
    "near_documents": documents.near_documents,
    "set_apart": documents.set_apart,
    "classify": classifying.classify,
    "class_words": classifying.class_words,
    "classify_text": classifying.classify_text,
    "decided": classifying.decided,
    "hubs": neighbours.hubs,
    "changed": neighbours.changed,
    "sentence_pairs": predicting.sentence_pairs,
    "passages": predicting.passages,
    "analogy_list": neighbours.analogy_list,
    "sentence": neighbours.sentence,
    "sense_occurrences": senses_looking.sense_occurrences,
    "sense_facets": senses_looking.sense_facets,
    "sense_telling": senses_looking.sense_telling,
    "sense_words": senses_looking.sense_words,
    "compared": spaces.compared,
    "near_in_both": spaces.near_in_both,
    "counted": spaces.counted,
    "pair_lines": spaces.pair_lines,
    "evaluated": evaluation.evaluated,
    "space_shape": evaluation.space_shape,
    "set_preview": evaluation.set_preview,
    "vectors_preview": importing.vectors_preview,
}


def settled(asked: Asked) -> Asked:
    """The question with what else its answer depends on: files may change. Problem for an unknown function."""
    if asked.method not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise Problem(
            "There is no function called {method}; there are: {known}.", method=asked.method[:80], known=known
        )
    if asked.method != "preview":
        return asked
    found = [Path(path).stat() for path, _ in asked.arguments.get("paths", ()) if Path(path).exists()]
    stamps = [[status.st_mtime_ns, status.st_size] for status in found]
    return Asked(asked.method, None, None, {**asked.arguments, "stamps": stamps})


def steps(store: "Store", asked: Asked) -> Generator[Any, None, Answered]:
    """Answer a settled question."""
    arguments = {name: value for name, value in asked.arguments.items() if name != "stamps"}
    return (yield from FUNCTIONS[asked.method](store, **arguments))


def warm() -> None:
    """Load and compile what maps need, so that no click waits for it."""
    from core.explore.projection import ProjectionOptions, project

    vectors = np.random.default_rng(0).standard_normal((300, 8)).astype(np.float32)
    for method in ("umap", "tsne"):
        for _ in project(vectors, ProjectionOptions(method=method)):
            pass
    import sklearn.cluster  # noqa: F401
