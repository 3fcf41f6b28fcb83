"""Reports of abuse, and what was decided."""

from datetime import datetime
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.conversations import Message
from exchange.models.exchanges import Exchange
from exchange.models.listings import Listing
from exchange.models.practices import Practice
from volunteers.models import Person

TARGETS = ("listing", "practice", "message", "person")
Target = Listing | Practice | Message | Person


def kind_of(target: Target) -> str:
    """Say in one word what is reported."""
    return str(target._meta.model_name)


def author_of(target: Target) -> Person:
    """Say who wrote it, or who it is."""
    return target if isinstance(target, Person) else target.author


def reportable(what: str, person: Person) -> "models.QuerySet[Any]":
    """Keep what this person sees of others, and what is hidden of their own.

    Raises KeyError for a kind of thing that nobody can report.
    """
    seen: dict[str, models.QuerySet[Any]] = {
        "listing": Listing.objects.visible_to(person),
        "practice": Practice.objects.visible_to(person),
        "message": Message.objects.filter(exchange__in=Exchange.objects.involving(person)),
        "person": Person.objects.visible_to(person),
    }
    mine = Q(pk=person.pk) if what == "person" else Q(author=person)
    return seen[what].filter(mine & Q(hidden_at__isnull=False) | ~mine & Q(hidden_at=None))


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads of reports."""

    def waiting(self) -> Self:
        """Keep what nobody has decided yet."""
        return self.filter(state=Report.State.WAITING)

    def since(self, moment: datetime) -> Self:
        """Keep those made at or after this moment."""
        return self.filter(created_at__gte=moment)

    def about(self, target: "Target") -> Self:
        """Keep those that are about this very thing."""
        return self.filter(**{kind_of(target): target})

    def in_full(self) -> Self:
        """Read what was reported, and by whom, in the same query."""
        return self.select_related(
            *("reporter", "decided_by", "listing__author", "practice__author"),
            *("message__author", "message__exchange__listing", "person"),
        )


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
        State.WAITING: {State.HIDDEN, State.DISMISSED, State.RESTORED},
        State.HIDDEN: {State.RESTORED},
        State.DISMISSED: {State.HIDDEN},
        State.RESTORED: {State.HIDDEN},
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.WAITING, editable=False
    )
    reporter = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who reported it")
    )
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="reports")
    practice = models.ForeignKey(Practice, models.CASCADE, null=True, related_name="reports")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="reports")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="reports")
    reason = models.CharField(_("why"), max_length=8, choices=Reason)
    words = models.TextField(_("what we should know"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("reported"))
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("why we decided so"), max_length=2000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
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

    def get_absolute_url(self) -> str:
        """Give the page on which the reporter reads what became of it."""
        return reverse("exchange:reported", args=[self.pk])

    @property
    def target(self) -> Target:
        """Give what was reported; read it with `in_full`."""
        found: Target = next(row for name in TARGETS if (row := getattr(self, name)))
        return found


class Decision(models.Model):
    """What an organiser decided about a report, and why; nobody edits the past."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=9, choices=Report.State)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(max_length=2000)

    class Meta:
        indexes = [models.Index(name="decision_in_order", fields=["report", "at", "id"])]
        triggers = [
            pgtrigger.Protect(
                name="decision_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
