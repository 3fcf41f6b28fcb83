"""People of whom few are known to many, what they can do, and what is needed of them when."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from django.db import connection

from benchmarks.corpus import copy
from benchmarks.fair_asking import Assumptions
from exchange.models import Listing, SearchDocument
from volunteers.imports import import_skills
from volunteers.load import Calendar, Span, weekly
from volunteers.models import (
    Bandwidth,
    Commitment,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
    Skill,
)
from volunteers.models.bandwidth import DateRange

START = date(
    2024, 1, 1
)  # a Monday, long past: what the clock of the database says is out of it
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
HOURS = [1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 10, 15]
SIZES = [2, 3, 4, 6, 8, 8, 12, 16, 20, 40]
CALENDAR_ENDS = 52 * WEEK  # after the last week, for what is promised in it
PUBLISHED = datetime(2023, 12, 1, tzinfo=UTC)


@dataclass(slots=True)
class Member:
    """One person, and the truth of their weeks, whether or not the site knows it."""

    pk: int
    username: str
    fame: float
    skills: list[int]
    tells: bool
    calendar: Calendar = field(default_factory=Calendar)
    waiting: int = 0
    promised: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody needs something of somebody."""

    number: int
    at: datetime
    asker: int
    skill: int
    hours: Decimal
    first_day: date
    length: timedelta
    has_a_name: bool

    def span(self, now: datetime) -> Span:
        """Give the days it takes if it is agreed now; it begins a day later at the earliest."""
        first = max(self.first_day, now.date() + DAY)
        last = first + self.length
        return Span(first, last + DAY, weekly(self.hours, first, last))


@dataclass
class Movement:
    """All of them, always the same for a seed."""

    members: list[Member]
    skills: dict[int, str]
    assumed: Assumptions
    able: dict[int, list[Member]] = field(default_factory=dict)

    @cached_property
    def by_zipf(self) -> tuple[list[int], list[float]]:
        """Mix the skills, always the same way, and weigh the n-th 1/n."""
        mixed = random.Random(1).sample(sorted(self.skills), len(self.skills))  # noqa: S311 -- always the same
        return mixed, list(accumulate(1 / (n + 1) for n in range(len(mixed))))

    @classmethod
    def read(cls, assumed: Assumptions) -> "Movement":
        """Take the keys out of the database, and draw the rest."""
        skills = dict(_leaves())
        people = Person.objects.filter(username__startswith="member-").order_by("pk")
        draw = random.Random(assumed.seed)  # noqa: S311 -- the same people every time
        ranks = draw.sample(range(1, assumed.people + 1), assumed.people)
        movement = cls([], skills, assumed)
        for rank, (pk, name) in zip(ranks, people.values_list("pk", "username"), strict=True):
            member = _member(pk, name, rank, movement, draw)
            movement.members.append(member)
            for skill in member.skills:
                movement.able.setdefault(skill, []).append(member)
        return movement

    def needs(self) -> list[Need]:
        """Draw what is needed in all the weeks, in the order of time."""
        draw = random.Random(self.assumed.seed + 1_000_000)  # noqa: S311 -- as above
        number = self.assumed.needs_a_week * self.assumed.people / 1000 * self.assumed.weeks
        moments = sorted(_moment(draw, self.assumed.weeks) for _n in range(round(number)))
        skills, weights = self.by_zipf
        needs = []
        for n, at in enumerate(moments):
            skill = draw.choices(skills, cum_weights=weights)[0]
            asker = draw.choice(self.members).pk
            hours, weeks = Decimal(draw.choice(SIZES)), draw.randint(2, 8)
            first = at.date() + draw.randint(7, 28) * DAY
            named = draw.random() < self.assumed.has_a_name
            need = Need(n, at, asker, skill, hours, first, weeks * WEEK - DAY, named)
            needs.append(need)
        return needs


def _leaves() -> Iterator[tuple[int, str]]:
    """Give the skills with none below them."""
    above = Skill.objects.exclude(parent=None).values("parent")
    yield from Skill.objects.exclude(pk__in=above).order_by("slug").values_list("pk", "slug")


