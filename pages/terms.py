"""What words weigh: ranked with their arithmetic, as pictures, in other company, and asked for by a query."""

import streamlit as st

from pages.widgets import frame, terms_background, terms_picture, terms_ranking, terms_scope, terms_search
from pages.widgets.controls import choice
from pages.widgets.i18n import _

frame.heading(_("Terms"), _("Which words tell a document from the others: how often it uses them, times how few do."))
views = {
    "rankings": _("Rankings"), "picture": _("Picture"), "background": _("Background"), "search": _("Search"),
}  # fmt: skip
view = choice(st.segmented_control, _("View"), views, "terms", required=True, label_visibility="collapsed")
run = frame.run_in_use(having="TermRankings")
if view == "background":
    terms_background.show()
elif run is None:
    terms_scope.empty()
else:
    {"rankings": terms_ranking, "picture": terms_picture, "search": terms_search}[view].show(run)
