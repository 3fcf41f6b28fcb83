"""What benchmarks measure by: the clock on the wall, or the time of the processor.

On a machine that is busy with other work the clock on the wall measures the other work. With
BENCH_CLOCK=processor it is how long a processor worked for this process and for the session
that its database serves it with: about what it takes where nothing else runs. Linux only.
"""

import os
import time
from pathlib import Path

from django.db import connection

PROCESSOR = os.environ.get("BENCH_CLOCK") == "processor"
NANO = 1e9


def now() -> float:
    """Give seconds, of which only differences mean something."""
    return time.process_time() + _session() if PROCESSOR else time.perf_counter()


def _session() -> float:
    """Give the seconds a processor has worked for our session of the database."""
    connection.ensure_connection()
    number = connection.connection.info.backend_pid
    return int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / NANO
