"""What a letter about somebody may name, as they chose."""

from django.db import models

from exchange.models.exchanges import Exchange
from volunteers.models import Person


class Mention(models.Model):
    """An exchange that somebody lets letters about them name; nothing else is ever listed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="mentions")
    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mention_once", fields=["person", "exchange"])
        ]

    def __str__(self) -> str:
        return f"mention of {self.exchange_id}"
