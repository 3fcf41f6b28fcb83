"""Events at a stop, to which neighbours come: when, where, for how many, and who signed up."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.editions import Edition
from grandtour.models.journeys import Journey, Stop
from volunteers.models import Affiliate, Membership, Person

MOST_SEATS = 500
# A host sees who comes until a day after the event; a month later nobody knows it any more.
NAMES_SHOWN = timedelta(days=1)
KEPT = timedelta(days=30)


class StopEventQuerySet(models.QuerySet["StopEvent"]):
    """Reads of events."""

    def visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep those of editions that this viewer may read about.

        Of one for members, only they hear, who signed up, and the people of the journey.
        """
        told = Q(open_to=StopEvent.OpenTo.EVERYBODY)
        if isinstance(viewer, Person):
            theirs = Membership.objects.confirmed().filter(person=viewer).values("affiliate")
            told |= Q(stop__host__affiliate__in=theirs)
            told |= Q(stop__journey__in=Journey.objects.seen_by(viewer).values("pk"))
            told |= Q(pk__in=SignUp.objects.filter(person=viewer).values("event"))
        editions = Edition.objects.visible_to(viewer)
        return self.filter(told, stop__journey__edition__in=editions)

    def for_members(self) -> Self:
        """Keep those that are not for everybody."""
        return self.filter(open_to=StopEvent.OpenTo.MEMBERS)

    def editable_by(self, person: Person) -> Self:
        """Keep those of the affiliates this person speaks for."""
        return self.filter(stop__host__affiliate__in=Affiliate.objects.spoken_for_by(person))

    def coming(self, now: datetime) -> Self:
        """Keep those that take place and are not over, the next first."""
        ahead = self.filter(state=StopEvent.State.ANNOUNCED, ends_at__gt=now)
        return ahead.order_by("begins_at", "pk")

    def as_shown(self) -> Self:
        """Read what a card needs along with each event."""
        return self.select_related(
            "stop__journey__edition", "stop__host__affiliate", "stop__host__place"
        )

    def beginning(self, after: datetime, until: datetime) -> Self:
        """Keep those that begin between two moments."""
        return self.filter(
            state=StopEvent.State.ANNOUNCED, begins_at__gt=after, begins_at__lte=until
        )


