"""`make run` from the first start to the last: its own processes, on a free port."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from capx.embedded.processes import ROOT
from tests.product import free_port

UP = [sys.executable, "-m", "capx.embedded", "up"]
FIRST_START = 600  # seconds, sample included, on a machine that also runs other tests


class Site:
    """One home, started and stopped like `make run` does it."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.told = folder.with_suffix(".told")
        env = {"CAPX_HOME": str(folder), "PORT": str(self.port)}
        self.env = {**os.environ, **env}

    def start(self):
        with self.told.open("w") as told:
            self.process = subprocess.Popen(
                UP, cwd=ROOT, env=self.env, stdout=told, stderr=subprocess.STDOUT
            )
        last = time.monotonic() + FIRST_START
        while "Ctrl-C stops everything" not in self.told.read_text():
            assert self.process.poll() is None, self.told.read_text()
            assert time.monotonic() < last, self.told.read_text()
            time.sleep(0.1)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def ended(self):
        """Wait for the end; return the exit code when nothing at all is left."""
        code = self.process.wait(120)
        _gone, alive = psutil.wait_procs(self.family, 60)
        assert alive == []
        return code

    def one(self, word):
        """Return our process that has this word in its command line."""
        return next(p for p in self.family if any(word in part for part in p.cmdline()))


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "a home with spaces")


def test_make_run_from_nothing_to_a_page_and_back(site):
    site.start()
    address = f"http://localhost:{site.port}/"
    assert f"Capacity Exchange is at {address}" in site.told.read_text()
    with urllib.request.urlopen(address, timeout=60) as page:
        assert page.status == 200
        assert "<!DOCTYPE html>" in page.read().decode()
    assert listening_on(site.family) == {("127.0.0.1", site.port)}
    key = (site.folder / "secret-key").read_text()

    again = subprocess.run(
        UP, cwd=ROOT, env=site.env, capture_output=True, text=True, check=False, timeout=120
    )
    assert again.returncode == 1
    assert re.search(rf"already runs in .*spaces {address}", again.stderr)
    site.process.kill()
    assert site.ended() == -signal.SIGKILL

    site.start()
    assert (site.folder / "secret-key").read_text() == key
    site.one("celery").kill()
    assert site.ended() == 1
    assert re.search(r"ended by itself \(SIGKILL\), so everything", site.told.read_text())

    site.start()
    site.process.send_signal(signal.SIGTERM)
    assert site.ended() == 0


def listening_on(processes):
    """Return every network address at which one of them waits."""
    return {
        tuple(line.laddr)
        for process in processes
        for line in process.net_connections("inet")
        if line.status == psutil.CONN_LISTEN
    }
