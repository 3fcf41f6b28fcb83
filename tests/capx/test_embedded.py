import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from select import select

import psutil
import psycopg
import pytest

from capx.embedded import home as homes
from capx.embedded import lending, up
from capx.embedded.home import Home
from capx.embedded.postgres import Postgres
from capx.embedded.processes import ROOT, Asked, Supervisor
from capx.embedded.trouble import Trouble
from capx.embedded.valkey import Valkey

RUN = [sys.executable, "-m", "capx.embedded", "run", "--"]
SLEEP = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"]
ELSEWHERE = {"DATABASE_URL": "postgres://there/db", "REDIS_URL": "redis://there:6379/0"}


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """An environment that names no servers, and a folder for sockets that only we use."""
    for name in ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    folder = homes.runtime()
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.iterdir()) == []
    folder.rmdir()


def start(*command, **env):
    return subprocess.Popen(
        [*RUN, *command],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_of(folder):
    """Return every process that has this folder in its command line."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in word for word in process.info["cmdline"] or [])
    ]


def gone(folder, seconds=90):
    """Wait until no process and no file of this folder is left."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if not processes_of(folder) and not list(folder.iterdir()):
            return True
        time.sleep(0.1)
    return False


def test_run_gives_the_command_its_servers_and_hands_back_its_exit_code(alone):
    ask = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); exit(7)"
    running = start(sys.executable, "-c", ask)
    database, redis = running.communicate(timeout=300)[0].split()

    assert running.returncode == 7
    assert database.startswith(f"postgres://capx@/{alone}/capx-")
    assert redis.startswith(f"redis+socket://{alone}/capx-")
    assert gone(alone)


def test_run_uses_the_servers_that_the_environment_names(alone):
    ask = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    running = start(sys.executable, "-c", ask, **ELSEWHERE)

    assert running.communicate(timeout=300)[0].split() == list(ELSEWHERE.values())
    assert not (alone / "postgres.log").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_when_run_is_stopped(alone, number):
    running = start(*SLEEP)
    assert select([running.stdout], [], [], 300)[0]
    assert running.stdout.readline() == "awake\n"
    sleeper = psutil.Process(running.pid).children()[-1]
    running.send_signal(number)
    running.communicate(timeout=300)

    assert running.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert gone(alone)
    assert not sleeper.is_running()


def test_nothing_is_left_when_a_server_is_killed_under_the_command(alone):
    running = start(*SLEEP)
    assert select([running.stdout], [], [], 300)[0]
    assert running.stdout.readline() == "awake\n"
    next(p for p in processes_of(alone) if "valkey" in p.name()).kill()
    told = running.communicate(timeout=300)[0]

    assert running.returncode == 1
    assert "Valkey ended by itself (SIGKILL), so everything stops." in told
    assert gone(alone)


@contextmanager
def servers(folder):
    """Run PostgreSQL in a folder, as `up` does."""
    sockets = homes.runtime()
    with Supervisor(env=os.environ) as supervisor:
        supervisor.remove_at_end(sockets)
        postgres = Postgres(folder / "postgres", sockets)
        yield supervisor, postgres, postgres.start(supervisor, folder)


def ask(postgres, query):
    with psycopg.connect(host=str(postgres.sockets), user="capx", dbname="capx") as line:
        answer = line.execute(query)
        return answer.fetchall() if answer.description else None


