"""All applications of an edition: the list, the recap, side by side, and as a table."""

import csv
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.pages import Counted
from grandtour.actions import decisions, eligibility
from grandtour.actions.apart import read_first_by
from grandtour.admin.own import words_of_first
from grandtour.admin.review.screens import Screen, key_of
from grandtour.models import Application, Decision, Review
from grandtour.reports import overview
from grandtour.reports.eligibility import Problem, problems
from grandtour.reports.shown import shown
from grandtour.reports.unread import is_ever_blind, waiting
from grandtour.reports.viewers import READING
from volunteers.exports.hours import disarmed

A_PAGE = 50
MOST_COMPARED = 4
STAGES = {
    "": gettext_lazy("All"),
    "first": gettext_lazy("To read first"),
    "new": gettext_lazy("To look at"),
    "reading": gettext_lazy("Being read"),
    "pending": gettext_lazy("Decided, not published"),
    "told": gettext_lazy("Published"),
}
SORTS = {
    "fair": gettext_lazy("Fair mean"),
    "mean": gettext_lazy("Mean"),
    "spread": gettext_lazy("Disagreement"),
    "unread": gettext_lazy("Fewest reviews"),
    "own": gettext_lazy("My own score"),
}
OPEN_TO_BLIND = {"unread", "own"}
State = Application.State


def applications(screen: Screen) -> HttpResponse:
    """List the applications, and decide about those that are ticked."""
    if screen.request.method == "POST":
        return _act(screen)
    asked, viewer = screen.request.GET, screen.viewer
    stage = asked.get("stage", "") if asked.get("stage", "") in STAGES else ""
    sort = asked.get("sort", "") if asked.get("sort", "") in SORTS else "fair"
    if viewer.blind:  # what is pending would tell what others think
        stage, sort = "", sort if sort in OPEN_TO_BLIND else "unread"
    first = read_first(screen)
    numbers = overview.stages(screen.edition, viewer) | {"first": len(first)}
    holds = Q(pk__in=first) if stage == "first" else overview.STAGES[stage]
    found = overview.listed(screen.edition, viewer).filter(holds)
    found = found.order_by(overview.SORTS[sort], "pk")
    page = Counted(found, A_PAGE, number=numbers[stage]).get_page(asked.get("p"))
    rows = overview.rows_of(page.object_list)
    _note_problems(screen, rows, first)
    context = {
        "page": page,
        "rows": [_line(row) for row in rows],
        "stages": [] if viewer.blind else _stages(numbers, stage, sort),
        "stage": stage,
        "sort": sort,
        "sorts": _sorts(screen, stage, sort),
        "begins": screen.assigns and screen.edition.state == screen.edition.State.REVIEWING,
        "waits": _waits(screen, first) if screen.viewer.blind and screen.assigns else "",
        "outcomes": Decision.Outcome.choices,
        "total": numbers[""],
        "left": screen.edition.applications.sent().filter(pk__in=viewer.barred).count(),
    }
    return screen.show("applications", str(screen.edition), **context)


def read_first(screen: Screen) -> dict[int, list[str]]:
    """Give the applications an organiser reads before reviewers do."""
    if screen.viewer.blind and not screen.assigns:
        return {}
    if screen.edition.state not in READING:
        return {}
    if not is_ever_blind(screen.edition):
        return {}
    return waiting(screen.viewer.of(screen.edition))


def _waits(screen: Screen, first: Collection[int]) -> str:
    """Say to who reads blind which of these wait to be read first, and for whom."""
    rows = screen.edition.applications.filter(pk__in=first)
    return words_of_first(
        read_first_by(screen.edition, first), sorted(one.code for one in rows)
    )


def _note_problems(
    screen: Screen, rows: list[overview.Row], first: dict[int, list[str]]
) -> None:
    """Say what stands in the way of those that nobody has taken up yet, or read first."""
    new = [row for row in rows if row.state in {State.SUBMITTED, State.INCOMPLETE}]
    found = problems(screen.edition, [row.pk for row in new], screen.day) if new else {}
    for row in rows:
        script = [Problem.SCRIPT] if row.pk in first else []
        row.problems = found.get(row.pk, []) + script


