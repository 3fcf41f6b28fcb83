"""A person and an affiliate: pages on which people, their listings and practices meet."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capx.htmx import HtmxRequest
from exchange.models import Listing, Practice
from volunteers import gate
from volunteers.gate import Wish
from volunteers.models import Affiliate, Membership, Person, PersonSkill

LISTINGS = 12
PRACTICES = 12
THANKS = 12
PEOPLE = 60
TITLES: dict[str, Promise] = {
    PersonSkill.How.HAS: _("Can do"),
    PersonSkill.How.TEACHES: _("Can teach"),
    PersonSkill.How.WANTS: _("Wants to learn"),
}


@require_safe
@login_not_required
def person(request: HtmxRequest, username: str) -> HttpResponse:
    """Show what somebody wishes to show."""
    viewer = request.user
    people = Person.objects.visible_to(viewer).select_related("place")
    shown = get_object_or_404(people, username=username)
    context = {
        "person": shown,
        "mine": shown == viewer,
        "room": None if shown == viewer else _room(shown),
        "languages": shown.languages.order_by("-level", "language"),
        "skills": _skills(shown),
        "memberships": shown.memberships.confirmed().by_affiliate(),
        "listings": _listings(viewer).filter(author=shown)[:LISTINGS],
        "practices": _practices(viewer).filter(author=shown)[:PRACTICES],
        "thanks": shown.thanks_received.shown().to_be_read_by(viewer)[:THANKS],
        "ways": [Person.Way(way).label for way in shown.ways if way in Person.Way],
        "contact": shown.get_contact_display() if viewer.is_authenticated else "",
        "wiki_page": f"{settings.MEDIAWIKI_URL}/wiki/User:{quote(shown.wiki_name)}",
    }
    return render(request, "volunteers/person.html", context)


def _room(shown: Person) -> str:
    """Say in one word whether somebody may be asked: the same to everybody who looks."""
    return gate.check(shown, asker=None, now=timezone.now(), wish=Wish()).value


def _skills(shown: Person) -> list[dict[str, Any]]:
    """List somebody's skills by what they are to them, as links to others with the same."""
    mine = list(PersonSkill.objects.filter(person=shown).labelled())
    found = reverse("exchange:catalogue")
    return [
        {
            "title": title,
            "skills": [
                {"label": one.label, "href": f"{found}?skill={one.slug}"}
                for one in mine
                if one.how == how
            ],
        }
        for how, title in TITLES.items()
        if any(one.how == how for one in mine)
    ]


def _listings(viewer: Person | AnonymousUser) -> QuerySet[Listing]:
    """List what is open, the newest first, ready to be shown."""
    found: QuerySet[Listing] = Listing.objects.open_to(viewer).as_shown()
    return found.order_by("-published_at", "-pk")


def _practices(viewer: Person | AnonymousUser) -> QuerySet[Practice]:
    """List what can be learned from, the newest first."""
    return Practice.objects.found_by(viewer).order_by("-pk")


@require_safe
@login_not_required
def affiliate(request: HtmxRequest, slug: str) -> HttpResponse:
    """Show an affiliate: what it says, who is there, what it offers and asks for."""
    viewer = request.user
    shown = get_object_or_404(Affiliate.objects.select_related("place"), slug=slug)
    members = shown.memberships.confirmed().of(Person.objects.visible_to(viewer)).by_name()
    mine = None
    if isinstance(viewer, Person):
        mine = Membership.objects.filter(person=viewer, affiliate=shown).first()
    context = {
        "affiliate": shown,
        "website": urlsplit(shown.website).hostname,
        "mine": mine,
        "cares": bool(mine and mine.confirmed_at and mine.role == Membership.Role.STEWARD),
        "members": Paginator(members, PEOPLE).get_page(request.GET.get("page")),
        "listings": _listings(viewer).filter(affiliate=shown)[:LISTINGS],
        "practices": _practices(viewer).filter(affiliate=shown)[:PRACTICES],
    }
    return render(request, "volunteers/affiliate.html", context)
