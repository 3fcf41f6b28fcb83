"""Six months later: who is asked what stuck, and what they say, with their name or without."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.editions import Edition
from grandtour.models.expectations import Side
from grandtour.models.journeys import Stop
from grandtour.models.seats import Seat
from volunteers.models import Person

# Of fewer answers nothing is told.
FEWEST = 5
HALF_A_YEAR = timedelta(days=182)
AGAIN_AFTER = timedelta(days=14)
ANSWERABLE = timedelta(days=60)


class LookBackQuerySet(models.QuerySet["LookBack"]):
    """Reads of who was asked."""

    def waiting(self, now: datetime) -> Self:
        """Keep those that can still be answered."""
        return self.filter(state=LookBack.State.ASKED, asked_at__gt=now - ANSWERABLE)

    def silent(self, now: datetime) -> Self:
        """Keep those that wait since two weeks."""
        return self.waiting(now).filter(asked_at__lte=now - AGAIN_AFTER)


class LookBack(Stateful):
    """One question to one person: what stuck? It knows whether it has an answer, not which."""

    class State(models.TextChoices):
        """The life of a question."""

        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")

    MOVES: ClassVar = {State.ASKED: {State.ANSWERED}, State.ANSWERED: set()}

    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    person = models.ForeignKey(Person, models.CASCADE, related_name="look_backs")
    # Whoever travelled is asked about their place, who hosted about the stop.
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, related_name="+")
    stop = models.ForeignKey(Stop, models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))

    objects = LookBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="look_back_once_of_a_traveller",
                fields=["seat"],
                condition=Q(seat__isnull=False),
            ),
            models.UniqueConstraint(
                name="look_back_once_of_a_host",
                fields=["stop", "person"],
                condition=Q(stop__isnull=False),
            ),
            models.CheckConstraint(
                name="look_back_of_one_side",
                condition=Q(seat=None, stop__isnull=False) | Q(seat__isnull=False, stop=None),
            ),
        ]

    def __str__(self) -> str:
        return f"look back {self.pk}"

    @property
    def side(self) -> Side:
        """Say which side is asked."""
        return Side.TRAVELLER if self.seat_id else Side.HOST


class LookBackAnswerQuerySet(models.QuerySet["LookBackAnswer"]):
    """Reads of answers."""

    def told(self) -> Self:
        """Keep those with a name; those without where so many are that nobody is known.

        Of one side of one edition: who it was would be plain where few were asked.
        """
        alike = LookBackAnswer.objects.filter(
            edition=OuterRef("edition"), side=OuterRef("side"), person=None
        )
        number = alike.order_by().values("edition").annotate(n=models.Count("pk")).values("n")
        enough: dict[str, Any] = {"alike": Subquery(number)}
        return self.annotate(**enough).filter(Q(person__isnull=False) | Q(alike__gte=FEWEST))


class LookBackAnswer(models.Model):
    """What stuck. Without a name nothing here leads to a person: no seat, no stop, no time.

    Whoever gives their name gives it to organisers, and it goes when they go.

    The key is drawn by lot, so that the order of keys tells nothing.
    """

    class Stuck(models.TextChoices):
        """How much of it is in use."""

        MUCH = "much", _("Much of it")
        SOME = "some", _("Some of it")
        NOTHING = "nothing", _("Nothing")

    class Action(models.TextChoices):
        """What became of the one thing to do afterwards."""

        DONE = "done", _("It is done")
        PARTLY = "partly", _("It is begun")
        NOT = "not", _("It was not done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="look_backs")
    side = models.CharField(max_length=9, choices=Side)
    seat = models.OneToOneField(Seat, models.CASCADE, null=True, related_name="look_back")
    stop = models.ForeignKey(Stop, models.CASCADE, null=True, related_name="look_backs")
    # Whose name stands under it; None: nobody's.
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    stuck = models.CharField(
        _("How much of what came of it is in use now?"), max_length=7, choices=Stuck
    )
    action = models.CharField(
        _("The one thing to do afterwards"), max_length=6, choices=Action, blank=True
    )
    offered = models.BooleanField(
        _("Since then I have offered something, or helped somebody, that I could not before"),
        default=False,
    )
    again = models.BooleanField(_("I would do it again"), default=False)
    words = models.TextField(_("What stuck, in your words"), max_length=2000, blank=True)

    objects = LookBackAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer six months later")
        verbose_name_plural = _("answers six months later")
        constraints = [
            models.CheckConstraint(
                name="look_back_answer_of_one_side_or_nobody",
                condition=Q(seat=None) | Q(side="traveller", stop=None),
            ),
            models.CheckConstraint(
                name="look_back_answer_about_a_stop_by_a_host",
                condition=Q(stop=None) | Q(side="host", seat=None),
            ),
            models.CheckConstraint(
                name="look_back_answer_with_a_name_says_about_what",
                condition=Q(person=None) | Q(seat__isnull=False) | Q(stop__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"answer about {self.edition_id}"
