"""A person and an affiliate: pages on which people, their listings and practices meet."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import F, Func, JSONField, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from capx.htmx import HtmxRequest
from capx.views import priorities
from exchange.models import Listing, Practice, Priority
from grandtour.models import StopEvent
from volunteers import gate
from volunteers.models import Affiliate, Membership, Person, PersonLanguage, PersonSkill
from volunteers.models.bandwidth import listed_to

LISTINGS = 12
PRACTICES = 12
THANKS = 12
PEOPLE = 60
LEVELS = {level.value: level for level in PersonLanguage.Level}
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
    people = _with_parts(Person.objects.visible_to(viewer))
    shown = get_object_or_404(people, username=username)
    context = {
        "person": shown,
        "mine": shown == viewer,
        "room": _room(shown, viewer),
        "languages": [(one, LEVELS[level].label) for one, level in shown.speaks],
        "skills": _skills(shown),
        "affiliates": [Affiliate(name=name, slug=slug) for name, slug in shown.belongs],
        "listings": _listings(viewer).filter(author=shown)[:LISTINGS],
        "practices": _practices(viewer).filter(author=shown)[:PRACTICES],
        "thanks": shown.thanks_received.shown().to_be_read_by(viewer)[:THANKS],
        "ways": [Person.Way(way).label for way in shown.ways if way in Person.Way],
        "contact": shown.get_contact_display() if viewer.is_authenticated else "",
        "wiki_page": f"{settings.MEDIAWIKI_URL}/wiki/User:{quote(shown.wiki_name)}",
    }
    return render(request, "volunteers/person.html", context)


def _room(shown: Person, viewer: Person | AnonymousUser) -> str:
    """Say to who is signed in whether they may ask somebody: what the gate would say."""
    if viewer.is_anonymous or shown == viewer:
        return ""
    return gate.word(shown, asker=viewer, now=timezone.now()).value


def _with_parts(people: QuerySet[Person]) -> QuerySet[Any]:
    """Read languages, skills and affiliates along with the person, in one statement."""
    speaks = PersonLanguage.objects.order_by("-level", "language")
    able = PersonSkill.objects.labelled()
    belongs = Membership.objects.confirmed().by_affiliate()
    parts: list[tuple[str, QuerySet[Any], list[str]]] = [
        ("speaks", speaks, ["language", "level"]),
        ("able", able, ["how", "label", "slug"]),
        ("belongs", belongs, ["affiliate__name", "affiliate__slug"]),
    ]
    lists = {
        name: ArraySubquery(rows.filter(person=OuterRef("pk")).values_list(_together(fields)))
        for name, rows, fields in parts
    }
    return people.select_related("place").annotate(**lists)


def _together(fields: list[str]) -> Func:
    """Put some fields of a row into one list."""
    return Func(*map(F, fields), function="jsonb_build_array", output_field=JSONField())


def _skills(shown: Any) -> list[dict[str, Any]]:
    """List somebody's skills by what they are to them, as links to others with the same."""
    found = reverse("exchange:catalogue")
    return [
        {
            "title": title,
            "skills": [
                {"label": label, "href": f"{found}?skill={slug}"}
                for its, label, slug in shown.able
                if its == how
            ],
        }
        for how, title in TITLES.items()
        if any(its == how for its, _label, _slug in shown.able)
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
    members = shown.memberships.confirmed().of(listed_to(viewer)).by_name()
    context = {
        "affiliate": shown,
        "website": urlsplit(shown.website).hostname,
        **_mine(shown, viewer),
        **_year(shown),
        "members": Paginator(members, PEOPLE).get_page(request.GET.get("page")),
        "listings": _listings(viewer).filter(affiliate=shown)[:LISTINGS],
        "practices": _practices(viewer).filter(affiliate=shown)[:PRACTICES],
        "events": _events(shown, viewer),
    }
    return render(request, "volunteers/affiliate.html", context)


def _events(shown: Affiliate, viewer: Person | AnonymousUser) -> QuerySet[StopEvent]:
    """Give what an affiliate does with travellers, and this viewer may read of."""
    hosted = StopEvent.objects.visible_to(viewer).filter(stop__host__affiliate=shown)
    return hosted.coming(timezone.now()).as_shown()[:PRACTICES]


def _mine(shown: Affiliate, viewer: Person | AnonymousUser) -> dict[str, Any]:
    """Say what this viewer is to an affiliate: a member, or one who may do more."""
    mine = None
    if isinstance(viewer, Person):
        mine = Membership.objects.filter(person=viewer, affiliate=shown).first()
    role = mine.role if mine and mine.confirmed_at else ""
    return {
        "mine": mine,
        "cares": role == Membership.Role.STEWARD,
        "speaks": role in (Membership.Role.STEWARD, Membership.Role.EDITOR),
    }


def _year(shown: Affiliate) -> dict[str, Any]:
    """Give the priorities of this year, and what came of them, where some are written down."""
    year = timezone.localdate().year
    written = list(Priority.objects.of(shown, year))
    found = priorities.year_of(shown, year, written) if written else None
    return {"year": year, "found": found}
