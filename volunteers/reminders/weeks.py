"""Who hears that their weeks are too full, or that a rest is due: once each time, never weekly.

People are looked at some at a time, each of these with a fixed number of statements. What was
found is a row, a strain; while it lasts, and for a while after it, nothing more is said.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from volunteers import notices
from volunteers.load import A_WEEK, FULL_FOR, WITHIN, Calendar, monday_of
from volunteers.models import Bandwidth, Block, Commitment, Person, StewardAccess, Strain
from volunteers.models.bandwidth import today
from volunteers.models.calendars import COUNTED, calendars_of
from volunteers.reminders.rows import together

AT_ONCE = 500
BACK, AHEAD = (FULL_FOR + 1) * A_WEEK, (WITHIN + 1) * A_WEEK
# So long after the end of one the next of its kind is not told.
PAUSE = timedelta(weeks=4)
Kind = Strain.Kind
Key = tuple[int, str]


def remind(now: datetime) -> None:
    """Look at everybody who has said what they can give."""
    last = 0
    while some := remind_some(last, now):
        last = some[-1].pk


@transaction.atomic
def remind_some(last: int, now: datetime) -> list[Person]:
    """Look at the next few whom no other worker holds; give whom it was about."""
    held = watched(now.date()).filter(pk__gt=last).order_by("pk")
    people = list(held.select_for_update(of=("self",), skip_locked=True, no_key=True)[:AT_ONCE])
    together(people, partial(_note, now=now))
    return people


def watched(day: date) -> QuerySet[Person]:
    """Keep those who have said what they can give, and have something to do or had too much."""
    period, person = DateRange(day - BACK, day + AHEAD), OuterRef("pk")
    said = Bandwidth.objects.during(period).filter(person=person)
    taken = Commitment.objects.during(period).filter(COUNTED, person=person)
    strained = Strain.objects.lasting().filter(person=person)
    here: QuerySet[Person] = Person.objects.here()
    return here.filter(Exists(said) & Exists(taken) | Exists(strained))


def found(calendar: Calendar, day: date) -> set[str]:
    """Say what is too much for somebody on this day.

    Overload is told while any four weeks that hold this one have three that are too full.
    """
    monday = monday_of(day)
    starts = (monday - n * A_WEEK for n in range(WITHIN))
    kinds: set[str] = set()
    if any(calendar.overload(start) for start in starts):
        kinds.add(Kind.OVERLOAD)
    if calendar.rest_due(monday):
        kinds.add(Kind.REST_DUE)
    return kinds


def _note(people: Sequence[Person], now: datetime) -> None:
    """Begin and end strains, and tell of those that begin; nothing changes during a rest."""
    day = now.date()
    calendars = calendars_of(people, day - BACK, day + AHEAD, day)
    days = {one.pk: today(one, now) for one in people}
    awake = [one for one in people if not calendars[one.pk].rests_on(days[one.pk])]
    there = {(one.pk, kind) for one in awake for kind in found(calendars[one.pk], days[one.pk])}
    known = _known(awake, day)
    gone = [one for key, one in known.items() if one.ended_day is None and key not in there]
    for one in gone:
        one.ended_day = max(days[one.person_id], one.began_day)
    Strain.objects.bulk_update(gone, ["ended_day"])
    persons = {one.pk: one for one in awake}
    fresh = [
        Strain(person=persons[pk], kind=kind, began_day=days[pk])
        for pk, kind in sorted(there - known.keys())
    ]
    _tell(Strain.objects.bulk_create(fresh), day)


def _known(people: list[Person], day: date) -> dict[Key, Strain]:
    """Read the strains that last, or have ended lately."""
    rows = Strain.objects.filter(person__in=people).known(day - PAUSE)
    return {(one.person_id, one.kind): one for one in rows.order_by("pk")}


def _tell(strains: list[Strain], day: date) -> None:
    """Tell each person what could be put down, and the stewards whom they let see it."""
    if not strains:
        return
    taken = _taken([one.person for one in strains], day)
    for kind in Kind:
        some = [(one, taken[one.person_id]) for one in strains if one.kind == kind]
        notices.weeks_too_full(kind, some)
    notices.somebody_is_strained(strains, _stewards(strains, day))


def _taken(people: list[Person], day: date) -> dict[int, list[Commitment]]:
    """List what each has taken on for the weeks ahead, what takes most first."""
    rows = Commitment.objects.live().during(DateRange(day, day + AHEAD))
    found: dict[int, list[Commitment]] = defaultdict(list)
    for one in rows.filter(person__in=people).order_by("-weekly_hours", "pk"):
        found[one.person_id].append(one)
    return found


def _stewards(strains: Iterable[Strain], day: date) -> dict[int, list[tuple[Person, str]]]:
    """Give, for each person, the stewards who find their weeks on a desk, and where it is."""
    shared = StewardAccess.objects.in_force(day).showing_weeks().of_people_here()
    about = [one.person_id for one in strains]
    shared = shared.filter(person__in=about)
    of_affiliate: dict[int, list[tuple[Person, str]]] = defaultdict(list)
    for row in shared.stewards().select_related("person", "affiliate"):
        desk = f"{row.affiliate.get_absolute_url()}care/"
        of_affiliate[row.affiliate_id].append((row.person, desk))
    found: dict[int, list[tuple[Person, str]]] = defaultdict(list)
    rows = Block.objects.filter(Q(person__in=about) | Q(blocked__in=about))
    apart = {frozenset(pair) for pair in rows.values_list("person", "blocked")}
    for person, affiliate in shared.values_list("person", "affiliate"):
        found[person] += [
            (steward, desk)
            for steward, desk in of_affiliate[affiliate]
            if {person, steward.pk} not in apart
        ]
    return found
