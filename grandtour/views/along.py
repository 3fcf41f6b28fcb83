"""What travellers tell those who host them, and those who travel later."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grandtour.actions import needs as actions
from grandtour.models import Journey, Needs, Seat, Stop, StopNote
from volunteers.http import Request
from volunteers.models import Affiliate, Person

# When hosts have to know what their guests need.
NEEDED = ["confirmed", "travelling"]
# When travellers say anew what they need.
NEEDED_STILL = ["offered", "accepted", "agreed", "confirmed"]
# What concerns no host.
NOTHING = Q(access="", diet="", step_free=False)


@require_safe
def earlier(request: Request, pk: int) -> HttpResponse:
    """Show what earlier travellers pass on about a host, to those who are to come."""
    rows = Stop.objects.filter(journey__in=Journey.objects.seen_by(request.user))
    stop = get_object_or_404(
        rows.select_related("journey__edition", "host__affiliate", "host__place"), pk=pk
    )
    shown = set(
        Person.objects.visible_to(request.user)
        .values_list("pk", flat=True)
        .filter(pk__in=_passed_on([stop]).values("person"))
    )
    notes = _passed_on([stop]).select_related("person").order_by("-stop__leave", "pk")
    context = {
        "stop": stop,
        "journey": stop.journey,
        "notes": [
            {"note": one, "who": one.person if one.person_id in shown else None}
            for one in notes
        ],
    }
    return render(request, "grandtour/earlier_notes.html", context)


@require_POST
def show_needs(request: Request, pk: int) -> HttpResponse:
    """Let the hosts of one's journey read what one needs, or no longer."""
    mine = Seat.objects.live().of(request.user).filter(journey=pk)
    seat = get_object_or_404(mine.select_related("journey", "application__needs"))
    needs = get_object_or_404(Needs, application=seat.application)
    if request.POST.get("show") == "yes":
        actions.show(needs, at=timezone.now())
        messages.success(request, _("Your hosts can read it now, until you have left them."))
    else:
        actions.show(needs, at=None)
        messages.success(request, _("Your hosts do not read it any more."))
    return redirect(f"{seat.journey.get_absolute_url()}#needs")


def for_page(context: dict[str, Any]) -> dict[str, Any]:
    """Tell the page of a journey what its reader needs, what their guests need, and of notes.

    `context` is what the page has already: mine, ours, stops, companions, journey.
    """
    day, mine = timezone.localdate(), context["mine"]
    stops = [row["stop"] for row in context["stops"]]
    told = _passed_on(stops).values_list("stop__host__affiliate", flat=True)
    affiliates = set(told)
    hosting = any(stop.leave >= day for stop in context["ours"])
    takes_place = context["journey"].state in NEEDED
    said = Needs.objects.exclude(NOTHING)
    guests = [one["seat"] for one in context["companions"] if one["seat"].state in NEEDED]
    return {
        "earlier": {stop.pk for stop in stops if stop.host.affiliate_id in affiliates},
        "my_needs": said.filter(application=mine.application_id).first()
        if mine and takes_place
        else None,
        "needs_of": mine.application_id if mine and mine.state in NEEDED_STILL else None,
        "guests_need": _of_guests(guests) if hosting and takes_place else [],
    }


def _of_guests(seats: Iterable[Seat]) -> list[tuple[Person, Needs]]:
    """Give what travellers let their hosts read."""
    people = {seat.application_id: seat.person for seat in seats}
    rows = Needs.objects.filter(application__in=people, shown_to_hosts_at__isnull=False)
    return [(people[row.pk], row) for row in rows.exclude(NOTHING).order_by("pk")]


def _passed_on(stops: Iterable[Stop]) -> Any:
    """Find what was passed on about the hosts of some stops, on other journeys."""
    hosts = Affiliate.objects.filter(hosted__stops__in=[stop.pk for stop in stops])
    notes = StopNote.objects.for_the_next(timezone.localdate())
    here = {stop.journey_id for stop in stops}
    return notes.filter(stop__host__affiliate__in=hosts).exclude(stop__journey__in=here)
