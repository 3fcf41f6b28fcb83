"""The command line: `up` for `make run`, `run -- COMMAND` for tests and tools."""

import sys

from capx.embedded.run import run
from capx.embedded.trouble import Trouble
from capx.embedded.up import up

USAGE = """\
python -m capx.embedded up               everything on this machine, until Ctrl-C
python -m capx.embedded run -- COMMAND   one command, with servers of its own
"""


def main(words: list[str]) -> int:
    """Do what the words say and return the exit code."""
    match words:
        case ["up"]:
            up()
            return 0
        case ["run", "--", *command] if command:
            return run(command)
        case _:
            sys.stderr.write(USAGE)
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as sentence:
        sys.stderr.write(f"\n{sentence}\n")
        sys.exit(1)
