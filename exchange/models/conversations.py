"""What two people said to each other about an exchange, and what happened in it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from volunteers.models import Person


class Message(models.Model):
    """What one side wrote to the other."""

    exchange = models.ForeignKey("Exchange", models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField(_("message"), max_length=8000)
    created_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="message_in_order", fields=["exchange", "created_at"])]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Event(models.Model):
    """Something that happened in an exchange; nobody edits the past."""

    class Verb(models.TextChoices):
        """What can happen."""

        ASKED = "asked", _("asked")
        ANSWERED = "answered", _("answered")
        SEATED = "seated", _("took a seat")
        PROPOSED = "proposed", _("wrote down what to agree on")
        CONFIRMED = "confirmed", _("confirmed the agreement")
        AGREED = "agreed", _("both agreed")
        KEPT = "kept", _("kept what was agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrew")
        EXPIRED = "expired", _("expired")
        HAPPENED = "happened", _("said that it happened")
        DID_NOT = "did_not", _("said that it did not happen")
        DONE = "done", _("done")
        NOT_DONE = "not_done", _("did not happen")
        THANKED = "thanked", _("said thanks")
        WROTE_DOWN = "wrote_down", _("wrote down a practice")
        CLOSED = "closed", _("closed")

    exchange = models.ForeignKey("Exchange", models.CASCADE, related_name="events")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    version = models.PositiveIntegerField(_("version of the agreement"), null=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(name="event_in_order", fields=["exchange", "at", "id"])]
        triggers = [
            pgtrigger.Protect(name="event_stays", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.verb} in {self.exchange_id}"
