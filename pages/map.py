"""The map of words: walk from neighbour to neighbour, and see how far the picture may be believed."""

import streamlit as st

from pages.widgets import frame, mapping
from pages.widgets.i18n import _

frame.heading(_("Map"))
run = frame.run_in_use(having="WordVectors")
if run is None:
    frame.empty(_("No finished run has word vectors yet."), _("Train word2vec"), "pages/train.py")

space = mapping.space(run.id)
search, colour, options = mapping.controls(space)
picture, side = st.columns([2.9, 1], gap="medium")
with picture:
    projection = mapping.projection(run.id, options)
    word = mapping.word_in_use(space)
    selected = mapping.draw(run, space, projection, word, mapping.hits(space, search), colour)
with side:
    mapping.word_panel(space, word)
mapping.selection_table(run, space, projection, selected)
