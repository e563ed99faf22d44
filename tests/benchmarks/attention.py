"""The bytes and the seconds of attention on its way to a browser, beside what BertViz writes for the same weights.

python -m tests.benchmarks.attention [--layers 12] [--heads 12] [--tokens 16 64 128 512]

Ours: the message with all heads as the page sends it, made from attention as an encoder returns it (without the
forward pass), and the one with a single head in full. BertViz (Vig 2019, A multiscale visualization of attention in
the transformer model) is asked for its model view where it can be imported; else its bytes are those measured with
version 1.4.1 for weights of this shape: 21 bytes a weight as JSON. The board writes the milliseconds that it draws for
into the page (data-milliseconds).
"""

import argparse
import logging
import time
from typing import Any

import numpy as np

from core.answers.cache import Answer
from core.answers.looking import looked, one_head
from core.answers.work import as_answer
from pages.widgets import attention

BERTVIZ_BYTES = 21  # of a weight, in the HTML of BertViz 1.4.1


class Fake:
    """An encoder that returns the same weights at once."""

    def __init__(self, found: dict[str, np.ndarray]):
        self.found = found

    def read(self, *_text: Any, **_how: Any) -> dict[str, np.ndarray]:
        return self.found


def reading(layers: int, heads: int, tokens: int) -> Fake:
    scores = np.random.default_rng(0).gumbel(size=(layers, heads, tokens, tokens)).astype(np.float32)
    weights = np.exp(2 * scores)
    weights /= weights.sum(-1, keepdims=True)
    word = np.arange(tokens)
    return Fake({"pieces": np.array([f"word{i}" for i in word]), "word": word, "segment": word * 0,
                 "attention": weights, "window": np.array([0, tokens, tokens])})  # fmt: skip


def answered(steps: Any) -> Answer:
    """What a question's generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return as_answer(end.value)


def ours(encoder: Any) -> tuple[int, float, int, float]:
    """Bytes and seconds of all heads, and of one in full."""
    began = time.perf_counter()
    found = answered(looked(encoder, "text"))
    state = {"view": "map", "picks": [[0, 0], [0, 0]], "heads": [[0, 0]], "top": 100, "piece": 1, "right": 0}
    every = attention.message([("", found)], name="b", text="t", mode="one", state=state, theme="light")
    middle = time.perf_counter()
    one = attention.in_full([(0, (0, 0), answered(one_head(encoder, "text", layer=0, head=0)))], name="b", text="t")
    return len(every), middle - began, len(one), time.perf_counter() - middle


def bertviz(encoder: Any) -> tuple[int, str]:
    """Bytes of its model view, and where the number comes from."""
    found = encoder.read()
    try:
        import torch
        from bertviz import model_view
    except ImportError:
        return BERTVIZ_BYTES * found["attention"].size, "21 bytes a weight, as measured"
    layers = tuple(torch.from_numpy(layer)[None] for layer in found["attention"])
    began = time.perf_counter()
    page = model_view(layers, found["pieces"].tolist(), html_action="return").data
    return len(page.encode()), f"made in {time.perf_counter() - began:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--tokens", type=int, nargs="+", default=[16, 64, 128, 512])
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # Streamlit warns of every text that is asked for outside a page
    for tokens in asked.tokens:
        encoder = reading(asked.layers, asked.heads, tokens)
        every, seconds, one, more = ours(encoder)
        theirs, source = bertviz(encoder)
        print(
            f"{asked.layers} x {asked.heads} heads, {tokens:4} tokens: ours {every / 1e6:6.2f} MB in {seconds:.2f} s, "
            f"one head in full {one / 1e6:.2f} MB in {more:.2f} s; BertViz {theirs / 1e6:7.1f} MB ({source}): "
            f"{theirs / every:.0f} times ours",
            flush=True,
        )


if __name__ == "__main__":
    main()
