"""Into which senses the occurrences are sorted: found by a run, read off a column, or sorted by hand, with undo."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from core.explore.sense_edits import Sorted, by_value
from core.figures.palette import palette
from core.problem import Problem
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import LANGUAGES, _, catalogue, sentence
from pages.widgets.senses_request import Found, Request
from pages.widgets.state import store
from pages.widgets.text import markdown_safe

CLUSTERS = ("kmeans", "agglomerative", "hdbscan")
MOST_VALUES = 40  # different values of a column by which it makes sense to sort
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_WORDS: dict[str, list] = {"words": [], "left": [], "right": []}


@dataclass(frozen=True)
class Sorting:
    """sorted: the senses as they are now, changes by hand included. by: what they were made by; key: of this sorting.
    evidence: of each sense, "words", "left" and "right" as `core.explore.sense_groups.characteristic` has them."""

    sorted: Sorted
    by: str
    key: str
    evidence: list[dict[str, list]]


def ways(request: Request, here: Found) -> Mapping[str, str]:
    """What occurrences can be sorted by, name -> title: labels first where there are some."""
    clusters = {
        "kmeans": _("Clusters: k-means"), "agglomerative": _("Clusters: agglomerative"),
        "hdbscan": _("Clusters: HDBSCAN"),
    }  # fmt: skip
    given = label_sources(request, here)
    labels = {key: name for key, name in given.items() if key == "label"}
    sets = {key: name for key, name in given.items() if key != "label"}
    facets = {"folded": _("Word")} if here.frame["form"].str.lower().nunique() > 1 else {}
    facets |= {
        "form": _("Form"),
        "left": _("Word before"),
        "right": _("Word behind"),
        "place": _("Place in the sentence"),
    }
    columns = {f"column:{name}": _("Column: {name}").format(name=name) for name in here.columns.columns
               if 1 < here.columns[name].nunique() <= MOST_VALUES}  # fmt: skip
    return {**labels, **clusters, **sets, **facets, **columns}


def label_sources(request: Request, here: Found) -> dict[str, str]:
    """Where labels of these occurrences come from, key -> title: the corpus' own, and sets with whose they are."""
    own = {"label": _("Labels of the corpus")} if (here.frame["label"] != "").any() else {}
    names = {each.id: " · ".join(filter(None, [each.name, each.author])) for each in store().labels(request.corpus_id)}
    return own | {f"set:{key}": _("Labels: {name}").format(name=name) for key, name in names.items()}


def labels_of(key: str, here: Found) -> list[str]:
    """The label of each occurrence in one of `label_sources`, "" for none."""
    return here.frame["label"].tolist() if key == "label" else _of_set(key.partition(":")[2], here)


def control(request: Request, here: Found) -> tuple[str, int]:
    """What to sort by, and of clusters how many (0: by silhouette)."""
    default = "folded" if "|" in request.query else ""  # two words at once
    by = choice(st.selectbox, _("Senses by"), ways(request, here), "by", default, width=210)
    if by not in ("kmeans", "agglomerative"):
        return by, 0
    counts = {"0": _("by silhouette")} | {str(n): str(n) for n in range(2, 9)}
    return by, int(choice(st.selectbox, _("How many"), counts, "k", width=140))


def sorting(run: RunRow, request: Request, here: Found, by: str, count: int, layer: int) -> Sorting | None:
    """The senses, or None while they are looked for. layer: that clusters are made by."""
    key = f"{request.key}-{by}" + (f"-{run.id}-{layer}-{count}" if by in CLUSTERS else "")
    first = _first(run, request, here, by, count, layer)
    if first is None:
        return None
    now = _changed(request.corpus_id, key, first)[-1]
    told = answer("sense_words", word=request.word, groups=now.groups)
    if told is None:
        return None
    evidence = told.facts["groups"] or [NO_WORDS]
    if by in CLUSTERS and now == first:
        now = first = replace(first, names=_named(first, evidence))
    st.session_state["senses-first"] = {key: (request.corpus_id, first)}
    return Sorting(now, by, key, evidence)


def _changed(corpus_id: str, key: str, first: Sorted) -> list[Sorted]:
    """The states of a sorting so far; on a new visit what it began with and the last one, which the store has kept."""
    edits = st.session_state.setdefault("senses-edits", {})
    if key not in edits:
        draft = store().draft(corpus_id, key)
        known = draft is not None and len(draft["values"]) == len(first.values)
        edits[key] = [first, Sorted.of(draft, asides())] if draft and known else []
    return edits[key] or [first]


def _first(run: RunRow, request: Request, here: Found, by: str, count: int, layer: int) -> Sorted | None:
    if by in CLUSTERS:
        made = answer("sense_groups", run=run.id, word=request.word, layer=layer, by=by, count=count)
        if made is None:
            return None
        values = made.arrays["groups"].tolist()
        return Sorted(tuple(values), tuple(LETTERS[: max(values, default=-1) + 1]), asides())
    if by.startswith("column:"):
        return by_value(here.columns[by.partition(":")[2]].tolist())
    if by == "label" or by.startswith("set:"):
        return by_value(labels_of(by, here), aside=asides())
    if by == "place":
        thirds = (_("beginning"), _("middle"), _("end"))
        return by_value([thirds[min(2, int(3 * place))] for place in here.frame["place"]])
    column = here.frame["form"].str.lower() if by == "folded" else here.frame[by]
    return by_value(column.tolist())


