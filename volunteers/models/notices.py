"""The letter box: every message we owe somebody, and what they wish to receive."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.people import Person


class NoticeKind(models.TextChoices):
    """What a notice is about; people choose by these what reaches them by mail."""

    ASK = "ask", _("Somebody asks you or offers help")
    CALL = "call", _("Open calls: somebody looks for what you can do")
    ANSWER = "answer", _("Answers to what you asked or offered")
    MESSAGE = "message", _("Messages in an exchange")
    AGREEMENT = "agreement", _("Agreements: what changed, what waits for you")
    REMINDER = "reminder", _("Reminders about your exchanges")
    THANKS = "thanks", _("Thank-yous")
    LISTING = "listing", _("Your own listings: still true, expired")
    BANDWIDTH = "bandwidth", _("Your weeks: too full, or without a rest for long")
    AFFILIATE = "affiliate", _("Your affiliates: who joins, and notes of stewards")
    IMPORT = "import", _("Hours that an affiliate's files bring about you")
    TOUR = "tour", _("The Grand Tour: your applications, your affiliate's offers to host")
    CHECK_IN = "check_in", _("Check-ins: how are you doing?")
    MODERATION = "moderation", _("What happened to a report")
    ACCOUNT = "account", _("Your account: sign-in and security")


class InRest(models.TextChoices):
    """What becomes of a kind of notice while its reader rests or is left alone."""

    UNWRITTEN = "unwritten", _("Nobody can ask you, and nothing is written to you about")
    WAITS = "waits", _("Mail that waits until you are back; here you can read it before")
    COMES = (
        "comes",
        _("Mail that still comes, as does what answers something you do at that moment"),
    )


# Who writes these looks first whether somebody rests: the gate, and whoever asks by the clock.
UNWRITTEN = {NoticeKind.ASK, NoticeKind.CALL, NoticeKind.BANDWIDTH, NoticeKind.CHECK_IN}


def in_rest(kind: NoticeKind) -> InRest:
    """Say what becomes of a kind while its reader rests; the letter box goes by it."""
    if kind == NoticeKind.ACCOUNT:
        return InRest.COMES
    return InRest.UNWRITTEN if kind in UNWRITTEN else InRest.WAITS


def kinds_in_rest() -> dict[InRest, list[NoticeKind]]:
    """List what becomes of each kind of notice while its reader rests."""
    return {fate: [kind for kind in NoticeKind if in_rest(kind) == fate] for fate in InRest}


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of the letter box."""

    def due(self, now: datetime) -> Self:
        """Keep the mails that should have gone out by now."""
        return self.filter(sent_at=None, by_mail=True, not_before__lte=now)

    def going_with(self, first: "Notice", now: datetime) -> Self:
        """Keep what waited for the same person as this one and is due, the oldest first."""
        waited = self.due(now).filter(held=True, recipient=first.recipient_id)
        return waited.exclude(pk=first.pk).order_by("not_before", "pk")

    def to_addresses(self, addresses: Iterable[str]) -> Self:
        """Keep the mails to one of these addresses that were written to no account."""
        either = reduce(or_, (Q(to__iexact=address) for address in addresses), Q(pk=None))
        return self.filter(either, recipient=None)

    def outdated(self, now: datetime) -> Self:
        """Keep the mails to addresses that became nobody's, a while after they were written."""
        return self.filter(recipient=None, created_at__lt=now - Notice.KEPT_FOR_NOBODY)

    def inbox(self, person: Person) -> Self:
        """Keep what a person reads here, the newest first."""
        mine = self.filter(recipient=person).exclude(kind=NoticeKind.ACCOUNT)
        return mine.order_by("-created_at", "-pk")

    def unread(self) -> Self:
        """Keep what has not been read yet."""
        return self.filter(read_at=None).exclude(kind=NoticeKind.ACCOUNT)


class Notice(models.Model):
    """One message to one person; the row itself is the queue."""

    KEPT_FOR_NOBODY = timedelta(days=30)

    # Nobody: a mail to an address that has no account (yet).
    recipient = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="notices", verbose_name=_("for whom")
    )
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField()
    link = models.CharField(_("link"), max_length=300, blank=True)
    to = models.EmailField(
        _("address"), blank=True, help_text=_("Where, if not to the person's address.")
    )
    by_mail = models.BooleanField(default=True)
    # It answers what the person does at this moment: it waits for no morning.
    at_once = models.BooleanField(default=False)
    # It waited for a morning: it goes together with what else waited for it.
    held = models.BooleanField(default=False)
    # A code that is no longer valid opens nothing: its mail stays behind.
    not_after = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="notice_to_somebody",
                condition=Q(recipient__isnull=False) | (Q(kind="account") & ~Q(to="")),
            )
        ]
        indexes = [
            models.Index(
                name="notice_next",
                fields=["-at_once", "not_before", "id"],
                condition=Q(sent_at=None, by_mail=True),
            ),
            models.Index(
                name="notice_held",
                fields=["recipient"],
                condition=Q(sent_at=None, by_mail=True, held=True),
            ),
            models.Index(name="notice_inbox", fields=["recipient", "-created_at", "-id"]),
            models.Index(name="notice_unread", fields=["recipient"], condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"  # its key would tell what it is about


class NoticePreference(models.Model):
    """A kind of notice that a person does not wish to receive by mail."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="muted")
    kind = models.CharField(max_length=10, choices=NoticeKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_preference_once", fields=["person", "kind"]),
            models.CheckConstraint(
                name="notice_preference_not_account", condition=~Q(kind="account")
            ),
        ]

    def __str__(self) -> str:
        return f"no mail about {self.kind}"
