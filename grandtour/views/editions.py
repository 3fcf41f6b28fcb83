"""Editions: all of them, and one with its hosts, its rules and what would be a success."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capx import maps
from capx.htmx import HtmxRequest
from capx.pages import Counted
from capx.parts import listed
from grandtour.models import (
    Application,
    BudgetLine,
    Criterion,
    Decision,
    Edition,
    Fund,
    Host,
    Measure,
    RequiredTraining,
    Seat,
    StopEvent,
)
from grandtour.models.editions import EditionQuerySet
from grandtour.plans import budget, ruled
from grandtour.views.applications import day_of
from grandtour.views.chips import chips
from grandtour.views.standing import TONES as TOLD
from grandtour.views.standing import told_state
from volunteers.models import Affiliate, Person, Skill

TONES = {
    Edition.State.OPEN: "good",
    Edition.State.REVIEWING: "waits",
    Edition.State.MATCHING: "waits",
    Edition.State.DECIDED: "live",
    Edition.State.TRAVELLING: "live",
    Edition.State.EVALUATING: "live",
    Edition.State.CLOSED: "ended",
}
PAGE = 24
FEW = 100  # hosts whose points are large on the map
POINT = ("pk", "affiliate__name", "place__latitude", "place__longitude")
# When nobody has a place yet.
EARLY = {Edition.State.PLANNED, Edition.State.OPEN, Edition.State.REVIEWING}
# What the planner weighs, in the words of its page.
WEIGHTS = {
    "review": _("How reviewers read the application"),
    "fit": _("How well goals fit what hosts share"),
    "first_time": _("Travelling for the first time"),
    "fairness": _("Countries that were rarely chosen"),
    "carbon": _("Little carbon"),
    "cost": _("Little money"),
}


@require_safe
@login_not_required
def editions(request: HtmxRequest) -> HttpResponse:
    """Show all rounds, those one can apply to first, and what the Grand Tour is."""
    day = day_of(request.user, timezone.now())
    rows = list(Edition.objects.visible_to(request.user).newest_first())
    rows.sort(key=lambda row: not row.takes_applications(day))
    cards = [{"edition": row, "tone": TONES.get(Edition.State(row.state), "")} for row in rows]
    mine: list[dict[str, Any]] = []
    if isinstance(request.user, Person):
        mine = _lines(request.user)
    return render(request, "grandtour/editions.html", {"cards": cards, "mine": mine})


def _lines(person: Person) -> list[dict[str, Any]]:
    """Say of each of somebody's applications where it stands."""
    rows = Application.objects.of(person).select_related("edition")
    decided = Decision.objects.filter(application__in=rows, published_at__isnull=False)
    published = {*decided.values_list("application", flat=True)}
    seats = Seat.objects.live().of(person).select_related("journey")
    travels = {seat.application_id: seat.journey for seat in seats}
    told = [(row, told_state(row, published=row.pk in published)) for row in rows]
    return [
        {
            "application": row,
            "journey": travels.get(row.pk),
            "word": state.label,
            "tone": TOLD.get(state, ""),
        }
        for row, state in told
    ]


@require_safe
@login_not_required
def edition(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show one round as anybody may read it before they apply."""
    shown = Edition.objects.visible_to(request.user).select_related("region")
    found: Any = get_object_or_404(_with_lists(shown), slug=slug)
    hosts = found.hosts.offered().order_by("affiliate__name", "pk")
    points = list(hosts.values_list(*POINT))  # a host has a place before it offers anything
    events = StopEvent.objects.visible_to(request.user).coming(timezone.now()).as_shown()
    turned = request.GET.get
    day = day_of(request.user, timezone.now())
    context = {
        "edition": found,
        "tone": TONES.get(Edition.State(found.state), ""),
        "takes_applications": found.takes_applications(day),
        "evaluated": found.state in {Edition.State.EVALUATING, Edition.State.CLOSED},
        "hosts": Counted(hosts.as_shown(), PAGE, number=len(points)).get_page(turned("page")),
        "events": Paginator(events.filter(stop__journey__edition=found), PAGE).get_page(
            turned("events")
        ),
        "map": _map(points),
        "skills": chips(Skill.objects.labelled().filter(pk__in=found.skills.values("pk"))),
        "funds": [
            {"name": one["name"], "kind": Fund.Kind(one["kind"]).label}
            for one in found.funds_listed
        ],
        "promised": BudgetLine.objects.promised_in(found).in_order(),
        "carbon": budget.carbon(found, told=True) if found.state not in EARLY else None,
        "rules": list(ruled.told(found)),
        "weights": [(words, getattr(found, f"weight_{k}")) for k, words in WEIGHTS.items()],
    }
    return render(request, "grandtour/edition.html", context | _mine(found, request.user))


def _with_lists(rows: EditionQuerySet) -> EditionQuerySet:
    """Read along what the page lists of each edition, in one statement."""
    here = {"edition": OuterRef("pk")}
    required = RequiredTraining.objects.filter(**here).order_by("side", "training__name", "pk")
    return rows.annotate(
        criteria_listed=listed(
            Criterion.objects.filter(**here).order_by("number"),
            name="name",
            meaning="meaning",
            weight="weight",
        ),
        measures_listed=listed(
            Measure.objects.filter(**here).order_by("number"),
            name="name",
            target="target",
            unit="unit",
            least="least",
        ),
        required_listed=listed(required, side="side", training="training__name"),
        funds_listed=listed(
            Fund.objects.filter(**here).order_by("name", "pk"), name="name", kind="kind"
        ),
    )


def _map(hosts: list[Any]) -> dict[str, Any] | None:
    """Draw where all hosts are; points lead to their pages, and are small where many are."""
    if not hosts:
        return None
    drawn = maps.scattered([(latitude, longitude) for *_of, latitude, longitude in hosts])
    names = [(Host(pk=pk).get_absolute_url(), name) for pk, name, *_at in hosts]
    return {
        "drawn": drawn,
        "points": list(zip(names, drawn.points, strict=True)),
        "radius": 6 if len(hosts) <= FEW else 3,
    }


def _mine(edition: Edition, viewer: Person | AnonymousUser) -> dict[str, Any]:
    """Give what this person has to do with the edition already."""
    if isinstance(viewer, AnonymousUser):
        return {}
    ours = Affiliate.objects.spoken_for_by(viewer)
    return {
        "application": edition.applications.filter(person=viewer).first(),
        "reviewer": edition.reviewers.filter(
            person=viewer, state__in=["asked", "reading"]
        ).first(),
        "our_hosts": edition.hosts.filter(affiliate__in=ours).select_related("affiliate"),
        "may_host": edition.state == Edition.State.OPEN
        and ours.exclude(pk__in=edition.hosts.values("affiliate")).exists(),
    }
