"""The first page: what this is for, what is offered and asked for now, what waits for you."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capx.htmx import HtmxRequest
from exchange import reports
from exchange.models import Exchange, Invitation, Listing
from volunteers.models import Person
from volunteers.models.bandwidth import today as local_day

EACH = 3
# First sentences that lend themselves to an hour of somebody's time.
OPENINGS: list[tuple[str, str, Promise]] = [
    ("offer", "skill", _("An hour for your first Wikidata query")),
    ("offer", "service", _("I proofread texts in my language")),
    ("offer", "materials", _("Our workshop slides, ready to translate")),
    ("offer", "venue", _("Our meeting room on Saturdays")),
    ("request", "skill", _("How do you keep a user group going?")),
    ("request", "training", _("Mediation for our five admins")),
]


@require_safe
@login_not_required
def about(request: HtmxRequest) -> HttpResponse:
    """Say what this is, what it keeps of whom, and which rules hold."""
    return render(request, "about.html")


@require_safe
@login_not_required
def home(request: HtmxRequest) -> HttpResponse:
    """Make somebody want to look, and to post."""
    day = timezone.localdate()
    today = list(Listing.objects.as_shown().todays(request.user, day))
    context: dict[str, Any] = {
        "offers": pick(listing for listing in today if listing.is_offer),
        "requests": pick(listing for listing in today if not listing.is_offer),
        "openings": [_opening(*opening) for opening in OPENINGS],
    }
    if isinstance(request.user, Person):
        here = local_day(request.user, timezone.now())
        waiting = Exchange.objects.waiting_for(request.user, here)
        invited = Invitation.objects.waiting_for(request.user)
        context["waiting"] = waiting.exists() or invited.exists()
        context["suggestions"] = reports.first_listings(request.user)
    return render(request, "home.html", context)


def pick(listings: Iterable[Listing]) -> list[Listing]:
    """Take a handful in their order; from different people and countries, where it goes."""
    picked: list[Listing] = []
    later: list[Listing] = []
    last: list[Listing] = []
    people: set[int] = set()
    countries: set[str] = set()
    for listing in listings:
        if listing.author_id in people:
            last.append(listing)
            continue
        people.add(listing.author_id)
        country = listing.place.country if listing.place else listing.author.country
        (later if country in countries else picked).append(listing)
        countries.add(country)
    return [*picked, *later, *last][:EACH]


def _opening(kind: str, of: str, words: Promise) -> dict[str, Any]:
    """Give one first sentence, and the form that begins with it."""
    query = urlencode({"kind": kind, "of": of, "title": words})
    return {"kind": kind, "words": words, "href": f"{reverse('exchange:post')}?{query}"}
