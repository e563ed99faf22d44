"""A page with nothing but plots, for tests/browser/test_plot.py: `?view=` says which."""

import json
import os
import time

import numpy as np
import streamlit as st

if __name__ != "__main__":
    from pages.widgets.server import middleware, routes

    app = st.App(__file__, routes=routes, middleware=middleware)
else:
    import plotly.graph_objects as go

    from core.figures import word_bars, word_map
    from pages.widgets.plot import plot

    HOSTILE = ["<s>", "<b>x", "$x$", "%{x}", "<img src=x onerror=window.hit=1>", "&amp;", "</script>", "词语", "a_b*c"]

    def scatter(count: int, dimensions: int, step: int) -> np.ndarray:
        base = np.random.default_rng(0).normal(size=(count, dimensions)).astype(np.float32)
        return base + 0.05 * np.random.default_rng(step).normal(size=base.shape).astype(np.float32)

    def words(count: int) -> list[str]:
        return [f"word{i}" for i in range(count)]

    def say(event) -> None:
        clicks = st.session_state["clicks"] = st.session_state.get("clicks", 0) + event.fresh
        with st.container(key="event"):
            st.text(json.dumps([event.clicked, event.cell, event.selected, clicks]))

    def live(count: int, dimensions: int) -> None:
        step = st.session_state["step"] = st.session_state.get("step", 0) + 1
        figure = word_map(scatter(count, dimensions, step), words(count), mode="light", title=f"Map of {count} words")
        labels = {"text": words(count), "hot": [3, 4]}
        began = time.time()
        say(plot(figure, "live", height=560, labels=labels, tick=f"{step}:{began}", uirevision="live"))

    def nine_colours() -> None:
        figure = go.Figure(layout={"dragmode": "lasso", "margin": dict.fromkeys("lrtb", 0)})
        for number in range(9):
            ids = np.arange(1000 * number, 1000 * number + 1000)
            places = np.random.default_rng(number).uniform(0, 100, size=(1000, 2))
            figure.add_scattergl(x=places[:, 0], y=places[:, 1], customdata=ids, mode="markers", marker={"size": 4})
        figure.update_layout(xaxis={"range": [0, 100]}, yaxis={"range": [0, 100]}, showlegend=False)
        say(plot(figure, "colours", height=560))

    def heat() -> None:
        figure = go.Figure(go.Heatmap(z=np.arange(12.0).reshape(3, 4)), layout={"margin": dict.fromkeys("lrtb", 0)})
        say(plot(figure, "heat", height=400))

    def hostile() -> None:
        angles = np.linspace(0, 2 * np.pi, len(HOSTILE), endpoint=False)
        points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        figure = word_map(
            points, HOSTILE, mode="light", title="Map of <b>words</b>", numbers={"<i>n</i>": np.arange(9)}
        )
        say(plot(figure, "hostile", height=500, labels={"text": HOSTILE, "hot": [0]}))

    def still() -> None:
        figure = word_map(scatter(30, 3, 1), words(30), mode="light", title="Map")
        say(plot(figure, "still", height=500))

    def bars() -> None:
        say(
            plot(
                word_bars(HOSTILE, np.linspace(0.2, 0.01, len(HOSTILE)), mode="light", title="Bars"), "bars", height=300
            )
        )

    def turn() -> None:
        dimensions = 3 if st.toggle("Three dimensions") else 2
        figure = word_map(scatter(40, dimensions, 1), words(40), mode="light", title="Map")
        say(plot(figure, "turn", height=500, labels={"text": words(40)}, uirevision="turn"))

    view, count = st.query_params.get("view", "live"), int(st.query_params.get("count", 500))
    st.set_page_config(layout="wide")
    if view in ("live", "space"):
        every = float(os.environ.get("TICK", 0.4))
        st.fragment(live, run_every=every)(count, 3 if view == "space" else 2)
    else:
        {"bars": bars, "colours": nine_colours, "heat": heat, "hostile": hostile, "still": still, "turn": turn}[view]()
