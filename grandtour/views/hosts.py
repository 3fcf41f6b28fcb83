"""Hosts: what one offers, and offering it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx import maps
from capx.htmx import HtmxRequest
from capx.names import listed
from capx.states import IllegalMove
from capx.templatetags.dates import period
from grandtour.actions import hosts as actions
from grandtour.actions import partners
from grandtour.forms.days import Periods, periods
from grandtour.forms.hosts import ChooseForm, DaysForm, HostForm, MarkedForm, differing
from grandtour.forms.partners import PartnerForm
from grandtour.models import Application, Edition, Host, Journey, Stop, beds, organisers_of
from grandtour.plans import told
from grandtour.views.chips import chips
from grandtour.views.standing import asked
from volunteers.http import Request
from volunteers.models import Origin, Person, Skill

State = Host.State
NAMED = 3  # organisers whom a sentence names
CHANGED = gettext_lazy(
    "Somebody else of your affiliate has changed this in the meantime, so nothing was "
    "overwritten. What you typed still stands here; sent once more, it takes the place of what "
    "stands there now."
)
TONES = {
    State.OFFERED: "waits",
    State.ACCEPTED: "good",
    State.DECLINED: "stopped",
    State.WITHDRAWN: "ended",
}


@require_safe
@login_not_required
def host(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show what an affiliate offers to travellers."""
    viewer = request.user
    found = get_object_or_404(Host.objects.visible_to(viewer).as_shown(), pk=pk)
    ours = Host.objects.editable_by(viewer) if isinstance(viewer, Person) else None
    mine = ours is not None and ours.filter(pk=pk).exists()
    place = found.place
    labelled = Skill.objects.labelled()
    slugs = list(found.shares.order_by("slug").values_list("slug", flat=True))
    context = {
        "host": found,
        "who_asks": urlencode({"kind": "request", "skill": slugs}, doseq=True),
        "tone": TONES.get(State(found.state), ""),
        "editable": mine,
        "partners": _partners(found) if mine else [],
        "why": told.to_host(found) if mine else "",
        "asked": asked(Origin.Made.HOST, pk) if mine else "",
        "coming": _coming(found, viewer) if isinstance(viewer, Person) else [],
        "elsewhere": _elsewhere(found) if mine else [],
        "shares": chips(labelled.filter(pk__in=found.shares.values("pk"))),
        "wants": chips(labelled.filter(pk__in=found.wants.values("pk"))),
        "map": maps.around(place.latitude, place.longitude) if place else None,
    }
    return render(request, "grandtour/host.html", context)


def _partners(found: Host) -> list[Application]:
    """List who says in a peer exchange that they have agreed with a host."""
    if found.edition.kind != Edition.Kind.PEER_EXCHANGE:
        return []
    here = Person.objects.here()
    rows = Application.objects.naming(found).filter(person__in=here).select_related("person")
    return list(rows.order_by("submitted_at", "pk"))


def _coming(found: Host, viewer: Person) -> list[Stop]:
    """Give the journeys that come to a host, to those who may see them."""
    seen = Journey.objects.seen_by(viewer).live()
    rows = found.stops.filter(journey__in=seen).select_related("journey")
    return list(rows.order_by("arrive", "pk"))


