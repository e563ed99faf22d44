"""What the numbers of a vector stand for: a word each in one-hot, a mixture in latent semantic analysis; the counts
that GloVe learns from; and the tree that word2vec's hierarchical softmax guesses words along."""

from pages.widgets import cooccurrences, frame, paths, spaces
from pages.widgets.i18n import _

frame.heading(_("Dimensions"), _("What the numbers of a word's vector stand for."))
run = frame.run_in_use(having=("Dimensions", "Distances", "Cooccurrences", "Paths"))
if run is None:
    frame.empty(_("No finished run has dimensions that can be read yet."), _("Train LSA"), "pages/train.py")
elif "Distances" in run.capabilities:
    spaces.distances(run)
elif "Cooccurrences" in run.capabilities:
    cooccurrences.show(run)
elif "Paths" in run.capabilities:
    paths.show(run)
else:
    spaces.dimensions(run)
