"""Skills that hang on few people, as a page and to take away; and whether one is counted."""

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.charts import strips
from volunteers.actions import bottlenecks as actions
from volunteers.http import Request
from volunteers.models import BottleneckSnapshot
from volunteers.reports.bottlenecks import skills_carried_by
from volunteers.reports.risks import Risk, risks
from volunteers.views.scopes import everywhere, others, scope_of

PAGE, DRAWN = 20, 12
CSV = (
    *("day", "skill", "label", "risk", "how_full", "carriers_at_least", "effective_carriers"),
    *("truck_factor", "score", "score_a_week_before", "room_used_percent"),
    *("carried_by_people_over_percent", "demand_hours_a_week", "room_hours_a_week"),
)


@require_safe
def bottlenecks(request: Request) -> HttpResponse:
    """Show which skills are at risk, and what would help."""
    scope = scope_of(request)
    rows = BottleneckSnapshot.objects
    day = rows.last_day()
    found = rows.of(scope.key, day).worst_first()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context: dict[str, Any] = {
        "scope": scope,
        "day": day,
        "page": page,
        "risks": risks(shown, scope.affiliate),
        "bars": _picture(shown) if page.number == 1 else [],
        "everywhere": everywhere(),
        "groups": others(request, day),
    }
    return render(request, "volunteers/bottlenecks.html", context)


def _picture(rows: list[BottleneckSnapshot]) -> list[Any]:
    """Draw the scores at the top of the list."""
    scored = [row for row in rows if row.score is not None][:DRAWN]
    sizes = [(row.level, row.score or 0) for row in scored]
    drawn = strips(sizes, most=100, mirrored=get_language_bidi())
    return list(zip(scored, drawn, strict=True))


@require_safe
def as_csv(request: Request) -> HttpResponse:
    """Give all rows of a scope as CSV."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bottlenecks.csv"'
    writer = csv.writer(answer)
    writer.writerow(CSV)
    writer.writerows(_cells(risk) for risk in _all(request))
    return answer


@require_safe
def as_wikitext(request: Request) -> HttpResponse:
    """Give all rows of a scope as a table for a wiki."""
    heads = (_("Skill"), _("Risk"), _("How full"), _("Score"), _("People who carry half"))
    lines = ['{| class="wikitable sortable"', f"! {' !! '.join(heads)}"]
    for risk in _all(request):
        row = risk.row
        cells = (row.label, row.get_level_display(), risk.full)
        numbers = ("" if n is None else str(n) for n in (row.score, row.truck_factor))
        words = (f"<nowiki>{str(cell).replace('<', '&lt;')}</nowiki>" for cell in cells)
        lines += ["|-", f"| {' || '.join([*words, *numbers])}"]
    return HttpResponse("\n".join([*lines, "|}", ""]), "text/plain; charset=utf-8")


def _all(request: Request) -> list[Risk]:
    rows = BottleneckSnapshot.objects
    scope = scope_of(request)
    return risks(rows.of(scope.key, rows.last_day()).worst_first(), scope.affiliate)


def _cells(risk: Risk) -> Iterable[object]:
    """Give one line of CSV; a label that a spreadsheet would compute stays a word."""
    row = risk.row
    label = f"'{row.label}" if row.label[:1] in "=+-@\t" else row.label
    full = row.band if row.use is None else f"{row.use} %"
    return (
        *(row.day, row.skill.slug, label, row.level, full, row.carriers, row.effective),
        *(row.truck_factor, row.score, risk.before and risk.before.score, row.use, row.over),
        *(row.demand, row.room),
    )


@require_safe
def counted(request: Request) -> HttpResponse:
    """Show whether one is counted, and for which skills."""
    skills = skills_carried_by(request.user, timezone.now().date())
    return render(request, "volunteers/counted.html", {"skills": skills})


@require_POST
def be_counted(request: Request) -> HttpResponse:
    """Let one's hours be part of the sums."""
    actions.be_counted(request.user, at=timezone.now())
    messages.success(request, _("Thank you. From tonight on your hours are part of the sums."))
    return redirect("volunteers:counted")


@require_POST
def be_left_out(request: Request) -> HttpResponse:
    """Take one's hours out of the sums."""
    actions.be_left_out(request.user)
    messages.success(request, _("Done. What is shown is summed up without your hours now."))
    return redirect("volunteers:counted")
