"""What the clock changes in what can be found: who has room, which words there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from exchange.models import Listing, SearchDocument, Word
from volunteers import gate
from volunteers.models import Person, Rest
from volunteers.models.bandwidth import days

AT_ONCE = 500
RECENT = timedelta(hours=2)


def freshen(now: datetime) -> None:
    """Read anew who has room, and add the words of the last hours to the vocabulary.

    What people change takes effect at once, by the database's own triggers; this is for what
    only time changes: a rest that begins or ends, a week that fills or empties.
    """
    for authors in _authors():
        note_room(authors, now)
    period = days(now.date() - timedelta(days=1), now.date() + timedelta(days=1))
    resting = Rest.objects.during(period).values("person")
    doubtful = SearchDocument.objects.without_room() | SearchDocument.objects.filter(
        author__in=resting
    )
    SearchDocument.objects.refresh(list(doubtful.values_list("listing", flat=True)))
    Word.objects.add_since(now - RECENT)


def _authors() -> Iterator[list[Person]]:
    """Give everybody who wrote something that can be found, some at a time."""
    last = 0
    written = SearchDocument.objects.values("author")
    while people := list(
        Person.objects.filter(pk__in=written, pk__gt=last).order_by("pk")[:AT_ONCE]
    ):
        yield people
        last = people[-1].pk


@transaction.atomic
def note_room(people: list[Person], now: datetime) -> None:
    """Note the gate's answer for offers of these people; requests and trainings invite asks."""
    answers = gate.answers(people, asker=None, now=now, wish=gate.Wish())
    closed = [person for person, answer in answers.items() if answer == gate.Answer.CLOSED]
    offers = SearchDocument.objects.filter(
        author__in=people, listing__kind=Listing.Kind.OFFER
    ).exclude(listing__of=Listing.Of.TRAINING)
    for busy, changed in (
        (True, offers.filter(busy=False, author__in=closed)),
        (False, offers.filter(busy=True).exclude(author__in=closed)),
    ):
        listings = list(changed.values_list("listing", flat=True))
        SearchDocument.objects.filter(listing__in=listings).update(busy=busy)
        SearchDocument.objects.refresh(listings)


def check() -> None:
    """Compare every document with its listing, mend what differs, and count all words anew."""
    SearchDocument.objects.write_all(
        Listing.objects.filter(pk__in=SearchDocument.objects.stale())
    )
    for some in _batches(list(SearchDocument.objects.values_list("listing", flat=True))):
        SearchDocument.objects.refresh(some)
    with transaction.atomic():
        Word.objects.rebuild()


def _batches(listings: list[int]) -> Iterator[list[int]]:
    """Cut a long list into pieces."""
    for start in range(0, len(listings), AT_ONCE):
        yield listings[start : start + AT_ONCE]
