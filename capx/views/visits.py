"""A request that a visit could answer: one travels to who knows it, or invites them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exchange.models import Listing
from grandtour.actions import applications, hosts
from grandtour.models import Application, Edition, Host
from volunteers.actions import origins
from volunteers.http import Request
from volunteers.models import Affiliate, Origin, Person, Skill
from volunteers.models.bandwidth import today

Source, Made = Origin.Source, Origin.Made
WRITABLE = {Application.State.DRAFT, Application.State.INCOMPLETE}
LONGEST = 4000


@dataclass(slots=True)
class Way:
    """An edition, who in it shares what is asked for, and whether one can still apply."""

    edition: Edition
    hosts: list[Host] = field(default_factory=list)
    applying: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Request, pk: int) -> HttpResponse:
    """Show which journeys could answer one's request, and begin one with it."""
    asked = Listing.objects.editable_by(request.user).filter(
        kind=Listing.Kind.REQUEST, state__in=Listing.LIVE
    )
    found = get_object_or_404(asked.select_related("affiliate"), pk=pk)
    if request.method == "POST":
        return _begin(request, found)
    context = {
        "listing": found,
        "ways": _ways(found, request.user, timezone.now()),
        "may_host": _ours(found, request.user) is not None,
        "begun": _begun_from(found, request.user),
    }
    return render(request, "exchange/visit.html", context)


def _ours(listing: Listing, person: Person) -> Affiliate | None:
    """Give the affiliate that asks, to whoever speaks for it."""
    if listing.affiliate_id is None:
        return None
    ours = Affiliate.objects.spoken_for_by(person)
    return ours.filter(pk=listing.affiliate_id).first()


def _ways(listing: Listing, person: Person, now: datetime) -> list[Way]:
    """List the open editions, those first in which somebody shares what is asked for."""
    day = today(person, now)
    editions = Edition.objects.visible_to(person).filter(state=Edition.State.OPEN)
    ways = {
        edition.pk: Way(edition, applying=edition.takes_applications(day))
        for edition in editions.order_by("applications_last_day", "pk")
    }
    for host in _sharing(listing, person).filter(edition__in=ways):
        ways[host.edition_id].hosts.append(host)
    return sorted(ways.values(), key=lambda way: not way.hosts)


def _sharing(listing: Listing, person: Person) -> QuerySet[Host]:
    """Keep the hosts who share a skill that is asked for, or one below it."""
    wanted = Skill.objects.within(listing.skills.all())
    rows = Host.objects.visible_to(person).exclude(affiliate=listing.affiliate_id)
    return rows.filter(shares__in=wanted).distinct().as_shown().order_by("pk")


def _begun_from(listing: Listing, person: Person) -> list[dict[str, str]]:
    """List one's own applications, and one's affiliates' stays, that began with a request."""
    rows = dict(
        Origin.objects.of(Source.REQUEST, listing.pk).values_list("made_key", "made").order_by()
    )
    of = {made: [key for key, kind in rows.items() if kind == made] for made in Made}
    applied = Application.objects.of(person).filter(pk__in=of[Made.APPLICATION])
    offered = Host.objects.editable_by(person).filter(pk__in=of[Made.HOST])
    return [
        {"href": row.get_absolute_url(), "edition": str(row.edition), "what": what}
        for what, those in (("application", applied), ("host", offered))
        for row in those.select_related("edition")
    ]


def _begin(request: Request, listing: Listing) -> HttpResponse:
    """Begin what was chosen: an application, or the offer of a stay."""
    editions = Edition.objects.visible_to(request.user).filter(state=Edition.State.OPEN)
    edition = get_object_or_404(
        editions, slug=request.POST.get("edition", "").replace("\0", "")
    )
    if request.POST.get("way") == "host":
        return _invite(request, listing, edition)
    try:
        begun = _travel(request.user, listing, edition, at=timezone.now())
    except applications.NotOpen:
        messages.warning(request, _("One cannot apply to this edition on this day."))
        return redirect("visit", listing.pk)
    return redirect("grandtour:edit_application", begun.pk)


@transaction.atomic
def _travel(person: Person, listing: Listing, edition: Edition, *, at: datetime) -> Application:
    """Begin an application with what one asks for; words that stand in one already stay."""
    begun = applications.begin(edition, person, day=today(person, at))
    held = Application.objects.select_for_update(no_key=True).get(pk=begun.pk)
    if held.state in WRITABLE:
        if not held.goals:
            held.goals = f"{listing.title}\n\n{listing.body}"[:LONGEST].strip()
            held.save(update_fields=["goals", "changed_at"])
        held.wants.add(*listing.skills.all())
        origins.remember(
            (Source.REQUEST, listing.pk), (Made.APPLICATION, held.pk), person, at=at
        )
    return held


def _invite(request: Request, listing: Listing, edition: Edition) -> HttpResponse:
    """Begin the offer of the affiliate that asks, with what it would like to learn."""
    affiliate = _ours(listing, request.user)
    if affiliate is None:
        raise Http404
    with transaction.atomic():
        begun = hosts.begin(edition, affiliate)
        if begun.state == Host.State.DRAFT:
            begun.wants.add(*listing.skills.all())
            source, made = (Source.REQUEST, listing.pk), (Made.HOST, begun.pk)
            origins.remember(source, made, request.user, at=timezone.now())
    return redirect("grandtour:edit_host", begun.pk)
