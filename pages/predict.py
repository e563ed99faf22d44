"""What language models expect: next, before, in a gap; their surprise at a text, and all of them side by side."""

import streamlit as st

from pages.widgets import (
    frame,
    guessing,
    predict_beside,
    predict_bits,
    predict_masked,
    predict_pair,
    predict_reach,
    translating,
)
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.predict_runs import able, fitting, nobody

frame.heading(_("Predict"), _("What a model expects after your text, in its gaps, and how surprised it would be."))
# part: its name, the capability that it needs, and what shows it, of the run in use
parts = {
    "next": (_("Next word"), "NextWord", guessing.next_word),
    "surprise": (_("Surprise"), "NextWord", guessing.surprise),
    "write": (_("Write on"), "NextWord", guessing.write),
    "order": (_("Seen before?"), "Chain", guessing.seen),
    "masked": (_("Hidden word"), "MaskedWord", predict_masked.masked),
    "pair": (_("Next sentence"), "NextSentence", predict_pair.pair),
    "translate": (_("Translate"), "Translation", translating.translate),
}
# and of many runs
together = {
    "beside": (_("Side by side"), "NextWord", predict_beside.side_by_side),
    "bits": (_("Bits and perplexity"), "NextWord", predict_bits.bits),
    "reach": (_("How far back?"), "NextWord", predict_reach.reach),
}
names = {name: title for name, (title, *_more) in (parts | together).items()}
first = fitting({name: capability for name, (_title, capability, _show) in parts.items()})
view = choice(st.segmented_control, _("View"), names, "predict", first, required=True, label_visibility="collapsed")
capability = (parts | together)[view][1]
if not able(capability):
    nobody(capability)
elif view in together:
    together[view][2]()
elif (run := frame.run_in_use(having=capability)) is not None:
    parts[view][2](run)
