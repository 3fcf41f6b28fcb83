"""The product as its users meet it: web, worker, timetable, broker, real mail over SMTP."""

import fcntl
import os
import socket
import subprocess
from contextlib import ExitStack, contextmanager
from functools import cached_property
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from capx.embedded import up
from capx.embedded.home import runtime
from capx.embedded.processes import ROOT, Supervisor
from capx.embedded.valkey import Valkey
from tests.post_office import PostOffice

TIMETABLE = [*up.BEAT, "--max-interval", "1"]
TIMETABLE[TIMETABLE.index("capx")] = "tests.quick_timetable"


def address_of(database):
    """Return DATABASE_URL for another database of the same server."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    path = f"{parts.path.rsplit('/', 1)[0]}/{database}"
    return urlunsplit(parts._replace(path=path))


def ask_server(query, *names):
    """Send the database server one statement about whole databases."""
    address = {**connection.get_connection_params(), "dbname": "postgres"}
    address.pop("pool", None)
    with psycopg.connect(**address, autocommit=True) as line:
        line.execute(sql.SQL(query).format(*map(sql.Identifier, names)))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Release:
    """What `manage.py release` leaves behind: static files, and a database to copy."""

    def __init__(self, folder, name):
        self.folder = folder
        self.static = folder / "static"
        self.database = f"template_{name}"

    def make(self):
        """Prepare both, once for all test processes of this run."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / "done").exists():
                ask_server("CREATE DATABASE {} TEMPLATE template0", self.database)
                self.manage("release", DATABASE_URL=address_of(self.database))
                (self.folder / "done").touch()

    def manage(self, *words, **env):
        """Run one command of manage.py; its output is shown when it fails."""
        done = subprocess.run(
            [*up.PREPARE[:2], *words],
            cwd=ROOT,
            env={**os.environ, "STATIC_ROOT": str(self.static), **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def copy(self, name):
        """Lend a database with everything a new site has."""
        ask_server("CREATE DATABASE {} TEMPLATE {}", name, self.database)
        try:
            yield address_of(name)
        finally:
            ask_server("DROP DATABASE {} WITH (FORCE)", name)


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
        return self.release.manage(*words, **self.env)

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


@pytest.fixture(scope="session")
def release(request, tmp_path_factory):
    """A release made once for the whole run, whatever the number of test processes."""
    own = tmp_path_factory.getbasetemp()
    run = getattr(request.config, "workerinput", {}).get("testrunuid", "alone")
    shared = own.parent if run != "alone" else own
    folder = shared / "release"
    folder.mkdir(exist_ok=True)
    made = Release(folder, f"{run[:12]}_{os.getpid() if run == 'alone' else ''}")
    made.make()
    return made


@pytest.fixture(scope="module")
def product(release, tmp_path_factory):
    """Every process of a new site: web, worker, timetable, broker, and a post office."""
    folder = tmp_path_factory.mktemp("product")
    name = f"product_{os.getpid()}_{abs(hash(folder))}"
    with ExitStack() as stack:
        database = stack.enter_context(release.copy(name))
        post = stack.enter_context(PostOffice())
        site = Product(release, database, post, folder)
        site.supervisor = stack.enter_context(Supervisor(env=site.env))
        site.supervisor.remove_at_end(site.sockets)
        for part in ("broker", "web", "worker", "timetable"):
            site.start(part)
        yield site