def test_the_database_keeps_what_it_was_told_through_a_kill(tmp_path):
    folder = tmp_path / "a folder with spaces and a rather long name " / ("x" * 90)
    folder.mkdir(parents=True)
    with servers(folder) as (_, postgres, child):
        ask(postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
        child.process.kill()
        child.process.wait()
    note = folder / "postgres" / "postmaster.pid"
    # After a restart of the machine the number may be that of a living process.
    note.write_text(f"{os.getpid()}\n" + note.read_text().split("\n", 1)[1])

    with servers(folder) as (_, postgres, _child):
        assert ask(postgres, "SELECT answer FROM kept") == [(42,)]
        assert ask(postgres, "SHOW listen_addresses") == [("",)]


def test_a_database_half_made_is_made_again(tmp_path):
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")

    with servers(tmp_path) as (_, postgres, _child):
        assert ask(postgres, "SELECT 1") == [(1,)]


def test_no_folder_is_loosened_and_root_serves_as_nobody(tmp_path):
    server = "nobody" if os.geteuid() == 0 else psutil.Process().username()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with servers(closed) as (supervisor, postgres, child):
        valkey = Valkey(postgres.sockets).start(supervisor, closed)
        users = {psutil.Process(c.process.pid).username() for c in (child, valkey)}
        assert ask(postgres, "SELECT 1") == [(1,)]

    assert users == {server}
    assert closed.stat().st_mode & 0o777 == 0o700


def test_the_broker_listens_on_no_network(tmp_path):
    with Supervisor(env=os.environ) as supervisor:
        sockets = homes.runtime()
        supervisor.remove_at_end(sockets)
        child = Valkey(sockets).start(supervisor, tmp_path)

        assert psutil.Process(child.process.pid).net_connections("inet") == []


def test_a_process_that_ends_by_itself_is_named_with_its_last_words(tmp_path):
    with Supervisor(env=os.environ) as supervisor:
        command = [sys.executable, "-c", "print('too hot'); raise SystemExit(3)"]
        supervisor.start("The oven", command, log=tmp_path / "oven.log")
        with pytest.raises(Trouble, match=r"(?s)The oven ended .*\(exit code 3\).*too hot"):
            supervisor.wait_for(lambda: False, "Dinner", 30)


def test_what_never_answers_is_named(tmp_path):
    with (
        Supervisor(env=os.environ) as supervisor,
        pytest.raises(Trouble, match="did not answer"),
    ):
        supervisor.wait_for(lambda: False, "Nobody", 0.2)


def test_a_stubborn_process_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr("capx.embedded.watchdog.PATIENCE", 0.5)
    stubborn = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "os.fork(); print('here', flush=True); time.sleep(600)"
    )
    log = tmp_path / "stubborn.log"
    with Supervisor(env=os.environ) as supervisor:
        child = supervisor.start("Stubborn", [sys.executable, "-c", stubborn], log=log)
        supervisor.wait_for(lambda: log.read_text().count("here") == 2, "Stubborn")
        family = [psutil.Process(child.process.pid)]
        family += family[0].children()
    psutil.wait_procs(family, 60)

    assert [process.is_running() for process in family] == [False, False]


def test_a_home_has_one_user_at_a_time_and_one_key(tmp_path):
    home = Home(tmp_path / "home")
    held = home.lock()
    home.note(held, "http://localhost:8000/")

    with pytest.raises(Trouble, match=r"already runs in .*home http://localhost:8000/"):
        Home(tmp_path / "home").lock()
    os.close(held)
    os.close(Home(tmp_path / "home").lock())

    key = home.secret_key()
    assert len(key) > 50
    assert Home(tmp_path / "home").secret_key() == key
    assert (home.folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_sockets_lie_on_a_short_path_and_a_crash_leaves_none(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 20)))
    home = Home(tmp_path / "home")
    left = home.sockets()
    fresh = home.sockets()

    assert len(str(fresh)) < homes.LONGEST
    assert (left.exists(), fresh.exists()) == (False, True)
    fresh.rmdir()


@pytest.mark.parametrize("port", ["zero", "0", "65536", "-1"])
def test_port_must_be_a_port(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Trouble, match="PORT must be a number"):
        up.wanted_port()


def test_a_port_that_is_taken_is_said_with_the_way_out(monkeypatch):
    with up.socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Trouble, match=rf"Port {port} .* PORT={port % 65535 + 1} make run"):
            up.wanted_port()


def test_everything_stops_when_the_parent_goes_away(monkeypatch):
    with Supervisor(env=os.environ) as supervisor:
        monkeypatch.setattr(os, "getppid", lambda: 1)
        with pytest.raises(Asked, match="gone"):
            supervisor.check()


def test_no_word_of_django_is_needed_to_start_the_servers():
    folder = Path(up.__file__).parent
    words = "\n".join(path.read_text() for path in folder.glob("*.py"))

    assert "import django" not in words
    assert "from django" not in words


def test_the_way_to_a_server_leads_through_the_folders_of_links_and_of_what_they_name(tmp_path):
    there, closed = tmp_path / "there", tmp_path / "closed" / "project"
    (there / "bin").mkdir(parents=True)
    closed.mkdir(parents=True)
    (there / "bin" / "postgres").touch()
    (closed / ".venv").symlink_to(Path("..", "..", "there"))

    folders = {
        folder.resolve() for folder in lending.folders_on_the_way(closed / ".venv/bin/postgres")
    }

    assert folders >= {there, there / "bin", closed, closed.parent, tmp_path, Path("/")}
