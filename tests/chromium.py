"""Find a Chromium for the tests, or fetch one: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
WAYS = {
    "Debian's package": [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]],
    "Playwright's download": [[sys.executable, "-m", "playwright", "install", "chromium"]],
}
LEFT_OUT = (
    "NO BROWSER: every test in tests/browser was left out.\n"
    "Install Chromium, or name it: CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """Return the path of a browser that is here already."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def fetch() -> str | None:
    """Try one way after the other until there is a browser."""
    for name, commands in WAYS.items():
        if commands[0][0] == "apt-get" and (os.geteuid() != 0 or not shutil.which("apt-get")):
            continue
        sys.stderr.write(f"No browser is here yet; trying {name} …\n")
        if all(subprocess.run(command, check=False).returncode == 0 for command in commands):
            return find()
    return None


def must_have() -> bool:
    """Say whether a run without a browser is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


if __name__ == "__main__":
    if not (find() or fetch()):
        sys.stderr.write(f"{LEFT_OUT}\n")
        sys.exit(must_have())