def _elsewhere(found: Host) -> QuerySet[Stop]:
    """Give who stays with the affiliate by other editions in the days of this one."""
    edition = found.edition
    rows = Stop.objects.filter(
        host__affiliate=found.affiliate_id,
        arrive__lt=edition.travel_last_day,
        leave__gt=edition.travel_first_day,
    ).exclude(host=found)
    told = beds.with_guests(rows.exclude(journey__state=Journey.State.PROPOSED))
    return told.select_related("journey__edition").order_by("arrive", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request, slug: str) -> HttpResponse:
    """Choose the affiliate that will host, and begin its offer."""
    editions = Edition.objects.visible_to(request.user)
    edition = get_object_or_404(editions.filter(state=Edition.State.OPEN), slug=slug)
    form = ChooseForm(request.POST or None, person=request.user, edition=edition)
    if form.is_valid():
        return redirect(
            "grandtour:edit_host", actions.begin(edition, form.cleaned_data["affiliate"]).pk
        )
    choices: Any = form.fields["affiliate"]
    context = {"edition": edition, "form": form, "may": choices.queryset.exists()}
    return render(request, "grandtour/offer_to_host.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Write down what one offers; a draft may have gaps, what others see may not."""
    found = _mine(request, pk)
    if found.edition.state in actions.DAYS_ALONE and found.state in actions.SHOWN:
        return _days(request, found)
    if found.state not in actions.WRITABLE or found.edition.state != Edition.State.OPEN:
        messages.info(request, _("This can be changed no more. Write to the organisers."))
        return redirect(found)
    complete = request.POST.get("step") != "keep" or found.state != State.DRAFT
    form = HostForm(request.POST or None, instance=found, complete=complete)
    lines = periods(request.POST or None, found.edition, found.stays.order_by("period"))
    if request.method == "POST":
        whole = form.is_valid() & lines.is_valid()
        if complete and lines.is_valid() and not lines.chosen():
            form.add_error(None, _("Say on which days you can take people."))
        elif whole:
            return _kept(request, form, lines, complete=complete)
    return _page(request, form, lines)


def _page(
    request: Request, form: HostForm, lines: Periods, stands: Host | None = None
) -> HttpResponse:
    """Show what one writes; beside it what `stands` there by now, if others wrote meanwhile."""
    host = form.instance
    context = {"host": host, "form": form, "lines": lines, "draft": host.state == State.DRAFT}
    if stands:
        days = stands.stays.order_by("period")
        context |= {"stands": differing(form, stands), "days": days, "written": True}
    return render(request, "grandtour/edit_host.html", context)


def _kept(request: Request, form: HostForm, lines: Periods, *, complete: bool) -> HttpResponse:
    """Keep what was written, and show it to others where that was asked for."""
    host, said = form.instance, form.cleaned_data
    was, now = host.state, timezone.now()
    offered = actions.Offered(said["shares"], said["wants"], lines.chosen(), said["based_on"])
    try:
        actions.keep(host, offered, offer_at=now if complete else None)
    except (IllegalMove, actions.NotOpen):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    except actions.Changed:
        return _page(request, form, lines, _as_it_stands(form, host))
    else:
        messages.success(request, _said(was, complete=complete))
    return redirect(host)


def _as_it_stands(form: MarkedForm, host: Host) -> Host:
    """Read what somebody else has written, and say so; sent once more, one's own stays."""
    stands = Host.objects.select_related("place").get(pk=host.pk)
    form.based_on_what_stands(stands)
    form.add_error(None, CHANGED)
    return stands


def _days(request: Request, found: Host) -> HttpResponse:
    """Let days be taken back or added once nobody applies any more, and nothing else."""
    data = request.POST if request.method == "POST" else None
    form = DaysForm(data, host=found)
    kept = found.stays.order_by("period")
    lines = periods(data, found.edition, kept)
    context = {"host": found, "form": form, "lines": lines}
    if data is not None and form.is_valid() & lines.is_valid():
        said = form.cleaned_data
        found.revision = said["revision"]
        try:
            actions.change_days(found, lines.chosen(), request.user, based_on=said["based_on"])
        except (IllegalMove, actions.NotOpen):
            messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
            return redirect(found)
        except actions.Changed:
            stands = _as_it_stands(form, found)
            context |= {"days": stands.stays.order_by("period"), "written": True}
        except actions.Visited as visited:
            form.add_error(None, _visited(visited.stop, request.user))
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    return render(request, "grandtour/edit_host_days.html", context)


def _visited(stop: Stop, person: Person) -> str:
    """Say which journey uses a day that would be taken back, and who can change it."""
    journey = Journey.objects.seen_by(person).filter(pk=stop.journey_id).first()
    about = {
        "days": period(stop.arrive, stop.leave),
        "journey": str(journey) if journey else _("a journey that is being prepared"),
        "people": listed(organisers_of(stop.journey.edition_id).order_by("pk")[:NAMED]),
    }
    words = _(
        "People come to you %(days)s (%(journey)s), so these days cannot be taken back here. "
        "Write to the organisers: %(people)s."
    )
    return words % about


def _said(was: str, *, complete: bool) -> str:
    """Say what became of what was written."""
    if not complete:
        return _("Kept as a draft. Only your affiliate sees it.")
    if was == State.DRAFT:
        return _("Thank you! Organisers have your offer now.")
    return _("Saved.")


def _mine(request: Request, pk: int) -> Host:
    """Find what this person may change."""
    rows = Host.objects.editable_by(request.user).select_related("edition", "affiliate")
    return get_object_or_404(rows, pk=pk)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take an offer back; it can be taken up again while the edition is open."""
    found = _mine(request, pk)
    try:
        actions.withdraw(found, request.user, at=timezone.now())
    except actions.Expected:
        messages.error(
            request,
            _("A journey to you is confirmed, and people book. Write to the organisers."),
        )
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        again = found.edition.state == Edition.State.OPEN
        messages.success(
            request,
            _("Your offer is taken back. You can take it up again while the edition is open.")
            if again
            else _("Your offer is taken back, for this edition for good."),
        )
    return redirect(found)


@require_POST
def agreed(request: Request, pk: int) -> HttpResponse:
    """Say whether one has agreed with somebody who says so."""
    found = _mine(request, pk)
    form = PartnerForm(request.POST, host=found)
    if not form.is_valid():
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        return redirect(found)
    said = form.cleaned_data
    try:
        partners.answer(found, said["application"], agrees=said["agrees"], at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Thank you. They hear from us."))
    return redirect(found)


@require_POST
def take_up(request: Request, pk: int) -> HttpResponse:
    """Go on with an offer that was taken back."""
    found = _mine(request, pk)
    try:
        actions.take_up(found)
    except (IllegalMove, actions.NotOpen):
        messages.warning(request, _("This edition takes no more hosts."))
        return redirect(found)
    return redirect("grandtour:edit_host", pk)
