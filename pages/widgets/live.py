"""The live view of a run: what it is doing, how long it will take, its loss, its map and its nearest words."""

from math import exp
from typing import Any

import streamlit as st

from core.encoders import encoder_named
from core.figures import Baseline, Curve, label_order, loss_curves, word_map
from core.jobs import ensure_supervisor
from core.store import RunRow
from pages.widgets import forming, frame, onward, time_share
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import Words, plot
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


def show_watched() -> None:
    """The live view of the run that is watched, ticking while it is at work."""
    run_id = watched()
    run = store().run(run_id) if run_id else None
    if run_id is None or run is None:
        st.info(_("Choose an encoder and start it: its loss, its map and its nearest words appear here as they form."))
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
        forming.beginning(run)
        with st.container(horizontal=True):
            onward.buttons(run, f"onward-{run.id}")
        _map(run)
        left, right = st.columns(2, gap="medium")
        with left:
            _loss(run)
            forming.accuracies(run)
            time_share.time_share(run)
        with right:
            _probes(run)


def _head(run: RunRow) -> None:
    name, speed, loss, held, buttons = st.columns([2.2, 1.1, 1, 1, 1.3], vertical_alignment="center")
    with name:
        st.markdown(f"**{markdown_safe(run.name)}** · {state_name(run.state)}")
    metrics = run.metrics
    if "tokens_per_s" in metrics:
        speed.metric(_("tokens/s"), count(metrics["tokens_per_s"]))
    if "loss" in metrics:
        unit = _(encoder_named(run.encoder).unit)
        loss.metric(_("loss, {unit}").format(unit=unit), f"{metrics['loss']:.4g}")
    if "held_out" in metrics:
        gained = metrics["held_out"] - metrics["brought"] if "brought" in metrics else None
        held.metric(
            _("held-out"), f"{metrics['held_out']:.4g}", None if gained is None else f"{gained:+.3f}", "inverse"
        )
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
    words = [_(run.phase), *_epoch(run, share), _(run.note), "" if run.note.endswith("%") else f"{share:.0%}"]
    if run.state == "queued":
        words = [_("waiting for its turn")]
    elif run.state == "running" and not run.total:
        words = [_("getting ready: opening the corpus, loading what it computes with")]
    elif run.state == "running" and share > 0.01 and run.seconds:
        words.append(_("{time} left").format(time=duration(run.seconds * (1 - share) / share)))
    elif run.seconds:
        words.append(_("{time} of training").format(time=duration(run.seconds)))
    st.progress(share, " · ".join(word for word in words if word))
    if run.message:
        st.error(sentence(run.message))


def _epoch(run: RunRow, share: float) -> list[str]:
    """ "epoch 2 of 5", for an encoder that reads its text several times over, however long it is."""
    epochs = run.options.get("epochs")
    if not epochs or not run.total or "steps" in run.options:
        return []
    return [_("epoch {n} of {all}").format(n=min(epochs, int(share * epochs) + 1), all=epochs)]


def _loss(run: RunRow) -> None:
    """The loss and the held-out loss, with the level of guessing by frequency and what a nat is here."""
    series = store().metrics(run.id)
    names = {"loss": _("training"), "held_out": _("held-out")}
    curves = [
        Curve(title, 100 * series[name][0] / max(run.total, 1), series[name][1], held_out=name == "held_out")
        for name, title in names.items()
        if name in series
    ]
    if not curves:
        if run.state in ACTIVE:
            st.caption(_("The loss appears with the first measurement."))
        return
    level, brought = (run.metrics.get(name) for name in ("baseline", "brought"))
    figure = loss_curves(
        curves,
        mode=frame.mode(),
        title=_("Loss of {name}").format(name=run.name),
        x_title=_("% of training"),
        y_title=_("loss ({unit})").format(unit=_(encoder_named(run.encoder).unit)),
        baseline=None if level is None else Baseline(_("guessing by frequency"), level),
        before=None if brought is None else Baseline(_("held-out, as it was brought"), brought),
    )
    plot(figure, key=f"loss-{run.id}", height=260, uirevision=run.id)
    encoder = encoder_named(run.encoder)
    objective = encoder.objective_of(encoder.Options(**run.options))
    st.caption(" ".join([_(objective), *_perplexity(run), _("Losses of different objectives do not compare.")]))


