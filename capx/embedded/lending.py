"""Root lends the servers to `nobody`: PostgreSQL refuses root, and Valkey needs no more.

Folders above the data may be closed to others (`/root` is). They stay as they are: there
the server keeps the one capability that lets it pass them, and no other.
"""

import os
import pwd
import shutil
import stat
from pathlib import Path

from capx.embedded.trouble import Trouble

BORROWER = "nobody"


def lend(folder: Path) -> None:
    """Give a folder to whoever the servers run as."""
    if os.geteuid() == 0:
        them = pwd.getpwnam(BORROWER)
        os.chown(folder, them.pw_uid, them.pw_gid)


def prefix(*needed: Path) -> list[str]:
    """Return what stands before a server's command so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Trouble(
            "PostgreSQL does not run as root, and `setpriv` (util-linux) is not here to\n"
            "start it as somebody else. Please run this as an ordinary user."
        )
    them = pwd.getpwnam(BORROWER)
    command = [setpriv, f"--reuid={them.pw_uid}", f"--regid={them.pw_gid}", "--clear-groups"]
    if not all(map(_open_to_all, needed)):
        # access() and exec() only honour the capability when it outlives the change of user.
        command.append("--securebits=+no_setuid_fixup")
        command.append("--inh-caps=-all,+dac_override")
        command.append("--ambient-caps=-all,+dac_override")
    return command


def _open_to_all(path: Path) -> bool:
    """Say whether others may pass every folder on the way, and read the file at its end."""
    folders = folders_on_the_way(path.absolute())
    way = all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)
    return way and (not path.is_file() or bool(path.stat().st_mode & stat.S_IROTH))


def folders_on_the_way(path: Path) -> set[Path]:
    """Name every folder on the way to a path, also those that its links lead through."""
    links = [step for step in (path, *path.parents) if step.is_symlink()]
    return set(path.parents).union(
        *(folders_on_the_way(link.parent / link.readlink()) for link in links)
    )