def _line(row: overview.Row) -> dict[str, Any]:
    """Give one line of the list."""
    return {
        "row": row,
        "application": row.application,
        "word": State(row.state).label,
        "decision": Decision.Outcome(row.decision).label if row.decision else "",
        "problems": [problem.label for problem in row.problems],
        "reviews": row.given,
    }


def _stages(numbers: dict[str, int], stage: str, sort: str) -> list[dict[str, Any]]:
    """Give the ways to narrow the list down, with how many there are of each."""
    return [
        {
            "label": label,
            "number": numbers[key],
            "href": f"?stage={key}&sort={sort}",
            "current": key == stage,
        }
        for key, label in STAGES.items()
        if key != "first" or numbers[key] or key == stage
    ]


def _sorts(screen: Screen, stage: str, sort: str) -> list[dict[str, Any]]:
    """Give the orders the list can have; who reads blind sees no numbers of others."""
    keys = [key for key in SORTS if not screen.viewer.blind or key in OPEN_TO_BLIND]
    keys = [key for key in keys if key != "own" or screen.viewer.reviewer]
    return [
        {"label": SORTS[key], "href": f"?stage={stage}&sort={key}", "current": key == sort}
        for key in keys
    ]


def _act(screen: Screen) -> HttpResponse:
    """Do to what was ticked what the pressed button says."""
    said = screen.request.POST
    keys = [key for key in map(key_of, said.getlist("of")[:2000]) if key]
    press = said.get("do", "")
    if press == "compare" and keys:
        chosen = "&".join(f"of={key}" for key in keys[:MOST_COMPARED])
        return redirect(f"{screen.to('compare')}?{chosen}")
    if not keys:
        messages.info(screen.request, _("Tick some first."))
    elif press == "begin":
        screen.must(screen.assigns)
        _begin(screen, keys)
    elif press in Decision.Outcome.values or press == "clear":
        screen.must(screen.decides)
        _decide(screen, keys, press)
    return redirect(screen.request.get_full_path())


def _begin(screen: Screen, keys: list[int]) -> None:
    """Let reviewers read these from now on."""
    try:
        number = eligibility.begin_reading(keys, screen.edition, screen.user, at=screen.now)
    except eligibility.NotReading:
        messages.warning(
            screen.request,
            _("First take the edition on to “Applications are read”: until then people apply."),
        )
        return
    screen.log(f"begun to read: {number}")
    words = ngettext(
        "%(number)s application can be read now.",
        "%(number)s applications can be read now.",
        number,
    )
    messages.success(screen.request, words % {"number": number})
    first = read_first(screen)
    left = first.keys() & set(keys)
    if left and screen.viewer.blind:  # not just these: one key would tell its code
        messages.warning(screen.request, _waits(screen, first))
    elif left:
        words = ngettext(
            "%(number)s waits: it is in a script in which we cannot look for the name. Read it "
            "first.",
            "%(number)s wait: they are in a script in which we cannot look for the name. Read "
            "them first.",
            len(left),
        )
        messages.warning(screen.request, words % {"number": len(left)})


def _decide(screen: Screen, keys: list[int], outcome: str) -> None:
    """Decide about these, or take that back; nobody hears of it yet."""
    if screen.viewer.blind:
        messages.warning(screen.request, _("You read blind: decide after this phase."))
        return
    number = screen.attempt(
        lambda: (
            decisions.clear(keys, screen.edition, screen.ruling)
            if outcome == "clear"
            else decisions.decide(keys, screen.edition, outcome, screen.ruling)
        )
    )
    if number is None:
        return
    screen.log(f"{outcome}: {number}")
    words = ngettext(
        "Done for %(number)s application. Nobody hears of it before it is published.",
        "Done for %(number)s applications. Nobody hears of it before it is published.",
        number,
    )
    messages.success(screen.request, words % {"number": number})
    if number < len(set(keys)):
        messages.info(
            screen.request,
            _(
                "Some were left out: taken back, decided otherwise, in a journey, or not yours "
                "to decide."
            ),
        )


