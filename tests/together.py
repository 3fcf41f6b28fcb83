"""Things that happen at the same time, each in a thread and on a connection of its own.

Nothing waits for ever: a thread that never comes fails its test, and one that fails says why.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

from django.db import connection

START = 90  # seconds until all threads have begun, on a machine that does much else
END = 60  # seconds until what one waits for has happened


def together(*acts, refused=()):
    """Do these at the same moment; give what each returned, or the name of what refused it."""
    start = Barrier(len(acts), timeout=START)

    def press(act):
        try:
            start.wait()
            return act()
        except refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(press, acts))


class Beside(Thread):
    """Something that happens beside the test, which waits for its end."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.error = act, None

    def run(self):
        """Do it; keep what went wrong for the test."""
        try:
            self.act()
        except BaseException as error:  # noqa: BLE001 -- whatever it is, the test raises it
            self.error = error
        finally:
            connection.close()

    def end(self):
        """Wait for its end; raise what it raised."""
        self.join(END)
        if self.error:
            raise self.error
        assert not self.is_alive(), "It goes on and on."

    def until(self, happened):
        """Wait until something has happened that it does."""
        last = time.monotonic() + END
        while not happened():
            if not self.is_alive():
                self.end()
                assert happened(), "It has ended, and that has not happened."
                return
            assert time.monotonic() < last, "That has not happened."
            time.sleep(0.02)
