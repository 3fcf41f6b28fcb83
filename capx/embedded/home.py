"""The folder where the data of `make run` live, and who may use it now."""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from capx.embedded.trouble import Trouble

PREFIX = "capx-"
LONGEST = 60  # bytes of a folder in which a socket's path still fits (107 in all)
PATIENCE = 12  # seconds for the watchdog of a killed run to finish


def mode() -> int:
    """Return the rights on a new folder: root lets the servers' user pass, not look."""
    return 0o711 if os.geteuid() == 0 else 0o700


class Home:
    """One folder with the database, the mail, the logs and the key of one site."""

    def __init__(self, folder: Path) -> None:
        """Make the folders that are missing, and touch no other."""
        self.folder = folder.absolute()
        self.logs = self.folder / "logs"
        self.mail = self.folder / "mail"
        self.static = self.folder / "static"
        if not self.folder.exists():
            self.folder.mkdir(parents=True, mode=mode())
        for inside in (self.logs, self.mail, self.static):
            inside.mkdir(mode=0o700, exist_ok=True)

    def lock(self) -> int:
        """Take the folder for this run; return the descriptor that holds it."""
        path = self.folder / "lock"
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        last = time.monotonic() + PATIENCE
        while not _locked(held):
            pid, _, address = path.read_text().partition(" ")
            if _alive(pid) or time.monotonic() > last:
                os.close(held)
                raise Trouble(
                    f"Capacity Exchange already runs in {self.folder} {address.strip()}\n"
                    "Stop it first, or set CAPX_HOME to another folder."
                )
            time.sleep(0.1)
        self.note(held)
        return held

    def note(self, held: int, address: str = "") -> None:
        """Write down who holds the folder, and where the product answers."""
        os.truncate(held, 0)
        os.pwrite(held, f"{os.getpid()} {address}\n".encode(), 0)

    def sockets(self) -> Path:
        """Make the folder for this run's sockets, and remove one that a crash left."""
        link = self.folder / "sockets"
        if link.is_symlink():
            left = link.readlink()
            if left.name.startswith(PREFIX) and left.exists():
                sweep(left)
            link.unlink()
        fresh = runtime()
        link.symlink_to(fresh)
        return fresh

    def put_logs_aside(self) -> None:
        """Keep the logs of the last run, and only those, beside the new ones."""
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".before"))

    def secret_key(self) -> str:
        """Return the key of this site, made once and readable by its owner only."""
        path = self.folder / "secret-key"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50))
            fresh.rename(path)
        return path.read_text()


def runtime() -> Path:
    """Make a private folder for sockets, on a path short enough for them."""
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > LONGEST:
        parent = "/tmp"  # noqa: S108 -- the folder made inside it is private
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))


def sweep(left: Path) -> None:
    """Remove what is left where the supervisor and its watchdog were killed together.

    PostgreSQL is not ended here: its own start stops an older one in its folder, gently.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = [*process.cmdline(), process.environ().get("REDIS_URL", "")]
            ours = any(str(left) in word for word in words)
            if ours and process.pid != os.getpid() and process.name() != "postgres":
                process.kill()
    shutil.rmtree(left, ignore_errors=True)


def _locked(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