def recap(screen: Screen) -> HttpResponse:
    """Count who applied and what was decided, by country, first journey and language."""
    title = _("Recap of %(edition)s") % {"edition": screen.edition}
    if screen.viewer.blind:
        return screen.closed(title)
    tables = overview.recap(screen.edition, screen.viewer)
    headings = {
        "country": _("By country"),
        "first_time": _("By first journey"),
        "language": _("By language"),
    }
    columns = Decision.Outcome.choices
    shown_tables = [
        {
            "kind": kind,
            "heading": headings[kind],
            "lines": [
                {"line": line, "outcomes": [line.outcomes[key] for key, _label in columns]}
                for line in lines
            ],
            "most": max((line.applied for line in lines), default=1),
        }
        for kind, lines in tables.items()
    ]
    return screen.show(
        "recap", title, tables=shown_tables, columns=[label for _key, label in columns]
    )


def compare(screen: Screen) -> HttpResponse:
    """Show up to four applications side by side, with all their reviews."""
    title = _("Side by side")
    if screen.viewer.blind:
        return screen.closed(title)
    asked = screen.request.GET.getlist("of")[:MOST_COMPARED]
    keys = list(map(key_of, asked))
    listed = overview.listed(screen.edition, screen.viewer).filter(pk__in=keys)
    rows = {row.pk: row for row in overview.rows_of(listed)}
    chosen = [rows[key] for key in dict.fromkeys(keys) if key in rows]
    reviews = _reviews(chosen)
    columns = [
        {**_line(row), **shown(row.application, named=True), "given": reviews.get(row.pk, [])}
        for row in chosen
        if row.application
    ]
    return screen.show("compare", title, columns=columns)


def _reviews(rows: list[overview.Row]) -> dict[int, list[Review]]:
    """Read the reviews of these, in one statement for all."""
    found: dict[int, list[Review]] = {}
    keys = [row.pk for row in rows if row.numbers]
    for review in Review.objects.given().filter(application__in=keys).in_full():
        found.setdefault(review.application_id, []).append(review)
    return found


def export(screen: Screen) -> HttpResponse:
    """Give the list as a table; without names to who reads blind."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"applications-{screen.edition.slug}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    table = csv.writer(answer)
    listed = overview.listed(screen.edition, screen.viewer)
    rows = overview.rows_of(listed.order_by(overview.SORTS["fair"], "pk"))
    if screen.viewer.blind:
        table.writerow(["application", "state", "readers", "own score"])
        for row in rows:
            table.writerow([row.code, row.state, row.readers, _number(row.own)])
        return answer
    table.writerow(
        [
            *("application", "name", "username", "country", "city", "affiliate", "languages"),
            *("first journey", "state", "decision", "readers", "reviews"),
            *("mean", "standard deviation", "fair mean", "reviewers who are sure", "own score"),
        ]
    )
    for row in rows:
        table.writerow(_cells(row))
    return answer


def _cells(row: overview.Row) -> list[str]:
    """Give one line of the table."""
    one, found = row.application, row.numbers
    if one is None:
        return []
    place = one.place.name if one.place else ""
    known = [
        *(row.code, one.person.get_full_name(), one.person.username, row.country, place),
        *(str(one.affiliate or ""), " ".join(row.languages)),
        "" if row.first_time is None else ("yes" if row.first_time else "no"),
        *(row.state, row.decision, str(row.readers), str(found.reviews if found else 0)),
        *map(_number, (found.mean, found.spread, found.fair) if found else (None,) * 3),
        str(row.sure if found else 0),
        _number(row.own),
    ]
    return [disarmed(cell) for cell in known]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
