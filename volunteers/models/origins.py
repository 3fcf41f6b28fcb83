"""What came of what: an offer of a journey, a journey of a request.

Apps that do not know each other meet here by keys: who writes a row knows both of them.
"""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import Person


class OriginQuerySet(models.QuerySet["Origin"]):
    """Reads of what came of what."""

    def of(self, source: str, *keys: int) -> Self:
        """Keep what came of these."""
        return self.filter(source=source, source_key__in=keys)

    def told(self) -> Self:
        """Keep what others can see, or take part in."""
        return self.filter(told_at__isnull=False)

    def made_as(self, made: str, keys: Collection[int]) -> Self:
        """Keep where these came from."""
        return self.filter(made=made, made_key__in=keys)


class Origin(models.Model):
    """Where something came from: told once it is published, sent, offered or done."""

    class Source(models.TextChoices):
        """What something came of."""

        PLACE = "place", _("A place in a journey")
        APPLICATION = "application", _("An application")
        EDITION = "edition", _("An edition")
        REQUEST = "request", _("A request")

    class Made(models.TextChoices):
        """What came of it."""

        OFFER = "offer", _("An offer")
        PRACTICE = "practice", _("A practice")
        EXCHANGE = "exchange", _("An exchange")
        APPLICATION = "application", _("An application")
        HOST = "host", _("A host")

    source = models.CharField(max_length=11, choices=Source)
    source_key = models.PositiveBigIntegerField()
    made = models.CharField(max_length=11, choices=Made)
    made_key = models.PositiveBigIntegerField()
    # Who made it; nobody's any more when they are forgotten.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects = OriginQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="origin_one_of_what_was_made", fields=["made", "made_key"]
            ),
            models.CheckConstraint(
                name="origin_leads_from_one_app_to_the_other",
                condition=Q(source="request", made__in=["application", "host"])
                | Q(source="place", made__in=["offer", "practice", "exchange"])
                | Q(source__in=["application", "edition"], made="practice"),
            ),
        ]
        indexes = [models.Index(name="origin_by_source", fields=["source", "source_key"])]

    def __str__(self) -> str:
        return f"{self.made} {self.made_key} of {self.source} {self.source_key}"
