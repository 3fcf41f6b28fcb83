"""How words begin that tell of a country, in many languages."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from capx.folding import fold


@dataclass(frozen=True, slots=True)
class Stem:
    """A word in all its cases; `whole`: in this one. `named`: only with a capital.

    `letters`: letters that stand for a name, as UK does; only as capitals.
    """

    folded: str
    whole: bool = False
    named: bool = False
    letters: bool = False


def _read(written: str) -> Stem:
    """Read one as the lists write it: ^island, =viro, wielk_brytan, !UK."""
    bare = written.lstrip("^=!")
    marks = written[: len(written) - len(bare)]
    return Stem(fold(bare.replace("_", " ")), "=" in marks, "^" in marks, "!" in marks)


def _all() -> dict[str, frozenset[Stem]]:
    """Read the lists of Europe and of the world: a country, then its stems."""
    files = (Path(__file__).with_name(name) for name in ("stems.txt", "world.txt"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {country: frozenset(map(_read, stems)) for country, *stems in rows}


STEMS = MappingProxyType(_all())
