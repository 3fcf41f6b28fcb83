"""What happens to applications behind their applicants' pages."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from grandtour.models.applications import Application
from grandtour.models.phases import Reviewer
from volunteers.models import Person


class ReviewEvent(models.Model):
    """What happened to an application behind its applicant's page; nobody edits the past."""

    class Verb(models.TextChoices):
        """What can happen."""

        ASSIGNED = "assigned", _("given to a reviewer")
        UNASSIGNED = "unassigned", _("taken from a reviewer")
        GIVEN = "given", _("review given")
        REOPENED = "reopened", _("review taken back to change it")
        OTHERS_READ = "others", _("reviewer has read what others think")
        ABSTAINED = "abstained", _("reviewer abstained")
        CONFLICT = "conflict", _("conflict of interest: no access any more")
        LIFTED = "lifted", _("conflict of interest lifted")
        REDACTED = "redacted", _("what is hidden was changed")
        LOOKED = "looked", _("texts read before reviewers read them")
        PENDING = "pending", _("decided, not published")
        CLEARED = "cleared", _("decision taken back before anybody heard of it")
        WRITTEN = "written", _("letter written")
        EDITED = "edited", _("letter changed")
        DISCARDED = "discarded", _("letter discarded")
        PUBLISHED = "published", _("decision published")

    application = models.ForeignKey(Application, models.CASCADE, related_name="review_events")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, null=True, related_name="+")
    # Codes and numbers only: scores as given, the outcome, the kind of a conflict, by what one
    # knows a text again.
    about = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("when"))

    class Meta:
        indexes = [
            models.Index(name="review_event_in_order", fields=["application", "at", "id"])
        ]
        triggers = [
            pgtrigger.Protect(
                name="review_event_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} of {self.application_id}"
