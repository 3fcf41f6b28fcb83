"""Plans: a run of the planner, what it was asked, and what it answered."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.editions import Edition
from volunteers.models import Person

# A run that has said nothing for so long has lost its worker.
SILENCE = timedelta(minutes=2)
MOST_ATTEMPTS = 2


class PlanQuerySet(models.QuerySet["Plan"]):
    """Reads of plans."""

    def queued(self) -> Self:
        """Keep what waits to be run, the oldest first."""
        return self.filter(state=Plan.State.QUEUED).order_by("pk")

    def silent(self, now: datetime) -> Self:
        """Keep runs whose worker has gone."""
        return self.filter(state=Plan.State.RUNNING, heard_at__lt=now - SILENCE)

    def to_explain(self) -> Self:
        """Keep those that stand and wait for their reasons, the oldest first."""
        return self.filter(reasons_state=Plan.Reasons.WAITING).order_by("pk")

    def explaining_in_silence(self, now: datetime) -> Self:
        """Keep those on whose reasons a worker was at work that has gone."""
        running = self.filter(reasons_state=Plan.Reasons.RUNNING)
        return running.filter(heard_at__lt=now - SILENCE)

    def newest(self) -> Self:
        """Put the newest first."""
        return self.order_by("-pk")

    def light(self) -> Self:
        """Leave out what is large."""
        return self.defer("problem", "result", "reasons")


class Plan(Stateful):
    """One run of the planner: the row is the queue, the memory, and what organisers accept.

    `problem` and `result` are the planner's own format; `reasons` are codes and numbers that
    pages turn into sentences. Worth and bound are points, grams CO2e, cost cents.
    """

    class State(models.TextChoices):
        """The life of a plan."""

        QUEUED = "queued", _("Waits for its turn")
        RUNNING = "running", _("Is being worked out")
        DONE = "done", _("Done")
        INFEASIBLE = "infeasible", _("Rules collide")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Broken off")
        ACCEPTED = "accepted", _("Accepted")
        REPLACED = "replaced", _("Replaced by another one")

    class Reasons(models.TextChoices):
        """How far it is why a plan is as it is."""

        NONE = ""
        WAITING = "waiting"
        RUNNING = "running"
        KNOWN = "known"
        FAILED = "failed"

    OPEN = (State.QUEUED, State.RUNNING)
    SHOWN = (State.DONE, State.ACCEPTED, State.REPLACED)
    MOVES: ClassVar = {
        State.QUEUED: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {
            State.DONE,
            State.INFEASIBLE,
            State.CANCELLED,
            State.FAILED,
            State.QUEUED,
        },
        State.DONE: {State.ACCEPTED},
        State.ACCEPTED: {State.REPLACED},
        State.INFEASIBLE: set(),
        State.CANCELLED: set(),
        State.FAILED: set(),
        State.REPLACED: set(),
    }

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.QUEUED, editable=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="plans", verbose_name=_("edition")
    )
    asked_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    # The journeys to change as little as possible are those of this plan.
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seconds = models.PositiveSmallIntegerField(_("seconds at most"), default=60)
    seed = models.PositiveIntegerField(_("seed"), default=1)
    locks = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    began_at = models.DateTimeField(_("began"), null=True)
    heard_at = models.DateTimeField(_("heard of"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=12, blank=True)
    # Reasons are worked out once a plan stands: of how many left out it is known why.
    reasons_state = models.CharField(
        max_length=7, choices=Reasons, default=Reasons.NONE, blank=True, editable=False
    )
    reasons_done = models.PositiveIntegerField(default=0)
    reasons_of = models.PositiveIntegerField(default=0)
    reasons_attempts = models.PositiveSmallIntegerField(default=0)
    reasons_fault = models.CharField(max_length=7, blank=True)
    stopping = models.BooleanField(default=False)
    worth = models.BigIntegerField(_("worth"), null=True)
    bound = models.FloatField(_("bound"), null=True)
    grams = models.BigIntegerField(_("CO₂e in grams"), null=True)
    grams_plain = models.BigIntegerField(null=True)
    cost = models.BigIntegerField(_("cost"), null=True)
    travellers = models.PositiveSmallIntegerField(_("travellers"), null=True)
    groups = models.PositiveSmallIntegerField(_("journeys"), null=True)
    took = models.FloatField(_("seconds it took"), null=True)
    result = models.JSONField(null=True)
    reasons = models.JSONField(null=True)
    baseline = models.JSONField(null=True)
    # Why there is none: rules that collide, or what broke it off.
    collisions = models.JSONField(null=True)
    fault = models.CharField(max_length=500, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(
                name="plan_done_with_a_result",
                condition=~Q(state__in=["done", "accepted", "replaced"])
                | Q(
                    result__isnull=False,
                    worth__isnull=False,
                    bound__isnull=False,
                    ended_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="plan_accepted_by_somebody",
                condition=~Q(state__in=["accepted", "replaced"])
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="plan_one_accepted_per_edition",
                fields=["edition"],
                condition=Q(state="accepted"),
            ),
            models.UniqueConstraint(
                name="plan_one_at_work_per_edition",
                fields=["edition"],
                condition=Q(state__in=["queued", "running"]),
            ),
            models.UniqueConstraint(
                Value(1),
                name="plan_one_running_at_a_time",
                condition=Q(state="running") | Q(reasons_state="running"),
            ),
            models.CheckConstraint(
                name="plan_reasons_of_one_that_stands",
                condition=Q(reasons_state="") | Q(state__in=["done", "accepted", "replaced"]),
            ),
            models.CheckConstraint(
                name="plan_reasons_where_they_are_known",
                condition=Q(reasons_state="known", reasons__isnull=False)
                | (~Q(reasons_state="known") & Q(reasons__isnull=True)),
            ),
            models.CheckConstraint(
                name="plan_five_seconds_to_ten_minutes", condition=Q(seconds__range=(5, 600))
            ),
        ]
        indexes = [
            models.Index(
                name="plan_at_work", fields=["id"], condition=Q(state__in=["queued", "running"])
            ),
            models.Index(
                name="plan_to_explain",
                fields=["id"],
                condition=Q(reasons_state__in=["waiting", "running"]),
            ),
        ]
        triggers = [
            # What was shown, accepted and explained is the same plan.
            pgtrigger.Trigger(
                name="plan_that_stands_stays",
                operation=pgtrigger.UpdateOf("problem", "fingerprint", "result"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=["done", "accepted", "replaced"]),
                func="""
                    IF (NEW.problem, NEW.fingerprint, NEW.result)
                        IS DISTINCT FROM (OLD.problem, OLD.fingerprint, OLD.result)
                    THEN
                        RAISE EXCEPTION 'plan_that_stands_stays'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(_("Plan %(number)d") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        """Give the address of its page at the desk."""
        return reverse("admin:grandtour_plan_show", args=[self.pk])

    @property
    def gap(self) -> float | None:
        """Give how much more the best plan could be worth at most, as a part of the bound."""
        if self.worth is None or self.bound is None:
            return None
        return max(0.0, self.bound - self.worth) / max(1.0, abs(self.bound))

    @property
    def day(self) -> date:
        """Give the day on which it was asked for: none of its journeys begins until then."""
        return self.asked_at.date()

    @property
    def at_work(self) -> bool:
        """Say whether it goes on by itself."""
        return self.state in self.OPEN

    @property
    def is_being_explained(self) -> bool:
        """Say whether its reasons are worked out, or will be without anybody's asking."""
        return self.reasons_state in {self.Reasons.WAITING, self.Reasons.RUNNING}
