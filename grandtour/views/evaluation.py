"""What came of an edition: stated before against what happened, as a page and as wikitext."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Q, Subquery, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capx.bars import Bar, Drawing, draw
from capx.htmx import HtmxRequest
from capx.wikitext import plain
from grandtour.models import Edition
from grandtour.models.editions import Figure
from grandtour.plans import budget
from grandtour.reports.evaluation import (
    Counts,
    Held,
    amount,
    currencies,
    figures,
    held,
    meant,
    unit,
)
from grandtour.reports.gathered import gather
from grandtour.reports.outcomes import Part, by_region

EDITIONS = 6  # side by side
MOST = Decimal(200)  # percent of a target that a bar shows


@require_safe
@login_not_required
def evaluation(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show what was meant and what happened, also beside other editions."""
    found, others = _beside(slug)
    read = gather(others)
    counted, codes = figures(read), currencies(read)
    rows, parts = held(found, counted), by_region(found, read)
    context = {
        "edition": found,
        "rows": [_row(row) for row in rows],
        "carbon": budget.carbon(found, told=True),
        "compensations": found.compensations.order_by("day", "pk"),
        "drawing": _drawing(rows),
        "editions": others,
        "over": [_over(figure, counted, codes) for figure in Figure],
        "over_drawing": _over_drawing(found, counted),
        "regions": [_region(part) for part in parts],
        "regions_drawing": _regions_drawing(parts),
    }
    return render(request, "grandtour/evaluation.html", context)


@require_safe
@login_not_required
def wikitext(_request: HttpRequest, slug: str) -> HttpResponse:
    """Give what was meant and what happened, by region and over editions, for a wiki."""
    found, others = _beside(slug)
    read = gather(others)
    counted = figures(read)
    tables = [
        _wikitext(found, held(found, counted)),
        _wikitext_of_carbon(found),
        _wikitext_of_regions(by_region(found, read)),
        _wikitext_over(others, counted, currencies(read)),
    ]
    return HttpResponse(
        "\n".join(table for table in tables if table),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.slug}.wiki.txt"'},
    )


def _beside(slug: str) -> tuple[Edition, list[Edition]]:
    """Find an edition of which one can say what came of it; list it after those before it."""
    told = Edition.objects.evaluated()
    day = Subquery(told.filter(slug=slug).values("travel_first_day"))
    some = told.filter(Q(slug=slug) | Q(travel_first_day__lt=day))
    newest = some.order_by(Case(When(slug=slug, then=0), default=1), "-travel_first_day", "-pk")
    rows = list(newest[:EDITIONS])
    if not rows:
        raise Http404
    return rows[0], rows[::-1]


def _row(row: Held) -> dict[str, Any]:
    """Write a measure in words."""
    word, tone = _standing(row)
    return {
        "name": row.measure.name,
        "meant": meant(row.measure),
        "happened": amount(row.happened, row.measure.unit),
        "word": word,
        "tone": tone,
    }


def _standing(row: Held) -> tuple[str, str]:
    """Say in a word whether it was reached."""
    if row.reached is None:
        return _("Not known yet"), ""
    return (_("Reached"), "good") if row.reached else (_("Not reached"), "waits")


def _drawing(rows: list[Held]) -> Drawing | None:
    """Draw what happened as bars, each on its own scale: the line is what was meant."""
    bars = [
        Bar(
            "sharing" if row.reached else "building",
            _named(row.measure.name, amount(row.happened, row.measure.unit)),
            min(100 * row.happened / row.measure.target, MOST),
            Decimal(100),
        )
        for row in rows
        if row.happened is not None and row.measure.target
    ]
    return draw(bars, mirrored=get_language_bidi()) if bars else None


