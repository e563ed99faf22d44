"""The live view of a run: what it is doing, how long it will take, its loss, its map and its nearest neighbours, as they form."""

import streamlit as st

from core.figures import curves, word_map
from core.jobs import ensure_supervisor
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import count, duration

ACTIVE = ("queued", "running", "paused")
TICK_SECONDS = 1.0


def state_name(state: str) -> str:
    """A run's state in the reader's language."""
    return {
        "queued": _("waiting"),
        "running": _("running"),
        "paused": _("paused"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("failed"),
    }[state]


def watched() -> str | None:
    """The run to watch: the chosen one, else one that is at work, else the newest."""
    runs = store().runs()
    ids = [run.id for run in runs]
    if chosen("watch") in ids:
        return chosen("watch")
    return next((run.id for run in runs if run.state in ACTIVE), None)


def queue() -> None:
    """The other runs that wait or work, each a click away."""
    others = [run for run in store().runs() if run.state in ACTIVE and run.id != watched()]
    if not others:
        return
    with st.container(horizontal=True):
        for run in others:
            label = f"{run.name} · {state_name(run.state)}"
            st.button(label, key=f"watch-{run.id}", type="tertiary", on_click=choose, args=("watch", run.id))


def show(run_id: str) -> None:
    """The live view, ticking while the run is at work."""
    run = store().run(run_id)
    if run is None:
        st.warning(_("There is no such run; it may have been deleted. Choose another on the Runs page."))
        return
    choose("watch", run_id)
    active = run.state in ACTIVE
    st.fragment(_panel, run_every=TICK_SECONDS if active else None)(run_id, active)


def _panel(run_id: str, was_active: bool) -> None:
    run = store().run(run_id)
    if run is None or (was_active and run.state not in ACTIVE):
        st.rerun()
    if run.state in ACTIVE:
        ensure_supervisor(store())
    with st.container(border=True):
        _head(run)
        _progress(run)
        left, right = st.columns([1, 1.35], gap="medium")
        with left:
            _loss(run)
            _probes(run)
        with right:
            _map(run)


def _head(run: RunRow) -> None:
    name, speed, loss, held, buttons = st.columns([2.2, 1.1, 1, 1, 1.3], vertical_alignment="center")
    with name:
        st.markdown(f"**{markdown_safe(run.name)}** · {state_name(run.state)}")
    metrics = run.metrics
    if "tokens_per_s" in metrics:
        speed.metric(_("words/s"), count(metrics["tokens_per_s"]))
    if "loss" in metrics:
        loss.metric(_("loss, nats"), f"{metrics['loss']:.3f}")
    if "held_out" in metrics:
        held.metric(_("held-out"), f"{metrics['held_out']:.3f}")
    with buttons, st.container(horizontal=True, horizontal_alignment="right"):
        _buttons(run)


def _buttons(run: RunRow) -> None:
    def command(word: str, icon: str, help_text: str) -> None:
        st.button("", icon=icon, help=help_text, key=f"{word}-{run.id}", on_click=store().command, args=(run.id, word))

    if run.state == "paused" or run.command == "pause":
        command("resume", ":material/play_arrow:", _("Go on"))
    elif run.state == "running":
        command("pause", ":material/pause:", _("Pause: nothing is lost, go on whenever you like"))
    if run.state in ACTIVE:
        command("stop", ":material/stop:", _("Stop here and keep what it has learned"))


def _progress(run: RunRow) -> None:
    share = min(1.0, run.step / run.total) if run.total else 0.0
    words = [run.note or run.phase, f"{share:.0%}"] if run.total else [run.note or run.phase]
    if run.state == "queued":
        words = [_("waiting for its turn")]
    elif run.state == "running" and share > 0.01 and run.seconds:
        words.append(_("{time} left").format(time=duration(run.seconds * (1 - share) / share)))
    elif run.seconds:
        words.append(_("{time} of training").format(time=duration(run.seconds)))
    st.progress(share, " · ".join(word for word in words if word))
    if run.message:
        st.error(sentence(run.message))
    if run.state in ACTIVE:
        st.caption(_("You may close this tab: the training goes on, and this link shows it again."))
