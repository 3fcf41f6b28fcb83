"""`make bench` finds every module that measures, and can read each before Django is there."""

import subprocess
import sys

from django.conf import settings

READ = """
from importlib import import_module
from benchmarks.__main__ import names
print(*(name for name in names() if callable(import_module(f"benchmarks.{name}").measure)))
"""


def test_all_that_measure_are_found_and_read_without_django():
    run = [sys.executable, "-c", READ]
    said = subprocess.run(
        run, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )

    assert {"catalogue", "gate", "planning", "reasons", "reminders"} <= {*said.stdout.split()}
