"""Is attention an explanation? Attention, rollout and flow beside what a word truly does to one guess."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.figures.attention_numbers import layer_lines, piece_rows
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_sample import sample
from pages.widgets.attention_numbers_words import word_in_use
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.space_words import number
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

FEWEST = 5  # texts of a line: flow is of short ones alone
NONE = np.zeros((1, 4))


def kinds() -> dict[str, str]:
    return {"raw": _("attention"), "rollout": _("rollout"), "flow": _("flow")}


def references() -> dict[str, str]:
    return {"blank": _("blank-out"), "slope": _("gradient")}


def show(run: RunRow, text: str) -> None:
    """One guess in this text, then one in each sentence of a sample."""
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        _one(run, text)
    with right:
        _many(run)
    _told()


def _one(run: RunRow, text: str) -> None:
    st.markdown(_("**One guess** :gray[what each measure holds to matter for it]"))
    at = word_in_use(run, text)
    if at is None:
        return
    found = answer("guess_explained", run=run.id, text=text, at=at)
    if found is None:
        return
    facts, arrays = found.facts, found.arrays
    layers = len(arrays["raw"])
    layer = number(_("Up to layer"), "explained-layer", 1, layers, layers) if layers > 1 else 1
    layer = min(layer, layers)
    said = _("The guess: **{word}**, with a probability of {chance}.")
    st.markdown(said.format(word=markdown_safe(facts["guess"]), chance=f"{facts['chance']:.1%}"))
    rows = {name: arrays[key] for key, name in references().items()}
    rows |= {name: arrays[key][layer - 1] for key, name in kinds().items() if key in arrays}
    figure = piece_rows(rows, facts["pieces"], arrays["compared"].astype(bool), mode=frame.mode(),
                        title=_("What matters for the guess, piece by piece"))  # fmt: skip
    plot(figure, key=f"explained-{run.id}", height=60 + 44 * len(rows))
    _agreement(facts, layer)
    if "flow" not in arrays:
        st.caption(_("Flow is measured for texts of up to 40 pieces."))
    table = pd.DataFrame({"piece": facts["pieces"]} | {
        key: arrays[key][layer - 1] if arrays[key].ndim > 1 else arrays[key] for key in (*references(), *kinds())
        if key in arrays
    })  # fmt: skip
    csv_button(table, "explained", f"explained-csv-{run.id}")


def _agreement(facts: dict[str, Any], layer: int) -> None:
    """Spearman of each kind with each reference, for this text."""
    names = kinds()
    rows = [
        {"kind": names[kind], **{key: each[key][layer - 1] for key in references()}}
        for kind, each in facts["spearman"].items()
    ]
    columns: dict[str, Any] = {"kind": _("Spearman's ρ with")} | {
        key: st.column_config.NumberColumn(name, format="%.2f") for key, name in references().items()
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, height="content", width=380)
    st.caption(_("Over {n} pieces: of so few, ρ is a rough number. The sample beside says more.").format(n=facts["n"]))


def _many(run: RunRow) -> None:
    st.markdown(_("**Many guesses** :gray[Spearman's ρ, the mean over sentences with its 95 % interval]"))
    texts = sample(run, (20, 50, 100), 20)
    found = answer("explained_over", run=run.id, texts=texts)
    if found is None:
        return
    for key, name in references().items():
        told = {label: found.arrays.get(f"{kind}_{key}", NONE) for kind, label in kinds().items()}
        lines = {label: values[:, :3] for label, values in told.items() if values[:, 3].min() >= FEWEST}
        figure = layer_lines(lines, mode=frame.mode(), title=_("Agreement layer by layer"), x_title=_("layer"),
                             y_title=_("ρ with {name}").format(name=name))  # fmt: skip
        plot(figure, key=f"agreement-{key}-{run.id}", height=250)
    _counted(found)


def _counted(found: Answer) -> None:
    said = _(
        "One guess in each of {n} sentences, over {pieces} pieces each on average; flow in the {short} of at most 20 "
        "pieces."
    )
    facts = found.facts
    st.caption(said.format(n=facts["texts"], pieces=f"{facts['pieces']:.1f}", short=facts["flowed"]))
    columns = ["kind", "layer", "mean", "low", "high", "texts"]
    rows = [[name, layer + 1, *row] for name, values in found.arrays.items() for layer, row in enumerate(values)]
    csv_button(pd.DataFrame(rows, columns=columns), "agreement", "agreement-csv")


def _told() -> None:
    with st.expander(_("What is compared, and what was found elsewhere"), icon=":material/menu_book:"):
        st.markdown(_(
            "**Attention** is what the piece that guesses looks at in one layer, the mean over its heads. **Rollout** "
            "(Abnar and Zuidema 2020) follows it through all layers below: A = 0.5 W + 0.5 I in each, since half of "
            "what a piece is comes to it past attention, and the product over layers. **Flow** takes the same weights "
            "as the width of pipes: the most that can come from each piece.\n\n"
            "Against these stand two measures of what a piece truly does: **blank-out**, how much the probability of "
            "the guess changes when the piece is made unknown ([MASK] for BERT); and the **gradient**, how steeply it "
            "changes with what goes in there. Spearman's ρ says whether they rank the pieces alike: 1 the same, 0 "
            "nothing in common. Special symbols are left out, and what is to be guessed.\n\n"
            "On a model of six layers that told the number of a verb, Abnar and Zuidema found for ρ with blank-out in "
            "layers 1 to 6: attention .69 .10 −.11 −.09 .20 .29, rollout .32 .38 .51 .62 .70 .71, flow .32 .44 .70 .70 "
            ".71 .70: deep in a network, plain attention says little of where a guess comes from. On DistilBERT all "
            "three stayed near .1 (ρ with gradients).\n\n"
            "The GPT of Shakespeare's letters that ships shows the same, over 50 sentences of Grimm's tales, in "
            "layers 1 to 3: attention .59 .61 .58, rollout .59 .73 .72 (± .04)."
        ))  # fmt: skip
