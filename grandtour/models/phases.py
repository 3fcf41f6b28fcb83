"""Who reads the applications of an edition, and what they may see and do on which days."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.editions import Edition
from volunteers.models import Ask, Person


class PhaseQuerySet(models.QuerySet["Phase"]):
    """Reads of phases."""

    def on(self, day: date) -> Self:
        """Keep those that last on this day."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def in_force(self, edition: Edition, day: date) -> "Permissions":
        """Give what holds in an edition on this day; between phases nothing is open."""
        phase = self.on(day).filter(edition=edition).first()
        return phase.permissions() if phase else Permissions()


@dataclass(frozen=True, slots=True)
class Permissions:
    """What reviewers and those who decide may do; without a phase nothing, and read blind."""

    names_shown: bool = False
    others: str = "never"
    may_score: bool = False
    may_decide: bool = False


class Phase(models.Model):
    """Days of an edition on which the same is allowed."""

    class Others(models.TextChoices):
        """When reviewers see what others think."""

        NEVER = "never", _("Never")
        OWN = "own", _("Once they have given their own")
        ALWAYS = "always", _("Always")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=80)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    names_shown = models.BooleanField(_("reviewers see whose it is"), default=False)
    others = models.CharField(
        _("reviewers see others' scores"), max_length=6, choices=Others, default=Others.OWN
    )
    may_score = models.BooleanField(_("reviews can be given"), default=True)
    may_decide = models.BooleanField(_("organisers can decide"), default=False)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase of reading")
        verbose_name_plural = _("phases of reading")
        constraints = [
            models.CheckConstraint(
                name="phase_days_in_order",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message=_("The first day must not be after the last."),
            ),
            ExclusionConstraint(
                name="phases_of_an_edition_do_not_overlap",
                expressions=[
                    ("edition", RangeOperators.EQUAL),
                    (
                        Func("first_day", "last_day", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This phase shares a day with another one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def permissions(self) -> Permissions:
        """Give what may be seen and done while it lasts."""
        return Permissions(self.names_shown, self.others, self.may_score, self.may_decide)


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    """Reads of reviewers."""

    def reading(self) -> Self:
        """Keep those who have said yes to reading, and have not stopped."""
        return self.filter(state=Reviewer.State.READING, reviews=True, person__is_active=True)

    def deciding(self) -> Self:
        """Keep those who have said yes, and may decide."""
        return self.filter(state=Reviewer.State.READING, decides=True)


class Reviewer(Stateful):
    """A person who was asked to read the applications of one edition, or to decide."""

    class State(models.TextChoices):
        """Whether they do."""

        ASKED = "asked", _("Asked")
        READING = "reading", _("Reads")
        DECLINED = "declined", _("Cannot")
        STOPPED = "stopped", _("Reads no more")

    MOVES: ClassVar = {
        State.ASKED: {State.READING, State.DECLINED},
        State.READING: {State.STOPPED},
        State.DECLINED: {State.ASKED},
        State.STOPPED: {State.ASKED, State.READING},
    }

    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.ASKED, editable=False
    )
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviewers")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="reviewing", verbose_name=_("person")
    )
    # Nobody asks themselves: an organiser who reads as well has none.
    ask = models.ForeignKey(Ask, models.PROTECT, null=True, related_name="reading")
    reviews = models.BooleanField(_("reads and scores"), default=True)
    decides = models.BooleanField(
        _("decides"),
        default=False,
        help_text=_("Deciding happens at the desk: they need to be able to enter it."),
    )
    most = models.PositiveSmallIntegerField(
        _("applications at most"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        constraints = [
            models.UniqueConstraint(
                name="reviewer_one_per_edition_and_person",
                fields=["edition", "person"],
                violation_error_message=_("This person has been asked already."),
            ),
            models.CheckConstraint(
                name="reviewer_has_a_right",
                condition=Q(reviews=True) | Q(decides=True),
                violation_error_message=_("Say whether they read, decide or both."),
            ),
            models.CheckConstraint(
                name="reviewer_answered_unless_asked",
                condition=Q(state="asked") | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
