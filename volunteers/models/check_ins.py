"""Check-ins: a short question to those who wish to be asked it, and what they answer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from volunteers.models.bandwidth import Rest
from volunteers.models.people import Person

# Silence is an answer: after so many in a row we ask half as often, after twice as many
# no more.
PATIENCE = 3


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    """Reads of check-ins."""

    def waiting(self, now: datetime) -> Self:
        """Keep those that can still be answered."""
        return self.filter(state=CheckIn.State.ASKED, asked_at__gt=now - CheckIn.ANSWERABLE)

    def outdated(self, now: datetime) -> Self:
        """Keep those that waited for an answer too long."""
        return self.filter(state=CheckIn.State.ASKED, asked_at__lte=now - CheckIn.ANSWERABLE)

    def answered(self) -> Self:
        """Keep the answers, the latest first."""
        answered = self.filter(state=CheckIn.State.ANSWERED)
        return answered.order_by("-week", "-pk")

    def last_of_each(
        self, people: "Iterable[Person] | models.QuerySet[Person]", now: datetime
    ) -> Self:
        """Keep the last answer of each of these people, of the last three months.

        For those to whom they show it: nobody else may call this. What is older says nothing
        about how somebody is now.
        """
        answered = self.filter(
            state=CheckIn.State.ANSWERED, person__in=people, answered_at__gt=now - CheckIn.OLD
        )
        return answered.order_by("person", "-week", "-pk").distinct("person")


class CheckIn(Stateful):
    """One question to one person (how are you doing?), and the answer if there is one."""

    class State(models.TextChoices):
        """The life of a check-in."""

        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        LAPSED = "lapsed", _("Not answered")

    class Answer(models.TextChoices):
        """How somebody is doing."""

        WELL = "well", _("Well")
        STRETCHED = "stretched", _("Stretched")
        TOO_MUCH = "too_much", _("It is too much")

    MOVES: ClassVar = {
        State.ASKED: {State.ANSWERED, State.LAPSED},
        State.ANSWERED: set(),
        State.LAPSED: set(),
    }
    # So long a mail can be answered; the next question ends the one before it.
    ANSWERABLE = timedelta(days=28)
    # What was said so long ago says nothing about today.
    OLD = timedelta(days=92)

    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    person = models.ForeignKey(Person, models.CASCADE, related_name="check_ins")
    # The Monday of the ISO week in which it was asked, where the person lives.
    week = models.DateField(_("week"))
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    answer = models.CharField(_("how are you doing?"), max_length=9, choices=Answer, blank=True)
    still_right = models.BooleanField(_("are your hours still right?"), null=True)
    words = models.TextField(_("words"), max_length=1000, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="check_in_one_per_person_and_week", fields=["person", "week"]
            ),
            models.CheckConstraint(
                name="check_in_week_begins_on_monday", condition=Q(week__iso_week_day=1)
            ),
            models.CheckConstraint(
                name="check_in_answered_with_an_answer",
                condition=Q(state="answered", answered_at__isnull=False)
                & Q(answer__in=["well", "stretched", "too_much"])
                | Q(answered_at=None, answer="", still_right=None, words="")
                & ~Q(state="answered"),
            ),
        ]
        indexes = [
            models.Index(
                name="check_in_that_waits", fields=["asked_at"], condition=Q(state="asked")
            )
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"

    @property
    def bare(self) -> bool:
        """Say whether nothing was added to the answer."""
        return self.still_right is None and not self.words

    def changeable(self, now: datetime) -> bool:
        """Say whether the person may still answer otherwise: a thumb slips, a program presses.

        As long as it could be answered, and only who is signed in: a link answers once.
        """
        answered = self.state == self.State.ANSWERED
        return answered and self.asked_at > now - self.ANSWERABLE


class CheckInRhythmQuerySet(models.QuerySet["CheckInRhythm"]):
    """Reads of who wishes to be asked, and when."""

    def due(self, today: Mapping[date, Collection[str]]) -> Self:
        """Keep those whose day has come where they live, who are here and do not rest.

        `today` are the days that it is now on Earth, with the time zones where it is.
        """
        here = Q(person__is_active=True, person__unconfirmed=False, person__hidden_at=None)
        come = Q()
        for day, zones in today.items():
            rests = Rest.objects.on(day).filter(person=OuterRef("person"))
            come |= Q(~Exists(rests), next_day__lte=day, person__time_zone__in=zones)
        return self.filter(come, here, next_day__lte=max(today)).order_by("next_day", "pk")


class CheckInRhythm(models.Model):
    """How often somebody wishes to be asked; whoever has no such row never is."""

    class Every(models.TextChoices):
        """How often."""

        TWO_WEEKS = "2w", _("Every two weeks")
        MONTH = "month", _("Once a month")
        QUARTER = "quarter", _("Every three months")
        NEVER = "never", _("Never")

    DAYS: ClassVar[dict[str, int]] = {Every.TWO_WEEKS: 14, Every.MONTH: 30, Every.QUARTER: 91}

    person = models.OneToOneField(Person, models.CASCADE, related_name="check_in_rhythm")
    every = models.CharField(_("how often"), max_length=7, choices=Every)
    # Empty: never, or not any more because nobody answered.
    next_day = models.DateField(null=True)
    unanswered = models.PositiveSmallIntegerField(default=0, help_text="How many in a row.")

    objects = CheckInRhythmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="check_in_rhythm_never_is_never",
                condition=~Q(every="never") | Q(next_day=None),
            )
        ]
        indexes = [
            models.Index(
                name="check_in_rhythm_next",
                fields=["next_day", "id"],
                condition=Q(next_day__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"check-in {self.every}"

    @property
    def slower(self) -> bool:
        """Say whether silence has made us ask half as often."""
        return PATIENCE <= self.unanswered < 2 * PATIENCE

    @property
    def silenced(self) -> bool:
        """Say whether silence has ended the asking."""
        return self.next_day is None and self.every != self.Every.NEVER


def interval() -> models.Case:
    """Give the days from one question to the next as SQL: twice as many after long silence."""
    slow = Q(unanswered__gte=PATIENCE)
    steps = []
    for every, days in CheckInRhythm.DAYS.items():
        steps.append(models.When(slow, every=every, then=timedelta(days=2 * days)))
        steps.append(models.When(every=every, then=timedelta(days=days)))
    return models.Case(*steps, output_field=models.DurationField())


def days_on_earth(now: datetime) -> dict[date, list[str]]:
    """Give the days that it is now, two or three, each with the time zones where it is."""
    found: dict[date, list[str]] = {}
    for zone in sorted(available_timezones()):
        found.setdefault(now.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    return found


def monday(day: date) -> date:
    """Give the first day of the ISO week."""
    return day - timedelta(days=day.weekday())
