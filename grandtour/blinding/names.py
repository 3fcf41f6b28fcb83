"""Of what a name consists: each part names somebody by itself."""

import re
from functools import lru_cache

from capx.folding import fold
from grandtour.blinding.plain import PARTICLES

SHORTEST = 2  # letters of a part that is looked for
# What stands between the parts of a name: a dot in the middle in Japanese, and a hyphen.
BETWEEN = re.compile(r"[\s_\u00b7\u2022\u2027\u30fb\uff65=-]+")
AROUND = ",.()\"'\u00ab\u00bb\u201c\u201d\u300c\u300d\uff08\uff09"
# Chinese and Korean names are written in one word: first the family's, of a letter or two.
WHOLE = re.compile(r"[\u3400-\u9fff]{3,4}|[\uac00-\ud7af]{3,4}")
OF_TWO = 4  # letters of a name whose first two are the family's


@lru_cache(maxsize=4096)
def parts_of(name: str) -> frozenset[str]:
    """Give the parts of a name by which one knows whose it is."""
    parts = {part.strip(AROUND) for part in BETWEEN.split(name)}
    parts |= {_given(part) for part in parts if WHOLE.fullmatch(part)}
    return frozenset(
        one for one in parts if len(one) >= SHORTEST and fold(one) not in PARTICLES
    )


def _given(name: str) -> str:
    """Take the family's name off one that is written in one word."""
    return name[2:] if len(name) == OF_TWO else name[1:]