def _perplexity(run: RunRow) -> list[str]:
    """Of a language model, what the held-out loss amounts to."""
    guesses = {"NextWord", "MaskedWord", "Translation"} & {*run.capabilities}
    if not guesses or encoder_named(run.encoder).unit != "nats" or run.metrics.get("held_out", 99) > 50:
        return []
    said = _("Held-out perplexity {n}: as uncertain as a choice among so many, all alike.")
    return [said.format(n=f"{exp(run.metrics['held_out']):,.1f}")]


def _probes(run: RunRow) -> None:
    """What the run answers about the probe, now: its sentence first, then its words; all are the person's to change."""
    snapshot = store().snapshot(run.id)
    for probe in sorted(
        snapshot.probes if snapshot else [], key=lambda probe: probe["kind"] in ("neighbours", "unknown")
    ):
        line = forming.probe_line(probe) or _probe_line(probe)
        if line:
            st.markdown(line)
    forming.attention(run, snapshot)
    if run.state in ACTIVE:
        key = f"probe-{run.id}"
        st.text_input(
            _("Watch other words"),
            placeholder=_("three words, or the beginning of a sentence"),
            key=key,
            on_change=_asked,
            args=(run.id, key),
        )


def _asked(run_id: str, key: str) -> None:
    """Ask the run about other words. A field that a busy page lost for a moment comes back as one that was emptied:
    that asks nothing."""
    text = st.session_state[key]
    words = [word for word in dict.fromkeys(text.split()) if any(letter.isalnum() for letter in word)]
    if text.strip():
        store().probe(run_id, [word for word in words if word.strip("[]").casefold() != "mask"], text)


def _probe_line(probe: dict[str, Any]) -> str:
    """What the run says about one probe, as Markdown."""
    if probe["kind"] == "unknown" and not probe["near"]:
        return _("**{word}** is not among the words that are learned").format(word=markdown_safe(probe["word"], 20))
    if probe["kind"] == "unknown":
        near = ", ".join(markdown_safe(word, 20) for word in probe["near"])
        return _("**{word}** is not among the words that are learned; near it: {near}").format(
            word=markdown_safe(probe["word"], 20), near=near
        )
    if probe["kind"] not in ("neighbours", "next"):
        return ""
    begin = probe["word"] if probe["kind"] == "neighbours" else f"{probe['context'][-40:]} …"
    return f"**{markdown_safe(begin, 40)}** " + " · ".join(markdown_safe(word, 20) for word in probe["words"][:6])


def _map(run: RunRow) -> None:
    """The most frequent words on a basis aligned from picture to picture, so that only meaning moves."""
    snapshot = store().snapshot(run.id)
    if snapshot is None or not len(snapshot.xy):
        st.caption(_("The map appears with the first vectors.") if "WordVectors" in run.capabilities else "")
        return
    title = _("The {n} most frequent words of {name}").format(n=count(len(snapshot.ids)), name=run.name)
    figure = word_map(snapshot.xy, snapshot.words, ids=snapshot.ids, mode=frame.mode(), title=title)
    labels = Words(text=snapshot.words, order=label_order(snapshot.words))
    plot(figure, key=f"map-{run.id}", height=400, labels=labels, tick=str(snapshot.step), uirevision=run.id)
    leave = (
        " " + _("You may close this tab: the training goes on, and this link shows it again.")
        if run.state in ACTIVE
        else ""
    )
    st.caption(title + " · " + _("principal components, turned to follow the last picture.") + leave)
