"""The runs as a table, their curves over each other, and what can be done with one."""

from datetime import UTC, datetime

import streamlit as st

from core.encoders import encoder_named
from core.figures import Curve, loss_curves
from core.jobs import ensure_supervisor
from core.options import Options
from core.problem import Problem
from core.store import RunRow
from pages.widgets import continuing, exports, forming, frame, importing_model, live, onward
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe
from pages.widgets.undo import offer, remember
from pages.widgets.units import count, duration


def table(rows: list[RunRow]) -> list[RunRow]:
    """All runs, newest first; the ticked ones."""
    corpora = {row.id: row.name for row in store().corpora()}
    columns = {
        _("Run"): [row.name for row in rows],
        _("Encoder"): [_(encoder_named(row.encoder).title) for row in rows],
        _("Corpus"): [corpora.get(row.corpus_id, "–") for row in rows],
        _("State"): [live.state_name(row.state) for row in rows],
        _("Time"): [duration(row.seconds) for row in rows],
        _("Loss"): [row.metrics.get("loss") for row in rows],
        _("Held-out"): [row.metrics.get("held_out") for row in rows],
        _("Guessing"): [row.metrics.get("baseline") for row in rows],
        _("Begun"): [datetime.fromtimestamp(row.created, UTC) for row in rows],
        _("Options"): [_differences(row) for row in rows],
    }
    number = st.column_config.NumberColumn(
        format="%.3f", help=_("In nats, of GloVe in squared nats. Losses of different objectives do not compare.")
    )
    formats = {name: number for name in list(columns)[5:8]} | {
        _("Begun"): st.column_config.DatetimeColumn(format="distance")
    }
    event = st.dataframe(
        columns, hide_index=True, column_config=formats, key="runs", on_select="rerun", selection_mode="multi-row"
    )
    return [rows[index] for index in event["selection"]["rows"] if index < len(rows)]


def _differences(row: RunRow) -> str:
    """The options that are not the encoder's defaults."""
    fields = encoder_named(row.encoder).Options.fields()
    changed = {name: value for name, value in row.options.items() if name in fields and value != fields[name].default}
    return ", ".join(f"{_(fields[name].title)} {value}" for name, value in changed.items()) or _("defaults")


def overlay(rows: list[RunRow]) -> None:
    """The loss curves of these runs over the share of their training that is done."""
    curves = []
    for row in rows:
        series = store().metrics(row.id)
        for name, kind in (("loss", _("training")), ("held_out", _("held-out"))):
            if name in series:
                steps, values = series[name]
                share = 100 * steps / max(row.total, 1)
                curves.append(Curve(f"{row.name} · {kind}", share, values, held_out=name == "held_out", run=row.id))
    if not curves:
        st.caption(_("These runs have measured no loss."))
        return
    units = sorted({_(encoder_named(row.encoder).unit) for row in rows})
    figure = loss_curves(
        curves,
        mode=frame.mode(),
        title=_("Loss of the chosen runs"),
        x_title=_("% of training"),
        y_title=_("loss ({unit})").format(unit=" / ".join(units)),
    )
    plot(figure, key="overlay", height=420)
    if len({(row.encoder, str(row.options.get("output"))) for row in rows}) > 1:
        st.caption(_("Losses of different objectives do not compare."))


def actions(run: RunRow) -> None:
    """Rename, look, download, go on, delete."""
    st.subheader(markdown_safe(run.name), anchor=False)
    done = f"{count(run.step)} / {count(run.total)}" if run.kind == "train" else str(run.options.get("file", ""))
    title = _(encoder_named(run.encoder).title)
    st.caption(" · ".join([title, markdown_safe(done), duration(run.seconds)]))
    forming.beginning(run)
    if run.message:
        st.error(sentence(run.message))
    _rename(run)
    with st.container(horizontal=True):
        if st.button(_("Watch"), icon=":material/monitoring:"):
            choose("watch", run.id)
            st.switch_page("pages/train.py", query_params={"watch": run.id})
        onward.buttons(run, "onward")
    if run.state in ("done", "stopped"):
        _continue(run)
        exports.links(run)
    st.button(_("Delete"), icon=":material/delete:", on_click=_delete, args=(run,), type="tertiary")


def _rename(run: RunRow) -> None:
    key = f"name-{run.id}"
    st.text_input(
        _("Name"),
        run.name,
        key=key,
        max_chars=80,
        on_change=lambda: store().rename(run.id, st.session_state[key].strip() or run.name),
    )


def _continue(run: RunRow) -> None:
    """Go on from the end of this run with more epochs or steps."""
    if encoder_named(run.encoder).needs_start:
        continuing.button(run)
    if run.kind == "import":
        vectors = _("Imported vectors are as their file had them, and learn nothing more.")
        said = [vectors if run.encoder == "imported" else importing_model.able(run.capabilities), _(run.note)]
        st.caption(" ".join(part for part in said if part))
        return
    field = "epochs" if "epochs" in run.options else "steps"
    if field not in run.options:
        return
    with st.popover(_("Go on training"), icon=":material/resume:"):
        declared: type[Options] = encoder_named(run.encoder).Options
        title = _(declared.fields()[field].title)
        more = st.number_input(
            _("{option} in all").format(option=title), run.options[field] + 1, value=run.options[field] * 2
        )
        if st.button(_("Start"), type="primary"):
            try:
                choose("watch", store().continue_run(run.id, {field: int(more)}))
            except Problem as problem:
                st.error(sentence(problem))
                return
            ensure_supervisor(store())
            st.switch_page("pages/train.py")


def _delete(run: RunRow) -> None:
    store().delete(run.id)
    remember("run", run.id, run.name)


def undo() -> None:
    """The way back from a deletion."""
    offer("run", store().restore)
