"""Asks: that one person asked another, and when; each has passed the gate."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from volunteers.models.people import Person


class AskQuerySet(models.QuerySet["Ask"]):
    """Reads of asks."""

    def open(self) -> Self:
        """Keep those that still wait for an answer."""
        return self.filter(answered_at=None)

    def since(self, moment: datetime) -> Self:
        """Keep those made at or after this moment."""
        return self.filter(asked_at__gte=moment)


class Ask(models.Model):
    """One person asks another for something; only the gate writes these."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="asks")
    asker = models.ForeignKey(Person, models.PROTECT, related_name="asks_made")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined = models.BooleanField(default=False)
    # The person had invited answers (a request, a training): it takes none of their room.
    invited = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="ask_somebody_else", condition=~Q(person=F("asker"))),
            models.CheckConstraint(
                name="ask_declined_is_answered",
                condition=Q(declined=False) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="ask_by_person", fields=["person", "-asked_at"])]

    def __str__(self) -> str:
        return f"ask {self.pk}"
