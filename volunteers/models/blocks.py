"""Whom people do not wish to meet."""

from django.db import models
from django.db.models import F, Q

from volunteers.models.people import Person


class Block(models.Model):
    """A person who does not wish to be met by another; nobody else learns of it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Person, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="block_once", fields=["person", "blocked"]),
            models.CheckConstraint(
                name="block_somebody_else", condition=~Q(person=F("blocked"))
            ),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
