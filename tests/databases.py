"""Databases made once for a whole run, and copied by whoever needs one."""

import fcntl
import os
import subprocess
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from capx.embedded import up
from capx.embedded.processes import ROOT

LONGEST = 600  # seconds of one step, on a machine that also runs other tests


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
        line.execute(f"SET statement_timeout = '{LONGEST}s'")
        line.execute(sql.SQL(query).format(*map(sql.Identifier, names)))


def manage(*words, **env):
    """Run one command of manage.py; its output is shown when it fails."""
    done = subprocess.run(
        [*up.PREPARE[:2], *words],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def held(mark):
    """Say whether whoever left a mark is still there: with a process goes its lock."""
    with mark.open() as line:
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class Originals:
    """What takes long to make: a migrated database, and a whole release of the product."""

    def __init__(self, folder, name):
        self.folder = folder
        self.static = folder / "static"
        self.migrated = f"capx_migrated_{name}"
        self.released = f"capx_released_{name}"

    def migrate(self):
        with self._once("migrate") as needed:
            if needed:
                self._create(self.migrated, "template0")
                manage("migrate", DATABASE_URL=address_of(self.migrated))

    def release(self):
        self.migrate()
        with self._once("release") as needed:
            if needed:
                self._create(self.released, self.migrated)
                there = address_of(self.released)
                manage("release", DATABASE_URL=there, STATIC_ROOT=str(self.static))

    def _create(self, name, template):
        """Make a database, also where another process failed half-way and left one."""
        ask_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        ask_server("CREATE DATABASE {} TEMPLATE {}", name, template)

    @contextmanager
    def _once(self, step):
        """Let one test process do the step while the others wait for it."""
        with self._alone():
            done = self.folder / step
            yield not done.exists()
            done.touch()

    @contextmanager
    def _alone(self):
        """Keep the other test processes waiting."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def come(self):
        """Note that a test process may need them, for as long as it lives."""
        with self._alone():
            self.mark = (self.folder / f"process-{os.getpid()}").open("w")
            fcntl.flock(self.mark, fcntl.LOCK_EX)

    def go(self):
        """Leave nothing on a server that outlives the tests: the last one clears up."""
        with self._alone():
            self.mark.close()
            if not any(map(held, self.folder.glob("process-*"))):
                self._remove()

    @contextmanager
    def copy(self, name):
        """Lend a database with everything a new site has."""
        ask_server("CREATE DATABASE {} TEMPLATE {}", name, self.released)
        try:
            yield address_of(name)
        finally:
            ask_server("DROP DATABASE {} WITH (FORCE)", name)

    def _remove(self):
        """Drop the databases; whoever comes later makes them anew."""
        for step, name in (("migrate", self.migrated), ("release", self.released)):
            ask_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
            (self.folder / step).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def originals(request, tmp_path_factory):
    """The same originals in every test process of this run."""
    own = tmp_path_factory.getbasetemp()
    workerinput = getattr(request.config, "workerinput", None)
    made = Originals(
        folder=(own.parent if workerinput else own) / "originals",
        name=workerinput["testrunuid"][:12] if workerinput else str(os.getpid()),
    )
    made.come()
    yield made
    made.go()


@pytest.fixture(scope="session")
def release(originals):
    """A database with skills and places, and the static files."""
    originals.release()
    return originals


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, originals):
    """Have pytest-django copy the migrated database instead of migrating for each process."""
    originals.migrate()
    connection.settings_dict["TEST"]["TEMPLATE"] = originals.migrated
