"""Who wishes to hear when somebody takes requests again; whom they wait for learns nothing."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import Person


class WatchQuerySet(models.QuerySet["Watch"]):
    """Reads of who waits for whom."""

    def live(self, now: datetime) -> Self:
        """Keep those that still wait."""
        return self.filter(told_at=None, begun_at__gt=now - Watch.ENDS)

    def due(self, now: datetime) -> Self:
        """Keep those whose turn to be looked at has come."""
        return self.live(now).filter(next_look_at__lte=now)

    def outdated(self, now: datetime) -> Self:
        """Keep what is to be forgotten, whether anything came of it or not."""
        return self.filter(begun_at__lte=now - Watch.ENDS)

    def shown_to(self, watcher: Person, now: datetime) -> Self:
        """Keep what this person waits for and may see, the newest first."""
        mine = self.live(now).filter(watcher=watcher)
        seen = mine.filter(person__in=Person.objects.visible_to(watcher))
        return seen.select_related("person").order_by("-begun_at", "-pk")


class Watch(models.Model):
    """Somebody waits until another can be asked for something, once."""

    ENDS = timedelta(days=90)
    MOST_A_WEEK = Decimal(999)  # nobody has so much room, and the column holds no more

    person = models.ForeignKey(Person, models.CASCADE, related_name="watched_by")
    watcher = models.ForeignKey(Person, models.CASCADE, related_name="watches")
    # What they would ask about, and where; the other apps know what stands there.
    what = models.CharField(_("what"), max_length=200)
    link = models.CharField(max_length=300)
    first_day = models.DateField(_("from"), null=True)
    last_day = models.DateField(_("until"), null=True)
    weekly_hours = models.DecimalField(max_digits=9, decimal_places=6, default=0)
    invited = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    next_look_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            models.UniqueConstraint(
                name="watch_one_waits_per_person",
                fields=["watcher", "person"],
                condition=Q(told_at=None),
            ),
            models.CheckConstraint(
                name="watch_somebody_else", condition=~Q(person=F("watcher"))
            ),
        ]
        indexes = [
            models.Index(name="watch_due", fields=["next_look_at"], condition=Q(told_at=None))
        ]

    def __str__(self) -> str:
        return f"watch {self.pk}"

    @property
    def until(self) -> date:
        """Give the day on which it ends by itself."""
        return (self.begun_at + self.ENDS).date()
