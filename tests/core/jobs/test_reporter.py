"""What a worker says, and when."""

import math

import pytest

from core.encoders.base import Progress
from core.jobs import reporter
from core.jobs.reporter import Reporter
from core.store.database import Busy
from tests.core.jobs.conftest import begin


@pytest.fixture
def clock(monkeypatch):
    """The time, which a test sets."""
    clock = type("Clock", (), {"now": 100.0})()
    monkeypatch.setattr(reporter.time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def reporting(store, counting, clock):
    return Reporter(begin(store, counting.queue()), 10.0, {})


def event(step, **metrics):
    return Progress("learning", step, 100, metrics, "epoch 1")


def test_a_report_has_the_newest_point_of_each_metric(store, reporting, clock):
    for step in range(1, 50):
        clock.now += 0.001
        reporting.add(event(step, loss=1 / step))
    reporting.report()
    row = store.run("counting-001")
    steps, values = store.metrics(row.id)["loss"]
    assert (row.step, row.total, row.phase, row.note) == (49, 100, "learning", "epoch 1")
    assert steps.tolist() == [1, 21, 41, 49] and values[-1] == row.metrics["loss"] == 1 / 49


def test_a_long_run_keeps_few_points(reporting, clock):
    for step in range(36_000):
        clock.now += 0.1
        reporting.add(event(step, loss=1.0))
    assert 1000 < len(reporting._points) < 20_000


def test_active_time_leaves_pauses_out(reporting, clock):
    clock.now += 50  # compiling
    reporting.add(event(1))
    clock.now += 5
    reporting.rest()
    clock.now += 1000
    assert reporting.seconds == 15
    reporting.wake()
    clock.now += 1
    assert reporting.seconds == 16


def test_a_report_is_due_once_a_second(reporting, clock):
    assert reporting.due()
    reporting.report()
    assert not reporting.due()
    clock.now += 1
    assert reporting.due()


def test_numbers_that_json_lacks(store, reporting):
    reporting.add(event(1, loss=math.inf, held_out=math.nan))
    reporting.report()
    assert store.metrics("counting-001")["loss"][1].tolist() == [math.inf]
    assert math.isnan(store.run("counting-001").metrics["loss"])


def test_what_a_busy_database_refused_is_said_later(store, reporting, clock, monkeypatch):
    def busy(*_, **__):
        raise Busy("busy")

    reporting.add(event(1, loss=1.0))
    with monkeypatch.context() as patch:
        patch.setattr(reporting.attempt, "write", busy)
        reporting.report_if_possible()
    clock.now += 1
    reporting.add(event(2, loss=2.0))
    reporting.report_if_possible()
    assert store.metrics("counting-001")["loss"][0].tolist() == [1, 2]
