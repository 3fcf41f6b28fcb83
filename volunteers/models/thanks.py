"""Thank-yous: words from one side of something to the other, never counted."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import Person


class ThanksQuerySet(models.QuerySet["Thanks"]):
    """Reads of thank-yous."""

    def shown(self) -> Self:
        """Keep those that both sides wish to show."""
        return self.filter(giver_shows=True, receiver_shows=True)

    def to_be_read_by(self, viewer: Person | AnonymousUser) -> Self:
        """Keep those of people this viewer sees, or who left, the newest first."""
        seen = Q(giver__in=Person.objects.visible_to(viewer))
        found = self.filter(seen | Q(giver__in=Person.objects.who_left()))
        return found.select_related("giver").order_by("-created_at", "-pk")


class Thanks(models.Model):
    """One thank-you about one exchange or journey, or about nothing in particular."""

    giver = models.ForeignKey(Person, models.CASCADE, related_name="thanks_given")
    receiver = models.ForeignKey(Person, models.CASCADE, related_name="thanks_received")
    key = models.CharField(max_length=100, help_text="What it is about, such as exchange:12.")
    about = models.CharField(max_length=200, blank=True)
    words = models.TextField(_("words"), max_length=2000)
    giver_shows = models.BooleanField(_("this may be shown on their page"), default=False)
    receiver_shows = models.BooleanField(_("show this on my page"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "thanks"
        constraints = [
            models.UniqueConstraint(name="thanks_one_per_side", fields=["giver", "key"]),
            models.CheckConstraint(
                name="thanks_to_somebody_else", condition=~Q(giver=F("receiver"))
            ),
        ]

    def __str__(self) -> str:
        return f"thanks {self.pk}"
