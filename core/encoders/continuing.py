"""How a pre-trained model goes on learning from the text of a corpus: the options of that, declared once.

Gururangan, Marasović, Swayamdipta, Lo, Beltagy, Downey and Smith (2020), Don't stop pretraining: the model's own
objective goes on over text of one domain, in small steps.
"""

from core.encoders.masking import MaskingOptions
from core.options import Options, option


class ContinuingOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"steps": 150}, "balanced": {}, "thorough": {"steps": 3000, "stretch": 128}}
    steps: int = option(600, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    lr: float = option(
        5e-5, "Learning rate", "The size of a step: small, so that what it has learned elsewhere is not lost.",
        low=1e-7, high=0.1, step=0.00001)
    stretch: int = option(64, "Stretch", "Pieces of text that it sees together while it learns; no more than its "
                          "context.", low=8, high=1024, step=16)
    batch: int = option(16, "Batch", "Stretches of text in one step.", low=1, high=256, step=8)
    frozen: int = option(
        0, "Frozen layers", "So many layers from below stay as they were brought, and the embeddings with them. 0: "
        "all of it learns.", low=0, high=48, step=1)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(2, "Threads", "Processor cores to use.", low=1, high=64, step=1, advanced=True)
    # fmt: on


class _Pieces(ContinuingOptions):
    whole_words: bool = option(False, "Whole words", "Hide all pieces of a word together.", advanced=True)


class ContinuingMasked(MaskingOptions, _Pieces):
    """Of a model that guesses hidden words."""


class ContinuingNewHead(ContinuingMasked):
    """Of one whose head for that begins anew: with larger steps (measured on MiniLM: 60 of 0.0005 bring held-out words
    from 7.3 to 5.8 nats, 60 of 0.00005 to 6.7)."""

    presets = {name: {**chosen, "lr": lr} for (name, chosen), lr in zip(
        ContinuingOptions.presets.items(), (0.0005, 0.0003, 0.0002))}  # fmt: skip


class ContinuingPairs(ContinuingMasked):
    """Of one that also tells which sentence follows which."""

    pairs: bool = option(
        True, "Pairs", "Also learn whether the second sentence of a pair follows the first: next sentence prediction. "
        "Documents then need several sentences.",
    )  # fmt: skip
