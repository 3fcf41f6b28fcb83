"""Reports of abuse, and what was decided."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.exchanges import Message
from exchange.models.listings import Listing
from exchange.models.practices import Practice
from volunteers.models import Person

TARGETS = ("listing", "practice", "message", "person")


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads of reports."""

    def waiting(self) -> Self:
        """Keep what nobody has decided yet."""
        return self.filter(state=Report.State.WAITING)


def about_one_thing() -> Q:
    """Say that exactly one of the targets is set."""
    one = Q()
    for target in TARGETS:
        others = {f"{name}__isnull": name != target for name in TARGETS}
        one |= Q(**others)
    return one


class Report(Stateful):
    """Somebody says that something should not stand here."""

    class Reason(models.TextChoices):
        """Why."""

        SPAM = "spam", _("It is advertising or spam")
        UNKIND = "unkind", _("It is unkind, or hurts somebody")
        UNSAFE = "unsafe", _("I do not feel safe")
        PRIVATE = "private", _("It shows something private")
        UNTRUE = "untrue", _("It is not true, or pretends to be somebody else")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("Waiting")
        HIDDEN = "hidden", _("Hidden")
        DISMISSED = "dismissed", _("Left as it is")
        RESTORED = "restored", _("Restored")

    MOVES: ClassVar = {
        State.WAITING: {State.HIDDEN, State.DISMISSED},
        State.HIDDEN: {State.RESTORED},
        State.DISMISSED: {State.HIDDEN},
        State.RESTORED: {State.HIDDEN},
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.WAITING, editable=False
    )
    reporter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="reports")
    practice = models.ForeignKey(Practice, models.CASCADE, null=True, related_name="reports")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="reports")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="reports")
    reason = models.CharField(_("why"), max_length=8, choices=Reason)
    words = models.TextField(_("what we should know"), max_length=2000, blank=True)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("why we decided so"), max_length=2000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="report_about_one_thing", condition=about_one_thing()),
            models.CheckConstraint(
                name="report_decided_with_who_and_when",
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.UniqueConstraint(
                name="report_once_while_waiting",
                fields=["reporter", "listing", "practice", "message", "person"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                name="report_waiting", fields=["created_at"], condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
