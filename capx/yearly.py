"""A year in rows: what was meant, and what came of it; for a page, a wiki and a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
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
# Hours of a kind are those of exchanges alone, until there are journeys beside them: then they
# are a sum of two, each of which has a row of its own.
EXCHANGES = "exchanges"
OF_HOURS = (HOURS, EXCHANGES, PROGRAMME)


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
            EXCHANGES: _("%(kind)s: of these in exchanges"),
            PROGRAMME: _("%(kind)s: of these in journeys, as hours of programme"),
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
        row
        for kind, name in kinds.items()
        for unit, pledged in _units(kind, written.get(kind), sums)
        for row in _parted(_row(Row(kind, name, unit, pledged), sums), sums)
    ]


def _units(
    kind: str, meant: Meant | None, sums: dict[tuple[str, str], Sum]
) -> Iterator[tuple[str, Decimal | None]]:
    """List the units of one kind, hours first, each with how much was meant."""
    yield HOURS, meant.hours if meant else None
    units = {unit for its, unit in sums if its == kind} - {HOURS, PROGRAMME}
    pledged: dict[str, Decimal | None] = dict.fromkeys(units)
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


def _parted(row: Row, sums: dict[tuple[str, str], Sum]) -> list[Row]:
    """Give a row; hours with those of journeys, if there are any, and both parts after them.

    Of a part of too few people the whole has no number either: it says that there is more.
    """
    if row.unit != HOURS or (row.kind, PROGRAMME) not in sums:
        return [row]
    journeys = _row(replace(row, unit=PROGRAMME, meant=None), sums)
    came = [one.came for one in (row, journeys) if one.came is not None]
    whole = replace(
        row,
        came=sum(came, Decimal(0)) if came else None,
        few=row.few or journeys.few,
        about=row.about or journeys.about,
    )
    return [whole, replace(row, unit=EXCHANGES, meant=None), journeys]


def amount(value: Decimal, unit: str) -> str:
    """Write an amount in its unit, as the reader's language does."""
    if unit not in (*OF_HOURS, PRACTICES):
        return money(int(value), unit)
    number = format_decimal(value.normalize(), locale=to_locale(get_language() or "en"))
    if unit == PRACTICES:
        return number
    whole = int(value) if value == int(value) else 2
    return ngettext("%(number)s hour", "%(number)s hours", whole) % {"number": number}


def picture(found: Iterable[Row], *, mirrored: bool) -> Drawing:
    """Draw hours: bars for what came, those of journeys again; a line for what was meant."""
    said = {
        HOURS: "%(kind)s: %(hours)s",
        PROGRAMME: _("of these in journeys: %(hours)s"),
    }
    bars = [
        Bar(
            row.kind,
            said[row.unit] % {"kind": row.name, "hours": row.came_words},
            row.came or Decimal(0),
            row.meant,
        )
        for row in found
        if row.unit in said
    ]
    return draw(bars, mirrored=mirrored)


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars of one unit; `key` names it on the page, `currency` is empty for hours."""

    key: str
    currency: str
    drawing: Drawing


def pictures(found: Sequence[Row], *, mirrored: bool) -> list[Picture]:
    """Draw hours, and the money of each currency that was meant or came: no sum of two."""
    kept = {row.unit: None for row in found if row.meant is not None or row.came or row.few}
    currencies = sorted(unit for unit in kept if unit not in (*OF_HOURS, PRACTICES))
    return [
        Picture("bars-words", "", picture(found, mirrored=mirrored)),
        *(
            Picture(f"bars-{unit}", unit, _of_money(found, unit, mirrored=mirrored))
            for unit in currencies
        ),
    ]


def _of_money(found: Iterable[Row], unit: str, *, mirrored: bool) -> Drawing:
    """Draw the money of one currency: bars for what came, a line for what was meant."""
    bars = [
        Bar(
            row.kind,
            f"{row.name}: {row.came_words}",
            row.came or Decimal(0),
            row.meant,
        )
        for row in found
        if row.unit == unit
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


def table(slug: str, year: int, found: Iterable[Row]) -> str:
    """Write the rows as CSV: plain numbers, money in whole units; empty where none is told."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["affiliate", "year", "kind", "unit", "meant", "came_of_it", "note"])
    for row in found:
        cells = [_number(row.meant, row.unit), _number(row.came, row.unit)]
        writer.writerow([slug, year, row.kind, row.unit or "hours", *cells, _note(row)])
    return sheet.getvalue()


def _note(row: Row) -> str:
    """Say in a table what a number is not: exact, or all of it."""
    if row.few:
        few = "too few people to tell"
        return f"and something of {few}" if row.came else few
    return "rounded" if row.about else ""


def _number(value: Decimal | None, unit: str) -> str:
    if value is None:
        return ""
    if unit in (*OF_HOURS, PRACTICES):
        return f"{value.normalize():f}"
    return f"{value.scaleb(-get_currency_precision(unit)):f}"
