"""Writes who waits until somebody can be asked again, who asks everybody, who is invited."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from exchange.actions import calls, invitations
from exchange.models import Listing
from exchange.models.invitations import trainings_of
from exchange.notices import calls as notices
from volunteers.actions import watches
from volunteers.gate import Wish
from volunteers.models import Person, PersonSkill, Rest

# Who invites whom to their training, and in which words.
INVITED = ("hanna", "agata", "You asked me what I do when two people stop talking.")
WAITING = (("hanna", 9), ("hanna", 3), ("lucia", 5))  # who, and since how many days


def write_watches(known: Known, at: datetime) -> None:
    """Let some wait for people who are not taking requests now."""
    resting = Rest.objects.on(at.date()).values("person")
    shut = Q(author__in=resting) | Q(author__may_be_asked=False)
    seen = Q(author__in=Person.objects.visible_to(known.people["hanna"]))
    offers = Listing.objects.filter(
        shut, seen, state=Listing.State.OPEN, kind=Listing.Kind.OFFER
    ).exclude(author__username__in=[who for who, _days in WAITING])
    rows = offers.select_related("author").order_by("pk")[: len(WAITING)]
    for (who, days), offer in zip(WAITING, rows, strict=False):
        subject = watches.Subject(offer.title, f"/catalogue/{offer.pk}/ask/")
        begun = at - timedelta(days=days)
        watches.wait(offer.author, known.people[who], subject, Wish(), at=begun)


def write_calls(known: Known, at: datetime) -> None:
    """Let two people ask everybody: of one call hanna hears, one ended without an answer."""
    hanna = known.people["hanna"]
    wanted = Listing.objects.filter(
        state=Listing.State.OPEN,
        kind=Listing.Kind.REQUEST,
        skills__isnull=False,
    )
    shown = wanted.exclude(author__username__in=("hanna", "lucia")).filter(
        author__in=Person.objects.visible_to(hanna)
    )
    for number, listing in enumerate(shown.distinct().order_by("pk")[:2]):
        begun = at - timedelta(days=2 + 20 * number)
        call = calls.begin(listing, (begun + timedelta(days=9)).date(), at=begun)
        if number:
            over = begun + timedelta(days=10)
            post(over, partial(calls.lapse, call, at=over), at)
        else:
            post(begun, partial(calls.write, call.pk, at=begun), at)
            if call.letters.get_or_create(person=hanna, defaults={"written_at": begun})[1]:
                post(begun, partial(notices.called, call, listing, hanna), at)


def write_call_to_a_neighbour(known: Known, at: datetime) -> None:
    """Let an affiliate ask the people of Wikimedia Deutschland, of whom hanna can do it."""
    hanna, neighbour = known.people["hanna"], known.affiliates["wikimedia-deutschland"]
    able = PersonSkill.objects.able().filter(person=hanna)
    wanted = Listing.objects.open_to(hanna).filter(
        kind=Listing.Kind.REQUEST,
        skills__in=able.values("skill"),
        affiliate__isnull=False,
        calls=None,
    )
    listing = wanted.exclude(affiliate=neighbour).order_by("pk")[0]
    begun, until = at - timedelta(days=1), at + timedelta(days=8)
    call = calls.begin(listing, until.date(), at=begun, addressed_to=neighbour)
    post(begun, partial(calls.write, call.pk, at=begun), at)
    if call.letters.get_or_create(person=hanna, defaults={"written_at": begun})[1]:
        post(begun, partial(notices.called, call, listing, hanna), at)


def write_invitations(known: Known, at: datetime) -> None:
    """Let somebody invite to their training a person who wants to learn it."""
    teaches, wants, why = INVITED
    training = trainings_of(known.people[teaches]).earliest("pk")
    person, begun = known.people[wants], at - timedelta(days=2)
    post(begun, partial(invitations.invite, training, person, why, at=begun), at)
