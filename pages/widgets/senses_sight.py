"""What of its sentence a run may see: a side of the word, and which of the words that tell the sense are hidden."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.encoders import encoder_named
from core.store import RunRow
from pages.widgets import senses_filter
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.senses_cloud import Places
from pages.widgets.senses_request import Bar, Request
from pages.widgets.senses_sorting import Sorting
from pages.widgets.state import choose, chosen
from pages.widgets.text import markdown_safe

MOST = 20  # words that are hidden
NAMED = 12  # of them in a line


def control(run: RunRow, request: Request, sorting: Sorting, laid: Places, bar: Bar) -> Request | None:
    """The popover, in the bar; the request with what the run may see, or None while the telling words are looked for.

    The senses are those of what is seen with everything in sight, so that hiding words changes the run's vectors alone.
    """
    if laid.kind != "contextual":
        return request
    count, side = _count(), _side()
    telling: list[list[Any]] | None = []
    with bar, st.popover(_("In sight"), icon=":material/visibility:", key="sight"):
        side = _sides(run)
        count = st.slider(_("Giveaway words to hide"), 0, MOST, count, key="sight-count", on_change=_counted,
                          help=_("The words of the sentences that tell most about the sense: by their log-odds for one "
                                 "sense against the others, over its error."))  # fmt: skip
        if count:
            grammar = st.toggle(_("Words of grammar too"), key="grammar", bind="query-params")
            telling = _telling(request, sorting, grammar)
            if telling is not None:
                _words(telling[:count], sorting)
    if telling is None:
        return None
    hidden = [row[0] for row in telling[:count] if row[0] not in _back()]
    if side == "both" and not hidden:
        return request
    return replace(request, sight=json.dumps({"side": side, "hidden": hidden}, ensure_ascii=False))


def _count() -> int:
    asked = chosen("hide") or ""
    return min(MOST, int(asked)) if asked.isdigit() else 0


def _counted() -> None:
    count = st.session_state["sight-count"]
    choose("hide", str(count) if count else None)


def _side() -> str:
    asked = chosen("cue") or "both"
    return asked if asked in ("both", "left", "right") else "both"


def _sides(run: RunRow) -> str:
    """The side, chosen; of a run that reads ahead of nothing, what that means."""
    names = {"both": _("Both sides"), "left": _("What is before it"), "right": _("What is behind it")}
    side = choice(st.segmented_control, _("The run sees"), names, "cue", required=True)
    if not getattr(encoder_named(run.encoder), "ahead", True):
        st.caption(_("{title} never sees what is behind a word: before it is all that it sees anyway, and of what is "
                     "behind it nothing.").format(title=_(encoder_named(run.encoder).title)))  # fmt: skip
    return side


def _telling(request: Request, sorting: Sorting, grammar: bool) -> list[list[Any]] | None:
    found = answer("sense_telling", word=request.word, groups=sorting.sorted.groups, grammar=grammar)
    return None if found is None else found.facts["words"]


def _back() -> set[str]:
    """The words that were put back."""
    try:
        found = json.loads(chosen("back") or "[]")
    except ValueError:
        found = []
    return {word for word in found if isinstance(word, str)} if isinstance(found, list) else set()


def _words(rows: list[list[Any]], sorting: Sorting) -> None:
    """The words that are hidden; one that is clicked is put back, or hidden again."""
    if not rows:
        st.caption(_("No word tells these senses apart."))
        return
    names, back = {row[0]: sorting.sorted.names[row[1]] for row in rows}, _back()
    counts = {row[0]: f"{row[2]}:{row[3]}" for row in rows}
    st.session_state["sight-words"] = [word for word in names if word not in back]

    def taken() -> None:
        hidden = {*st.session_state["sight-words"]}
        again = sorted((back - {*names}) | ({*names} - hidden))
        choose("back", json.dumps(again, ensure_ascii=False) if again else None)

    st.pills(_("Hidden; a click puts a word back"), list(names), selection_mode="multi", key="sight-words",
             on_change=taken, format_func=lambda word: f"{word} · {names[word]} {counts[word]}")  # fmt: skip


def described(request: Request, laid: Places) -> str:
    """What the run saw, and what stood for hidden words, in a line; "" with everything in sight."""
    sight = request.seen
    said = {
        "left": _("only what is before the word is in sight"),
        "right": _("only what is behind the word is in sight"),
    }
    parts = [said[sight["side"]]] if sight.get("side") in said else []
    hidden = sight.get("hidden", [])
    if hidden:
        ways = {
            "mask": _("as [MASK]"), "unknown": _("as an unknown word"), "cut": _("by cutting them out"),
        }  # fmt: skip
        words = ", ".join(hidden[:NAMED]) + (" …" if len(hidden) > NAMED else "")
        text = _("{n} words hidden {way}: {words}")
        parts.append(text.format(n=len(hidden), way=ways[laid.hides], words=markdown_safe(words, 300)))
    return " · ".join(parts)


def beside(request: Request, plain: float, here: float) -> str:
    """The separation with everything in sight next to the one without: "0.94 with everything, 0.71 …"."""
    if not request.sight or not np.isfinite([plain, here]).all():
        return ""
    text = _("silhouette **{plain}** with everything, **{value}** {what}")
    return text.format(plain=f"{plain:.2f}", value=f"{here:.2f}", what=_what(request))


def measured(request: Request, names: dict[str, str], whole: dict[str, Answer], here: dict[str, Answer]) -> str:
    """Of each run the mean recall with everything in sight next to the one without, each in its best layer."""
    text, lines = _("**{run}**: mean recall **{plain}** with everything, **{value}** {what}"), []
    for run in [run for run in whole if run in here]:
        plain, value = (float(each[run].facts["verdict"]["recall"]) for each in (whole, here))
        lines.append(text.format(run=markdown_safe(names[run], 40), plain=f"{plain:.2f}", value=f"{value:.2f}",
                                 what=_what(request)))  # fmt: skip
    return "  \n".join(f":material/visibility_off: {line}" for line in lines)


def _what(request: Request) -> str:
    sight = request.seen
    what = [{"left": _("with what is before it"), "right": _("with what is behind it")}.get(sight["side"], "")]
    if sight["hidden"]:
        what.append(_("without the {n} giveaway words").format(n=len(sight["hidden"])))
    return ", ".join(filter(None, what))


def noted(table: pd.DataFrame, request: Request) -> pd.DataFrame:
    """A table to be taken along, with what it was narrowed to and what the run saw, where that is not everything."""
    notes = {"filter": senses_filter.described(request.filters)} if request.filters else {}
    if request.sight:
        notes |= {"sees": request.seen["side"], "hidden": " ".join(request.seen["hidden"])}
    return table.assign(**notes)
