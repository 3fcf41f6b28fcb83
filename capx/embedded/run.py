"""`python -m capx.embedded run -- COMMAND`: one command with servers of its own."""

import os
from collections.abc import Sequence

from capx.embedded import environment
from capx.embedded.home import runtime
from capx.embedded.postgres import Postgres
from capx.embedded.processes import STOPS, Asked, Supervisor
from capx.embedded.valkey import Valkey


def run(command: Sequence[str]) -> int:
    """Start the servers that the environment does not name, run the command, stop them."""
    sockets = runtime()
    logs = sockets / "logs"
    logs.mkdir()
    # The servers' user may pass into a folder of theirs, and nobody else may.
    postgres, valkey = Postgres(sockets / "data", sockets, hasty=True), Valkey(sockets)
    env = environment.for_run(os.environ, postgres, valkey)
    with Supervisor(env=env) as supervisor:
        supervisor.heed(*STOPS)
        supervisor.remove_at_end(sockets)
        try:
            if env["DATABASE_URL"] == postgres.url():
                postgres.start(supervisor, logs)
            if env["REDIS_URL"] == valkey.url():
                valkey.start(supervisor, logs)
            return supervisor.attend(command)
        except Asked:
            return 128 + supervisor.asked
