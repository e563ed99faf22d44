"""The views of attention: what is laid beside what, and the board that draws it."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.answers import Answer
from core.answers.looking import MOST_BYTES
from core.store import RunRow
from pages.widgets import attention, attention_file, attention_scope, frame
from pages.widgets.asking import answer
from pages.widgets.attention import Head
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.space_words import typed
from pages.widgets.state import choose, chosen, store

BOARD = "attention-board"
FIRST = "attention-first"  # what the link said when the board was made


@dataclass(frozen=True)
class Side:
    """One text in one run at one moment, and what it is called beside another."""

    run: RunRow
    moment: int | None
    text: str
    second: str | None = None
    title: str = ""

    def ask(self, method: str, **how: Any) -> Answer | None:
        return answer(method, run=self.run.id, moment=self.moment, first=self.text, second=self.second, **how)


def show(run: RunRow, text: str, second: str | None = None) -> None:
    """Controls, the board, and what can be taken away. second: the other sentence of a pair."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sides, mode, how = _chosen(run, text, second)
    frames = []
    for side in sides:
        found = side.ask("looked", **how, most=MOST_BYTES // len(sides))
        if found is None:
            return
        frames.append((side.title, found))
    _window(frames[0][1])
    name = json.dumps([[side.run.id, side.moment, side.text, side.second] for side in sides] + [how, mode])
    if BOARD not in st.session_state:
        st.session_state[FIRST] = _linked()
    first = st.session_state[FIRST]
    said = partial(attention.message, frames, name=BOARD, text=name, mode=mode)
    state = {**first, **attention.board(said(state=first, theme=frame.mode()), BOARD)}
    _link(state)
    full = attention.in_full(_in_full(sides, frames, mode, state, how), name=BOARD, text=name)
    attention.hand_over(full, f"{BOARD}-full")
    whole = partial(said, state=state, theme="light")
    attention_file.links(sides[0], frames[0][1], tuple(state["picks"][0]), how, lambda: [whole(), full])


def _chosen(run: RunRow, text: str, second: str | None) -> tuple[list[Side], str, dict[str, Any]]:
    """The sides, how they stand ("one", "two", "heads", "time"), and what of each is shown."""
    how = attention_scope.ways(run, second)
    many = len(store().moments(run.id)) > 1
    besides = {
        "": _("nothing"), "heads": _("another head"), "text": _("another sentence"), "run": _("another run"),
        **({"moment": _("another moment"), "time": _("all moments of the training")} if many else {}),
    }  # fmt: skip
    other = choice(st.selectbox, _("Beside it"), besides, "beside", width=230)
    at = attention_scope.moment(run) if many and other != "time" else None
    side = Side(run, at, text, second)
    if other == "time":
        moments = store().moments(run.id)
        named = [Side(run, step, text, second, attention_scope.named(run, step)) for step in moments]
        return named, "time", how
    if other in ("", "heads"):
        return [side], other and "heads" or "one", how
    return _two(side, other), "two", how


def _two(side: Side, other: str) -> list[Side]:
    """A side and another one: by sentence, by moment or by run."""
    run, ends = side.run, attention_scope.END
    if other == "text":
        text = typed(_("The other sentence"), "other", side.text, max_chars=attention_scope.LONGEST_TYPED)
        return [_titled(side, _("left side")), _titled(Side(run, side.moment, text, side.second), _("right side"))]
    if other == "moment":
        first = store().moments(run.id)[0]
        at = attention_scope.moment(run, "at-2", _("The other moment"), ends if side.moment is not None else str(first))
        return [
            _titled(each, attention_scope.named(run, each.moment) if each.moment is not None else _("the end"))
            for each in (side, Side(run, at, side.text, side.second))
        ]
    rows = {
        row.id: row for row in store().runs()
        if row.state in ("done", "stopped") and "Reading" in row.capabilities and row.id != run.id
    }  # fmt: skip
    if not rows:
        st.info(_("There is no other run with attention: train a second one to lay it beside this one."))
        return [side]
    taken = rows[
        choice(st.selectbox, _("The other run"), {key: row.name for key, row in rows.items()}, "run-2", width=240)
    ]
    second = side.second if attention_scope.reads_pairs(taken) else None
    return [_titled(side, run.name), Side(taken, None, side.text, second, taken.name)]


def _titled(side: Side, title: str) -> Side:
    return Side(side.run, side.moment, side.text, side.second, title)


def _window(found: Answer) -> None:
    """Say what of a long text is read."""
    first, last, total = found.facts["window"]
    if last - first < total:
        said = _("The text has {total} words; the model sees words {first} to {last} of them together.")
        st.caption(said.format(total=total, first=first + 1, last=last))


def _in_full(
    sides: list[Side], frames: list[tuple[str, Answer]], mode: str, state: dict[str, Any], how: dict[str, Any]
) -> list[tuple[int, Head, Answer]]:
    """The heads that are looked at, where they were sent rounded or their parts are asked for."""
    neuron, found = state["view"] == "neuron", []
    for place, head in _looked_at(len(sides), mode, state):
        facts = frames[place][1].facts
        layer, number = min(head[0], facts["layers"] - 1), min(head[1], facts["heads"] - 1)
        if (neuron and min(layer, number) < 0) or (not neuron and facts["kind"] == "exact"):
            continue
        full = sides[place].ask("one_head", **how, layer=layer, head=number, parts=neuron)
        if full is not None:
            found.append((place, (layer, number), full))
    return found


def _looked_at(count: int, mode: str, state: dict[str, Any]) -> list[tuple[int, Head]]:
    """Frame and head of everything that is drawn large."""
    picks, view = state["picks"], state["view"]
    if view == "grid":
        return []
    if mode == "time":
        at = state.get("moment")
        return [(count - 1 if at is None else min(at, count - 1), tuple(picks[0]))]
    if view == "neuron":
        return [(0, tuple(picks[0]))]
    if view == "lines":
        return [(place, tuple(head)) for place in range(count) for head in state["heads"]]
    if mode == "heads":
        return [(0, tuple(picks[0])), (0, tuple(picks[1]))]
    return [(place, tuple(picks[0])) for place in range(count)]


def _linked() -> dict[str, Any]:
    """What the link says of the board: view, heads (layer.head from 1 on, 0 for a mean), strongest, moment."""
    view, top, moment = chosen("look") or "", chosen("top") or "", chosen("moment") or ""
    heads = [_head(each) for each in (chosen("heads") or "").split(",") if each]
    picks = [_head(each) for each in (chosen("head") or "").split(",") if each] or heads[:1] or [(0, 0)]
    return {
        "view": view if view in attention.VIEWS else "map", "picks": [picks[0], picks[-1]], "heads": heads or picks[:1],
        "top": min(100, max(5, int(top))) if top.isascii() and top.isdigit() else 100, "piece": 1, "right": 0,
        "moment": int(moment) if moment.isascii() and moment.isdigit() else None,
    }  # fmt: skip


def _head(text: str) -> Head:
    """
    >>> _head("3.2"), _head("3.0"), _head("x")
    ((2, 1), (2, -1), (0, 0))
    """
    layer, _dot, head = text.partition(".")
    if not (layer.isascii() and layer.isdigit() and head.isascii() and head.isdigit()):
        return 0, 0
    return min(int(layer), 99) - 1, min(int(head), 99) - 1


def _link(state: dict[str, Any]) -> None:
    """Write into the link what a person has chosen on the board, so far as it is not what one begins with."""
    names = [f"{layer + 1}.{head + 1}" for layer, head in state["picks"]]
    choose("head", ",".join(dict.fromkeys(names)) if names != ["1.1", "1.1"] else None)
    heads = [f"{layer + 1}.{head + 1}" for layer, head in state["heads"]]
    choose("heads", ",".join(heads) if len(heads) > 1 else None)
    choose("look", state["view"] if state["view"] != "map" else None)
    choose("top", str(state["top"]) if state["top"] != 100 else None)
    choose("moment", None if state.get("moment") in (None, 0) else str(state["moment"]))
