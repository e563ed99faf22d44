"""Which weights of a folder in Hugging Face's layout are which of ours, and in which shape they must come.

Three layouts: BERT's (RoBERTa's is the same but for its head), DistilBERT's, GPT-2's. Names are those of the published
weights, without the prefix that says whose they are. Needs no torch.

Shapes: V pieces that the file has, D width, I inner width, C context.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

MODELS = ("bert", "roberta", "distilbert", "gpt2")
PREFIXES = {"bert": "bert.", "roberta": "roberta.", "distilbert": "distilbert.", "gpt2": "transformer."}
OLD = {".gamma": ".weight", ".beta": ".bias"}  # how the norms of the oldest files call theirs
RESERVED = {"roberta": 2}  # positions before the first: that of padding, and one that no text has
HEAD_SCALE = 1.0
"""How long what a new head compares with words is, by each of its numbers, at first."""
Layout = dict[str, tuple[str, ...]]  # one of our parts: the names it is made of
_BERT: Layout = {
    "query_key_value": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "join": ("attention.output.dense",), "norm_attention": ("attention.output.LayerNorm",),
    "mlp.0": ("intermediate.dense",), "mlp.2": ("output.dense",), "norm_mlp": ("output.LayerNorm",),
}  # fmt: skip
_DISTILBERT: Layout = {
    "query_key_value": ("attention.q_lin", "attention.k_lin", "attention.v_lin"),
    "join": ("attention.out_lin",), "norm_attention": ("sa_layer_norm",),
    "mlp.0": ("ffn.lin1",), "mlp.2": ("ffn.lin2",), "norm_mlp": ("output_layer_norm",),
}  # fmt: skip
_GPT2: Layout = {
    "query_key_value": ("attn.c_attn",), "join": ("attn.c_proj",), "norm_attention": ("ln_1",),
    "mlp.0": ("mlp.c_fc",), "mlp.2": ("mlp.c_proj",), "norm_mlp": ("ln_2",),
}  # fmt: skip
_BLOCKS = {"bert": ("encoder.layer.", _BERT), "roberta": ("encoder.layer.", _BERT),
           "distilbert": ("transformer.layer.", _DISTILBERT), "gpt2": ("h.", _GPT2)}  # fmt: skip
_WORDS = {"bert": "embeddings.word_embeddings.weight", "gpt2": "wte.weight"}
_POSITIONS = {"bert": "embeddings.position_embeddings.weight", "gpt2": "wpe.weight"}
_HEADS = {"bert": ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
          "roberta": ("lm_head.dense", "lm_head.layer_norm", "lm_head.bias"),
          "distilbert": ("vocab_transform", "vocab_layer_norm", "vocab_projector.bias")}  # fmt: skip
OUTPUTS = {"bert": "cls.predictions.decoder.weight", "roberta": "lm_head.decoder.weight",
           "distilbert": "vocab_projector.weight", "gpt2": "lm_head.weight"}  # fmt: skip
"""The output layer, which must be the embedding again if it is there."""
ALIASES = {"cls.predictions.decoder.bias": "cls.predictions.bias", "lm_head.decoder.bias": "lm_head.bias"}
"""Other names under which a bias of the output layer is found."""
_PAIR = {"pool": "pooler.dense", "next": "cls.seq_relationship"}


@dataclass(frozen=True)
class Part:
    """One of our weights: the names it is made of, joined along their outputs, and the shape that each must have.

    rows: what its rows are, "pieces" (of the vocabulary), "positions", "follows" (of which ours has the other order) or
    "" for none of these. turned: the file has inputs first.
    """

    name: str
    sources: tuple[str, ...]
    shape: tuple[int, ...]
    rows: str = ""
    turned: bool = False


def parts(model: str, sizes: Any, pieces: int, names: set[str]) -> Iterator[Part]:
    """Every weight of a model of these sizes (layers, width, inner, context) whose embedding has `pieces` rows.

    names: those of the file; of its heads, those that are there whole (see `heads`).
    """
    width, family = sizes.width, "gpt2" if model == "gpt2" else "bert"
    yield Part("embedding", (_WORDS[family],), (pieces, width), "pieces")
    yield Part("position", (_POSITIONS[family],), (sizes.context + RESERVED.get(model, 0), width), "positions")
    yield from (
        _norm("norm", "ln_f", width) if family == "gpt2" else _norm("norm_embedding", "embeddings.LayerNorm", width)
    )
    if model in ("bert", "roberta"):
        segments = 2 if model == "bert" else 1
        yield Part("segment", ("embeddings.token_type_embeddings.weight",), (segments, width), "segments")
    for layer in range(sizes.layers):
        yield from _block(model, layer, width, sizes.inner)
    guesses, follows = heads(model, names)
    if guesses:
        dense, norm, bias = _HEADS[model]
        yield from _linear("transform.0", (dense,), width, width, False)
        yield from _norm("transform.2", norm, width)
        yield Part("bias", (bias,), (pieces,), "pieces")
    if follows:
        yield from _linear("pool", (_PAIR["pool"],), width, width, False)
        yield Part("next.weight", (f"{_PAIR['next']}.weight",), (2, width), "follows")
        yield Part("next.bias", (f"{_PAIR['next']}.bias",), (2,), "follows")


def heads(model: str, names: set[str]) -> tuple[bool, bool]:
    """Whether a file with these names can guess masked words, and whether it can tell if a sentence follows another."""
    if model == "gpt2":
        return False, False
    dense, norm, bias = _HEADS[model]
    guesses = {f"{dense}.weight", f"{dense}.bias", f"{norm}.weight", f"{norm}.bias", bias} <= names
    pair = {f"{name}.{kind}" for name in _PAIR.values() for kind in ("weight", "bias")}
    return guesses, model == "bert" and pair <= names


def new_head(words: int, width: int) -> dict[str, np.ndarray]:
    """A head of masked words, for weights without one: it compares the stream, all but unchanged, with each word."""
    return {
        "transform.0.weight": np.eye(width, dtype=np.float32), "transform.0.bias": np.zeros(width, np.float32),
        "transform.2.weight": np.full(width, HEAD_SCALE, np.float32), "transform.2.bias": np.zeros(width, np.float32),
        "bias": np.zeros(words, np.float32),
    }  # fmt: skip


def below(name: str, layers: int) -> bool:
    """Whether one of our weights belongs to the embeddings or to the lowest `layers` blocks; none does to 0 of them."""
    if name.startswith("blocks."):
        return int(name.split(".")[1]) < layers
    return layers > 0 and name.startswith(("embedding", "position", "segment", "norm_embedding"))


def bare(model: str, name: str) -> str:
    """The name of a weight without what says whose it is, as it is called today."""
    for old, new in OLD.items():
        if name.endswith(old):
            name = name.removesuffix(old) + new
    return name.removeprefix(PREFIXES[model])


def _block(model: str, layer: int, width: int, inner: int) -> Iterator[Part]:
    begin, layout = _BLOCKS[model]
    turned = model == "gpt2"
    sizes = {"query_key_value": (width, 3 * width if turned else width), "join": (width, width),
             "mlp.0": (width, inner), "mlp.2": (inner, width)}  # fmt: skip
    for part, sources in layout.items():
        name, names = f"blocks.{layer}.{part}", tuple(f"{begin}{layer}.{source}" for source in sources)
        yield from _linear(name, names, *sizes[part], turned) if part in sizes else _norm(name, names[0], width)


def _linear(name: str, sources: tuple[str, ...], inputs: int, outputs: int, turned: bool) -> Iterator[Part]:
    shape = (inputs, outputs) if turned else (outputs, inputs)
    yield Part(f"{name}.weight", tuple(f"{source}.weight" for source in sources), shape, turned=turned)
    yield Part(f"{name}.bias", tuple(f"{source}.bias" for source in sources), (outputs,))


def _norm(name: str, source: str, width: int) -> Iterator[Part]:
    yield from (Part(f"{name}.{kind}", (f"{source}.{kind}",), (width,)) for kind in ("weight", "bias"))
