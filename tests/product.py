"""The product as its users meet it: web, worker, timetable, broker, real mail over SMTP."""

import os
import socket
from contextlib import ExitStack, contextmanager
from functools import cached_property
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from capx.embedded import up
from capx.embedded.home import runtime
from capx.embedded.processes import Supervisor
from capx.embedded.valkey import Valkey
from tests.databases import manage
from tests.post_office import PostOffice

TIMETABLE = [*up.BEAT, "--max-interval", "1"]
TIMETABLE[TIMETABLE.index("capx")] = "tests.quick_timetable"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Product:
    """Every process of one site; each may be killed and started again by its name."""

    def __init__(self, release, database, post, folder):
        self.release = release
        self.post = post
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.sockets = runtime()
        self.valkey = Valkey(self.sockets)
        self.env = {
            **os.environ,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": database,
            "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
            "INSECURE_HTTP": "1",
            "QUIET_HOURS": "0",
            "REDIS_URL": self.valkey.url(),
            "SITE_URL": self.url,
            "STATIC_ROOT": str(release.static),
        }
        self.running = {}

    @cached_property
    def commands(self):
        return {
            "web": [*up.WEB, "--port", str(self.port), "capx.wsgi:application"],
            "worker": up.WORKER,
            "timetable": TIMETABLE,
        }

    def start(self, name):
        """Start one of: broker, web, worker, timetable."""
        if name == "broker":
            self.running[name] = self.valkey.start(self.supervisor, self.folder)
            return
        log = self.folder / f"{name}.log"
        self.running[name] = self.supervisor.start(name, self.commands[name], log=log)
        if name == "web":
            self.supervisor.wait_for(self.answers, "The web server")

    def kill(self, name):
        """End one of them without a warning."""
        child = self.running.pop(name)
        child.process.kill()
        self.supervisor.stop(child)

    def answers(self):
        """Say whether the web server answers, whatever it answers."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def manage(self, *words):
        """Run one command of manage.py on this site."""
        return manage(*words, **self.env)

    def query(self, words, *values):
        """Ask the database; return the rows."""
        address = {**connection.get_connection_params()}
        address.pop("pool", None)
        address["dbname"] = urlsplit(self.env["DATABASE_URL"]).path.rsplit("/", 1)[1]
        with psycopg.connect(**address) as line:
            answer = line.execute(words, values)
            return answer.fetchall() if answer.description else []

    def logs(self):
        """Return the end of every log, for the report of a failed test."""
        return "\n".join(child.tail() for child in self.running.values())


@contextmanager
def site(release, folder, parts):
    """Lend a new site of which these parts run."""
    name = f"product_{os.getpid()}_{abs(hash(folder))}"
    with ExitStack() as stack:
        database = stack.enter_context(release.copy(name))
        post = stack.enter_context(PostOffice())
        made = Product(release, database, post, folder)
        made.supervisor = stack.enter_context(Supervisor(env=made.env))
        made.supervisor.remove_at_end(made.sockets)
        for part in parts:
            made.start(part)
        yield made
        for part in list(made.running):
            made.kill(part)  # that all end well when they are asked to, test_up tries


@pytest.fixture(scope="module")
def product(release, tmp_path_factory):
    """Every process of a new site: web, worker, timetable, broker, and a post office."""
    parts = ("broker", "web", "worker", "timetable")
    with site(release, tmp_path_factory.mktemp("product"), parts) as made:
        yield made
