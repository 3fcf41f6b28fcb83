"""Journeys: the page for those who are in it, and their answers."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.celery import nudge
from capx.ical import Entry, calendar
from capx.names import listed
from capx.states import IllegalMove
from capx.templatetags.dates import period
from capx.terms import Changed
from grandtour.actions import journeys as actions
from grandtour.actions import seen
from grandtour.forms.journeys import HostRefuseForm, RefuseForm
from grandtour.models import Journey, Seat, Stop, StopEvent
from grandtour.models.seats import FREED
from grandtour.models.stop_events import may_be_announced
from grandtour.tasks import follow_up_offers
from grandtour.views import along, learning, route, understanding
from grandtour.views.companion import companion
from grandtour.views.filled import filled
from volunteers.http import Request
from volunteers.mailbox import absolute
from volunteers.models import Affiliate, Person
from volunteers.models.bandwidth import today

State = Seat.State
REFUSABLE = {State.OFFERED, State.ACCEPTED, State.AGREED}
BEGUN = {Journey.State.TRAVELLING, Journey.State.RETURNED, Journey.State.CLOSED}
# Where one can count on the days; before that nobody books anything.
SETTLED = {Journey.State.CONFIRMED, *BEGUN}
UNSETTLED = {State.OFFERED, State.ACCEPTED, State.AGREED}


@require_safe
def journey(request: Request, pk: int) -> HttpResponse:
    """Show a journey to those who are in it: travellers, hosts, and organisers."""
    return _page(request, _found(request, pk))


def _page(
    request: Request,
    found: Journey,
    refuse: RefuseForm | None = None,
    host_refuse: HostRefuseForm | None = None,
) -> HttpResponse:
    """Render the page, with what was typed where that is to be mended."""
    context = route.page(found, request.user)
    route.contacts(context["stops"], request.user)
    ours = set(Affiliate.objects.spoken_for_by(request.user).values_list("pk", flat=True))
    mine = context["mine"]
    context |= {
        "refuse": refuse or RefuseForm(),
        "host_refuse": host_refuse or HostRefuseForm(),
        "can_accept": mine and mine.state == State.OFFERED,
        **_what_if(
            mine if mine and mine.state == State.OFFERED else None,
            [row["stop"] for row in context["stops"]],
        ),
        "can_refuse": mine and mine.state in REFUSABLE,
        "ours": [
            row["stop"] for row in context["stops"] if row["stop"].host.affiliate_id in ours
        ],
        "answerable": found.state in actions.ANSWERABLE,
        "begun": found.state in BEGUN,
        "now": route.now(found, context["stops"], today(request.user, timezone.now())),
    }
    context |= understanding.on_the_way(context, request.user) | companion(context)
    context |= learning.on_the_way(context, request.user) | along.for_page(context)
    events = StopEvent.objects.filter(stop__journey=found).coming(timezone.now())
    context |= {
        "events": events.as_shown(),
        "announce": context["ours"] if may_be_announced(found) else [],
    }
    return render(request, "grandtour/journey.html", context)


def _what_if(mine: Seat | None, stops: list[Stop]) -> dict[str, Any]:
    """Weigh what a yes does to one's weeks; a journey without stops takes none."""
    if not mine or not mine.period:
        return {}
    found = filled(mine, mine.period, timezone.now())
    return {"what_if": found.what_if, "read": seen.mark_of(stops, found.mark)}


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Say yes to one's place."""
    found = _found(request, pk)
    try:
        actions.accept(
            _mine(request, found), at=timezone.now(), read=request.POST.get("read", "")
        )
    except seen.OtherDays as other:
        _ask_anew(request, other)
    except Changed:
        messages.warning(
            request,
            _("Your weeks have changed meanwhile: this is what a yes does to them now."),
        )
    except actions.TooLate:
        messages.warning(request, _("The day to answer has passed. Write to the organisers."))
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(
            request, _("Wonderful. We tell you when all hosts have said yes, too.")
        )
    return redirect(found)


