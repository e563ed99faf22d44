"""Senses: every occurrence of a word as a point, laid out by what a run makes of its context."""

from pages.widgets import frame, senses
from pages.widgets.i18n import _

frame.heading(_("Senses"), _("One word, every place where it stands, and how far apart its meanings lie."))
senses.show()
