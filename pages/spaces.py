"""Spaces: words on axes that a person names, two spaces laid upon each other, and what a space is made of."""

import streamlit as st

from pages.widgets import frame, space_axes, space_compare, space_counting, space_history, space_split
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(
    _("Spaces"), _("Words on axes that you name, two spaces laid upon each other, and what a space is made of.")
)
views = {
    "axes": (_("Semantic axes"), space_axes.show), "compare": (_("Two spaces"), space_compare.show),
    "counting": (_("Only counting"), space_counting.show), "split": (_("Split a word"), space_split.show),
    "history": (_("The history"), space_history.show),
}  # fmt: skip
names = {name: title for name, (title, show) in views.items()}
view = choice(st.segmented_control, _("View"), names, "space", required=True, label_visibility="collapsed")
views[view][1]()
