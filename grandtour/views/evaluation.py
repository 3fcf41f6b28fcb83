"""What came of an edition: stated before against what happened, as a page and as wikitext."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capx.bars import Bar, Drawing, draw
from capx.htmx import HtmxRequest
from capx.wikitext import plain
from grandtour.models import Edition
from grandtour.models.editions import Figure
from grandtour.plans import budget
from grandtour.reports.evaluation import Held, amount, currencies, figures, held, meant, unit

EDITIONS = 6  # side by side
MOST = Decimal(200)  # percent of a target that a bar shows


@require_safe
@login_not_required
def evaluation(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show what was meant and what happened, also beside other editions."""
    found = _found(slug)
    rows = held(found)
    others = _beside(found)
    counted, codes = figures(others), currencies(others)
    context = {
        "edition": found,
        "rows": [_row(row) for row in rows],
        "carbon": budget.carbon(found, told=True),
        "compensations": found.compensations.order_by("day", "pk"),
        "drawing": _drawing(rows),
        "editions": others,
        "over": [_over(figure, counted, codes) for figure in Figure],
    }
    return render(request, "grandtour/evaluation.html", context)


@require_safe
@login_not_required
def wikitext(_request: HttpRequest, slug: str) -> HttpResponse:
    """Give what was meant and what happened as a table for a wiki."""
    found = _found(slug)
    return HttpResponse(
        _wikitext(found, held(found)),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.slug}.wiki.txt"'},
    )


def _found(slug: str) -> Edition:
    """Find an edition of which one can say what came of it."""
    return get_object_or_404(Edition.objects.evaluated(), slug=slug)


def _beside(edition: Edition) -> list[Edition]:
    """List it after the editions before it."""
    earlier = Edition.objects.evaluated().filter(travel_first_day__lt=edition.travel_first_day)
    some = earlier.order_by("-travel_first_day", "-pk")[: EDITIONS - 1]
    return [*reversed(some), edition]


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
            f"{row.measure.name}: {amount(row.happened, row.measure.unit)}",
            min(100 * row.happened / row.measure.target, MOST),
            Decimal(100),
        )
        for row in rows
        if row.happened is not None and row.measure.target
    ]
    return draw(bars, mirrored=get_language_bidi()) if bars else None


def _wikitext(edition: Edition, rows: list[Held]) -> str:
    """Write the rows as a table to paste into a wiki page."""
    head = ["", _("Meant"), _("What happened")]
    lines = ['{| class="wikitable"', f"|+ {plain(edition.name)}"]
    lines.append("! " + " !! ".join(map(plain, head)))
    for row in rows:
        said = _row(row)
        lines += ["|-", f'! scope="row" | {plain(said["name"])}']
        lines.append(f"| {plain(said['meant'])} || {plain(said['happened'])}")
    return "\n".join([*lines, "|}", ""])


def _over(figure: Figure, counted: Any, codes: dict[int, str]) -> dict[str, Any]:
    """Write one figure of all these editions; money of each in its currency."""
    cells = [
        amount(found[figure], unit(figure, codes.get(key, "")))
        for key, found in counted.items()
    ]
    return {"name": figure.label, "cells": cells}
