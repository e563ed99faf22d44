"""The parts of the Compare page: two sides chosen, their keywords as bars, as a map of words and as a table."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from core.figures.compare import keyness_bars, keyness_scatter
from core.store import CorpusRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice, several
from pages.widgets.i18n import _
from pages.widgets.plot import Event, Words, plot
from pages.widgets.state import choose, store
from pages.widgets.tables import open_word, word_table
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

MOST_VALUES = 200  # of a column that can be chosen from
SHORT = 20  # characters of a side's name in a picture or a table's head
LABELLED = 400  # words that may be written on the scatter


@dataclass(frozen=True)
class Sides:
    """What is compared: the question's arguments, and what the two sides are called."""

    arguments: dict[str, Any]
    names: tuple[str, str]
    other: str = ""  # the corpus of the second side, if it is another one


def sides(row: CorpusRow) -> Sides | None:
    """Two groups of documents by a column, or another corpus."""
    columns = group_columns(row)
    others = {each.id: each.name for each in store().corpora() if comparable(row, each)}
    ways = ({"groups": _("Two groups of documents")} if columns else {}) | (
        {"corpora": _("Two corpora")} if others else {}
    )
    if not ways:
        st.info(_(
            "This corpus has no column to group its documents by, and no other corpus was cut into words in the same "
            "way. Add one, or read one again with the same tokeniser."
        ))  # fmt: skip
        if st.button(_("Add a corpus"), type="primary", icon=":material/add:"):
            choose("view", "add")
            st.switch_page("pages/corpus.py", query_params={"view": "add"})
        return None
    way = (
        next(iter(ways))
        if len(ways) == 1
        else choice(st.segmented_control, _("Compare"), ways, "way", required=True, label_visibility="collapsed")
    )
    if way == "corpora":
        other = choice(st.selectbox, _("with"), others, "other")
        return Sides({"corpus_id": row.id, "other_id": other}, (row.name, others[other]), other)
    left, middle, right = st.columns(3)
    with left:
        column = choice(st.selectbox, _("Column"), {name: name for name in columns}, "column")
    values = columns[column]
    with middle:
        first = several(_("These documents"), values, "these", f"{row.id}-{column}", values[:1])
    with right:
        rest = [value for value in values if value not in first]
        second = several(_("against"), rest, "against", f"{row.id}-{column}", placeholder=_("all the others"))
    if not first:
        st.info(_("Choose at least one value whose documents are to be compared."))
        return None
    arguments = {"corpus_id": row.id, "column": column, "values": first, "other_values": second}
    return Sides(arguments, (", ".join(first), ", ".join(second) or _("all the others")))


def comparable(row: CorpusRow, other: CorpusRow) -> bool:
    """Whether another corpus has words of the same kind."""
    alike = all(row.facts.get(name) == other.facts.get(name) for name in ("tokenizer", "lowercase"))
    return other.state == "ready" and other.id != row.id and alike and row.facts["tokenizer"] != "pieces"


def group_columns(row: CorpusRow) -> dict[str, list[str]]:
    """The columns with few enough different values to choose from, those with a role first: column → values."""
    corpus = store().corpus(row.id)
    found: dict[str, list[str]] = {}
    for name in corpus.table.columns:
        values = corpus.table[name].dropna().astype(str)
        kinds = values[values != ""].value_counts()
        if 2 <= len(kinds) <= MOST_VALUES and kinds.iloc[0] > 1:
            found[str(name)] = [str(value) for value in kinds.index]
    roles = [corpus.roles[role] for role in ("group", "label") if role in corpus.roles]
    return {name: found[name] for name in sorted(found, key=lambda name: (name not in roles, name))}


def show(row: CorpusRow, chosen: Sides) -> None:
    """The keywords of both sides."""
    with st.popover(_("Thresholds"), icon=":material/tune:"):
        least = st.number_input(
            _("Occurrences in both together, at least"), 1, 10_000, 5, key="least", bind="query-params"
        )
        within = st.number_input(
            _("Documents with the word, at least"), 1, 1000, 1, key="documents-with", bind="query-params"
        )
    found = answer("keyness", **chosen.arguments, min_count=int(least), min_documents=int(within))
    if found is None:
        return
    facts, table = found.facts, pd.DataFrame(found.facts["table"])
    if table.empty:
        st.info(_("No word occurs often enough on the two sides: lower the thresholds."))
        return
    _numbers(facts, chosen.names)
    names = (_short(chosen.names[0]), _short(chosen.names[1]))
    bars, scatter = st.columns([1, 1.25], gap="large")
    with bars:
        figure = keyness_bars(
            table, mode=frame.mode(), title=_("Keywords"), x_title=_("log-likelihood G²"), names=names, top=18
        )
        _lead(plot(figure, key="key-bars", height=560), table, row, chosen)
    with scatter:
        figure = keyness_scatter(
            table, mode=frame.mode(), title=_("All words"), x_title=_("log-ratio (1: twice as frequent)"),
            y_title=_("log-likelihood G²"), names=names, level_name=_("key from here on"),
        )  # fmt: skip
        words = [str(word) for word in table["word"].iloc[_by_sureness(table)]]
        labels = Words(text=words, order=list(range(min(LABELLED, len(words)))))
        _lead(plot(figure, key="key-scatter", height=560, labels=labels), table, row, chosen)
    st.caption(_(
        "Log-likelihood says how sure the difference is, the log-ratio how large. Words are key below a false "
        "discovery rate of 5 %. Words of one document come together, so look also at how many documents hold the word."
    ))  # fmt: skip
    word_table(table, "key-table", _columns(names), file="keywords", corpus=row.id)


def _numbers(facts: dict[str, Any], names: tuple[str, str]) -> None:
    *sides, last = st.columns([2, 2, 1.2], vertical_alignment="bottom")
    for column, name, tokens, documents in zip(sides, names, facts["tokens"], facts["documents"]):
        size = _("{tokens} tokens in {n} documents").format(tokens=count(tokens), n=f"{documents:,}")
        column.markdown(f"**{markdown_safe(name)}**  \n:gray[{size}]")
    last.caption(_("{key} of {n} words are key.").format(key=f"{facts['key']:,}", n=f"{facts['words']:,}"))


def _by_sureness(table: pd.DataFrame) -> Any:
    """The rows in the order in which the scatter draws them."""
    return (-table["log_likelihood"].abs()).argsort(kind="stable").to_numpy()


def _lead(event: Event, table: pd.DataFrame, row: CorpusRow, chosen: Sides) -> None:
    """A word that was clicked: its contexts on the side that it marks."""
    if not event.fresh or event.clicked is None:
        return
    here = table["log_likelihood"].iloc[event.clicked] >= 0 or not chosen.other
    open_word(str(table["word"].iloc[event.clicked]), row.id if here else chosen.other)


def _short(name: str) -> str:
    return name if len(name) <= SHORT else name[: SHORT - 1] + "…"


def _columns(names: tuple[str, str]) -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    first, second = names
    return {
        "word": text(_("word")), "log_likelihood": number("G²", format="%.1f"),
        "log_ratio": number(_("log-ratio"), format="%.2f"), "count": number(first, format="localized"),
        "count_other": number(second, format="localized"),
        "per_million": number(_("per million: {name}").format(name=first), format="%.1f"),
        "per_million_other": number(_("per million: {name}").format(name=second), format="%.1f"),
        "documents": number(_("documents: {name}").format(name=first), format="localized"),
        "documents_other": number(_("documents: {name}").format(name=second), format="localized"),
        "q": number(_("false discovery rate"), format="%.2g"),
    }  # fmt: skip
