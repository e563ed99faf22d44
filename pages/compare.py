"""What sets two texts apart: the words that one uses more than the other, and how sure that is."""

from pages.widgets import comparing, frame
from pages.widgets.i18n import _

frame.heading(_("Compare"), _("Which words mark one corpus, or one group of its documents, against another."))
row = frame.corpus_in_use()
if row is None:
    frame.no_corpus()
else:
    sides = comparing.sides(row)
    if sides is not None:
        comparing.show(row, sides)
