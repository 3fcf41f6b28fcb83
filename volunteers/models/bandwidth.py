"""What people can give, when they rest, and what they have taken on."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Least, Now, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.zones import LAST_ZONE
from volunteers.load import HOUR, MOST_A_DAY, MOST_A_WEEK, WEEK, Span
from volunteers.models.people import Person, PersonQuerySet
from volunteers.models.skills import Skill

# What the keys of commitments made here name, and the page of each.
PAGES = {
    "exchange": "exchange:exchange",
    "listing": "exchange:listing",
    "journey": "grandtour:journey",
}
Row = TypeVar("Row", bound=models.Model)


class PeriodQuerySet(models.QuerySet[Row]):
    """Reads of rows that hold for a period."""

    def on(self, day: date) -> Self:
        """Keep what holds on this day."""
        return self.filter(period__contains=day)

    def during(self, period: DateRange) -> Self:
        """Keep what holds on at least one day of this period."""
        return self.filter(period__overlap=period)

    def not_over(self, day: date) -> Self:
        """Keep what holds on this day or later, in the order of its days."""
        return self.during(DateRange(day, None)).order_by("period", "pk")


def no_overlap(name: str, of: str = "person") -> ExclusionConstraint:
    """Refuse two periods of one person, or of one of something else, that share a day."""
    return ExclusionConstraint(
        name=name,
        expressions=[(of, RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
        violation_error_message=_("This period overlaps with another one."),
    )


class Lasting(models.Model):
    """A row that holds for a `period`."""

    class Meta:
        abstract = True

    @property
    def last_day(self) -> date | None:
        """Give its last day; None where it has no end."""
        period: DateRange | None = self.period  # type: ignore[attr-defined]  # each has its own
        return period.upper - timedelta(days=1) if period and period.upper else None


def not_empty(name: str) -> models.CheckConstraint:
    """Refuse a period without a day."""
    return models.CheckConstraint(
        name=name,
        condition=Q(period__isempty=False),
        violation_error_message=_("The first day must not be after the last."),
    )


class Bandwidth(models.Model):
    """The hours a week a person can give during a period."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="bandwidth")
    period = DateRangeField(_("period"))
    weekly_hours = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1)

    objects = PeriodQuerySet["Bandwidth"].as_manager()

    class Meta:
        verbose_name_plural = "bandwidth"
        constraints = [
            no_overlap("bandwidth_periods_do_not_overlap"),
            not_empty("bandwidth_period_not_empty"),
            models.CheckConstraint(
                name="bandwidth_weekly_hours_0_to_80",
                condition=Q(weekly_hours__range=(0, 80)),
                violation_error_message=_("Hours a week are between 0 and 80."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekly_hours} h a week in {self.period}"


class RestQuerySet(PeriodQuerySet["Rest"]):
    """Reads of rests."""

    def alone(self) -> Self:
        """Keep the switches that are on, by the database's clock as its triggers know it.

        The last day is over when it is over everywhere on earth.
        """
        over = TruncDate(Now() - LAST_ZONE, tzinfo=UTC)
        on = Q(period__endswith__gt=over) | Q(period__upper_inf=True)
        return self.filter(on, alone=True)


class Rest(models.Model):
    """Days on which a person is not asked; without an end until they come back.

    `alone`: from the switch 'Leave me alone'. Their listings are not shown either.
    `covers`: what was noted beforehand and became part of it: first day, the day after the last
    or nothing, words. It holds again when they come back earlier.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="rests")
    period = DateRangeField(_("period"))
    words = models.CharField(
        _("words for yourself"),
        max_length=200,
        blank=True,
        help_text=_("Nobody else sees them."),
    )
    alone = models.BooleanField(default=False, db_default=False)
    covers = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), editable=False
    )

    objects = RestQuerySet.as_manager()

    class Meta:
        constraints = [
            no_overlap("rest_periods_do_not_overlap"),
            not_empty("rest_period_not_empty"),
        ]

    def __str__(self) -> str:
        return f"rest in {self.period}"

    def covered_after(self, day: date) -> list["Rest"]:
        """Make anew what was noted beforehand and begins after a day."""
        noted = [
            (date.fromisoformat(first), upper and date.fromisoformat(upper), words)
            for first, upper, words in self.covers
        ]
        return [
            Rest(person_id=self.person_id, period=DateRange(first, upper), words=words)
            for first, upper, words in noted
            if first > day
        ]


def _at_most_80_in_a_week() -> LessThanOrEqual:
    """Say that the days of a period, seven at most, hold no more than 80 hours.

    LEAST passes over an end that is not there.
    """
    number = models.IntegerField()
    between = "(UPPER(%(expressions)s) - LOWER(%(expressions)s))"
    length = Func("period", template=between, output_field=number)
    days = Least(Value(WEEK), length, output_field=number)
    hours = ExpressionWrapper(F("weekly_hours") * days, output_field=models.DecimalField())
    return LessThanOrEqual(hours, MOST_A_WEEK * WEEK)


def found_by(viewer: Person | AnonymousUser) -> PersonQuerySet:
    """Keep those who wish to be seen by this viewer, and not left alone at the moment."""
    seen: PersonQuerySet = Person.objects.visible_to(viewer)
    return seen.exclude(pk__in=Rest.objects.alone().values("person"))


def listed_to(viewer: Person | AnonymousUser) -> PersonQuerySet:
    """Keep those who stand in lists of people that this viewer reads, and the viewer."""
    found = found_by(viewer)
    return found if viewer.pk is None else found | Person.objects.filter(pk=viewer.pk)


class CommitmentQuerySet(PeriodQuerySet["Commitment"]):
    """Reads of what people have taken on."""

    def live(self) -> Self:
        """Keep what counts as load."""
        return self.filter(state__in=[Commitment.State.PLANNED, Commitment.State.RUNNING])

    def kept(self) -> Self:
        """Leave out what somebody let go of; of what they passed on keep what they had done."""
        return self.exclude(let_go_at__isnull=False, state=Commitment.State.DROPPED)

    def imported(self) -> Self:
        """Keep what files brought and nobody let go of, the newest first."""
        return self.kept().filter(source=Commitment.Source.IMPORT).order_by("-period", "-pk")

    def to_do(self, day: date) -> Self:
        """Keep what counts as load on this day or later, in the order of its days."""
        return self.live().not_over(day)

    def by_hand(self) -> Self:
        """Keep what people may change themselves: what still counts and they had entered."""
        return self.live().filter(source=Commitment.Source.BY_HAND)

    def ended_by_hand(self) -> Self:
        """Keep what people said is done or put down and nobody else took on."""
        over = [Commitment.State.DONE, Commitment.State.DROPPED]
        by_hand = self.filter(source=Commitment.Source.BY_HAND, let_go_at=None)
        return by_hand.filter(state__in=over)

    def tentative(self) -> Self:
        """Keep what is asked for and not agreed; it is shown apart, and never added."""
        return self.filter(state=Commitment.State.TENTATIVE)


class Commitment(Lasting):
    """Something a person has taken on, with the hours a week it takes."""

    class Source(models.TextChoices):
        """Where we know it from."""

        EXCHANGE = "exchange", _("An exchange")
        JOURNEY = "journey", _("A journey")
        BY_HAND = "by_hand", _("Entered by hand")
        IMPORT = "import", _("Imported")

    class State(models.TextChoices):
        """The life of a commitment; planned and running both count as load."""

        TENTATIVE = "tentative", _("Pencilled in")
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    person = models.ForeignKey(Person, models.CASCADE, related_name="commitments")
    what = models.CharField(_("what"), max_length=200)
    source = models.CharField(max_length=10, choices=Source)
    key = models.CharField(max_length=100)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+")
    period = DateRangeField(_("period"))
    weekly_hours = models.DecimalField(_("hours a week"), max_digits=9, decimal_places=6)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    # For which affiliate it is, where one of its files or an application says so.
    affiliate = models.ForeignKey(
        "Affiliate", models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    # When the person dropped what a file had brought, or passed it on: nothing brings it back.
    let_go_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="commitment_one_per_source_key", fields=["person", "source", "key"]
            ),
            not_empty("commitment_period_not_empty"),
            models.CheckConstraint(
                name="commitment_hours_above_0_to_80_in_a_week",
                condition=Q(weekly_hours__gt=0, weekly_hours__lte=MOST_A_DAY * WEEK)
                & Q(_at_most_80_in_a_week()),
                violation_error_message=_("Hours a week are more than 0 and at most 80."),
            ),
        ]
        indexes = [
            models.Index(
                name="commitment_live_by_person",
                fields=["person"],
                condition=Q(state__in=["planned", "running"]),
            ),
            models.Index(
                "person",
                Func("period", function="upper", output_field=models.DateField()),
                name="commitment_done_by_person",
                condition=Q(state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.weekly_hours} h a week)"

    @property
    def hours(self) -> Decimal | None:
        """Give its hours in all; None where it has no end."""
        return hours_of(self.period, self.weekly_hours)

    @property
    def in_all(self) -> Decimal | None:
        """Give its hours in all where it is shorter than a week: hours a week would mislead."""
        last = self.last_day
        short = last is not None and (last - self.period.lower).days + 1 < WEEK
        return self.hours if short else None

    @property
    def address(self) -> str:
        """Give the page of the exchange, training or journey that it comes from, if any."""
        about, *number = self.key.split(":")
        if self.source not in {self.Source.EXCHANGE, self.Source.JOURNEY} or about not in PAGES:
            return ""
        return reverse(PAGES[about], args=number[:1])


def hours_of(period: DateRange, weekly_hours: Decimal) -> Decimal | None:
    """Give the hours of a period in all, to the minute; None where it has no end."""
    if period.upper is None:
        return None
    return Decimal(Span(period.lower, period.upper, weekly_hours).minutes(period.upper)) / HOUR


def days(first: date, last: date) -> DateRange:
    """Make the period that has both these days in it."""
    return DateRange(first, last, "[]")


def joined(periods: Iterable[DateRange]) -> list[DateRange]:
    """Put periods in order that share no day; where no day lies between two, they are one."""
    rows: list[DateRange] = []
    for period in sorted(periods, key=lambda one: one.lower):
        if rows and rows[-1].upper == period.lower:
            rows[-1] = DateRange(rows[-1].lower, period.upper)
        else:
            rows.append(period)
    return rows


def today(person: Person, now: datetime) -> date:
    """Tell which day it is where this person lives."""
    return now.astimezone(person.zone).date()
