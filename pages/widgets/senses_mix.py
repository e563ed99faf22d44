"""Which layers tell the senses apart when all are weighed together: the learned mix, as bars and in a sentence."""

import numpy as np
import streamlit as st

from core.answers import Answer
from core.figures import senses_measures as figures
from pages.widgets import frame
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.text import markdown_safe


def show(found: dict[str, Answer], names: dict[str, str], key: str) -> None:
    """The weights of each run with several layers, by run; what could not be learned says why."""
    curves, told = [], []
    for series, (run_id, each) in enumerate(found.items()):
        known, name = each.facts["mix"], markdown_safe(names[run_id], 40)
        if known is None:
            continue
        if "problem" in known:
            st.caption(f":material/error: **{name}**: {sentence(known['problem'])}")
            continue
        values, low, high = (np.array(known[part], np.float64) for part in ("weights", "low", "high"))
        curves.append(figures.Layers(names[run_id], values, low, high, series))
        told.append(_("**{run}**: centre of gravity at layer {centre} of {last}, most weight on layer {most}").format(
            run=name, centre=f"{known['centre']:.1f}", last=len(values) - 1, most=int(values.argmax())))  # fmt: skip
    if not curves:
        return
    st.markdown(_("Which layers the senses need: {runs}").format(runs=" · ".join(told)))
    drawn = figures.weights(curves, mode=frame.mode(), title=_("Weights of the layers in the learned mix"),
                            x_title=_("layer"), y_title=_("weight"))  # fmt: skip
    plot(drawn, f"measured-weights-{key}", height=230)
    st.caption(_told(all(each.facts["mix"].get("by_document", True) for each in found.values() if each.facts["mix"])))


def _told(by_document: bool) -> str:
    text = _("The learned mix is ELMo's (Peters et al. 2018, equation 1): all layers at once, each with a weight that "
             "was learned for telling these senses apart. So its vectors have seen labels, as those of no other row "
             "have: labels of the other folds, never of whom is judged. Thin lines: the least and the most of the "
             "folds.")  # fmt: skip
    parted = _("No document is in two folds.") if by_document else _("The text is one document, parted by occurrence.")
    return f"{text} {parted}"