def _moment(draw: random.Random, weeks: int) -> datetime:
    """Give a moment of some day."""
    day = START + draw.randrange(weeks * 7) * DAY
    return datetime.combine(day, time(6), UTC) + timedelta(minutes=draw.randrange(15 * 60))


def _member(
    pk: int, username: str, rank: int, movement: Movement, draw: random.Random
) -> Member:
    """Draw one person."""
    assumed = movement.assumed
    skills, weights = movement.by_zipf
    some = sorted(set(draw.choices(skills, cum_weights=weights, k=draw.randint(1, 3))))
    member = Member(
        pk, username, 1 / rank**assumed.fame, some, tells=draw.random() < assumed.tell
    )
    hours = Decimal(draw.choice(HOURS))
    ends = START + assumed.weeks * WEEK + CALENDAR_ENDS
    member.calendar.declared.append(Span(START, ends, hours))
    rests = draw.random() < assumed.rest
    for year in range(0, (ends - START).days, 364):
        new_year = START + year * DAY
        if rests:
            first = new_year + draw.randrange(350) * DAY
            member.calendar.rests.append(Span(first, first + 2 * WEEK))
        member.calendar.commitments += _own_work(member, new_year, hours, draw)
    return member


def _own_work(
    member: Member, new_year: date, hours: Decimal, draw: random.Random
) -> Iterator[Span]:
    """Draw what somebody does of themselves in a year, never while they rest."""
    for half in range(2):
        first = new_year + (half * 182 + draw.randrange(100)) * DAY
        work = Span(first, first + draw.randint(4, 10) * WEEK, hours * draw.randint(2, 6) / 10)
        rests = member.calendar.rests
        meets = any(rest.first < work.end and work.first < rest.end for rest in rests)
        if draw.random() < 0.5 and not meets:  # noqa: PLR2004
            yield work


def fill(assumed: Assumptions) -> None:
    """Write into an empty database what the site is told of them."""
    import_skills(overwrite=False)
    names = (f"member-{n:06}" for n in range(assumed.people))
    copy(Person, ({"username": name, "name": name, "password": "!"} for name in names))
    movement = Movement.read(assumed)
    members = movement.members
    able = [(one.pk, skill) for one in members for skill in one.skills]
    copy(PersonLanguage, ({"person_id": one.pk, "language": "en"} for one in members))
    copy(
        PersonSkill, ({"person_id": pk, "skill_id": skill, "how": "has"} for pk, skill in able)
    )
    tell = [one for one in members if one.tells]
    copy(Bandwidth, (row for one in tell for row in _rows(one, one.calendar.declared)))
    copy(Rest, (row for one in tell for row in _rows(one, one.calendar.rests, hours=False)))
    copy(Commitment, (row for one in tell for row in _works(one)))
    _write_offers(able, movement.skills)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows(
    member: Member, spans: list[Span], *, hours: bool = True
) -> Iterator[dict[str, object]]:
    """Write spans of days as rows."""
    for span in spans:
        row = {"person_id": member.pk, "period": DateRange(span.first, span.end)}
        yield {**row, "weekly_hours": span.weekly_hours} if hours else row


def _works(member: Member) -> Iterator[dict[str, object]]:
    """Write own work as commitments that were entered by hand."""
    for n, row in enumerate(_rows(member, member.calendar.commitments)):
        yield {**row, "what": "Own work", "source": "by_hand", "key": f"{n}"}


def _write_offers(able: list[tuple[int, int]], skills: dict[int, str]) -> None:
    """Let everybody offer each of their skills."""
    moments = ("created_at", "changed_at", "published_at", "confirmed_at")
    offer = {"state": "open", "kind": "offer", "of": "skill", "language": "en"}
    offer |= dict.fromkeys(moments, PUBLISHED) | {"mode": "remote", "body": "Help."}
    copy(
        Listing,
        (
            {**offer, "author_id": pk, "title": f"Help with {skills[skill]}"}
            for pk, skill in able
        ),
    )
    listings = Listing.objects.order_by("pk").values_list("pk", flat=True)
    pairs = zip(listings, able, strict=True)
    tags = ({"listing_id": pk, "skill_id": skill} for pk, (_person, skill) in pairs)
    copy(Listing.skills.through, tags)
    SearchDocument.objects.write_all(Listing.objects.all())
