"""How well runs tell a word's senses apart, beside everything that would do so without them."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.explore import senses_published
from core.explore.senses_table import MARGIN
from core.figures import senses_measures as figures
from core.store import RunRow
from pages.widgets import frame, senses_cloud, senses_mix, senses_sight, senses_sorting
from pages.widgets.asking import answer
from pages.widgets.controls import choice, several
from pages.widgets.i18n import _, sentence
from pages.widgets.plot import plot
from pages.widgets.senses_request import Bar, Found, Request, said, static_runs, with_vectors
from pages.widgets.senses_sorting import Sorting
from pages.widgets.state import store
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

MOST_RUNS = 3
Shown = tuple[str, dict[str, Answer], str]  # what it is called, the answers by run, the key of its pictures
OWN = ("run", "mix")  # kinds of rows that are a run's own
LINES = ("chance", "near", "static near")  # baselines that are drawn across the layers


def baselines() -> dict[str, str]:
    """What each baseline is called."""
    return {
        "chance": _("guessing"), "frequent": _("always the most frequent sense"), "form": _("its form and capitals"),
        "neighbours": _("the word on each side"), "near": _("bag of 10 words to each side"),
        "sentence": _("bag of the whole sentence"), "static near": _("mean static vector, 10 words to each side"),
        "static": _("mean static vector of the sentence"), "untrained": _("the same network, untrained"),
        "shuffled": _("labels dealt out anew"),
    }  # fmt: skip


def measuring(run: RunRow, request: Request, here: Found, bar: Bar) -> None:
    """The runs that are chosen and the baselines, over occurrences sorted by labels, by hand or into clusters."""
    with bar:
        by, count = senses_sorting.control(request, here)
    names = {each.id: each.name for each in with_vectors() if each.encoder != "onehot"}
    first = {**names, run.id: run.name}
    chosen = several(_("Runs"), list(first), "measured", "senses-measured", _default(run), format_func=first.get,
                     max_selections=MOST_RUNS)  # fmt: skip
    laid = senses_cloud.places(run, request)
    sorting = None if laid is None else senses_sorting.sorting(run, request, here, by, count, laid.last)
    if sorting is None or laid is None:
        return
    seen = senses_sight.control(run, request, sorting, laid, bar)
    if seen is None:
        return
    st.caption(" · ".join([said(request, here), *filter(None, [senses_sight.described(seen, laid)]), _source(sorting)]))
    modes = {"off": _("the labels as they are"), "shuffled": _("labels dealt out anew"), "seed": _("another seed")}
    control = choice(
        st.segmented_control, _("Am I fooled?"), modes, "fooled", required=True,
        help=_("Beside the real figures: the same with the labels dealt out anew, where everything should fall to "
               "guessing, or with other random numbers, which should change little."),
    )  # fmt: skip
    real = _measured(chosen, seen, sorting, 0, False)
    whole = _measured(chosen, request, sorting, 0, False) if seen != request else {}
    other = {"shuffled": (1, True), "seed": (1, False)}.get(control)
    again = _measured(chosen, seen, sorting, *other) if other else {}
    if not real:
        return
    if whole:
        st.markdown(senses_sight.measured(seen, first, whole, real))
    _verdicts(real, first)
    if again:
        _pair((modes["off"], real, "real"), (modes[control], again, control), first)
    elif whole:
        _pair((_("with everything in sight"), whole, "whole"), (_("as seen here"), real, "real"), first)
    else:
        _pictures(real, first, "real")
    _details(real, first, sorting, seen)


def _pair(left: Shown, right: Shown, names: dict[str, str]) -> None:
    """Two measurements in two columns, their rows in the order of the left one."""
    for place, (title, found, key), like in zip(st.columns(2, gap="large"), (left, right), (None, left)):
        with place:
            st.markdown(f"**{title}**")
            _pictures(found, names, key, None if like is None else _best(_table(like[1], names)))


def _default(run: RunRow) -> list[str]:
    static = _static(run)
    return [run.id, *([static] if static and static != run.id else [])]


def _static(run: RunRow) -> str:
    """A run with one vector a word, of the same corpus if there is one, else of its language; else the word vectors
    that this run has itself; "" without."""
    found = static_runs(run)
    return found[0].id if found else run.id if "WordVectors" in run.capabilities else ""


def _source(sorting: Sorting) -> str:
    if sorting.by in senses_sorting.CLUSTERS:
        return _("the senses are clusters of this run's own vectors: scores of that run are circular, and say only how "
                 "clear its clusters are; take labels to learn more")  # fmt: skip
    return _("the senses are labels, none of which the judge sees for the occurrence that it judges")


def _measured(chosen: list[str], request: Request, sorting: Sorting, seed: int, mixed: bool) -> dict[str, Answer]:
    """The answers that are there already, by run; a run that cannot be judged says why and is left out."""
    found, groups = {}, sorting.sorted.groups
    if len({*groups} - {-1}) < 2:
        st.info(_("All these occurrences have one sense: sort them by labels, or into clusters, to measure anything."))
        st.stop()
    for run_id in chosen:
        run = store().run(run_id)
        if run is None:
            continue
        given = answer(
            "sense_measured", run=run_id, word=request.word, groups=groups, static=_static(run),
            without=_column(request, sorting), seed=seed, mixed=mixed,
        )  # fmt: skip
        if given is not None and "problem" in given.facts:
            st.caption(f":material/error: **{markdown_safe(run.name, 40)}**: {sentence(given.facts['problem'])}")
        elif given is not None:
            found[run_id] = given
    return found


def _column(request: Request, sorting: Sorting) -> str:
    """The column that the senses are read off."""
    if sorting.by == "label":
        return str(store().corpus(request.corpus_id).roles.get("label", ""))
    return sorting.by.removeprefix("column:") if sorting.by.startswith("column:") else ""


def _table(found: dict[str, Answer], names: dict[str, str]) -> pd.DataFrame:
    """Every layer of every run and its mix, then the baselines: those of the run that has most of them."""
    parts = [pd.DataFrame(each.facts["table"]).assign(run=run_id) for run_id, each in found.items()]
    richest = max(parts, key=len)
    own = [part[part["kind"].isin(OWN)] for part in parts]
    whole = pd.concat([*own, richest[~richest["kind"].isin(OWN)]], ignore_index=True)
    places = {run_id: place for place, run_id in enumerate(found)}
    whole["series"] = [places[run] if kind in OWN else -1 for run, kind in zip(whole["run"], whole["kind"])]
    numbers = whole.columns.difference(["name", "kind", "run"])
    whole[numbers] = whole[numbers].astype(float)
    titles = [names.get(name, baselines().get(name, name)) for name in whole["name"]]
    whole["title"] = [_("{run} · learned mix").format(run=title) if kind == "mix" else title
                      for title, kind in zip(titles, whole["kind"])]  # fmt: skip
    return whole


def _best(table: pd.DataFrame, like: pd.DataFrame | None = None) -> pd.DataFrame:
    """A row a run and a baseline, in its best layer: the best first, or in the order of another such table."""
    judged = table[table["recall"].notna()]
    rows = judged.loc[judged.groupby(["kind", "name"], sort=False)["recall"].idxmax()]
    deep = (rows["name"].map(table.groupby("name").size()) > 1) & (rows["kind"] != "mix")
    titles = [f"{title} · {senses_cloud.layer_name(int(layer))}" if several_ else title
              for title, layer, several_ in zip(rows["title"], rows["layer"], deep)]  # fmt: skip
    order = {"run": 0, "mix": 1, "baseline": 2, "control": 3}
    shown = pd.DataFrame({"id": rows["kind"] + rows["name"], "name": titles, "kind": rows["kind"],
                          "series": rows["series"].astype(int), "value": rows["recall"], "low": rows["low"],
                          "high": rows["high"]})  # fmt: skip
    places = {} if like is None else {name: -place for place, name in enumerate(like["id"])}
    place = shown["value"] if like is None else [places.get(name, -len(places)) for name in shown["id"]]
    shown = shown.assign(_at=shown["kind"].map(order), _place=place)
    return shown.sort_values(["_at", "_place"], ascending=[True, False], kind="stable")


def _pictures(found: dict[str, Answer], names: dict[str, str], key: str, like: pd.DataFrame | None = None) -> None:
    table = _table(found, names)
    best = _best(table, like)
    level = float(table[table["name"] == "chance"]["recall"].iloc[0])
    figure = figures.dots(best, chance=level, mode=frame.mode(), title=_("How well the senses are told apart"),
                          x_title=_("mean recall of the senses"))  # fmt: skip
    plot(figure, f"measured-dots-{key}", height=figures.height(len(best)))
    runs = table[table["kind"] == "run"]
    curves = [_curve(part) for _run, part in runs.groupby("name", sort=False) if len(part) > 1]
    if not curves:
        return
    lines = [(baselines()[name], float(table[table["name"] == name]["recall"].iloc[0]))
             for name in LINES if (table["name"] == name).any()]  # fmt: skip
    drawn = figures.over_layers(curves, lines, mode=frame.mode(), title=_("Mean recall of the senses, layer by layer"),
                                x_title=_("layer"), y_title=_("mean recall"))  # fmt: skip
    plot(drawn, f"measured-layers-{key}", height=300)
    senses_mix.show(found, names, key)


def _curve(part: pd.DataFrame) -> figures.Layers:
    values, low, high = (part[name].to_numpy(np.float64) for name in ("recall", "low", "high"))
    return figures.Layers(str(part["title"].iloc[0]), values, low, high, int(part["series"].iloc[0]))


def _verdicts(found: dict[str, Answer], names: dict[str, str]) -> None:
    """A sentence a run: whether it shows more than the best of the baselines."""
    for run_id, each in found.items():
        verdict, layers = each.facts["verdict"], each.facts["table"]["kind"].count("run")
        where = senses_cloud.layer_name(verdict["layer"]) if layers > 1 else _("one vector a word")
        text = _verdict(verdict).format(
            run=markdown_safe(names[run_id], 40), value=f"{verdict['recall']:.2f}", n=each.facts["n"], where=where,
            over=f"{abs(verdict['over']):.2f}", baseline=baselines().get(verdict["baseline"], verdict["baseline"]),
            low=_signed(verdict["low"]), high=_signed(verdict["high"]),
        )  # fmt: skip
        st.markdown((":material/check_circle: " if verdict["low"] > 0 else ":material/error: ") + text
                    + (f" {_bar(verdict)}" if layers > 1 and verdict["bar"] else ""))  # fmt: skip


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _verdict(verdict: dict[str, Any]) -> str:
    if verdict["low"] > 0:
        return _("**{run}** tells the senses apart with **{value}** ({where}, {n} occurrences): {over} above the best "
                 "baseline, {baseline} (95 % interval of the difference {low} to {high}).")  # fmt: skip
    if verdict["over"] > 0:
        return _("**{run}** reaches **{value}** ({where}, {n} occurrences), {over} above the best baseline, "
                 "{baseline}; the interval of the difference, {low} to {high}, reaches 0: it may be "
                 "chance.")  # fmt: skip
    return _("**{run}** reaches **{value}** ({where}, {n} occurrences). The best baseline, {baseline}, lies {over} "
             "above it (difference {low} to {high}): nothing here needs a model of context.")  # fmt: skip


def _bar(verdict: dict[str, Any]) -> str:
    """Whether it lies far enough above what reads no context, or has learned nothing; if not, how much is missing."""
    bar = verdict["bar"]
    room = 1 - verdict["recall"] + bar["over"]
    known = {"baseline": baselines().get(bar["baseline"], bar["baseline"]), "over": _signed(bar["over"]),
             "margin": f"{MARGIN:.2f}", "missing": f"{MARGIN - bar['over']:.3f}",
             "room": f"{room:.3f}"}  # fmt: skip
    if bar["over"] > MARGIN - 1e-9:
        return _("Of bags of words, mean static vectors and the same network untrained, it beats the best "
                 "({baseline}) by {over}, {margin} or more being the bar.").format(**known)  # fmt: skip
    if room < MARGIN:
        return _(
            "Nothing can lie {margin} above bags of words, mean static vectors and the same network untrained here: "
            "the best of them ({baseline}) leaves {room}, and against it the run stands at {over}."
        ).format(**known)
    return _("The bar, {margin} above bags of words, mean static vectors and the same network untrained, is missed by "
             "{missing}: against the best of them ({baseline}) it stands at {over}.").format(**known)  # fmt: skip


def _details(found: dict[str, Answer], names: dict[str, str], sorting: Sorting, request: Request) -> None:
    first = next(iter(found.values()))
    _confounds(pd.DataFrame(first.facts["confounds"]))
    _by_sense(found, names, sorting)
    with st.expander(_("All layers and baselines"), icon=":material/table:"):
        table = _table(found, names).drop(columns=["name", "run", "series"])
        table.insert(0, "title", table.pop("title"))
        kinds = {"run": _("run"), "mix": _("learned mix"), "baseline": _("baseline"), "control": _("control")}
        table["kind"] = table["kind"].map(kinds)
        number, share = st.column_config.NumberColumn, "%.3f"
        columns = {name: number(title, format=share) for name, title in _measures().items()}
        st.dataframe(table, hide_index=True, key="measured-table", column_config={
            "title": _("what"), "kind": _("kind"), "layer": number(_("layer"), format="%d"),
            "n": number(_("occurrences"), format="%d"), "judged": number(_("judged"), format="%d"), **columns,
        })  # fmt: skip
        csv_button(senses_sight.noted(table, request), "senses-measured", "measured-csv")
    st.caption(_("The judge is the nearest centroid by cosine of all other occurrences; equally near ones share the "
                 "point. Intervals: 1,000 samples of the occurrences of each sense. The best layer is chosen by the "
                 "same occurrences, which flatters it a little."))  # fmt: skip
    st.caption(_adjusted(first.facts["common"]))
    _published(request)


def _adjusted(words: int) -> str:
    """What self-similarity is adjusted by."""
    if words < 2:
        return _("Self-similarity is the mean cosine of two of the occurrences. It is not adjusted here: too few "
                 "words of this corpus occur 12 times, or the run knows too few of them.")  # fmt: skip
    return _("Self-similarity is the mean cosine of two of the occurrences; adjusted, less the mean cosine of "
             "different words in that layer (Ethayarajh 2019), here of {n} words drawn as under Find words, one "
             "occurrence each.").format(n=words)  # fmt: skip


def _measures() -> dict[str, str]:
    return {
        "recall": _("mean recall"), "low": _("from"), "high": _("to"), "accuracy": _("accuracy"),
        "documents": _("other documents only"), "documents_low": _("from (documents)"),
        "documents_high": _("to (documents)"), "three_shot": _("three examples a sense"),
        "three_shot_low": _("from (three)"), "three_shot_high": _("to (three)"), "silhouette": _("silhouette"),
        "rand": _("adjusted Rand index"), "alike": _("self-similarity"),
        "common": _("cosine of different words"), "adjusted": _("adjusted self-similarity"),
    }  # fmt: skip


def facet_names() -> dict[str, str]:
    """What each facet is called."""
    return {"form": _("the form"), "capital": _("a capital letter"), "left": _("the word before"),
            "right": _("the word behind"), "document": _("the document")}  # fmt: skip


def _confounds(table: pd.DataFrame) -> None:
    """Which facet predicts the sense by itself."""
    known = table[table["tells"].astype(bool)] if len(table) else table
    if not len(known):
        st.caption(_("No facet alone (form, capital, neighbours, document, columns) predicts the sense better than "
                     "guessing."))  # fmt: skip
        return
    told = [f"{facet_names().get(name) or markdown_safe(name.partition(' ')[2], 40)} {value:.2f}"
            for name, value in zip(known["facet"], known["recall"])]  # fmt: skip
    st.markdown(_("**Predicts the sense by itself** (mean recall, guessing {chance}): {facets}").format(
        chance=f"{float(known['chance'].iloc[0]):.2f}", facets=" · ".join(told)))  # fmt: skip


def _by_sense(found: dict[str, Answer], names: dict[str, str], sorting: Sorting) -> None:
    """The recall of each sense, so that a rare one is not lost in the mean."""
    rows: dict[tuple[str, int], dict[str, float]] = {}
    for run_id, each in found.items():
        codes = sorted({*sorting.sorted.groups} - {-1})
        if len(codes) != len(each.facts["recalls"]):
            continue
        for code, size, value in zip(codes, each.facts["sizes"], each.facts["recalls"]):
            rows.setdefault((sorting.sorted.names[code], size), {})[names[run_id]] = value
    if rows:
        table = pd.DataFrame([{_("sense"): name, _("occurrences"): size, **values}
                              for (name, size), values in rows.items()])  # fmt: skip
        number = st.column_config.NumberColumn(format="%.2f")
        st.dataframe(table, hide_index=True, key="measured-senses", height="content",
                     column_config={names[run_id]: number for run_id in found})  # fmt: skip


def _published(request: Request) -> None:
    """What others reached with BERT on this word."""
    value = senses_published.published(request.query)
    if value is None:
        return
    st.markdown(_("**Published** for {word}: accuracy {value}. {source}; {measure}.").format(
        word=markdown_safe(request.query, 40), value=f"{value:.3f}", source=_(senses_published.SOURCE),
        measure=_(senses_published.MEASURE)))  # fmt: skip
    rows = [{_("on all twenty words"): _(each.name), _("accuracy"): each.accuracy, _("mean recall"): each.recall}
            for each in senses_published.SYSTEMS]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="measured-published", height="content")
