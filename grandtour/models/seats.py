"""Places in a journey: who travels, how far each is agreed, and what happened."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from capx.zones import still_day
from grandtour.models import ceilings, guards, guards_of_agreement, guards_of_money
from grandtour.models.applications import Application
from grandtour.models.editions import MOST_TRAVELLERS, Edition
from grandtour.models.journeys import GivenUp, Journey
from grandtour.models.plans import Plan
from volunteers.models import Person
from volunteers.models.bandwidth import Lasting

FREED = ["refused", "lapsed", "cancelled"]
UNANSWERED = ["proposed", "offered"]
# The one place that says when a report is due: lists, reminders and the eligibility of the
# next application go by it.
REPORTED_WITHIN = timedelta(days=21)
# Who fits a place changes; nobody looks more often than once a day.
LOOKED_FOR_AGAIN = timedelta(days=1)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Reads of places."""

    def live(self) -> Self:
        """Keep those that are taken: who refused, let it lapse or was cancelled is not."""
        return self.filter(number__isnull=False)

    def of(self, person: Person) -> Self:
        """Keep this person's own, from the offer on."""
        return self.filter(person=person).exclude(state=Seat.State.PROPOSED)

    def freed(self, now: datetime) -> Self:
        """Keep those that were given up and wait for the next in line; each is tried daily.

        What a plan took back, or was free in a journey that it could still change, that plan
        has decided about.
        """
        later = Plan.objects.filter(
            edition=OuterRef("edition"), state="accepted", accepted_at__gt=OuterRef("ended_at")
        )
        decided = Q(reason=GivenUp.PLAN) | Q(
            Exists(later), journey__state__in=["proposed", "offered"]
        )
        waiting = self.filter(~decided, state__in=FREED, followed_at=None)
        return waiting.exclude(tried_at__gt=now - LOOKED_FOR_AGAIN)

    def owing_a_report(self, day: date) -> Self:
        """Keep those who are home again, and whose report was due before this day."""
        late = day - REPORTED_WITHIN
        return self.filter(state=Seat.State.RETURNED, period__endswith__lte=late)

    def lapsing(self, now: datetime) -> Self:
        """Keep offers that nobody answered in time."""
        return self.filter(state=Seat.State.OFFERED, reply_by__lt=now)


