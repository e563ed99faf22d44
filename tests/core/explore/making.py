"""Word counts of small documents, and documents whose classes are known."""

import numpy as np

from core.explore.sparse import Sparse, word_counts


def counted(texts: list[str], words: list[str] | None = None) -> tuple[Sparse, list[str]]:
    """The counts of texts cut at spaces, and the words in alphabetical order (or those given)."""
    words = words or sorted({word for text in texts for word in text.split()})
    ids = [[words.index(word) for word in text.split() if word in words] for text in texts]
    offsets = np.cumsum([0, *map(len, ids)])
    return word_counts(np.array([i for document in ids for i in document], np.int32), offsets, len(words)), words


def topics(documents: int = 120, classes: int = 3, mixed: float = 0.3, seed: int = 0) -> tuple[list[str], list[str]]:
    """Texts of 12 words, most of a document's own topic, and the topics."""
    random, texts, labels = np.random.default_rng(seed), [], []
    for i in range(documents):
        topic = i % classes
        own = random.random(12) > mixed
        texts.append(" ".join(
            f"{'abcdefgh'[topic]}{random.integers(20)}" if mine else f"common{random.integers(10)}" for mine in own
        ))  # fmt: skip
        labels.append(f"topic {'abcdefgh'[topic]}")
    return texts, labels
