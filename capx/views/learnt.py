"""What was learnt on a journey, or by applying, becomes an offer or a practice.

Each press opens the exchange's own form filled in with one's own words. What it makes is a
draft: nobody else sees it before its author publishes it.
"""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exchange.actions import listings, practices
from exchange.models import Listing, Practice
from grandtour.actions.afterwards import HOME
from grandtour.actions.apart import must_not_be_ones_own
from grandtour.actions.decisions import NotYours
from grandtour.exports import draft
from grandtour.models import Application, Edition, Seat, TravelReport
from grandtour.reports.unblinded import may_be_told
from volunteers.actions import origins
from volunteers.http import Request
from volunteers.models import Origin, Person, Skill

Source, Made = Origin.Source, Origin.Made
LONGEST_TITLE = 120
LONGEST = {"context": 2000, "tried": 4000, "worked": 4000, "would_reuse": 4000}


@require_POST
def offer(request: Request, pk: int, slug: str) -> HttpResponse:
    """Begin an offer of a skill that one learnt more of on a journey."""
    seat = _own_place(request, pk)
    report = get_object_or_404(TravelReport, seat=seat)
    skill = get_object_or_404(report.skills.labelled(), slug=slug)
    try:
        begun = _offer(request.user, seat, report, skill, at=timezone.now())
    except listings.TooMany:
        words = _("You have a hundred drafts. Finish or discard some first.")
        messages.error(request, words)
        return redirect("grandtour:report", pk)
    return redirect("exchange:edit", begun.pk)


@transaction.atomic
def _offer(
    person: Person, seat: Seat, report: TravelReport, skill: Skill, *, at: datetime
) -> Listing:
    """Write the draft of an offer, or go on with the one there is."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    of_this = Origin.objects.of(Source.PLACE, seat.pk).filter(made=Made.OFFER)
    drafts = Listing.objects.filter(author=person, state=Listing.State.DRAFT, skills=skill)
    begun = drafts.filter(pk__in=of_this.values("made_key")).first()
    if begun is not None:
        return begun
    label: str = skill.label
    row = Listing(
        author=person,
        kind=Listing.Kind.OFFER,
        of=Listing.Of.SKILL,
        title=(_("Help with: %(skill)s") % {"skill": label})[:LONGEST_TITLE],
        body=_joined(report.learnt, report.changes),
        language=_tongue(person),
        revision=get_random_string(22),
    )
    made = listings.keep(listings.Written(row, [skill], None, ""), at=at)
    origins.remember((Source.PLACE, seat.pk), (Made.OFFER, made.pk), person, at=at)
    return made


@require_POST
def report(request: Request, pk: int) -> HttpResponse:
    """Begin a practice with the words of one's own report."""
    seat = _own_place(request, pk)
    told = get_object_or_404(TravelReport, seat=seat)
    words = {
        "title": seat.edition.theme,
        "context": _("On a journey of “%(edition)s”") % {"edition": seat.edition},
        "tried": told.learnt,
        "worked": told.changes,
        "would_reuse": told.for_next,
    }
    return _practice(request, (Source.PLACE, pk), words, list(told.skills.all()))


@require_POST
def application(request: Request, pk: int) -> HttpResponse:
    """Begin a practice with the words of one's own application, once nobody reads blind."""
    mine = Application.objects.of(request.user).select_related("edition")
    found = get_object_or_404(mine, pk=pk)
    if not may_be_told(found):
        raise Http404
    edition = {"edition": found.edition}
    words = {
        "title": _("How I wrote my application to “%(edition)s”") % edition,
        "context": _("An application to travel with “%(edition)s”") % edition,
        "tried": _joined(found.goals, *_answered(found)),
        "worked": found.brings,
        "would_reuse": found.spreads,
    }
    return _practice(request, (Source.APPLICATION, pk), words, list(found.wants.all()))


@require_POST
def money(request: Request, slug: str) -> HttpResponse:
    """Begin a practice of how an edition asked for its money; its organisers only.

    It names journeys, so nobody does who wishes to travel in it or reads it blind.
    """
    if not request.user.has_perm("grandtour.change_cost"):
        raise Http404
    edition = get_object_or_404(Edition, slug=slug)
    try:
        must_not_be_ones_own(edition, request.user)
    except NotYours as others_do:
        raise Http404 from others_do
    words = {
        "title": _("How we asked for the money of “%(edition)s”") % {"edition": edition},
        "context": edition.theme,
        "tried": draft.wikitext(edition),
    }
    return _practice(request, (Source.EDITION, edition.pk), words, list(edition.skills.all()))


def _practice(
    request: Request, source: tuple[str, int], words: dict[str, str], skills: list[Skill]
) -> HttpResponse:
    """Open the form of a practice with these words; the one that was begun, where there is."""
    begun = _begun(request.user, source, words, skills, at=timezone.now())
    return redirect("exchange:edit_practice", begun.pk)


@transaction.atomic
def _begun(
    person: Person,
    source: tuple[str, int],
    words: dict[str, str],
    skills: list[Skill],
    *,
    at: datetime,
) -> Practice:
    """Write the draft of a practice, or find the one that was made of it before."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = Origin.objects.of(*source).filter(made=Made.PRACTICE, person=person)
    mine = Practice.objects.filter(author=person, pk__in=before.values("made_key"))
    if begun := mine.first():
        return begun
    longest = LONGEST | {"title": LONGEST_TITLE}
    row = Practice(
        author=person,
        language=_tongue(person),
        **{name: text[: longest[name]] for name, text in words.items()},
    )
    made = practices.keep(practices.Written(row, skills, []), at=at, publish=False)
    origins.remember(source, (Made.PRACTICE, made.pk), person, at=at)
    return made


def _own_place(request: Request, pk: int) -> Seat:
    """Find one's own place in a journey, once home."""
    states = [*HOME, Seat.State.CLOSED]
    rows = Seat.objects.filter(person=request.user, state__in=states)
    return get_object_or_404(rows.select_related("edition"), pk=pk)


def _answered(found: Application) -> list[str]:
    """Write out questions with their answers."""
    return [f"{one.question}\n{one.words}" for one in found.answers.in_order()]


def _tongue(person: Person) -> str:
    return person.language or get_language() or "en"


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
