"""One word in all its contexts: lines, what goes with it, where it is used, and the documents themselves."""

from pages.widgets import contexts, frame, neighbouring, reader, usage
from pages.widgets.i18n import _

frame.heading(_("Concordance"))
row = frame.corpus_in_use()
if row is None:
    frame.no_corpus()
else:
    view, query = contexts.search()
    if view == "reader":
        reader.show(row, query)
    elif not query.text:
        contexts.empty(row)
        if view == "collocations":
            neighbouring.pairs(row)
    elif view == "trends":
        usage.show(row, query)
    elif view == "collocations":
        neighbouring.show(row, query)
    else:
        contexts.show(row, query)
