"""Journeys: a group's route through an edition, its stops and its legs."""

from collections.abc import Mapping
from datetime import UTC
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models import ceilings, guards, guards_of_agreement
from grandtour.models.editions import Edition
from grandtour.models.hosts import Host
from grandtour.models.organising import MAY, applied_to
from grandtour.models.plans import Plan
from grandtour.planning.problem import Mode, Reason
from volunteers.models import Affiliate, Person
from volunteers.models.bandwidth import Lasting


class GivenUp(models.TextChoices):
    """Why a place is given up, or a whole journey."""

    DATES = "dates", _("The dates do not suit")
    ROUTE = "route", _("The route or the hosts do not suit")
    HEALTH = "health", _("Health or family")
    PAPERS = "papers", _("A visa or other papers")
    FORCE_MAJEURE = "force_majeure", _("Something nobody could prevent")
    HOST = "host", _("A host cannot")
    ORGANISERS = "organisers", _("Organisers decided so")
    PLAN = "plan", _("Organisers have planned anew")
    SILENCE = "silence", _("No answer by the day")
    UNCONFIRMED = "unconfirmed", _("Not confirmed before its first day")
    NOBODY = "nobody", _("Nobody is left to travel")
    OTHER = "other", _("Something else")


CONFIRMED = Count("seats", filter=Q(seats__state="confirmed"))


class JourneyQuerySet(models.QuerySet["Journey"]):
    """Reads of journeys."""

    def live(self) -> Self:
        """Keep those that are to be travelled, or were."""
        return self.exclude(state=Journey.State.CANCELLED)

    def to_be_confirmed(self) -> Self:
        """Keep those of which enough places are agreed, and somebody's is not confirmed yet."""
        rows = self.filter(state__in=["offered", "confirmed"]).annotate(
            agreed=Count("seats", filter=Q(seats__state="agreed")), confirmed=CONFIRMED
        )
        enough = F("agreed") + F("confirmed")
        return rows.filter(agreed__gt=0, edition__smallest_group__lte=enough)

    def with_too_few(self) -> Self:
        """Keep the confirmed ones in which fewer are left than the smallest group has."""
        rows = self.filter(state="confirmed").annotate(confirmed=CONFIRMED)
        return rows.filter(edition__smallest_group__gt=F("confirmed"))

    def seen_by(self, viewer: Person | AnonymousUser) -> Self:
        """Keep those this viewer is in: as a traveller, for a host, or as an organiser.

        A traveller sees it from the offer on; a host when it is proposed to them. Organisers
        who ask for a place in an edition see in it what every traveller does.
        """
        if not isinstance(viewer, Person):
            return self.none()
        others = Q(pk__in=[])
        if viewer.has_perm(MAY):
            others = ~Q(edition__in=applied_to(viewer))
        mine = Q(pk__in=viewer.seats.live().of(viewer).values("journey"))
        ours = Affiliate.objects.spoken_for_by(viewer)
        told = self.filter(stops__host__affiliate__in=ours).exclude(state="proposed")
        return self.filter(others | mine | Q(pk__in=told.values("pk")))