def asides() -> frozenset[str]:
    """What labels say that name no sense, in whichever language they were given."""
    return frozenset(catalogue(code).gettext(text) for code in LANGUAGES for text in ("both", "undecided"))


def _of_set(label_set: str, here: Found) -> list[str]:
    table = store().label_set(label_set)
    known = dict(zip(zip(table["document"], table["start"], table["end"]), table["label"]))
    places = zip(here.frame["document"], here.frame["begin"], here.frame["end"])
    return [str(known.get(place, "")) for place in places]


def _named(first: Sorted, evidence: list[dict[str, list]]) -> tuple[str, ...]:
    """Clusters by the words that set them apart most; by the surest word before or behind them, one of grammar too,
    where none does; else by a letter."""
    names: list[str] = []
    for letter, each in zip(first.names, evidence):
        sides = [
            *((row[4], f"{row[0]} …") for row in each["left"]),
            *((row[4], f"… {row[0]}") for row in each["right"]),
        ]
        name = " · ".join(row[0] for row in each["words"][:2]) or max(sides, default=(0, letter))[1]
        names.append(name if name not in names else f"{name} {letter}")
    return tuple(names)


def change(key: str, now: Sorted) -> None:
    """Take a change of the senses up; the states before it are kept, to go back to, and it is there after a reload."""
    edits, (corpus_id, first) = st.session_state["senses-edits"], st.session_state["senses-first"][key]
    edits[key] = [*(edits.get(key) or [first])[-50:], now]
    store().keep_draft(corpus_id, key, now.draft())


def undo(key: str) -> None:
    """One change back."""
    edits, (corpus_id, _first) = st.session_state["senses-edits"], st.session_state["senses-first"][key]
    edits[key] = edits[key][:-1] if len(edits[key]) > 2 else []
    store().keep_draft(corpus_id, key, edits[key][-1].draft() if edits[key] else None)


def rename(sorting: Sorting, sense: int, widget: str) -> None:
    """A sense under the name that was typed; under another one's name the two become one."""
    rename_to(sorting, sense, st.session_state[widget])


def rename_to(sorting: Sorting, sense: int, name: str) -> None:
    """A sense under this name."""
    try:
        now = sorting.sorted.renamed(sense, name)
    except Problem as problem:
        st.session_state["senses-said"] = sentence(problem)
        return
    if now != sorting.sorted:
        change(sorting.key, now)


def name_field(sorting: Sorting, i: int, size: int) -> None:
    """The name of a sense, which can be typed over, between its colour and its size."""
    shades, name = palette(frame.mode()).categories, sorting.sorted.names[i]
    widget = f"name-{sorting.key}-{i}-{name}"
    dot, text, number = st.columns([0.12, 1, 0.42], vertical_alignment="center")
    dot.html(f'<span style="color:{shades[i % len(shades)]};font-size:1.4rem;line-height:1">●</span>')
    text.text_input(
        _("Name of the sense"), name, key=widget, label_visibility="collapsed", max_chars=60,
        on_change=rename, args=(sorting, i, widget),
        help=_("Type another name; the name of another sense makes the two one."),
    )  # fmt: skip
    number.markdown(f":gray[{size:,} · {size / max(1, len(sorting.sorted.values)):.0%}]")


def name_button(sorting: Sorting, i: int, name: str) -> None:
    """A name that a sense can have, unless some sense has it."""
    if name and name not in sorting.sorted.names:
        st.button(_("Name it so"), key=f"name-so-{i}", icon=":material/label:", type="tertiary", help=name,
                  on_click=rename_to, args=(sorting, i, name))  # fmt: skip


def undo_button(sorting: Sorting) -> None:
    """Back, where something was changed."""
    changes = len(st.session_state["senses-edits"].get(sorting.key, [])) - 1
    if changes > 0:
        st.button(_("Undo"), icon=":material/undo:", type="tertiary", on_click=undo, args=(sorting.key,),
                  help=_("{n} changes by hand").format(n=changes))  # fmt: skip


def mover(sorting: Sorting, rows: list[int], key: str = "move") -> None:
    """The sense that some occurrences are to have: one of them, a new one, or none. key: of its buttons."""
    now = sorting.sorted
    names = [*now.names, *(name for name in (_("both"), _("undecided")) if name not in now.names)]
    with st.popover(_("Move {n} to …").format(n=len(rows)), icon=":material/drive_file_move:"):
        for i, name in enumerate(names):
            st.button(markdown_safe(name, 40), key=f"{key}-{i}", type="tertiary", on_click=_move,
                      args=(sorting, rows, name))  # fmt: skip
        st.button(_("no sense"), key=f"{key}-none", type="tertiary", on_click=_move, args=(sorting, rows, ""))
        st.text_input(_("a new sense"), key=f"{key}-new", max_chars=60, on_change=_move_new,
                      args=(sorting, rows, f"{key}-new"))  # fmt: skip


def _move(sorting: Sorting, rows: list[int], name: str) -> None:
    change(sorting.key, sorting.sorted.moved(rows, name))


def _move_new(sorting: Sorting, rows: list[int], key: str) -> None:
    name = st.session_state[key].strip()
    if name:
        _move(sorting, rows, name)
    st.session_state[key] = ""
