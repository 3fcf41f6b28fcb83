"""A year in rows: what was meant, and what came of it; for a page, a wiki and a file."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from capx.bars import Bar, Drawing, draw
from capx.sums import HOURS, PROGRAMME, Sum
from capx.templatetags.wording import money
from capx.wikitext import plain

PRACTICES = "practices"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: of which kind (by key and name), how much was meant, and what came of it.

    `few`: too few people stand behind some of it, of which no number is told; `about`: it is
    rounded.
    """

    kind: str
    name: str
    unit: str
    meant: Decimal | None = None
    came: Decimal | None = None
    few: bool = False
    about: bool = False

    @property
    def label(self) -> str:
        """Name the line by its kind and unit."""
        if self.unit == PRACTICES:
            return self.name
        words = {
            HOURS: _("%(kind)s: hours"),
            PROGRAMME: _("%(kind)s: hours of programme in journeys"),
        }
        return words.get(self.unit, _("%(kind)s: money")) % {"kind": self.name}

    @property
    def meant_words(self) -> str:
        """Write what was meant."""
        return "—" if self.meant is None else amount(self.meant, self.unit)

    @property
    def came_words(self) -> str:
        """Write what came of it; of too few people, nothing but that."""
        if self.few and not self.came:
            return _("too few people to tell")
        words = amount(self.came or Decimal(0), self.unit)
        if self.few:
            return _("%(amount)s, and something of too few people to tell") % {"amount": words}
        return _("about %(amount)s") % {"amount": words} if self.about else words


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
    """Hold for each kind (with its name) what was meant against what came of it."""
    written = {one.kind: one for one in meant}
    return [
        _row(Row(kind, name, unit, pledged), sums)
        for kind, name in kinds.items()
        for unit, pledged in _units(kind, written.get(kind), sums)
    ]


def _units(
    kind: str, meant: Meant | None, sums: dict[tuple[str, str], Sum]
) -> Iterator[tuple[str, Decimal | None]]:
    """List the units of one kind, hours first, each with how much was meant."""
    yield HOURS, meant.hours if meant else None
    pledged: dict[str, Decimal | None] = {unit: None for its, unit in sums if its == kind}
    pledged.pop(HOURS, None)
    if meant and meant.amount is not None:
        pledged[meant.currency] = Decimal(meant.amount)
    yield from sorted(pledged.items(), key=lambda pair: pair[0])


def _row(row: Row, sums: dict[tuple[str, str], Sum]) -> Row:
    """Add what came of it, where it may be told."""
    found = sums.get((row.kind, row.unit))
    if found is None:
        return replace(row, came=Decimal(0))
    about = bool(found.given) and not found.few
    return replace(row, came=found.told, few=found.few, about=about)


def amount(value: Decimal, unit: str) -> str:
    """Write an amount in its unit, as the reader's language does."""
    if unit not in (HOURS, PROGRAMME, PRACTICES):
        return money(int(value), unit)
    number = format_decimal(value.normalize(), locale=to_locale(get_language() or "en"))
    if unit == PRACTICES:
        return number
    whole = int(value) if value == int(value) else 2
    return ngettext("%(number)s hour", "%(number)s hours", whole) % {"number": number}


def picture(found: Iterable[Row], *, mirrored: bool) -> Drawing:
    """Draw hours: bars for what came, those of journeys again; a line for what was meant."""
    rows = list(found)
    on_tour = {row.kind: row for row in rows if row.unit == PROGRAMME}
    bars: list[Bar] = []
    for row in (one for one in rows if one.unit == HOURS):
        journeys = on_tour.get(row.kind)
        whole = _with(row, journeys) if journeys else row
        words = f"{row.name}: {whole.came_words}"
        bars.append(Bar(row.kind, words, whole.came or Decimal(0), row.meant))
        if journeys:
            words = _("of these in journeys: %(hours)s") % {"hours": journeys.came_words}
            bars.append(Bar(row.kind, words, journeys.came or Decimal(0)))
    return draw(bars, mirrored=mirrored)


def _with(row: Row, journeys: Row) -> Row:
    """Add the hours of journeys to those of exchanges, as far as either is told."""
    came = (row.came or Decimal(0)) + (journeys.came or Decimal(0))
    return replace(row, came=came, few=not came, about=row.about or journeys.about)


def wikitext(title: str, found: Iterable[Row]) -> str:
    """Write the rows as a table to paste into a wiki page."""
    head = ["", _("Meant"), _("Came of it")]
    lines = ['{| class="wikitable"', f"|+ {plain(title)}", "! " + " !! ".join(map(plain, head))]
    for row in found:
        cells = (row.meant_words, row.came_words)
        lines += ["|-", f'! scope="row" | {plain(row.label)}']
        lines += ["| " + " || ".join(map(plain, cells))]
    return "\n".join([*lines, "|}", ""])


def table(slug: str, year: int, found: Iterable[Row]) -> str:
    """Write the rows as CSV: plain numbers, money in whole units; empty where none is told."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["affiliate", "year", "kind", "unit", "meant", "came_of_it", "note"])
    for row in found:
        note = "too few people to tell" if row.few else "rounded" if row.about else ""
        cells = [_number(row.meant, row.unit), _number(row.came, row.unit)]
        writer.writerow([slug, year, row.kind, row.unit or "hours", *cells, note])
    return sheet.getvalue()


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    if unit in (HOURS, PROGRAMME, PRACTICES):
        return f"{value.normalize():f}"
    return f"{value.scaleb(-get_currency_precision(unit)):f}"
