"""What was decided about applications, and the letters that say so."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.applications import Application
from volunteers.models import Person


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Reads of decisions."""

    def pending(self) -> Self:
        """Keep those that no applicant has heard of."""
        return self.filter(published_at=None)


class Decision(models.Model):
    """What becomes of an application; pending until it is published."""

    class Outcome(models.TextChoices):
        """What can be decided."""

        SHORTLISTED = "shortlisted", _("Short list")
        WAITING = "waiting", _("Waiting list")
        DECLINED = "declined", _("No")

    application = models.ForeignKey(Application, models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=11, choices=Outcome)
    by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"))
    published_at = models.DateTimeField(_("published"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                name="decision_one_pending_per_application",
                fields=["application"],
                condition=Q(published_at=None),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decision_stays_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func="""
                    RAISE EXCEPTION 'decision_stays_once_published'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="decision_not_about_oneself",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("by_id", "application_id"),
                when=pgtrigger.Before,
                func="""
                    IF NEW.by_id = (
                        SELECT person_id FROM grandtour_application
                        WHERE id = NEW.application_id
                    ) THEN
                        RAISE EXCEPTION 'decision_not_about_oneself'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class DecisionLetter(Stateful):
    """The words in which an applicant will hear of a decision; read before they go."""

    class State(models.TextChoices):
        """What becomes of a letter."""

        DRAFT = "draft", _("To be read")
        SENT = "sent", _("Sent")
        DISCARDED = "discarded", _("Discarded: no letter goes")

    MOVES: ClassVar = {
        State.DRAFT: {State.SENT, State.DISCARDED},
        State.DISCARDED: {State.DRAFT},
        State.SENT: set(),
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="letter")
    language = models.CharField(_("language"), max_length=8)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("words"), max_length=8000)
    written_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("changed"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                name="letter_sent_with_its_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            )
        ]

    def __str__(self) -> str:
        return self.subject
