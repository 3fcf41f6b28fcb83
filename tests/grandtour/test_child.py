"""A planner that does nothing it should is ended in time, whatever the clock says."""

import sys

import pytest
import time_machine

from grandtour.plans import child
from tests.grandtour.tours import NOON
from tests.together import Beside

BIG = {"problem": "more than a pipe holds " * 100_000}


@pytest.fixture
def lazy(monkeypatch):
    """Let the program neither read its job, nor say anything, nor end."""
    words = "import time; time.sleep(600)"
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", words])
    monkeypatch.setattr(child, "EVERY", 0.05)


def said(stops, seconds):
    """Give its last words; who waits for them is waited for no longer than a minute."""
    heard = []
    with time_machine.travel(NOON, tick=False):
        work = Beside(lambda: heard.append(child.work_out(BIG, lambda *_: stops, seconds)[0]))
        work.start()
        work.end()
    return heard


@pytest.mark.usefixtures("lazy")
def test_one_that_does_not_read_its_job_is_ended_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(child, "SPARE", 0)

    assert said(stops=False, seconds=1) == [{child.ENDLESS: True}]


@pytest.mark.usefixtures("lazy")
def test_one_that_does_not_read_its_job_is_ended_soon_after_somebody_pressed_stop(monkeypatch):
    monkeypatch.setattr(child, "PATIENCE", 0.1)

    assert said(stops=True, seconds=3600) == [{child.ENDLESS: True}]


@pytest.mark.usefixtures("lazy")
def test_one_that_is_not_ours_any_more_is_ended_at_once():
    assert said(stops=None, seconds=3600) == [{child.NOT_OURS: True}]
