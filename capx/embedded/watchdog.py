"""Stop whatever is left once the supervisor is gone, however it went.

Runs as a plain script in a session of its own and reads one order a line:
`watch TARGET SIGNAL`, `forget TARGET`, `remove FOLDER`. The end of the input is its moment.
A target is what kill(2) takes: a process, or a whole group where it is negative.
"""

import os
import shutil
import signal
import sys
import time

PATIENCE = 10  # seconds until what was asked to stop is killed


def tell(target: int, number: int) -> bool:
    """Send a signal to a process or a group; say whether anybody was there."""
    try:
        os.kill(target, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group of zombies
        return False
    return True


def stop(watched: dict[int, int]) -> None:
    """Ask everything to stop, the last started first, and kill what does not."""
    for target, number in reversed(watched.items()):
        tell(target, number)
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last and any(tell(target, 0) for target in watched):
        time.sleep(0.05)
    for target in watched:
        tell(target, signal.SIGKILL)


def main() -> None:
    """Take orders until the supervisor closes its end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watched: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        order, _, rest = line.rstrip("\n").partition(" ")
        if order == "watch":
            target, stop_with = map(int, rest.split())
            watched[target] = stop_with
        elif order == "forget":
            watched.pop(int(rest), None)
        elif order == "remove":
            folders.append(rest)
    stop(watched)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
