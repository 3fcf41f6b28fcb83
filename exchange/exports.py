"""What a person has in the exchange, to take away."""

from collections.abc import Iterable

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from exchange.models import (
    Agreement,
    AgreementLine,
    Artefact,
    BudgetLine,
    CallLetter,
    Decision,
    Event,
    Exchange,
    FollowUp,
    HandOver,
    Invitation,
    Listing,
    Mention,
    Message,
    OpenCall,
    Practice,
    Report,
)
from volunteers.models import Person

AT_ONCE = 500
LISTING = [
    *("id", "state", "kind", "of", "resource", "affiliate__name", "title", "body", "takeaway"),
    *(
        "language",
        "countries",
        "place__name",
        "mode",
        "first_day",
        "last_day",
        "times",
        "hours",
    ),
    *("preparation_hours", "wants_help_to_share", "seats", "amount", "currency", "covers"),
    *("decided_by", "created_at", "changed_at", "published_at", "confirmed_at", "hidden_at"),
]
LINE = ["side", "amount", "currency", "what_for", "payer"]
EXCHANGE = [
    *("id", "state", "listing_id", "listing__title", "asked_at", "answered_at", "agreed_at"),
    *("starts_day", "ends_day", "done_at", "ended_at", "unconfirmed"),
]
AGREEMENT = [
    *("id", "exchange_id", "version", "proposed_at", "what", "hours", "first_day", "last_day"),
    *("where", "outcome"),
]
PRACTICE = [
    *("id", "state", "affiliate__name", "exchange_id", "title", "context", "tried", "worked"),
    *("did_not", "would_reuse", "language", "countries", "source", "source_url"),
    *("created_at", "changed_at", "published_at", "hidden_at"),
]
REPORT = [
    *("id", "state", "listing_id", "practice_id", "message_id", "person__username", "reason"),
    *("words", "created_at", "decided_at", "decision"),
]


def sheets(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give each kind of row, read only when it is written."""
    return {**_listings(person), **_exchanges(person), **_practices(person), **_reports(person)}


def _listings(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    mine = Listing.objects.filter(author=person).order_by("pk")
    skills = Listing.skills.through.objects.filter(listing__author=person).order_by("pk")
    lines = BudgetLine.objects.filter(listing__author=person).order_by("pk")
    return {
        "listings": mine.values(*LISTING).iterator(AT_ONCE),
        "listing-skills": skills.values("listing_id", "skill__slug"),
        "listing-budgets": lines.values("listing_id", *LINE),
    }


def _exchanges(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    """Give the exchanges with all that both sides said in them, as their page shows it."""
    mine = Exchange.objects.involving(person)
    theirs = Q(hidden_at__isnull=False) & ~Q(author=person)
    talk = Message.objects.filter(exchange__in=mine).exclude(theirs).order_by("pk")
    agreements = Agreement.objects.filter(exchange__in=mine).order_by("pk")
    lines = AgreementLine.objects.filter(agreement__exchange__in=mine).order_by("pk")
    events = Event.objects.filter(exchange__in=mine).order_by("pk")
    follow_ups = FollowUp.objects.filter(exchange__in=mine, person=person).order_by("pk")
    named = Mention.objects.filter(person=person).order_by("pk")
    handed = HandOver.objects.between(person).order_by("pk")
    invited = Invitation.objects.filter(person=person).order_by("pk")
    called = CallLetter.objects.filter(person=person).order_by("pk")
    calls = OpenCall.objects.filter(listing__author=person).order_by("pk")
    sides = {"helps": F("provider__username"), "is_helped": F("receiver__username")}
    return {
        "exchanges": mine.order_by("pk").values(*EXCHANGE, **sides),
        "messages": talk.values(
            "exchange_id", "body", "created_at", "hidden_at", by=F("author__username")
        ).iterator(AT_ONCE),
        "agreements": agreements.values(*AGREEMENT, by=F("proposed_by__username")),
        "agreement-sums": lines.values("agreement_id", *LINE),
        "events": events.values(
            "exchange_id", "verb", "version", "words", "at", by=F("person__username")
        ).iterator(AT_ONCE),
        "hand-overs": handed.values(
            *("state", "exchange_id", "words", "offered_at", "answered_at", "ended_at"),
            what=Coalesce("exchange__listing__title", "commitment__what"),
            by=F("giver__username"),
            to=F("taker__username"),
        ),
        "invitations": invited.values(
            *("listing__title", "state", "invited_at", "ended_at"),
            by=F("listing__author__username"),
        ),
        "follow-ups": follow_ups.values(
            *("exchange_id", "happened", "worked", "did_not", "paid", "currency", "created_at")
        ),
        "called": called.values("call__listing__title", "written_at"),
        "calls": calls.values(
            *("listing_id", "state", "reply_by", "begun_at", "ended_at"),
            to_people_of=F("addressed_to__name"),
        ),
        "named-in-letters": named.values("exchange_id"),
    }


def _practices(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    mine = Practice.objects.filter(author=person).order_by("pk")
    skills = Practice.skills.through.objects.filter(practice__author=person).order_by("pk")
    artefacts = Artefact.objects.filter(practice__author=person).order_by("pk")
    return {
        "practices": mine.values(*PRACTICE),
        "practice-skills": skills.values("practice_id", "skill__slug"),
        "practice-artefacts": artefacts.values("practice_id", "name", "url"),
    }


def _reports(person: Person) -> dict[str, Iterable[dict[str, object]]]:
    made = Report.objects.filter(reporter=person).order_by("pk")
    decided = Decision.objects.filter(by=person).order_by("pk")
    return {
        "reports": made.values(*REPORT),
        "decisions-by-me": decided.values("report_id", "state", "words", "at"),
    }
