"""Writes who waits until somebody can be asked again."""

from datetime import datetime, timedelta

from django.db.models import Q

from capx.sample.rows.known import Known
from exchange.models import Listing
from volunteers.actions import watches
from volunteers.gate import Wish
from volunteers.models import Person, Rest

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
