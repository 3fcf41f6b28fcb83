"""The worker at another time: before each task its clock moves to the moment in a file."""

import os
from datetime import datetime
from pathlib import Path

import time_machine
from celery.signals import task_postrun, task_prerun

from capx.celery import app

__all__ = ["app"]

MOMENT = Path(os.environ["MOVED_CLOCK"])
DONE = int(os.environ["MOVED_CLOCK_DONE"])  # an open pipe: one line for each task
clock = time_machine.travel(datetime.fromisoformat(MOMENT.read_text()), tick=False)
traveller = clock.start()


@app.task(name="tests.in_turn")
def in_turn(names):
    """Do some tasks one after the other: a day of the timetable, in one message."""
    for name in names:
        app.tasks[name].apply(throw=True)


@task_prerun.connect
def move(**_about):
    """Let the task happen at the moment the test has written down."""
    traveller.move_to(datetime.fromisoformat(MOMENT.read_text()))


@task_postrun.connect
def say_so(state=None, **_about):
    """Tell the test that the task has ended, and how."""
    os.write(DONE, f"{state}\n".encode())
