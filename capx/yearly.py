"""A year in rows: what was meant, and what came of it; for a page, a wiki and a file."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from capx.bars import Bar, Drawing, draw
from capx.sums import HOURS, Sum
from capx.templatetags.wording import money

PRACTICES = "practices"
# What means something in wikitext.
SIGNS = re.compile(r"[^\w\s.,?()]|_")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of which kind, in which unit, how much was meant, and what came of it.

    `few`: it came from fewer than five people, so that no number is told.
    """

    kind: str
    label: str
    unit: str
    meant: Decimal | None = None
    came: Decimal | None = None
    few: bool = False

    @property
    def meant_words(self) -> str:
        """Write what was meant."""
        return "—" if self.meant is None else amount(self.meant, self.unit)

    @property
    def came_words(self) -> str:
        """Write what came of it; of fewer than five people, nothing but that."""
        if self.few:
            return _("fewer than five people")
        return amount(self.came or Decimal(0), self.unit)


@dataclass(frozen=True, slots=True)
class Meant:
    """What an affiliate wrote down for one kind; money in the smallest unit."""

    kind: str
    hours: Decimal | None
    amount: int | None
    currency: str


def rows(
    kinds: dict[str, str], meant: Iterable[Meant], sums: dict[tuple[str, str], Sum]
) -> list[Row]:
    """Hold for each kind (with its label) what was meant against what came of it."""
    written = {one.kind: one for one in meant}
    return [
        row
        for kind, label in kinds.items()
        for row in _of_kind(kind, label, written.get(kind), sums)
    ]


def _of_kind(
    kind: str, label: str, meant: Meant | None, sums: dict[tuple[str, str], Sum]
) -> Iterator[Row]:
    hours = _("%(kind)s: hours") % {"kind": label}
    yield _row(kind, hours, HOURS, meant.hours if meant else None, sums)
    pledged = {meant.currency: Decimal(meant.amount)} if meant and meant.amount else {}
    paid = [unit for its, unit in sums if its == kind and unit != HOURS]
    words = _("%(kind)s: money") % {"kind": label}
    for unit in sorted({*pledged, *paid}):
        yield _row(kind, words, unit, pledged.get(unit), sums)


def _row(
    kind: str,
    label: str,
    unit: str,
    meant: Decimal | None,
    sums: dict[tuple[str, str], Sum],
) -> Row:
    found = sums.get((kind, unit))
    if found is None:
        return Row(kind, label, unit, meant, Decimal(0))
    return Row(kind, label, unit, meant, found.told, few=found.told is None)


def amount(value: Decimal, unit: str) -> str:
    """Write an amount in its unit, as the reader's language does."""
    if unit not in (HOURS, PRACTICES):
        return money(int(value), unit)
    number = format_decimal(value.normalize(), locale=to_locale(get_language() or "en"))
    if unit == PRACTICES:
        return number
    whole = int(value) if value == int(value) else 2
    return ngettext("%(number)s hour", "%(number)s hours", whole) % {"number": number}


def picture(found: Iterable[Row], *, mirrored: bool) -> Drawing:
    """Draw the hours: a bar for what came, a line for what was meant."""
    bars = [
        Bar(row.kind, f"{row.label}: {row.came_words}", row.came or Decimal(0), row.meant)
        for row in found
        if row.unit == HOURS
    ]
    return draw(bars, mirrored=mirrored)


def wikitext(title: str, found: Iterable[Row]) -> str:
    """Write the rows as a table to paste into a wiki page."""
    head = ["", _("Meant"), _("Came of it")]
    lines = ['{| class="wikitable"', f"|+ {plain(title)}", "! " + " !! ".join(map(plain, head))]
    for row in found:
        cells = (row.meant_words, row.came_words)
        lines += ["|-", f'! scope="row" | {plain(row.label)}']
        lines += ["| " + " || ".join(map(plain, cells))]
    return "\n".join([*lines, "|}", ""])


def plain(words: str) -> str:
    """Write words so that a wiki reads nothing in them as markup."""
    return SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(words.split()))


def table(slug: str, year: int, found: Iterable[Row]) -> str:
    """Write the rows as CSV: plain numbers, money in whole units; empty where none is told."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["affiliate", "year", "kind", "unit", "meant", "came_of_it", "note"])
    for row in found:
        note = "fewer than five people" if row.few else ""
        cells = [_number(row.meant, row.unit), _number(row.came, row.unit)]
        writer.writerow([slug, year, row.kind, row.unit or "hours", *cells, note])
    return sheet.getvalue()


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    if unit in (HOURS, PRACTICES):
        return f"{value.normalize():f}"
    return f"{value.scaleb(-get_currency_precision(unit)):f}"
