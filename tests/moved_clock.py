"""The worker at another time: before each task its clock moves to the moment in a file."""

import json
import os
from datetime import datetime
from pathlib import Path

import time_machine
from celery.signals import task_prerun

from capx.celery import app

__all__ = ["app"]

MOMENT = Path(os.environ["MOVED_CLOCK"])
DONE = Path(os.environ["MOVED_CLOCK_DONE"])  # a pipe: one line for each message
clock = time_machine.travel(datetime.fromisoformat(MOMENT.read_text()), tick=False)
traveller = clock.start()


@app.task(name="tests.in_turn")
def in_turn(names):
    """Do some tasks one after the other: a day of the timetable, in one message.

    Tell the test at the end what went wrong, if anything did.
    """
    fault = "It broke off."
    try:
        ended = (app.tasks[name].apply() for name in names)
        fault = next((str(one.traceback) for one in ended if one.state != "SUCCESS"), "")
    finally:
        with DONE.open("w") as test:
            test.write(json.dumps(fault) + "\n")


@task_prerun.connect
def move(**_about):
    """Let the task happen at the moment the test has written down."""
    traveller.move_to(datetime.fromisoformat(MOMENT.read_text()))