class Seat(Lasting, Stateful):
    """One traveller's place in a journey; `number` is set while it is taken.

    `edition`, `person` and `period` are copied by a trigger, so that 'one journey at a time'
    is an index. `country` is where they lived at the time.
    """

    class State(models.TextChoices):
        """How far a place is agreed."""

        PROPOSED = "proposed", _("Proposed")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        AGREED = "agreed", _("Agreed with the hosts")
        CONFIRMED = "confirmed", _("Confirmed")
        TRAVELLING = "travelling", _("On the way")
        RETURNED = "returned", _("Home again")
        REPORTED = "reported", _("Reported")
        CLOSED = "closed", _("Closed")
        REFUSED = "refused", _("Refused")
        LAPSED = "lapsed", _("Not answered in time")
        CANCELLED = "cancelled", _("Cancelled")

    Reason = GivenUp
    UNCONFIRMED = (State.PROPOSED, State.OFFERED, State.ACCEPTED, State.AGREED)

    MOVES: ClassVar = {
        State.PROPOSED: {State.OFFERED, State.CANCELLED},
        State.OFFERED: {State.ACCEPTED, State.REFUSED, State.LAPSED, State.CANCELLED},
        State.ACCEPTED: {State.AGREED, State.REFUSED, State.CANCELLED},
        State.AGREED: {State.CONFIRMED, State.ACCEPTED, State.REFUSED, State.CANCELLED},
        State.CONFIRMED: {State.TRAVELLING, State.CANCELLED},
        State.TRAVELLING: {State.RETURNED, State.CANCELLED},
        State.RETURNED: {State.REPORTED},
        State.REPORTED: {State.CLOSED},
        State.CLOSED: set(),
        State.REFUSED: set(),
        State.LAPSED: set(),
        State.CANCELLED: set(),
    }

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False
    )
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="seats")
    application = models.ForeignKey(Application, models.PROTECT, related_name="seats")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", editable=False)
    period = DateRangeField(_("days"), null=True, editable=False)
    number = models.PositiveSmallIntegerField(_("place"), null=True)
    country = models.CharField(_("country they lived in"), max_length=2)
    same_country_because = models.CharField(
        _("why two of one country"), max_length=500, blank=True
    )
    reply_by = models.DateTimeField(_("answer by"), null=True, editable=False)
    offered_at = models.DateTimeField(_("offered"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    ended_at = models.DateTimeField(_("given up"), null=True, editable=False)
    # None: the clock did.
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    # When somebody was found to take it over, or it was too late for that.
    followed_at = models.DateTimeField(null=True, editable=False)
    # When somebody was last looked for.
    tried_at = models.DateTimeField(null=True, editable=False)
    # Who was passed over then, and the rule that they would have broken: by the planner's keys.
    passed_over = models.JSONField(default=dict, db_default={}, editable=False)
    reason = models.CharField(_("reason"), max_length=13, choices=GivenUp, blank=True)
    words = models.CharField(_("in your own words"), max_length=1000, blank=True)

    # Added by the books: when all was agreed on.
    agreed_at: datetime | None
    # Added by the books: whether the words of the report are still there.
    has_report: bool

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a journey")
        verbose_name_plural = _("places in journeys")
        constraints = [
            models.CheckConstraint(
                name="seat_numbered_while_taken",
                condition=Q(state__in=FREED, number=None)
                | (
                    ~Q(state__in=FREED)
                    & Q(number__isnull=False, number__range=(1, MOST_TRAVELLERS))
                ),
            ),
            models.UniqueConstraint(
                name="seat_at_most_four_of_a_journey", fields=["journey", "number"]
            ),
            models.UniqueConstraint(
                name="seat_of_different_countries",
                fields=["journey", "country"],
                condition=Q(number__isnull=False, same_country_because=""),
            ),
            models.UniqueConstraint(
                name="seat_one_per_person_and_edition",
                fields=["edition", "person"],
                condition=Q(number__isnull=False),
            ),
            ExclusionConstraint(
                name="seat_one_journey_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(number__isnull=False),
                # Of a journey whose stops are moved, only the days it has in the end count.
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                name="seat_lives_somewhere", condition=Q(country__regex="^[A-Z]{2}$")
            ),
            models.CheckConstraint(
                name="seat_offered_until_a_day",
                condition=~Q(state="offered")
                | Q(reply_by__isnull=False, offered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="seat_accepted_by_its_traveller",
                condition=Q(state__in=UNANSWERED + FREED) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="seat_given_up_for_a_reason",
                condition=(Q(state__in=FREED, ended_at__isnull=False) & ~Q(reason=""))
                | (~Q(state__in=FREED) & Q(ended_at=None, ended_by=None, reason="")),
            ),
        ]
        indexes = [
            models.Index(
                name="seat_offered_by_reply_day",
                fields=["reply_by"],
                condition=Q(state="offered"),
            ),
            models.Index(name="seat_by_person", fields=["person", "state"]),
        ]
        triggers = [
            guards.seat_fits_its_journey(),
            guards.seat_finds_room(),
            ceilings.seat_within_the_carbon_budget(),
            guards.seat_agreed_by_its_hosts(),
            guards_of_agreement.seat_confirmed_with_its_expectations(),
            guards_of_money.seat_confirmed_with_its_money(),
            guards_of_agreement.seat_confirmed_with_its_trainings(),
        ]

    def __str__(self) -> str:
        return f"place {self.number} in {self.journey_id}"

    @property
    def reply_day(self) -> date | None:
        """Give the last day to answer: it counts until it is over everywhere on earth."""
        return still_day(self.reply_by) if self.reply_by else None

    def expectation_url(self, stop: int) -> str:
        """Give the address of what is expected at the stop of this number."""
        return reverse("grandtour:expectation", args=[self.pk, stop])


class JourneyEvent(models.Model):
    """What happened to a journey or to a place in it; nobody edits the past."""

    class What(models.TextChoices):
        """Kinds of what happened."""

        PROPOSED = "proposed", _("The plan was accepted")
        OFFERED = "offered", _("A place was offered")
        ACCEPTED = "accepted", _("A traveller said yes")
        REFUSED = "refused", _("A traveller said no")
        LAPSED = "lapsed", _("Nobody answered in time")
        HOST_ACCEPTED = "host_accepted", _("A host said yes")
        HOST_REFUSED = "host_refused", _("A host said no")
        AGREED = "agreed", _("A place was agreed")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")
        NEXT = "next", _("The next in line was proposed")
        LEFT = "left", _("They set off")
        RETURNED = "returned", _("They came home")
        MOVED = "moved", _("Other days")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="events")
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, related_name="events")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    what = models.CharField(_("what"), max_length=13, choices=What)
    at = models.DateTimeField(_("when"))
    # Of stops that were moved: the number, and the days they had before.
    before = models.JSONField(default=list, db_default=[], editable=False)

    # Added by the desk: which stop was moved from which days to which.
    days: list[str]

    class Meta:
        indexes = [models.Index(name="journey_event_in_order", fields=["journey", "at", "id"])]
        triggers = [
            pgtrigger.Protect(
                name="journey_event_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} in {self.journey_id}"
