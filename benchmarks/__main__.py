"""`python -m benchmarks [name …]`: run each module that has a `measure()`, or those named.

It needs servers: `make bench` starts them. The exit code says whether every promise was kept.
"""

import sys
from importlib import import_module
from pathlib import Path


def names() -> list[str]:
    """Name the modules that measure something; what they stand on needs Django to be read."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return [one.stem for one in modules if "\ndef measure(" in one.read_text()]


def main(wanted: list[str]) -> bool:
    """Print one line for each figure and say whether all are as promised."""
    well = True
    for name in wanted or names():
        for figure in import_module(f"benchmarks.{name}").measure():
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            well = well and figure.ok
    return well


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
