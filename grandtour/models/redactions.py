"""What is taken out of an application while people read it without knowing whose it is."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.applications import Application


class RedactionQuerySet(models.QuerySet["Redaction"]):
    """Reads of what is hidden."""

    def hidden(self) -> Self:
        """Keep what reviewers do not read."""
        return self.filter(left_in=False)


class Redaction(models.Model):
    """One name or word that reviewers of an application do not read in a blind phase."""

    class Kind(models.TextChoices):
        """What it tells."""

        NAME = "name", _("Name")
        USERNAME = "username", _("Username")
        EMAIL = "email", _("E-mail")
        AFFILIATE = "affiliate", _("Affiliate")
        COUNTRY = "country", _("Country")
        CITY = "city", _("City")
        BY_HAND = "by_hand", _("Added by hand")

    application = models.ForeignKey(Application, models.CASCADE, related_name="redactions")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    phrase = models.CharField(_("words"), max_length=200)
    # An organiser has looked, and reviewers may read it: "Chad" is a name as well.
    left_in = models.BooleanField(_("left in"), default=False)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("hidden words")
        verbose_name_plural = _("hidden words")
        constraints = [
            models.UniqueConstraint(
                name="redaction_once_per_application", fields=["application", "phrase"]
            ),
            models.CheckConstraint(
                name="redaction_hides_something",
                condition=Q(phrase__regex=r"\S"),
                violation_error_message=_("Say which words."),
            ),
        ]

    def __str__(self) -> str:
        return self.phrase


class Transcript(models.Model):
    """What is said in a recording, written down for those who read without names."""

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="transcript", primary_key=True
    )
    words = models.TextField(_("what is said in the recording"), max_length=8000)

    class Meta:
        verbose_name = _("what is said in a recording")
        verbose_name_plural = _("what is said in recordings")

    def __str__(self) -> str:
        return f"transcript of {self.application_id}"
