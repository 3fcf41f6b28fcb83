"""Prints one page from words: a program of its own, so that it can be stopped and holds little.

It reads a job in JSON from its input and writes a PDF; `capx.paper` starts it.
"""

import json
import resource
import sys

import typst

MEMORY = 2 * 1024**3
SECONDS = 10


def bound() -> None:
    """Let the system stop what takes too long or too much; no file can be written."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Print it; what people wrote comes as data and is never read as markup."""
    bound()
    job = json.load(sys.stdin)
    page = typst.compile(
        job["template"],
        format="pdf",
        root=job["root"],
        font_paths=job["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(job["words"], ensure_ascii=False)},
    )
    sys.stdout.buffer.write(page)


if __name__ == "__main__":
    main()
