"""Which words stand near a word: in one space or several, by analogy and arithmetic, in a matrix, to a sentence."""

import streamlit as st

from pages.widgets import (
    frame,
    neighbour_analogies,
    neighbour_list,
    neighbour_matrix,
    neighbour_sentence,
    neighbour_sums,
    neighbour_words,
)
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Neighbours"))
views = {
    "words": (_("Nearest words"), neighbour_words.show), "analogy": (_("Analogy"), neighbour_analogies.show),
    "sum": (_("Arithmetic"), neighbour_sums.show), "list": (_("List of analogies"), neighbour_list.show),
    "matrix": (_("Matrix"), neighbour_matrix.show), "sentence": (_("Sentence"), neighbour_sentence.show),
}  # fmt: skip
names = {name: title for name, (title, _show) in views.items()}
view = choice(st.segmented_control, _("View"), names, "near", required=True, label_visibility="collapsed")
run = frame.run_in_use(having="WordVectors")
if run is None:
    frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")
else:
    views[view][1](run)
