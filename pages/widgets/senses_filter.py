"""Occurrences narrowed to values of their facets: a popover to choose them in, and a chip for each that is on."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.answers import Answer
from core.explore.sense_facets import COLUMN, OF_ROWS, Keep
from core.store import CorpusRow
from pages.widgets.asking import answer
from pages.widgets.i18n import _
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe

OF_A_WORD = ("form", "left", "right", "label")  # facets that another word has not
MOST_PILLS = 12  # values that are all shown; more are searched
MOST_CHIPS = 6  # of a facet; more values are one chip
SHORT = 40  # letters of a value on a chip


def kept(row: CorpusRow) -> dict[str, list[Any]]:
    """The filter in the link; what cannot be a filter of this corpus is left out."""
    try:
        asked = json.loads(chosen("keep") or "{}")
    except ValueError:
        asked = {}
    if not isinstance(asked, dict):
        return {}
    columns = {f"{COLUMN}{name}" for name in store().corpus(row.id).table.columns}
    return {facet: values for facet, values in asked.items() if _valid(facet, values, columns)}


def _valid(facet: str, values: Any, columns: set[str]) -> bool:
    if not isinstance(values, list) or not values:
        return False
    if facet == "place":
        return len(values) == 2 and all(isinstance(each, int | float) and math.isfinite(each) for each in values)
    if facet == "capital":
        return all(isinstance(each, bool) for each in values)
    if facet == "document":
        return all(isinstance(each, int) and abs(each) < 2**31 for each in values)
    return (facet in OF_ROWS or facet in columns) and all(isinstance(each, str) for each in values)


def written(filters: Keep) -> str:
    """A filter as JSON, the same for the same; "" for none."""
    return json.dumps(filters, ensure_ascii=False, sort_keys=True) if filters else ""


def keep(filters: Mapping[str, list[Any]]) -> None:
    """Take a filter in use; without facets, none."""
    choose("keep", json.dumps(filters, ensure_ascii=False) if filters else None)
    choose("at", None)  # which is a row of those that were there before


def forget_words() -> None:
    """Another word is looked at: what only the one before had is no filter any more."""
    try:
        asked = json.loads(chosen("keep") or "{}")
    except ValueError:
        asked = {}
    left = asked.items() if isinstance(asked, dict) else ()
    keep({facet: values for facet, values in left if facet not in OF_A_WORD})


def title(facet: str) -> str:
    """What a facet is called."""
    names = {
        "form": _("Form"), "capital": _("Capital letter"), "left": _("Word before"), "right": _("Word behind"),
        "place": _("Place in the sentence"), "label": _("Labels of the corpus"), "document": _("Document"),
    }  # fmt: skip
    return names.get(facet) or _("Column: {name}").format(name=facet.removeprefix(COLUMN))


def shown(facet: str, value: Any) -> str:
    """A value as it is read."""
    if facet == "capital":
        return _("with a capital") if value else _("without")
    if facet == "document":
        return f"#{value + 1}"
    return str(value) or _("none")


def described(filters: Keep) -> str:
    """A filter in a line: "Form: Bank, bank · Place in the sentence: 0–50 %"."""
    return " · ".join(f"{title(facet)}: {_values(facet, values)}" for facet, values in filters.items())


def _values(facet: str, values: Any) -> str:
    if facet == "place":
        return "–".join(f"{100 * value:.0f}" for value in values) + " %"
    text = ", ".join(shown(facet, value)[:SHORT] for value in values[:MOST_CHIPS])
    return text + (" …" if len(values) > MOST_CHIPS else "")


def control(word: Mapping[str, Any], filters: dict[str, list[Any]]) -> None:
    """The popover; what can be chosen in it is counted once it is open. word: of a request, see `Request.word`."""
    place = st.popover(_("Filter"), icon=":material/filter_alt:", key="filter", on_change="rerun")
    if not place.open:
        return
    with place:
        asked: dict[str, Any] = {name: word[name] for name in ("corpus_id", "query", "mode", "keep") if name in word}
        found = answer("sense_facets", **asked)
        if found is None:
            return
        facets = found.facts["facets"]
        order = [*(facet for facet in (*OF_ROWS, "document") if facet in facets),
                 *(facet for facet in facets if facet.startswith(COLUMN))]  # fmt: skip
        facet = st.selectbox(_("Narrow by"), order, format_func=title, key="filter-facet")
        if facet == "place":
            _range(filters)
        else:
            _choice(facet, found, filters)
        if "form" not in facets:
            st.caption(_("There are too many occurrences to read the text around each: narrow them by one of these "
                         "first, and the form and the place can be chosen too."))  # fmt: skip
        if filters:
            st.button(_("Remove all filters"), icon=":material/filter_alt_off:", key="filter-none", on_click=keep,
                      args=({},))  # fmt: skip


def _choice(facet: str, found: Answer, filters: dict[str, list[Any]]) -> None:
    """The values of a facet with how many occurrences the other filters leave of each."""
    told, widget = found.facts["facets"][facet], f"filter-{facet}"
    counts = dict(zip(told["values"], told["counts"]))
    now = filters.get(facet, [])
    st.session_state[widget] = now
    begins = dict(zip(told["values"], found.facts["documents"])) if facet == "document" else {}

    def name(value: Any) -> str:
        begin = f" {begins[value]}" if value in begins else ""
        return f"{shown(facet, value)}{begin} · {counts.get(value, 0):,}"

    values = [*told["values"], *(value for value in now if value not in counts)]
    take = _taker(filters, facet, lambda: st.session_state[widget])
    if len(values) <= MOST_PILLS:
        st.pills(title(facet), values, selection_mode="multi", key=widget, format_func=name, on_change=take,
                 label_visibility="collapsed")  # fmt: skip
    else:
        st.multiselect(title(facet), values, key=widget, format_func=name, on_change=take,
                       placeholder=_("all {n}").format(n=f"{told['distinct']:,}"),
                       label_visibility="collapsed")  # fmt: skip
    if told["distinct"] > len(counts):
        st.caption(_("The {n} most frequent of {all} values.").format(n=len(counts), all=f"{told['distinct']:,}"))


def _range(filters: dict[str, list[Any]]) -> None:
    low, high = filters.get("place", [0.0, 1.0])
    st.session_state["filter-place"] = (int(100 * min(max(low, 0), 1)), int(100 * min(max(high, 0), 1)))

    def taken() -> list[float] | None:
        first, last = st.session_state["filter-place"]
        return None if (first, last) == (0, 100) else [first / 100, last / 100]

    st.slider(_("Where the word begins, in % of the sentence"), 0, 100, step=5, key="filter-place",
              on_change=_taker(filters, "place", taken))  # fmt: skip


def _taker(filters: dict[str, list[Any]], facet: str, taken: Callable[[], Any]) -> Callable[[], None]:
    """Take up what was chosen for a facet; nothing is no filter."""

    def take() -> None:
        values = taken()
        rest = {other: each for other, each in filters.items() if other != facet}
        keep({**rest, facet: list(values)} if values else rest)

    return take


def chips(filters: dict[str, list[Any]]) -> None:
    """What is on, each with a way to take it off."""
    if not filters:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="filters"):
        for facet, values in filters.items():
            rest = {other: each for other, each in filters.items() if other != facet}
            if facet == "place" or len(values) > MOST_CHIPS:
                text = _values(facet, values) if facet == "place" else _("{n} values").format(n=len(values))
                _chip(f"{title(facet)}: {text}", rest, facet)
                continue
            for value in values:
                others = [other for other in values if other != value]
                text = f"{title(facet)}: {shown(facet, value)[:SHORT]}"
                _chip(text, {**rest, facet: others} if others else rest, f"{facet}-{value}")


def _chip(text: str, rest: dict[str, list[Any]], key: str) -> None:
    st.button(markdown_safe(text, 100), icon=":material/close:", key=f"chip-{key}", on_click=keep, args=(rest,),
              help=_("Take this filter off"))  # fmt: skip


def nothing_left(filters: dict[str, list[Any]], whole: int) -> None:
    """No occurrence is left by the filter: which it is, and the way back."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        text = _("None of {n} occurrences is left by this filter: {filter}. Take one off above, or all.")
        st.markdown(text.format(n=f"{whole:,}", filter=markdown_safe(described(filters), 300)))
        st.button(_("Remove all filters"), icon=":material/filter_alt_off:", key="nothing-left", on_click=keep,
                  args=({},))  # fmt: skip
