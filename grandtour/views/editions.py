"""Editions: all of them, and one with its hosts, its rules and what would be a success."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capx import maps
from capx.htmx import HtmxRequest
from grandtour.models import Application, BudgetLine, Edition, Host, StopEvent
from grandtour.plans import budget
from grandtour.views.applications import day_of
from grandtour.views.chips import chips
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
    mine: list[Application] = []
    if isinstance(request.user, Person):
        mine = list(Application.objects.of(request.user).select_related("edition"))
    return render(request, "grandtour/editions.html", {"cards": cards, "mine": mine})


@require_safe
@login_not_required
def edition(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show one round as anybody may read it before they apply."""
    found = get_object_or_404(
        Edition.objects.visible_to(request.user).select_related("region"), slug=slug
    )
    hosts = list(found.hosts.offered().as_shown().order_by("affiliate__name", "pk"))
    day = day_of(request.user, timezone.now())
    context = {
        "edition": found,
        "tone": TONES.get(Edition.State(found.state), ""),
        "takes_applications": found.takes_applications(day),
        "evaluated": found.state in {Edition.State.EVALUATING, Edition.State.CLOSED},
        "hosts": hosts,
        "required": found.required_trainings.select_related("training").order_by(
            "side", "training__name", "pk"
        ),
        "events": StopEvent.objects.filter(stop__journey__edition=found)
        .coming(timezone.now())
        .as_shown(),
        "map": _map(hosts),
        "skills": chips(Skill.objects.labelled().filter(pk__in=found.skills.values("pk"))),
        "criteria": found.criteria.order_by("number"),
        "measures": found.measures.order_by("number"),
        "funds": found.funds.order_by("name", "pk"),
        "promised": BudgetLine.objects.promised_in(found).in_order(),
        "carbon": budget.carbon(found, told=True) if found.state not in EARLY else None,
        "weights": [(words, getattr(found, f"weight_{k}")) for k, words in WEIGHTS.items()],
    }
    return render(request, "grandtour/edition.html", context | _mine(found, request.user))


def _map(hosts: list[Host]) -> dict[str, Any] | None:
    """Draw where the hosts are; the points lead to their pages."""
    placed = [host for host in hosts if host.place]
    if not placed:
        return None
    at = [(host.place.latitude, host.place.longitude) for host in placed if host.place]
    drawn = maps.scattered(at)
    return {"drawn": drawn, "points": list(zip(placed, drawn.points, strict=True))}


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
