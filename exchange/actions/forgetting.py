"""Letting go of a person in the exchange: kindly towards those who counted on them."""

import re
from datetime import datetime
from typing import Any

import pgtrigger
from django.db.models import Exists, OuterRef, QuerySet

from capx.traces import leads_to, take_out
from exchange.actions import calls, exchanges, follow_ups, hand_overs, inviting, listings
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

State = Exchange.State
# Whom a report is by, about, or decided by.
CONCERNED = (
    *("reporter", "person", "listing__author", "practice__author", "message__author"),
    "decisions__by",
)
PROTECTED = (
    "exchange.Agreement:agreement_words_stay",
    "exchange.AgreementLine:agreement_sums_stay",
    "exchange.Event:event_stays",
    "exchange.Decision:decision_stays",
)


def lock(person: Person) -> None:
    """Lock every listing it is about in one order: two who leave at once wait in no ring."""
    mine = Listing.objects.filter(author=person).values_list("pk")
    about = Exchange.objects.involving(person).values_list("listing")
    handed = HandOver.objects.between(person).exclude(exchange=None)
    keys = mine.union(about, handed.values_list("exchange__listing"))
    rows = Listing.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def let_go(person: Person, *, at: datetime) -> None:
    """End what goes on with a person, and tell the other sides; call it in a transaction."""
    for hand_over in HandOver.objects.between(person).on_its_way().in_full().order_by("pk"):
        if hand_over.state == HandOver.State.OFFERED:
            act = hand_overs.withdraw if hand_over.giver_id == person.pk else hand_overs.decline
            act(hand_over, at=at)
    inviting.lapse(Invitation.objects.filter(person=person), at=at)
    live = Exchange.objects.involving(person).filter(
        state__in=[State.ASKED, State.AGREED, State.DONE]
    )
    for exchange in live.order_by("pk"):
        _end(exchange, person, at)
    for listing in Listing.objects.filter(author=person).order_by("pk"):
        if listing.state == Listing.State.DRAFT:
            listings.discard(listing)
        elif listing.state != Listing.State.WITHDRAWN:
            listings.withdraw(listing, at=at)


def forget(person: Person, names: re.Pattern[str], *, keep_practices: bool) -> None:
    """Delete what nobody else needs, and take the name out of the rest."""
    with pgtrigger.ignore(*PROTECTED):
        _delete(person, keep_practices=keep_practices)
        _take_out_names(person, names)
    _take_out_addresses(person, names)


def decided_for(person: Person) -> QuerySet[Any]:
    """Give the keys of those who have a notice of what a person decided as an organiser."""
    decided = Report.objects.filter(decisions__by=person)
    first, *others = map(decided.values_list, CONCERNED)
    return first.union(*others)


def _end(exchange: Exchange, person: Person, at: datetime) -> None:
    """End one exchange as kindly as its state allows."""
    if exchange.state == State.DONE:
        follow_ups.close(exchange, at=at)
    elif exchange.state == State.ASKED and exchange.counterpart_id != person.pk:
        exchanges.decline(exchange, person, "", at=at)
    else:
        exchanges.withdraw(exchange, person, "", at=at)


def _delete(person: Person, *, keep_practices: bool) -> None:
    """Delete the listings that nobody answered, and the practices that are not to stay."""
    calls.forget(CallLetter.objects.filter(call__listing__author=person))
    OpenCall.objects.filter(listing__author=person).delete()
    mine = Listing.objects.filter(author=person)
    answered = Exchange.objects.filter(listing=OuterRef("pk"))
    mine.filter(~Exists(answered)).delete()
    practices = Practice.objects.filter(author=person)
    if keep_practices:
        practices = practices.exclude(state=Practice.State.PUBLISHED)
    practices.delete()
    Practice.objects.filter(author=person).update(affiliate=None)
    Mention.objects.filter(person=person).delete()
    Invitation.objects.filter(person=person).delete()
    calls.forget(CallLetter.objects.filter(person=person))


def _take_out_names(person: Person, names: re.Pattern[str]) -> None:
    """Take the name out of everything that was written with or about the person."""
    shared = Exchange.objects.involving(person)
    concerned = [
        Report.objects.filter(**{whom: person}).values_list("pk") for whom in CONCERNED
    ]
    reports = Report.objects.filter(pk__in=concerned[0].union(*concerned[1:]))
    texts: list[tuple[QuerySet[Any], list[str]]] = [
        (Listing.objects.filter(author=person), LISTING),
        (BudgetLine.objects.filter(listing__author=person), LINE),
        (Practice.objects.filter(author=person), PRACTICE),
        (Artefact.objects.filter(practice__author=person), ["name"]),
        (Message.objects.filter(exchange__in=shared), ["body"]),
        (Agreement.objects.filter(exchange__in=shared), ["what", "where", "outcome"]),
        (AgreementLine.objects.filter(agreement__exchange__in=shared), LINE),
        (Event.objects.filter(exchange__in=shared), ["words"]),
        (HandOver.objects.between(person), ["words"]),
        (FollowUp.objects.filter(exchange__in=shared), ["worked", "did_not"]),
        (reports, ["words", "decision"]),
        (Decision.objects.filter(report__in=reports), ["words"]),
    ]
    for rows, fields in texts:
        take_out(rows, fields, names)


def _take_out_addresses(person: Person, names: re.Pattern[str]) -> None:
    """Take away the addresses that name the person: half of one leads nowhere."""
    practices = Practice.objects.filter(author=person)
    sources = practices.values_list("pk", "source_url")
    named = [pk for pk, address in sources if leads_to(address, names)]
    practices.filter(pk__in=named).update(source_url="")
    artefacts = Artefact.objects.filter(practice__author=person)
    things = artefacts.values_list("pk", "url")
    named = [pk for pk, address in things if leads_to(address, names)]
    artefacts.filter(pk__in=named).delete()


LISTING = ["title", "body", "takeaway", "times", "covers", "decided_by"]
LINE = ["what_for", "payer"]
PRACTICE = ["title", "context", "tried", "worked", "did_not", "would_reuse", "source"]
