"""Words on paper: a template of typst, filled in with data, as PDF."""

import json
import logging
import subprocess
import sys
import unicodedata
from typing import Any

from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
FONTS = settings.MODULES / "@expo-google-fonts"
FACES = [
    FONTS / family / weight
    for family in ("noto-sans", "noto-sans-arabic")
    for weight in ("400Regular", "700Bold")
]
PRESS = settings.BASE_DIR / "capx" / "press.py"
SECONDS = 10
LONGEST = 100_000  # signs of all words together
LARGEST = 5_000_000  # bytes of a PDF

logger = logging.getLogger(__name__)


class Unprintable(Exception):
    """It is too long to print, or printing it took too long."""


def pdf(template: str, words: dict[str, Any]) -> bytes:
    """Print a template with these words: a PDF of at most 5 MB, in at most 10 seconds.

    Raises Unprintable.
    """
    job = {
        "template": str(TEMPLATES / template),
        "root": str((TEMPLATES / template).parent),
        "fonts": list(map(str, FACES)),
        "words": words,
    }
    text = json.dumps(job)
    if len(text) > LONGEST:
        raise Unprintable
    page = _print(text.encode())
    if len(page) > LARGEST:
        raise Unprintable
    return page


def _print(job: bytes) -> bytes:
    """Let the press print, in a process that ends with it."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=job,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as late:
        raise Unprintable from late
    except subprocess.CalledProcessError as failed:
        logger.exception("The press failed: %s", failed.stderr.decode(errors="replace")[-2000:])
        raise Unprintable from failed
    return done.stdout


def paragraphs(text: str) -> list[dict[str, Any]]:
    """Part a text into its lines that are not empty, each with the way it is read."""
    lines = (line.strip() for line in text.splitlines())
    return [{"text": line, "rtl": reads_leftwards(line)} for line in lines if line]


def reads_leftwards(text: str) -> bool:
    """Say whether a text reads from right to left, by its first letter that tells."""
    ways = (unicodedata.bidirectional(sign) for sign in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"