class Journey(Lasting, Stateful):
    """What one group travels together: proposed by a plan, agreed on, done."""

    class State(models.TextChoices):
        """The life of a journey."""

        PROPOSED = "proposed", _("Proposed")
        OFFERED = "offered", _("Waits for answers")
        CONFIRMED = "confirmed", _("Confirmed")
        TRAVELLING = "travelling", _("On the way")
        RETURNED = "returned", _("Home again")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES: ClassVar = {
        State.PROPOSED: {State.OFFERED, State.CANCELLED},
        State.OFFERED: {State.CONFIRMED, State.CANCELLED},
        State.CONFIRMED: {State.TRAVELLING, State.CANCELLED},
        State.TRAVELLING: {State.RETURNED, State.CANCELLED},
        State.RETURNED: {State.CLOSED},
        State.CLOSED: set(),
        State.CANCELLED: set(),
    }

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PROPOSED, editable=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="journeys", verbose_name=_("edition")
    )
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, related_name="journeys", verbose_name=_("plan")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    # From the first arrival to the last departure; a trigger copies it from the stops.
    period = DateRangeField(_("days"), null=True, editable=False)
    # The working language all share, where a plan chose one.
    language = models.CharField(_("language"), max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_for = models.CharField(
        _("reason"), max_length=13, choices=GivenUp, blank=True, db_default=""
    )
    # In somebody's own words, where there are any.
    ended_because = models.CharField(_("why it ended"), max_length=500, blank=True)

    # Added by reads of who is left: how many are confirmed.
    confirmed: int

    objects = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        constraints = [
            models.UniqueConstraint(
                name="journey_one_per_number", fields=["edition", "number"]
            ),
            models.CheckConstraint(
                name="journey_cancelled_for_a_reason",
                condition=Q(state="cancelled", ended_at__isnull=False)
                & (~Q(ended_because="") | ~Q(ended_for=""))
                | ~Q(state="cancelled"),
            ),
        ]
        triggers = [
            guards.journey_lasts_as_its_stops(),
            guards_of_agreement.journey_confirmed_with_enough(),
            guards_of_agreement.journey_confirmed_by_its_hosts(),
        ]

    def __str__(self) -> str:
        return str(_("Journey %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("grandtour:journey", args=[self.pk])


class StopQuerySet(models.QuerySet["Stop"]):
    """Reads of stops."""

    def begun(self) -> Self:
        """Keep those of journeys that set off; where one ended on the way, who had guests.

        These are the hosts with whom somebody has spent a night. Of a journey under way, or
        over, those still to come belong to it, too.
        """
        states = Journey.State
        left = Journey.objects.filter(events__what="left", pk=OuterRef("journey"))
        ended = Q(arrive__lt=TruncDate("journey__ended_at", tzinfo=UTC))
        gone = [states.TRAVELLING, states.RETURNED, states.CLOSED]
        return self.filter(
            Q(journey__state__in=gone)
            | Q(Exists(left), journey__state=states.CANCELLED) & ended
        )


class Stop(models.Model):
    """A group's stay with one host: its nights are those from arrival to leaving.

    A host says yes to the stop as a whole; what each traveller and host expect of each other
    is agreed apart.
    """

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="stops")
    host = models.ForeignKey(Host, models.PROTECT, related_name="stops", verbose_name=_("host"))
    number = models.PositiveSmallIntegerField(_("number"))
    arrive = models.DateField(_("arrive"))
    leave = models.DateField(_("leave"))
    accepted_at = models.DateTimeField(_("accepted by the host"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    refused_at = models.DateTimeField(_("refused by the host"), null=True, editable=False)
    refused_words = models.CharField(max_length=1000, blank=True, editable=False)

    objects = StopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        constraints = [
            models.UniqueConstraint(name="stop_one_per_number", fields=["journey", "number"]),
            models.UniqueConstraint(name="stop_one_per_host", fields=["journey", "host"]),
            models.CheckConstraint(name="stop_one_to_five", condition=Q(number__range=(1, 5))),
            models.CheckConstraint(
                name="stop_arrives_before_it_leaves", condition=Q(arrive__lt=F("leave"))
            ),
            models.CheckConstraint(
                name="stop_accepted_by_somebody",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="stop_not_accepted_and_refused",
                condition=Q(accepted_at=None) | Q(refused_at=None),
            ),
            ExclusionConstraint(
                name="stop_nights_of_a_journey_do_not_overlap",
                expressions=[
                    ("journey", RangeOperators.EQUAL),
                    (Func("arrive", "leave", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            guards.stop_fits_its_journey(),
            guards.stop_finds_room(),
            guards.stop_gone(),
            guards.stop_stands_while_agreed(),
            guards_of_agreement.stop_moved_as_agreed(),
        ]

    def __str__(self) -> str:
        return f"stop {self.number} of {self.journey_id}"

    @property
    def nights(self) -> int:
        """Count its nights."""
        return (self.leave - self.arrive).days

    @property
    def mark(self) -> str:
        """Give a short mark of its days."""
        return f"{self.pk}:{self.arrive:%Y%m%d}-{self.leave:%Y%m%d}"


class LegQuerySet(models.QuerySet["Leg"]):
    """Reads of legs."""

    def shared(self) -> Self:
        """Keep what the group travels together."""
        return self.filter(seat=None)

    def emitted(self, guests: Mapping[int, int]) -> int:
        """Add up the grams of all who travel: on their own ways, and each on the group's.

        `guests`: how many travel, by journey.
        """
        legs = self.filter(journey__in=guests)
        own = legs.filter(seat__number__isnull=False).values_list("grams", flat=True)
        shared = legs.shared().values_list("journey", "grams")
        return sum(own) + sum(guests[journey] * grams for journey, grams in shared)


class Leg(models.Model):
    """A way from one place to the next, with the factor it was worked out with.

    Kilometres are travelled ones; grams are CO2e of one person, `grams` with the radiative
    forcing of flights and `grams_plain` without. The factor is frozen: new ones change nothing.
    """

    class Way(models.TextChoices):
        """How it is travelled."""

        RAIL = Mode.RAIL.value, _("Train")
        COACH = Mode.COACH.value, _("Coach")
        FERRY = Mode.FERRY.value, _("Ferry")
        CAR = Mode.CAR.value, _("Car")
        PLANE = Mode.PLANE.value, _("Plane")

    class Why(models.TextChoices):
        """Why it is not by train or coach."""

        NONE = Reason.NONE.value, ""
        SEA = Reason.SEA.value, _("The sea is in between.")
        FAR = Reason.FAR.value, _("By land it would take too long.")
        UNABLE = Reason.UNABLE.value, _("They cannot travel that way by land.")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="legs")
    # None: the group together.
    seat = models.ForeignKey("grandtour.Seat", models.CASCADE, null=True, related_name="legs")
    # None: from home, or to it.
    origin = models.ForeignKey(Stop, models.CASCADE, null=True, related_name="+")
    target = models.ForeignKey(Stop, models.CASCADE, null=True, related_name="+")
    mode = models.CharField(_("by"), max_length=5, choices=Way)
    because = models.CharField(_("because"), max_length=6, choices=Why, blank=True)
    km = models.DecimalField(_("kilometres"), max_digits=7, decimal_places=1)
    grams = models.PositiveIntegerField(_("CO₂e in grams"))
    grams_plain = models.PositiveIntegerField(_("CO₂e in grams, without radiative forcing"))
    factor = models.CharField(_("factor"), max_length=20)
    factor_kg = models.DecimalField(max_digits=7, decimal_places=5)
    factor_kg_plain = models.DecimalField(max_digits=7, decimal_places=5)
    source = models.CharField(_("source"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))

    objects = LegQuerySet.as_manager()

    class Meta:
        verbose_name = _("leg")
        verbose_name_plural = _("legs")
        constraints = [
            models.CheckConstraint(
                name="leg_flown_for_a_reason",
                condition=~Q(mode="plane") | ~Q(because=""),
                violation_error_message=_("A flight needs a reason."),
            ),
            models.CheckConstraint(
                name="leg_of_a_group_or_to_and_from_a_home",
                condition=Q(seat=None, origin__isnull=False, target__isnull=False)
                | Q(seat__isnull=False, origin=None, target__isnull=False)
                | Q(seat__isnull=False, origin__isnull=False, target=None),
            ),
            models.CheckConstraint(
                name="leg_plain_carbon_is_no_more",
                condition=Q(grams_plain__lte=F("grams"), km__gte=0),
            ),
            models.UniqueConstraint(
                name="leg_one_between_two_stops",
                fields=["origin", "target"],
                condition=Q(seat=None),
            ),
            models.UniqueConstraint(
                name="leg_one_from_home", fields=["seat"], condition=Q(origin=None)
            ),
            models.UniqueConstraint(
                name="leg_one_to_home",
                fields=["seat"],
                condition=Q(seat__isnull=False, target=None),
            ),
        ]

        triggers = [
            ceilings.legs_within_the_carbon_budget(),
            ceilings.leg_stays_within_the_budget(),
        ]

    def __str__(self) -> str:
        return f"leg of {self.journey_id}"
