"""Events at stops: announcing one, its public page, signing up and off."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.htmx import HtmxRequest
from capx.ical import Entry, calendar
from capx.states import IllegalMove
from grandtour.actions import events as actions
from grandtour.forms.events import CallOffForm, EventForm
from grandtour.models import Edition, SignUp, Stop, StopEvent
from grandtour.models.stop_events import NAMES_SHOWN, may_be_announced
from volunteers.http import Request
from volunteers.mailbox import absolute
from volunteers.models import Affiliate, Person


@require_safe
@login_not_required
def event(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show an event to whoever is invited; to its host, who comes.

    Whether somebody is a member shows once they are signed in.
    """
    if not isinstance(request.user, Person):
        rows = StopEvent.objects.for_members()
        if rows.filter(
            stop__journey__edition__in=Edition.objects.visible_to(request.user), pk=pk
        ):
            return redirect_to_login(request.get_full_path())
    return _page(request, _found(request, pk))


def _page(
    request: HtmxRequest, found: StopEvent, form: CallOffForm | None = None
) -> HttpResponse:
    """Render it, with what was typed where that is to be mended."""
    viewer, now = request.user, timezone.now()
    context: dict[str, Any] = {
        "event": found,
        "stop": found.stop,
        "host": found.stop.host,
        "edition": found.stop.journey.edition,
        "begins": found.local(found.begins_at),
        "ends": found.local(found.ends_at),
        "open": found.takes(now),
        "free": any(True for _seat in actions.free(found)),
        "call_off": form or CallOffForm(),
    }
    context |= _part(found, viewer)
    if isinstance(viewer, Person) and context["ours"] and now < found.ends_at + NAMES_SHOWN:
        context |= {"guests": _guests(found, viewer)}
    return render(request, "grandtour/event.html", context)


def _part(found: StopEvent, viewer: Person | AnonymousUser) -> dict[str, Any]:
    """Say which part somebody has in it, and whether they read where it is.

    A street may be where somebody lives: while it takes place, who is invited and signed in
    reads it, and who comes; afterwards its host.
    """
    mine, ours, invited = None, False, found.open_to == found.OpenTo.EVERYBODY
    if isinstance(viewer, Person):
        mine = found.sign_ups.filter(person=viewer).first()
        ours = StopEvent.objects.editable_by(viewer).filter(pk=found.pk).exists()
        invited = found.open_for(viewer)
    stands = found.state == StopEvent.State.ANNOUNCED
    known = isinstance(viewer, Person) and (invited or mine is not None)
    placed = ours or (stands and known)
    return {"mine": mine, "ours": ours, "invited": invited, "placed": placed}


def _guests(found: StopEvent, viewer: Person) -> list[dict[str, Any]]:
    """List who comes and who waits; whoever is hidden has no name here."""
    shown = set(
        Person.objects.visible_to(viewer)
        .values_list("pk", flat=True)
        .filter(pk__in=found.sign_ups.values("person"))
    )
    rows = [*found.sign_ups.seated().select_related("person")]
    rows += found.sign_ups.waiting().select_related("person")
    return [
        {"person": row.person if row.person_id in shown else None, "place": row.place}
        for row in rows
    ]


@require_safe
@login_not_required
def dates(request: HtmxRequest, pk: int) -> HttpResponse:
    """Give an event as a file for calendars; it keeps its number when it moves."""
    found = _found(request, pk)
    street = found.where if _part(found, request.user)["placed"] else ""
    place = street or str(found.stop.host.place or "")
    entry = Entry(
        uid=f"event-{found.pk}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=found.sequence,
        stamp=found.changed_at,
        first=found.begins_at,
        last=found.ends_at,
        summary=found.title,
        description=found.words,
        location=place,
        url=absolute(found.get_absolute_url()),
        off=found.state == StopEvent.State.CALLED_OFF,
    )
    return calendar([entry], f"event-{found.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: Request, pk: int) -> HttpResponse:
    """Announce an event during a stop, for its host."""
    stop = _stop(request, pk)
    row = StopEvent(stop=stop)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.announce(row, request.user, at=timezone.now())
        except IllegalMove:
            messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        except actions.TooMany:
            messages.warning(
                request, _("There are twenty events at this stop: that is enough.")
            )
        else:
            messages.success(request, _("Announced. Pass its address on."))
            return redirect(row)
        return redirect(stop.journey)
    context = {"form": form, "stop": stop, "journey": stop.journey, "event": None}
    return render(request, "grandtour/edit_event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change an event; whoever signed up hears of other hours or another place."""
    found = _ours(request, pk)
    if not found.takes(timezone.now()):
        messages.info(request, _("This can be changed no more."))
        return redirect(found)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(found, at=timezone.now())
        except actions.Taken:
            form.add_error("seats", _("More people have signed up already."))
        except IllegalMove:
            messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
            return redirect(found)
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    journey = found.stop.journey
    context = {"form": form, "stop": found.stop, "journey": journey, "event": found}
    return render(request, "grandtour/edit_event.html", context)


@require_POST
def call_off(request: Request, pk: int) -> HttpResponse:
    """Call an event off, and say why."""
    found, form = _ours(request, pk), CallOffForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.call_off(found, form.cleaned_data["because"], at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Called off. Whoever signed up has been told."))
    return redirect(found)


@require_POST
def sign_up(request: Request, pk: int) -> HttpResponse:
    """Take a seat, or a place in the line of those who wait for one."""
    found = _found(request, pk)
    try:
        row = actions.sign_up(found, request.user, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    except actions.NotInvited:
        messages.warning(request, _("This one is for members of the affiliate."))
    except actions.TooManyToday:
        messages.warning(
            request, _("You have signed up to twenty events today. Please go on tomorrow.")
        )
    else:
        messages.success(request, _signed_up(row))
    return redirect(found)


def _signed_up(row: SignUp) -> str:
    """Say what somebody has now."""
    if row.place is None:
        return _("All seats are taken. You are on the list: we write when one is free.")
    return _("See you there! Put it into your calendar.")


@require_POST
def sign_off(request: Request, pk: int) -> HttpResponse:
    """Give one's seat back; the first of those who wait gets it."""
    found = _found(request, pk)
    if actions.sign_off(found, request.user):
        messages.success(request, _("Thank you for saying so. Somebody else can come now."))
    return redirect(found)


def _form(request: Request, row: StopEvent) -> EventForm:
    """Make the form, with what was typed."""
    data = request.POST if request.method == "POST" else None
    return EventForm(data, instance=row, zone=request.user.time_zone)


def _found(request: HtmxRequest, pk: int) -> StopEvent:
    """Find an event this viewer may read about."""
    return get_object_or_404(StopEvent.objects.visible_to(request.user).as_shown(), pk=pk)


def _ours(request: Request, pk: int) -> StopEvent:
    """Find an event of an affiliate one speaks for."""
    return get_object_or_404(StopEvent.objects.editable_by(request.user).as_shown(), pk=pk)


def _stop(request: Request, pk: int) -> Stop:
    """Find a stop with an affiliate one speaks for, on a journey that takes place."""
    ours = Affiliate.objects.spoken_for_by(request.user)
    rows = Stop.objects.filter(host__affiliate__in=ours)
    stop = get_object_or_404(
        rows.select_related("journey__edition", "host__affiliate", "host__place"), pk=pk
    )
    if not may_be_announced(stop.journey):
        raise Http404
    return stop
