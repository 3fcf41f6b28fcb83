"""`make run`: everything on this machine, from the database to the page, until Ctrl-C."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from capx.embedded import environment
from capx.embedded.home import Home
from capx.embedded.postgres import Postgres
from capx.embedded.processes import ROOT, STOPS, TICK, Asked, Supervisor
from capx.embedded.trouble import Trouble
from capx.embedded.valkey import Valkey

PREPARE = [sys.executable, str(ROOT / "manage.py"), "release", "--sample"]
CELERY = [sys.executable, "-m", "celery", "-A", "capx"]
# The same three commands as in the Procfile, in the size of one machine.
WEB = [
    sys.executable,
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--no-ws",
    "--blocking-threads",
    "4",
]
WORKER = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "INFO"]
BEAT = [*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "INFO"]


def up() -> None:
    """Start everything and keep it running until somebody asks us to stop."""
    home = Home(Path(os.environ.get("CAPX_HOME") or ROOT / ".home"))
    held = home.lock()
    port = wanted_port()
    home.note(held, f"http://localhost:{port}/")
    home.put_logs_aside()
    sockets = home.sockets()
    postgres, valkey = Postgres(home.folder / "postgres", sockets), Valkey(sockets)
    env = environment.for_up(os.environ, home, port, postgres, valkey)
    with Supervisor(held, env=env) as supervisor:
        supervisor.heed(*STOPS)
        supervisor.remove_at_end(sockets)
        try:
            postgres.start(supervisor, home.logs)
            valkey.start(supervisor, home.logs)
            serve(supervisor, home, port)
        except Asked as reason:
            say(f"Stopping ({reason}) …")
    say(f"Stopped. The data stay in {home.folder}")


def serve(supervisor: Supervisor, home: Home, port: int) -> None:
    """Prepare the database, start the product, say where it is, and watch it."""
    say("Bringing the database up to date; the first time this takes a few minutes …")
    told = supervisor.finish("The preparation", PREPARE, log=home.logs / "release.log")
    web = [*WEB, "--port", str(port), "capx.wsgi:application"]
    supervisor.start("The web server", web, log=home.logs / "web.log")
    supervisor.wait_for(lambda: healthy(port), "The web server")
    supervisor.start("The worker", WORKER, log=home.logs / "worker.log")
    supervisor.start("The timetable", BEAT, log=home.logs / "beat.log")
    say(f"\n{told.strip()}\n\nCapacity Exchange is at http://localhost:{port}/")
    say(f"Data, mail and logs are in {home.folder}; Ctrl-C stops everything.")
    while True:
        supervisor.check()
        time.sleep(TICK)


def wanted_port() -> int:
    """Return the port to listen on, if it is free."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 0 < int(wanted) < 2**16:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted)))
        except OSError as error:
            raise Trouble(
                f"Port {wanted} cannot be used ({error.strerror}). "
                f"Choose another: PORT={int(wanted) % 65535 + 1} make run"
            ) from None
    return int(wanted)


def healthy(port: int) -> bool:
    """Say whether the page that asks the database and the broker finds both well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 -- as everybody knows it
    except (OSError, urllib.error.HTTPError):
        return False


def say(sentence: str) -> None:
    """Tell the terminal, if there still is one."""
    try:
        print(sentence, flush=True)  # noqa: T201 -- this is a command
    except OSError:
        return
