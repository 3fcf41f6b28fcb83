"""Writes what members share with stewards, so that the desk of Wikimedia Nederland is alive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange

from capx.sample.rows.known import Known
from capx.sample.rows.weeks import between
from volunteers.actions import care
from volunteers.load import monday_of
from volunteers.models import Affiliate, Bandwidth, CheckIn, Commitment, Person, Rest

DESK, STEWARD = "wikimedia-nederland", "maarten"
SHARED_FOR = timedelta(days=40)
State, Answer = Commitment.State, CheckIn.Answer
# People with an account who share too: with which affiliate, until how many days from now.
ALSO = (("hanna", "wikimedia-deutschland", 120), ("lucia", "wikimedia-espana", None))


class Life(NamedTuple):
    """How one of them is doing; days are counted from today."""

    hours: str
    taken: tuple[tuple[str, str, int, int], ...]
    rest: tuple[int, int] | None = None
    answer: str = ""
    words: str = ""


LIVES = (
    Life(
        "6",
        (
            ("Schrijfcafé in de bibliotheek", "3.5", -60, 80),
            ("Jury Wiki Loves Monuments", "4.5", -7, 40),
        ),
    ),
    Life("8", (("Wikidata-avonden", "4", -100, 12), ("Nieuwsbrief", "3.5", -100, 12))),
    Life("5", (("Mentor van nieuwe bewerkers", "2", -90, 90),), rest=(-4, 16)),
    Life("10", (("Foto's van het archief beschrijven", "3", -30, 60),)),
    Life(
        "4",
        (("Gesprekken na een ruzie", "3.5", -20, 50),),
        answer=Answer.TOO_MUCH,
        words="De gesprekken gaan me niet in de koude kleren zitten.",
    ),
    Life("7", (("Workshop voor docenten", "2.5", 5, 33),), rest=(25, 39), answer=Answer.WELL),
    Life("3", (("Vertalingen van de helppagina's", "4", -10, 45),), rest=(-1, 6)),
)
GAVE = ("Introductieles in Leiden", "Scanmiddag in Zwolle", "Rondleiding in het museum")


def write(known: Known, at: datetime) -> None:
    """Let members share, some with too much to do, some at rest, some to be thanked."""
    affiliate = known.affiliates[DESK]
    people = list(_members(affiliate)[: len(LIVES) + len(GAVE)])
    for person, life in zip(people, LIVES, strict=False):
        _live(person, life, affiliate, at)
        shown = care.Shared(_from(at), weeks=True, check_ins=bool(life.answer))
        care.share(person, affiliate, shown, at=at - SHARED_FOR)
    Commitment.objects.bulk_create(_given(people[len(LIVES) :], affiliate, at))
    for username, slug, ends in ALSO:
        period = between((at - SHARED_FOR).date(), 0, ends)
        person = known.people[username]
        care.share(person, known.affiliates[slug], care.Shared(period), at=at - SHARED_FOR)
    yesterday = at.date() - timedelta(days=1)
    care.note_looks(people[: len(LIVES)], affiliate, by=known.people[STEWARD], day=yesterday)


def _members(affiliate: Affiliate) -> list[Person]:
    """List whom everybody sees of those who belong to it, but for its steward."""
    belong = affiliate.memberships.confirmed().filter(person__visibility="public")
    rows = belong.exclude(person__username=STEWARD).exclude(person__name="")
    return [row.person for row in rows.select_related("person").order_by("pk")]


def _from(at: datetime) -> DateRange:
    return DateRange((at - SHARED_FOR).date(), None)


def _live(person: Person, life: Life, affiliate: Affiliate, at: datetime) -> None:
    """Write somebody's hours, what they do for the affiliate, their rest and their answer."""
    day = at.date()
    person.bandwidth.all().delete()
    person.rests.all().delete()
    Bandwidth.objects.create(
        person=person, period=between(day, -200, None), weekly_hours=Decimal(life.hours)
    )
    Commitment.objects.bulk_create(
        Commitment(
            person=person,
            what=what,
            source=Commitment.Source.IMPORT,
            key=f"{affiliate.pk}:care:{number}",
            affiliate=affiliate,
            period=between(day, first, last),
            weekly_hours=Decimal(hours),
            state=State.RUNNING,
        )
        for number, (what, hours, first, last) in enumerate(life.taken)
    )
    if life.rest:
        Rest.objects.create(person=person, period=between(day, *life.rest))
    if life.answer:
        said_at = at - timedelta(days=9)
        CheckIn.objects.create(
            person=person,
            week=monday_of(said_at.date()),
            state=CheckIn.State.ANSWERED,
            asked_at=said_at - timedelta(hours=3),
            answered_at=said_at,
            answer=life.answer,
            words=life.words,
        )


def _given(people: list[Person], affiliate: Affiliate, at: datetime) -> Iterator[Commitment]:
    """Let some have given something lately, for which nobody has thanked them yet."""
    for person, what in zip(people, GAVE, strict=False):
        yield Commitment(
            person=person,
            what=what,
            source=Commitment.Source.IMPORT,
            key=f"{affiliate.pk}:care:given",
            affiliate=affiliate,
            period=between(at.date(), -35, -29),
            weekly_hours=Decimal(3),
            state=State.DONE,
        )
