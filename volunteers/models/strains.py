"""Stretches of weeks that were too full, so that people hear of each once."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from volunteers.models.people import Person


class StrainQuerySet(models.QuerySet["Strain"]):
    """Reads of strains."""

    def lasting(self) -> Self:
        """Keep those that have not ended."""
        return self.filter(ended_day=None)

    def known(self, day: date) -> Self:
        """Keep those that last, and those that ended on this day or later."""
        return self.filter(Q(ended_day=None) | Q(ended_day__gte=day))


class Strain(models.Model):
    """A time in which somebody's weeks were too full; the reminder of it is sent once."""

    class Kind(models.TextChoices):
        """What it was: three of four weeks too full, or six full weeks in a row."""

        OVERLOAD = "overload"
        REST_DUE = "rest_due"

    person = models.ForeignKey(Person, models.CASCADE, related_name="strains")
    kind = models.CharField(max_length=8, choices=Kind)
    began_day = models.DateField()
    ended_day = models.DateField(null=True)

    objects = StrainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="strain_one_of_a_kind_at_a_time",
                fields=["person", "kind"],
                condition=Q(ended_day=None),
            ),
            models.CheckConstraint(
                name="strain_days_in_order",
                condition=Q(ended_day=None) | Q(ended_day__gte=models.F("began_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.began_day}"
