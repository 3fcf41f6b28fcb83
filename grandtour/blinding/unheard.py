"""Where a name cannot be looked for: in a script in which nobody has written it down.

A name is known as its owner writes it, and by its sound in seven scripts. In other scripts,
and of names that are too short to be known by their sound (Ali in Arabic, Noa in Hebrew), a
text may say it in a way nobody can list: somebody has to read that text.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from capx.folding import fold
from grandtour.blinding.scripts import NONE, scripts_in
from grandtour.blinding.sounds import sounds_in

# What stands in Latin letters in texts of every script.
ORDINARY = re.compile(
    r"(?<![^\W_])(?:wiki\w*|commons|glam|edit-?a-?thons?)(?![^\W_])", re.IGNORECASE
)


def unheard(name: str, parts: Iterable[str], text: str) -> frozenset[str]:
    """Name the scripts of a text in which somebody may be named without being found.

    `name`: as its owner writes it, in one script or several; `parts`: what it consists of.
    """
    other = scripts_in(text) - scripts_in(name)
    if "latin" in other:
        other = scripts_in(ORDINARY.sub("", text)) - scripts_in(name)
    return _unheard(frozenset(map(fold, parts)), other) if name and other else NONE


@lru_cache(maxsize=4096)
def _unheard(parts: frozenset[str], scripts: frozenset[str]) -> frozenset[str]:
    """Keep the scripts in which not every part of a name is known by its sound."""
    return frozenset(one for one in scripts if not all(sounds_in(part, one) for part in parts))