def _over_drawing(found: Edition, counted: Counts) -> Drawing | None:
    """Draw the shares of this edition; the line is the mean of the editions before it."""
    earlier = [row for key, row in counted.items() if key != found.pk]
    bars = []
    for figure in Figure:
        value = counted[found.pk][figure]
        before = [one for row in earlier if (one := row[figure]) is not None]
        if unit(figure) != "%" or value is None or not before:
            continue
        mean = sum(before, Decimal(0)) / len(before)
        words = _named(figure.label, amount(value, "%"))
        bars.append(Bar("sharing", words, value, mean))
    return draw(bars, mirrored=get_language_bidi()) if bars else None


def _named(name: object, value: str) -> str:
    """Write a value behind its name; from right to left, neither mixes with the other."""
    parts = f"\u2068{name}\u2069: \u2068{value}\u2069"
    return parts if get_language_bidi() else f"{name}: {value}"


def _regions_drawing(parts: list[Part]) -> Drawing | None:
    """Draw how many of those who applied from each part of the world travel."""
    bars = [
        Bar(
            "sharing",
            _named(_called(part), amount(part.share, "%")),
            part.share,
            Decimal(100),
        )
        for part in parts
        if part.share is not None
    ]
    return draw(bars, mirrored=get_language_bidi()) if bars else None


def _called(part: Part) -> str:
    """Name a part of the world."""
    return str(part.region) if part.region else _("Elsewhere")


def _region(part: Part) -> dict[str, str]:
    """Write who applied and who travels from a part of the world."""
    placed = "—" if part.placed is None else str(part.placed)
    return {
        "name": _called(part),
        "applied": str(part.applied),
        "placed": placed,
        "share": amount(part.share, "%"),
    }


def _table(caption: str, head: list[str], rows: Iterable[list[str]]) -> str:
    """Write a table to paste into a wiki page; the first cell of a row is its head."""
    lines = ['{| class="wikitable"', f"|+ {plain(caption)}"]
    lines.append("! " + " !! ".join(map(plain, head)))
    for name, *cells in rows:
        lines += ["|-", f'! scope="row" | {plain(name)}']
        lines.append("| " + " || ".join(map(plain, cells)))
    return "\n".join([*lines, "|}", ""])


def _wikitext(edition: Edition, rows: list[Held]) -> str:
    """Write what was meant against what happened."""
    head = ["", _("Meant"), _("What happened")]
    said = map(_row, rows)
    return _table(
        edition.name, head, ([one["name"], one["meant"], one["happened"]] for one in said)
    )


def _wikitext_of_carbon(edition: Edition) -> str:
    """Write what was done about the carbon; nothing where nothing was written down."""
    head = ["", _("How much"), _("Meant for"), _("Done by"), _("Day"), _("In a few words")]
    rows = [
        [
            one.get_kind_display(),
            *(one.amount, amount(Decimal(one.kilograms) if one.kilograms else None, "kg")),
            *(one.done_by, one.day.isoformat(), one.words),
        ]
        for one in edition.compensations.order_by("day", "pk")
    ]
    if not rows:
        return ""
    note = _("It takes nothing off the kilograms: what was emitted was emitted.")
    return _table(_("What was done about the carbon"), head, rows) + f"\n{plain(note)}\n"


def _wikitext_of_regions(parts: list[Part]) -> str:
    """Write who applied and who travels by region; nothing where there is nothing to tell."""
    if not parts:
        return ""
    head = ["", _("Applied"), _("Travel"), _("Of those who applied, travelled")]
    said = map(_region, parts)
    return _table(_("By region"), head, (list(one.values()) for one in said))


def _wikitext_over(editions: list[Edition], counted: Counts, codes: dict[int, str]) -> str:
    """Write all figures of these editions beside each other."""
    rows = (_over(figure, counted, codes) for figure in Figure)
    head = ["", *(one.name for one in editions)]
    return _table(
        _("Over the editions"), head, ([str(one["name"]), *one["cells"]] for one in rows)
    )


def _over(figure: Figure, counted: Counts, codes: dict[int, str]) -> dict[str, Any]:
    """Write one figure of all these editions; money of each in its currency."""
    cells = [
        amount(found[figure], unit(figure, codes.get(key, "")))
        for key, found in counted.items()
    ]
    return {"name": figure.label, "cells": cells}
