"""What a traveller and a host expect of each other at a stop, version by version."""

from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from capx.terms import CHANGE, Term, Worded
from grandtour.models import guards_of_agreement
from grandtour.models.journeys import Stop
from grandtour.models.seats import Seat
from volunteers.models import Person

MOST_QUESTIONS = 15
LABELS = {
    "goals": _("What the traveller wants to learn"),
    "programme": _("What the host plans for it"),
    "questions": _("Questions beforehand"),
    "afterwards": _("One thing to do afterwards"),
    "days": _("Days you would both rather have"),
}


class Side(models.TextChoices):
    """Who speaks: whoever travels, or the people of the host."""

    TRAVELLER = "traveller", _("Traveller")
    HOST = "host", _("Host")

    @property
    def other(self) -> "Side":
        """Give whom they agree with."""
        return Side.HOST if self == Side.TRAVELLER else Side.TRAVELLER


class ExpectationQuerySet(models.QuerySet["Expectation"]):
    """Reads of what is expected."""

    def on_the_table(self) -> Self:
        """Keep what lies on the table, one for each traveller and stop."""
        later = Expectation.objects.filter(
            seat=OuterRef("seat"), stop=OuterRef("stop"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))

    def agreed(self) -> Self:
        """Keep what both sides have said yes to and neither has written anew since.

        It holds until both have said yes to other days that organisers propose.
        """
        said = {
            side: Exists(Consent.objects.filter(expectation=OuterRef("pk"), side=side))
            for side in Side
        }
        both = Q(said[Side.TRAVELLER], said[Side.HOST])
        later = Expectation.objects.filter(
            both | ~Q(side=""),
            seat=OuterRef("seat"),
            stop=OuterRef("stop"),
            version__gt=OuterRef("version"),
        )
        return self.filter(both).exclude(Exists(later))


class Expectation(Worded):
    """One version of what a traveller and a host expect of a stop; its words never change."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="expectations")
    stop = models.ForeignKey(Stop, models.CASCADE, related_name="expectations")
    # Empty where organisers have proposed other days: both sides are asked.
    side = models.CharField(max_length=9, choices=Side, blank=True)
    goals = models.TextField(_("what the traveller wants to learn"), max_length=2000)
    programme = models.TextField(_("what the host plans for it"), max_length=4000, blank=True)
    questions = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("questions beforehand"),
        default=list,
        blank=True,
    )
    afterwards = models.TextField(_("one thing to do afterwards"), max_length=1000, blank=True)
    # Other days than those of the stop, where both wish for some; organisers then move it.
    arrive = models.DateField(_("arrive"), null=True, blank=True)
    leave = models.DateField(_("leave"), null=True, blank=True)

    objects = ExpectationQuerySet.as_manager()

    class Meta:
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")
        constraints = [
            models.UniqueConstraint(
                name="expectation_numbered", fields=["seat", "stop", "version"]
            ),
            models.CheckConstraint(
                name="expectation_at_most_15_questions",
                condition=Q(questions__len__lte=MOST_QUESTIONS),
                violation_error_message=_("At most 15 questions."),
            ),
            models.CheckConstraint(
                name="expectation_of_days_in_order",
                condition=Q(arrive=None, leave=None)
                | Q(arrive__isnull=False, leave__isnull=False, arrive__lt=F("leave")),
                violation_error_message=_("Name both days, the day of leaving last."),
            ),
        ]
        triggers = [
            guards_of_agreement.expectation_of_a_stop_on_the_way(),
            pgtrigger.Protect(name="expectation_words_stay", operation=CHANGE),
        ]

    def __str__(self) -> str:
        return f"expectation {self.version} of {self.seat_id} at {self.stop_id}"

    @property
    def complete(self) -> bool:
        """Say whether there is something of everything that both have to agree on."""
        return all([self.goals, self.programme, self.afterwards])

    @property
    def days(self) -> tuple[date, date] | None:
        """Give the days of arrival and of leaving, where others are wished for."""
        return (self.arrive, self.leave) if self.arrive and self.leave else None

    @property
    def moves(self) -> bool:
        """Say whether both wish for other days than those that the stop has."""
        return self.days not in {None, (self.stop.arrive, self.stop.leave)}

    def terms(self) -> list[Term]:
        """List all terms, also those that are left open."""
        return [Term(name, label, getattr(self, name)) for name, label in LABELS.items()]

    def shown(self) -> list[Term]:
        """List the terms as a page shows them: days only while the stop has others."""
        return [term for term in self.terms() if term.name != "days" or self.moves]


class Consent(models.Model):
    """The yes of one side to one version: who gave it, and when; it stays."""

    expectation = models.ForeignKey(Expectation, models.CASCADE, related_name="consents")
    side = models.CharField(max_length=9, choices=Side)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="consent_once_of_each_side", fields=["expectation", "side"]
            )
        ]
        triggers = [
            guards_of_agreement.consent_to_what_is_complete(),
            pgtrigger.Protect(name="consent_stays", operation=CHANGE),
        ]

    def __str__(self) -> str:
        return f"yes of the {self.side} to {self.expectation_id}"
