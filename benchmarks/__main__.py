"""`python -m benchmarks [name …]`: run each module that has a `measure()`, or those named.

It needs servers: `make bench` starts them. The exit code says whether every promise was kept.
"""

import pkgutil
import sys
from importlib import import_module

import benchmarks

NO_BENCHMARK = {
    "__main__",
    "archive",
    "clock",
    "figures",
    "carriers",
    "corpus",
    "crowd",
    "reminded",
    "sink",
    "asking",
    "movement",
    "reading",
    "tours",
    "worlds",
}


def main(wanted: list[str]) -> bool:
    """Print one line for each figure and say whether all are as promised."""
    known = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - NO_BENCHMARK
    well = True
    for name in wanted or sorted(known):
        module = import_module(f"benchmarks.{name}")
        for figure in module.measure() if hasattr(module, "measure") else ():
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            well = well and figure.ok
    return well


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
