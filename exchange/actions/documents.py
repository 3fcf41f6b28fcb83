"""What the clock changes in what can be found: who has room, which words there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from exchange.models import Doubt, Listing, SearchDocument, Word
from volunteers import gate
from volunteers.models import Person, Rest
from volunteers.models.bandwidth import days

AT_ONCE = 500
PATIENCE = "10s"
# More than from one night to the next, should a worker be away for some.
DAYS_AHEAD = 7
WITHIN = timedelta(days=DAYS_AHEAD)
RECENT = timedelta(hours=2)
A_DAY = timedelta(days=1)


def freshen(now: datetime) -> None:
    """Note anew who has room where that is in doubt, and add the words of the last hours.

    Whoever wished to be left alone until lately is found again once that is over everywhere.
    """
    settle(now)
    lately = days(now.date() - WITHIN, now.date() + A_DAY)
    alone = Rest.objects.during(lately).filter(alone=True)
    back = Listing.objects.open().filter(author__in=alone.values("person"))
    SearchDocument.objects.refresh(list(back.values_list("pk", flat=True)))
    Word.objects.add_since(now - RECENT)


def settle(now: datetime) -> None:
    """Note the word of everybody about whom there is doubt, some at a time.

    Until then lists ask anew about them, each time; nothing hangs on how soon this runs.
    """
    doubted = Doubt.objects.due(now).values("person")
    for people in _some(Person.objects.filter(pk__in=doubted)):
        note_room(people, now)
    Doubt.objects.due(now).exclude(person__in=Person.objects.values("pk")).delete()


def _some(people: QuerySet[Person]) -> Iterator[list[Person]]:
    """Give these people in the order of their keys, a few hundred at a time."""
    last = 0
    while some := list(people.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield some
        last = some[-1].pk


@transaction.atomic
def note_room(people: list[Person], now: datetime) -> None:
    """Note the gate's answer in all that these people wrote, and when time may change it.

    One worker after the other: of two, one who had read before a change could else write after
    the one who has noted it and let its doubt go. Whoever waits for long gives up, with
    OperationalError, and doubts stay for the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock('exchange_doubt'::regclass::bigint)")
    # Read before their weeks are: what changes from here on leaves a doubt of its own.
    settled = list(Doubt.objects.filter(person__in=people).values_list("pk", flat=True))
    keys = [person.pk for person in people]
    outlooks = gate.outlooks(keys, now=now, days_ahead=DAYS_AHEAD)
    closed = [person for person, one in outlooks.items() if one.closed]
    theirs = SearchDocument.objects.filter(listing__author__in=keys)
    _note(theirs.filter(listing__author__in=closed, busy=False), busy=True)
    _note(theirs.filter(busy=True).exclude(listing__author__in=closed), busy=False)
    Doubt.objects.filter(pk__in=settled).delete()
    Doubt.objects.bulk_create(
        Doubt(person_id=person, since=one.changes_at)
        for person, one in outlooks.items()
        if one.changes_at
    )


def _note(changed: QuerySet[SearchDocument], *, busy: bool) -> None:
    """Write one word into these, and into what is counted and found."""
    listings = list(changed.order_by("pk").values_list("listing", flat=True))
    SearchDocument.objects.filter(listing__in=listings).update(busy=busy)
    SearchDocument.objects.refresh(listings)


def check(now: datetime) -> None:
    """Compare every document with its listing, mend what differs, and count all words anew.

    Who has room is noted anew for everybody, and with it when that changes in the days to come.
    """
    SearchDocument.objects.write_all(
        Listing.objects.filter(pk__in=SearchDocument.objects.stale())
    )
    for some in _batches(list(SearchDocument.objects.values_list("listing", flat=True))):
        SearchDocument.objects.refresh(some)
    with transaction.atomic():
        Word.objects.rebuild()
    written = SearchDocument.objects.values("author")
    for people in _some(Person.objects.filter(pk__in=written)):
        note_room(people, now)


def _batches(listings: list[int]) -> Iterator[list[int]]:
    """Cut a long list into pieces."""
    for start in range(0, len(listings), AT_ONCE):
        yield listings[start : start + AT_ONCE]