def _ask_anew(request: Request, other: seen.OtherDays) -> None:
    """Say which stops have other days now: the yes was to those before."""
    now = [
        _("%(host)s: %(days)s")
        % {"host": stop.host.affiliate, "days": period(stop.arrive, stop.leave)}
        for stop in other.stops
    ]
    said = _("The days have changed meanwhile; your yes was not taken. Now: %(days)s.")
    messages.warning(request, said % {"days": listed(now)})


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Request, pk: int) -> HttpResponse:
    """Say no to one's place, and why; the next in line is looked for."""
    found = _found(request, pk)
    seat = _mine(request, found)
    form = RefuseForm(request.POST or None)
    if request.method != "POST":
        return redirect(found)
    if not form.is_valid():
        return _page(request, found, refuse=form)
    said = form.cleaned_data
    given = actions.Given(said["reason"], said["words"], request.user)
    try:
        actions.refuse(seat, given, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        return redirect(found)
    nudge(follow_up_offers)
    messages.success(request, _("Thank you for saying so. Somebody else can travel now."))
    return redirect(seat.application)


@require_POST
def welcome(request: Request, pk: int) -> HttpResponse:
    """Say yes for a host."""
    stop = _stop(request, pk)
    try:
        first = actions.welcome(
            stop, request.user, at=timezone.now(), read=request.POST.get("read", "")
        )
    except seen.OtherDays as other:
        _ask_anew(request, other)
        return redirect(stop.journey)
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        return redirect(stop.journey)
    if first:
        messages.success(request, _("Thank you! The travellers hear when all have said yes."))
    else:
        messages.info(request, _("Your affiliate has said yes already."))
    return redirect(stop.journey)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse_stop(request: Request, pk: int) -> HttpResponse:
    """Say no for a host; organisers look for another way."""
    stop = _stop(request, pk)
    form = HostRefuseForm(request.POST or None)
    if request.method != "POST":
        return redirect(stop.journey)
    if not form.is_valid():
        return _page(request, stop.journey, host_refuse=form)
    given = actions.Given(Seat.Reason.HOST, form.cleaned_data["words"], request.user)
    try:
        actions.host_refuses(stop, given, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Organisers know, and look for another way."))
    return redirect(stop.journey)


@require_safe
def dates(request: Request, pk: int) -> HttpResponse:
    """Give the days of a journey, stop by stop, as a file for calendars.

    Whoever is in it no more still gets it, and reads in it that they are off.
    """
    seen = Journey.objects.seen_by(request.user)
    left = Seat.objects.filter(person=request.user, state__in=FREED, offered_at__isnull=False)
    rows = Journey.objects.filter(
        Q(pk__in=seen.values("pk")) | Q(pk__in=left.values("journey"))
    )
    found = get_object_or_404(rows.select_related("edition"), pk=pk)
    return calendar(_entries(found, request.user), f"journey-{found.pk}")


def _entries(found: Journey, viewer: Person) -> list[Entry]:
    """Write an entry for each stop; its number grows with what happened to the journey.

    That history only grows, so that a calendar never takes a later state for an earlier one.
    """
    there = Journey.objects.seen_by(viewer).filter(pk=found.pk).exists()
    off = found.state == Journey.State.CANCELLED or not there
    mine = found.seats.live().of(viewer).values_list("state", flat=True).first()
    happened = found.events.aggregate(number=Count("pk"), last=Max("at"))
    about = found if there else found.edition
    stops = found.stops.select_related("host__affiliate", "host__place").order_by("number")
    return [
        Entry(
            uid=f"stop-{stop.pk}@{urlsplit(settings.SITE_URL).hostname}",
            sequence=happened["number"],
            stamp=happened["last"] or found.created_at,
            first=stop.arrive,
            last=stop.leave,
            summary=f"{found.edition}: {stop.host.affiliate}",
            location=str(stop.host.place or ""),
            url=absolute(about.get_absolute_url()),
            off=off,
            tentative=found.state not in SETTLED or mine in UNSETTLED,
        )
        for stop in stops
    ]


def _found(request: Request, pk: int) -> Journey:
    """Find a journey this person is in."""
    rows = Journey.objects.seen_by(request.user).select_related("edition", "plan")
    return get_object_or_404(rows, pk=pk)


def _mine(request: Request, found: Journey) -> Seat:
    """Find one's own place."""
    rows = (
        found.seats.live().of(request.user).select_related("application", "journey", "person")
    )
    return get_object_or_404(rows)


def _stop(request: Request, pk: int) -> Stop:
    """Find a stop with an affiliate one speaks for."""
    seen = Journey.objects.seen_by(request.user)
    ours = Affiliate.objects.spoken_for_by(request.user)
    rows = Stop.objects.filter(journey__in=seen, host__affiliate__in=ours)
    return get_object_or_404(rows.select_related("journey__edition"), pk=pk)
