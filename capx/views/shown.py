"""What the stewards of an affiliate see of those who let them; read in this one place."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from capx.charts import Column, chart
from capx.views.spent import Spent, spent
from exchange.actions import commitments
from volunteers.load import A_WEEK, FULL_FOR, Calendar, Span, monday_of, together
from volunteers.models import Affiliate, CheckIn, Commitment, Person, StewardAccess
from volunteers.models.bandwidth import days, hours_of, today
from volunteers.models.calendars import calendars_of
from volunteers.models.care import Suggestion
from volunteers.models.skills import label_of
from volunteers.reports.given import behind
from volunteers.views.weeks import Week, month_words, percent, weeks_of

AHEAD = 8
# So many lines of what one person gave, and of what it cost, stand on a page.
LINES = 20
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
# Of fewer people than these no sum is shown: it would be about one of them.
FEWEST = 5
SKILLS = 3
REST = Suggestion.REST


@dataclass(frozen=True, slots=True)
class Gave:
    """Something that was done: its days within the year told of, and the hours of these."""

    what: str
    first: date
    last: date
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What stewards see of one person: only what the access says."""

    person: Person
    access: StewardAccess
    linked: bool
    weeks: list[Week] = field(default_factory=list)
    resting: Span | None = None
    coming: list[Span] = field(default_factory=list)
    rest_due: bool = False
    overload: list[date] = field(default_factory=list)
    doing: list[Any] = field(default_factory=list)
    check_in: CheckIn | None = None
    gave: list[Gave] = field(default_factory=list)
    gave_more: int = 0
    spent: list[Spent] = field(default_factory=list)
    spent_more: int = 0

    @property
    def needs(self) -> bool:
        """Say whether something would help."""
        return bool(self.overload) or self.rest_due or self.worried

    @property
    def too_full(self) -> list[date]:
        """Name the weeks of an overload in which they do not rest."""
        return [monday for monday in self.overload if monday not in self._at_rest]

    @property
    def in_rest(self) -> list[date]:
        """Name the weeks of an overload that are rest, and hold something all the same."""
        return [monday for monday in self.overload if monday in self._at_rest]

    @property
    def _at_rest(self) -> set[date]:
        return {week.monday for week in self.weeks if week.at_rest}

    @property
    def suggestions(self) -> list[tuple[str, Any]]:
        """Give what a steward can suggest; no rest to who rests."""
        return [one for one in Suggestion.choices if not (self.resting and one[0] == REST)]

    @property
    def worried(self) -> bool:
        """Say whether the last check-in says that it is too much."""
        return self.check_in is not None and self.check_in.answer == CheckIn.Answer.TOO_MUCH

    @property
    def mark(self) -> str:
        """Name the person's part of the page."""
        return f"weeks-{self.person.pk}"

    @property
    def resting_until(self) -> date | None:
        """Give the last day of the rest of today."""
        return last_day(self.resting) if self.resting else None

    @property
    def resting_later(self) -> list[tuple[date, date | None]]:
        """Give the first and the last day of each rest to come."""
        return [(rest.first, last_day(rest)) for rest in self.coming]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Name the skills of what they do for the affiliate, and where others are found."""
        found = reverse("volunteers:people")
        once = {one.slug: one.label for one in self.doing if one.slug}
        return [(label, f"{found}?skill={slug}") for slug, label in once.items()][:SKILLS]

    @property
    def known(self) -> bool:
        """Say whether the person has said how much they can give."""
        return any(week.capacity is not None for week in self.weeks)

    @property
    def words(self) -> str:
        """Say in a sentence or two what the picture shows; a rest is no week too full."""
        values = {"weeks": AHEAD, "name": self.person}
        rest = sum(week.at_rest for week in self.weeks)
        if rest == len(self.weeks):
            return _("%(name)s rests in the next %(weeks)s weeks.") % values
        full = sum(week.too_full for week in self.weeks)
        said = ngettext(
            "The next %(weeks)s weeks of %(name)s: %(full)s is fuller than they said.",
            "The next %(weeks)s weeks of %(name)s: %(full)s are fuller than they said.",
            full,
        )
        sentence = said % (values | {"full": full})
        return f"{sentence} {_rests(rest)}" if rest else sentence

    @property
    def gist(self) -> str:
        """Say in a few words what a steward wants to know before opening it."""
        full = sum(week.too_full for week in self.weeks)
        if self.resting:
            return _("Rests now")
        if not full:
            return ""
        said = ngettext("%(full)s week too full", "%(full)s weeks too full", full)
        return said % {"full": full}

    @property
    def picture(self) -> Any:
        """Draw the weeks: what fits, what is over, and what there is room for."""
        names = month_words(week.monday for week in self.weeks)
        columns = [_column(*pair) for pair in zip(self.weeks, names, strict=True)]
        return chart(columns, mirrored=get_language_bidi())


def _rests(number: int) -> str:
    """Say in how many of the weeks somebody rests."""
    said = ngettext("In one of them they rest.", "In %(number)s of them they rest.", number)
    return said % {"number": number}


def _column(week: Week, word: str) -> Column:
    """Stack what fits below what is over; what is only asked for concerns no steward."""
    over = Decimal(0) if week.capacity is None else max(week.load - week.capacity, Decimal(0))
    parts = (("load", week.load - over), ("over", over))
    return Column(parts, week.capacity, shaded=week.rest_days > 0, word=word)


def accesses_for(steward: Person, affiliate: Affiliate, now: datetime) -> list[StewardAccess]:
    """Read what a steward may see today: where the sharer lives, the day must not be over."""
    rows = StewardAccess.objects.in_force(now.date()).to(affiliate).seen_by(steward)
    return [one for one in rows if today(one.person, now) in one.period]


def shown(
    accesses: Sequence[StewardAccess], affiliate: Affiliate, now: datetime
) -> tuple[list[Shown], list[Calendar]]:
    """Give what stewards see of each person, and the calendars of those who show their weeks.

    Three queries at most, however many there are. What they gave is added by `with_costs`.
    """
    showing = [one.person for one in accesses if one.weeks]
    monday = monday_of(now.date())
    first, end = monday - (FULL_FOR + 1) * A_WEEK, monday + (AHEAD + 1) * A_WEEK
    calendars = calendars_of(showing, first, end, now.date()) if showing else {}
    doing = _doing(showing, affiliate, now.date())
    check_ins = _check_ins([one for one in accesses if one.check_ins])
    seen = [
        _shown(one, calendars[one.person_id] if one.weeks else None, doing, check_ins, now)
        for one in accesses
    ]
    return seen, [calendars[person.pk] for person in showing]


def _shown(
    access: StewardAccess,
    calendar: Calendar | None,
    doing: dict[int, list[Any]],
    check_ins: dict[int, CheckIn],
    now: datetime,
) -> Shown:
    person = access.person
    bare = Shown(
        person=person,
        access=access,
        linked=person.visibility != Person.Visibility.HIDDEN,
        check_in=check_ins.get(person.pk),
    )
    if calendar is None:
        return bare
    day = today(person, now)
    monday = monday_of(day)
    rests = sorted(calendar.rests, key=lambda rest: rest.first)
    resting = next((rest for rest in rests if rest.holds(day)), None)
    return replace(
        bare,
        weeks=weeks_of(calendar, day, AHEAD),
        resting=resting,
        coming=[rest for rest in rests if day < rest.first < monday + AHEAD * A_WEEK],
        rest_due=calendar.rest_due(monday) and resting is None,
        overload=calendar.overload(monday),
        doing=doing.get(person.pk, []),
    )


def _doing(people: Collection[Person], affiliate: Affiliate, day: date) -> dict[int, list[Any]]:
    """Read what these people have taken on for the affiliate and not finished."""
    rows = (
        Commitment.objects.live()
        .filter(commitments.for_affiliate(affiliate), person__in=people)
        .during(days(day, day + AHEAD * A_WEEK))
        .annotate(label=label_of("skill_id"), slug=F("skill__slug"))
        .order_by("period", "pk")
    )
    found: dict[int, list[Any]] = {}
    for row in rows if people else ():
        found.setdefault(row.person_id, []).append(row)
    return found


def with_costs(seen: Sequence[Shown], affiliate: Affiliate, day: date) -> Sequence[Shown]:
    """Add for those who show it what they gave for the affiliate in a year, and what it cost.

    Two queries, however many there are: ask for those alone who stand on the page. Where it
    is told in full is for their own eyes: to others it is no address.
    """
    people = [one.person for one in seen if one.access.costs]
    if not people:
        return seen
    since = day - A_YEAR
    costs = spent(people, day, affiliate=affiliate, since=since)
    gave = _given(people, affiliate, DateRange(since, day + A_DAY))
    return [
        _costing(one, *gave[one.person.pk], costs[one.person.pk]) if one.access.costs else one
        for one in seen
    ]


def _costing(one: Shown, gave: list[Gave], number: int, costs: list[Spent]) -> Shown:
    """Add the latest of what somebody gave and what it cost, and how much more there is."""
    return replace(
        one,
        gave=gave,
        gave_more=number - len(gave),
        spent=[replace(cost, address="") for cost in costs[:LINES]],
        spent_more=max(len(costs) - LINES, 0),
    )


def _given(
    people: Collection[Person], affiliate: Affiliate, year: DateRange
) -> dict[int, tuple[list[Gave], int]]:
    """Read the latest that each of these people gave for the affiliate, and how many there are.

    What is done and was never said to end is told until today, as in what they gave themselves.
    """
    latest_first = [F("period").desc(), F("pk").desc()]
    rows: Any = (
        behind(Commitment.objects.filter(person__in=people), year.upper - A_DAY)
        .filter(commitments.for_affiliate(affiliate))
        .during(year)
        .annotate(of=Window(Count("pk"), partition_by="person"))
        .annotate(place=Window(RowNumber(), partition_by="person", order_by=latest_first))
        .filter(place__lte=LINES)
    )
    found: dict[int, tuple[list[Gave], int]] = defaultdict(lambda: ([], 0))
    for row in rows:
        told, _number = found[row.person_id]
        found[row.person_id] = [*told, _within(year, row)], row.of
    return found


def _within(year: DateRange, row: Commitment) -> Gave:
    """Give of something its days of this year alone, and the hours of these."""
    first = max(row.period.lower, year.lower)
    end = min(row.period.upper or year.upper, year.upper)
    hours = hours_of(DateRange(first, end), row.weekly_hours)
    return Gave(row.what, first, end - A_DAY, hours)


def _check_ins(accesses: Collection[StewardAccess]) -> dict[int, CheckIn]:
    """Read the last answer of those who show it, if it is of a day on which they did."""
    since = {one.person: one.period.lower for one in accesses}
    rows = CheckIn.objects.last_of_each(since, timezone.now()) if since else ()
    people = {person.pk: person for person in since}
    return {
        row.person_id: row
        for row in rows
        if row.answered_at
        and today(who := people[row.person_id], row.answered_at) >= since[who]
    }


def together_in(calendars: Sequence[Calendar], day: date) -> list[tuple[date, str]]:
    """Say how full the weeks of all are together; nothing of fewer than five people."""
    mondays = [monday_of(day) + n * A_WEEK for n in range(AHEAD)]
    return [
        (monday, percent(together(calendars, monday)))
        for monday in mondays
        if sum(one.capacity(monday) is not None for one in calendars) >= FEWEST
    ]


def last_day(span: Span) -> date | None:
    """Give the last day of a rest, None where it has no end."""
    return span.end - timedelta(days=1) if span.end else None