class StopEvent(Stateful):
    """Something a host does with its guests to which neighbours are invited."""

    class State(models.TextChoices):
        """The life of an event."""

        ANNOUNCED = "announced", _("Announced")
        CALLED_OFF = "called_off", _("Called off")

    class OpenTo(models.TextChoices):
        """Who may come."""

        EVERYBODY = "everybody", _("Everybody")
        MEMBERS = "members", _("Members of the affiliate")

    MOVES: ClassVar = {
        State.ANNOUNCED: {State.CALLED_OFF},
        State.CALLED_OFF: set(),
    }

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.ANNOUNCED, editable=False
    )
    stop = models.ForeignKey(Stop, models.PROTECT, related_name="open_events")
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what happens"), max_length=4000)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    # On whose clock its hours are meant.
    zone = models.CharField(_("time zone"), max_length=64)
    where = models.CharField(_("where"), max_length=300, blank=True)
    online = models.URLField(_("online at"), max_length=500, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), default=20)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list
    )
    open_to = models.CharField(
        _("open to"), max_length=9, choices=OpenTo, default=OpenTo.EVERYBODY
    )
    announced_by = models.ForeignKey(Person, models.PROTECT, related_name="+", editable=False)
    announced_at = models.DateTimeField(_("announced"), editable=False)
    changed_at = models.DateTimeField(_("changed"), editable=False)
    # Grows with each change, so that calendars follow (RFC 5545).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    called_off_because = models.CharField(
        _("why it was called off"), max_length=500, blank=True, editable=False
    )

    objects = StopEventQuerySet.as_manager()
    # In place of words: those about a journey are for the people in it.
    WITH_JOURNEY = "-"

    class Meta:
        verbose_name = _("event at a stop")
        verbose_name_plural = _("events at stops")
        constraints = [
            models.CheckConstraint(
                name="stop_event_begins_before_it_ends",
                condition=Q(begins_at__lt=F("ends_at")),
                violation_error_message=_("It ends after it begins."),
            ),
            models.CheckConstraint(
                name="stop_event_has_seats",
                condition=Q(seats__range=(1, MOST_SEATS)),
                violation_error_message=_("An event has 1 to 500 seats."),
            ),
            models.CheckConstraint(
                name="stop_event_is_somewhere",
                condition=~Q(where="", online=""),
                violation_error_message=_("Say where it is, or give an address online."),
            ),
            models.CheckConstraint(
                name="stop_event_called_off_for_a_reason",
                condition=~Q(state="called_off") | ~Q(called_off_because=""),
            ),
        ]
        indexes = [
            models.Index(name="stop_event_by_moment", fields=["begins_at"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stop_event_during_its_stop",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("begins_at", "ends_at", "zone", "stop_id"),
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM grandtour_stop AS stop
                        JOIN grandtour_journey AS journey ON journey.id = stop.journey_id
                        WHERE stop.id = NEW.stop_id AND journey.state <> 'cancelled'
                            AND (NEW.begins_at AT TIME ZONE NEW.zone)::date >= stop.arrive
                            AND (NEW.ends_at AT TIME ZONE NEW.zone)::date <= stop.leave
                    ) THEN
                        RAISE EXCEPTION 'stop_event_during_its_stop'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="stop_event_keeps_seats_that_are_taken",
                operation=pgtrigger.UpdateOf("seats"),
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM grandtour_signup
                        WHERE event_id = NEW.id AND place > NEW.seats
                    ) THEN
                        RAISE EXCEPTION 'stop_event_keeps_seats_that_are_taken'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def because(self) -> str:
        """Say why it was called off, to everybody who reads of it."""
        if self.called_off_because == self.WITH_JOURNEY:
            return gettext("The journey that it belongs to does not take place.")
        return self.called_off_because

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("grandtour:event", args=[self.pk])

    def local(self, moment: datetime) -> datetime:
        """Put a moment onto the clock of the place."""
        return moment.astimezone(ZoneInfo(self.zone))

    @property
    def first_day(self) -> date:
        """Give the day on which it begins, where it is."""
        return self.local(self.begins_at).date()

    def takes(self, now: datetime) -> bool:
        """Say whether one can still sign up."""
        return self.state == self.State.ANNOUNCED and now < self.ends_at

    def open_for(self, person: Person) -> bool:
        """Say whether this person is invited."""
        if self.open_to == self.OpenTo.EVERYBODY:
            return True
        rows = Membership.objects.confirmed().filter(person=person)
        return rows.filter(affiliate=self.stop.host.affiliate_id).exists()


class SignUpQuerySet(models.QuerySet["SignUp"]):
    """Reads of who signed up."""

    def seated(self) -> Self:
        """Keep those who have a seat, in the order of seats."""
        return self.filter(place__isnull=False).order_by("place")

    def waiting(self) -> Self:
        """Keep those who wait for one, the first first."""
        return self.filter(place=None).order_by("signed_up_at", "pk")

    def outdated(self, now: datetime) -> Self:
        """Keep those of events that have been over for a while."""
        return self.filter(event__ends_at__lt=now - KEPT)


class SignUp(models.Model):
    """That somebody comes to an event, on a seat of its own number, or waits for one."""

    event = models.ForeignKey(StopEvent, models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ups")
    # None: waiting.
    place = models.PositiveSmallIntegerField(_("seat"), null=True)
    signed_up_at = models.DateTimeField(_("signed up"))

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(
                name="sign_up_once_for_an_event", fields=["event", "person"]
            ),
            models.UniqueConstraint(name="sign_up_one_per_seat", fields=["event", "place"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sign_up_within_the_seats",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("place"),
                when=pgtrigger.Before,
                declare=[("event", "record")],
                func="""
                    SELECT seats, state INTO event FROM grandtour_stopevent
                    WHERE id = NEW.event_id FOR SHARE;
                    IF NEW.place NOT BETWEEN 1 AND event.seats
                        OR event.state <> 'announced' THEN
                        RAISE EXCEPTION 'sign_up_within_the_seats'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"seat {self.place} at {self.event_id}"


def may_be_announced(journey: Journey) -> bool:
    """Say whether people may be invited: the journey takes place, and is not over."""
    return journey.state in {Journey.State.CONFIRMED, Journey.State.TRAVELLING}
