"""A map of the most frequent words: which method, with which settings, and how far the picture may be believed."""

from collections.abc import Generator
from typing import Any, ClassVar, Literal

import numpy as np

from core.explore.graph import Step, nearest, prepared, within
from core.explore.pca import pca
from core.explore.tsne import LIMIT, tsne
from core.explore.umap import umap
from core.options import Options, option
from core.problem import Problem, marked

LEAST = 10  # words on a map


class ProjectionOptions(Options):
    """What a person chooses before a map is computed."""

    method: Literal["pca", "tsne", "umap"] = option(
        "umap", "Method", "PCA keeps the widest directions and is at once there; UMAP and t-SNE keep neighbourhoods."
    )
    dimensions: Literal[2, 3] = option(2, "Dimensions", "A flat map, or one to turn around.")
    words: int = option(
        5000, "Words", "How many of the most frequent words are on the map. t-SNE takes at most 20,000.",
        low=LEAST, high=50_000, step=500,
    )  # fmt: skip
    metric: Literal["cosine", "euclidean"] = option(
        "cosine", "Distance",
        "Cosine compares directions, Euclidean also lengths. PCA always uses the vectors as they are.", advanced=True,
    )  # fmt: skip
    neighbours: int = option(
        15, "Neighbours (UMAP)",
        "How many words count as a word's neighbourhood: few show detail, many the large picture.",
        low=2, high=200, step=1,
    )  # fmt: skip
    min_dist: float = option(
        0.1, "Smallest distance (UMAP)", "How close two words may lie: small values draw tight clumps.",
        low=0.0, high=0.99, step=0.05,
    )  # fmt: skip
    perplexity: float = option(
        30.0,
        "Perplexity (t-SNE)",
        "About how many words count as a word's neighbourhood.",
        low=2.0,
        high=100.0,
        step=1.0,
    )
    seed: int = option(0, "Seed", "The same seed gives the same map.", low=0, high=2**31 - 1, step=1, advanced=True)

    presets: ClassVar = {"quick": {"words": 2000}, "balanced": {}, "thorough": {"words": 20_000}}


def project(
    vectors: np.ndarray, options: ProjectionOptions
) -> Generator[Step, None, tuple[dict[str, np.ndarray], dict[str, Any]]]:
    """The map of the first options.words of vectors float32 (V, d). Yields shares, phases and early pictures ("xy").

    Returns arrays: xy float32 (n, 2 or 3); sample int32 (s,) and kept float32 (s,): of some words, the share of the 15
    nearest neighbours that the map keeps; for PCA, explained float64 (2 or 3,). Facts: n, k, kept (the mean), chance
    (what a random map would keep), explained (the sum, or None), options (a neighbourhood larger than there are words
    is cut to what there is).
    """
    chosen = np.array(vectors[: options.words], np.float32)
    n, options = len(chosen), _fitting(options, len(chosen))
    explained = None
    if options.method == "pca":
        xy, explained = pca(chosen, options.dimensions, options.seed)
        yield {"xy": xy}
    else:
        xy = yield from _scaled(_laid_out(chosen, options), 0.95)
    yield marked("Comparing the map with the original space")
    sample, kept = yield from within(preservation(chosen, xy, metric=options.metric, seed=options.seed), 0.95, 1.0)
    arrays = {"xy": xy, "sample": sample, "kept": kept, **({} if explained is None else {"explained": explained})}
    k = min(15, n - 1)
    return arrays, {
        "n": n, "k": k, "kept": float(kept.mean()), "chance": k / (n - 1),
        "explained": None if explained is None else float(explained.sum()), "options": options.model_dump(),
    }  # fmt: skip


def _fitting(options: ProjectionOptions, n: int) -> ProjectionOptions:
    """The options with neighbourhoods that n words can have. Problem where n is beyond the method."""
    if n < LEAST:
        raise Problem("A map needs at least {least} words; there are {n}. Lower the minimum count.", least=LEAST, n=n)
    if options.method == "tsne" and n > LIMIT:
        raise Problem("t-SNE maps at most {limit} words here, not {n}; take fewer words, or UMAP.", limit=LIMIT, n=n)
    neighbours, perplexity = min(options.neighbours, n), min(options.perplexity, float((n - 1) // 3))
    return options.model_copy(update={"neighbours": neighbours, "perplexity": perplexity})


def _laid_out(chosen: np.ndarray, options: ProjectionOptions) -> Generator[Step, None, np.ndarray]:
    """The steps of t-SNE or UMAP."""
    if options.method == "umap":
        return umap(chosen, options.dimensions, options.neighbours, options.min_dist, options.metric, options.seed)
    return tsne(chosen, options.dimensions, options.perplexity, options.metric, options.seed)


def _scaled(steps: Generator[Step, None, np.ndarray], end: float) -> Generator[Step, None, np.ndarray]:
    """The steps of a layout as the first part of the whole."""
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            return stop.value
        yield step * end if isinstance(step, float) else step


def preservation(
    vectors: np.ndarray, xy: np.ndarray, k: int = 15, sample: int = 2000, metric: str = "cosine", seed: int = 0
) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
    """How many of a point's k nearest neighbours in vectors (n, d) are still among its k nearest in xy (n, 2 or 3).

    Yields the share done. Returns the places of a sample of points, int32 (s,), sorted, and their shares float32 (s,).
    A random map keeps k / (n - 1).
    """
    n = len(vectors)
    chosen = np.sort(np.random.default_rng(seed).permutation(n)[:sample]).astype(np.int32)
    before, _ = yield from within(nearest(prepared(vectors, metric), k, metric, chosen), 0.0, 0.7)
    after, _ = yield from within(nearest(prepared(xy, "euclidean"), k, "euclidean", chosen), 0.7, 1.0)
    alike = (before[:, :, None] == after[:, None, :]).any(axis=2)
    return chosen, alike.mean(axis=1, dtype=np.float32)


def align(xy: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """float32 (n, d): xy turned, mirrored and moved to lie as near as it can to reference (n, d); never stretched.

    Orthogonal Procrustes (Schönemann 1966), row i of one belonging to row i of the other.
    """
    middle, target = xy.mean(axis=0, dtype=np.float64), reference.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd((xy - middle).T @ (reference - target))
    return ((xy - middle) @ (left @ right) + target).astype(np.float32)
