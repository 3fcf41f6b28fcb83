"""How words begin that tell of a country, in the languages of Europe and of its neighbours."""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from capx.folding import fold


@dataclass(frozen=True, slots=True)
class Stem:
    """A word in all its cases; `whole`: in this one. `named`: only with a capital."""

    folded: str
    whole: bool = False
    named: bool = False


def _read(written: str) -> Stem:
    """Read one as the list writes it: ^island, =viro, wielk_brytan."""
    bare = written.lstrip("^=")
    marks = written[: len(written) - len(bare)]
    return Stem(fold(bare.replace("_", " ")), "=" in marks, "^" in marks)


def _all() -> dict[str, frozenset[Stem]]:
    """Read the list: a country, then its stems."""
    listed = Path(__file__).with_name("stems.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in listed if not line.startswith("#"))
    return {country: frozenset(map(_read, stems)) for country, *stems in rows}


STEMS = MappingProxyType(_all())
