"""The letter box: write a notice in the same transaction, send it soon after."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from volunteers.models import Notice, NoticePreference, Person
from volunteers.models.letterbox import Due, lock_next
from volunteers.models.notices import InRest, NoticeKind, in_rest

# After each try that failed so many minutes pass, five days in all.
WAITS = [1, 2, 5, 10, 20, 40, 80, 160, 320, *[360] * 19]
TRIES = len(WAITS) + 1
# Mails over one line; many mail servers hang up after a hundred.
OVER_ONE_LINE = 50
# So many notices stand in one letter; a rest of months has more than one then.
TOGETHER = 50
NIGHT, MORNING = time(22), time(8)
SALT = "volunteers.unsubscribe"

logger = logging.getLogger(__name__)


class Away(Exception):
    """The mail server does not answer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person that is not written yet; `about` is what the template needs.

    `link` is an address on this site; after `not_after` it is not sent any more.
    """

    to: Person
    key: str
    link: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    not_after: datetime | None = None


def post(
    to: Person, *, key: str, kind: NoticeKind, template: str, link: str = "", **about: Any
) -> None:
    """Queue one message in the person's language; a second call with the same key does nothing.

    The template's first line is the subject; `link` is an address on this site. Mail waits
    for the end of a rest and for the morning, unless it answers what the person does now:
    then `about` has `at_once`.
    """
    post_all([Letter(to, key, link, about)], kind=kind, template=template)


def post_all(letters: Iterable[Letter], *, kind: NoticeKind, template: str) -> None:
    """Queue many messages of one kind, each in its reader's language, in two statements."""
    here = sorted((one for one in letters if one.to.is_active), key=lambda one: one.to.language)
    people = [one.to.pk for one in here]
    muted = NoticePreference.objects.filter(kind=kind, person__in=people).values_list("person")
    silent = {person for (person,) in muted} if here else set()
    rows = []
    for language, theirs in groupby(here, key=lambda one: one.to.language):
        with translation.override(language):
            rows += [_written(one, kind, template) for one in theirs]
    for row in rows:
        row.by_mail = row.by_mail and row.recipient_id not in silent
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _written(letter: Letter, kind: NoticeKind, template: str) -> Notice:
    """Write a message in the language of the moment."""
    to, about = letter.to, letter.about
    with timezone.override(to.zone):
        context = {"recipient": to, "link": absolute(letter.link), **about}
        text = render_to_string(template, context)
    subject, body = text.strip().split("\n", maxsplit=1)
    return Notice(
        recipient=to,
        key=letter.key,
        kind=kind,
        subject=one_line(subject),
        body=body.strip(),
        link=letter.link,
        by_mail=bool(to.email),
        at_once=about.get("at_once", False) or in_rest(kind) == InRest.COMES,
        not_after=letter.not_after,
    )


def post_to_address(
    address: str,
    *,
    subject: str,
    body: str,
    about: Person | None = None,
    not_after: datetime | None = None,
) -> None:
    """Queue a mail about an account to an address not known as theirs yet.

    A code is worth nothing any more at `not_after`.
    """
    Notice.objects.create(
        recipient=about,
        to=address,
        key=f"account:{uuid4()}",
        kind=NoticeKind.ACCOUNT,
        subject=one_line(subject),
        body=body,
        at_once=True,
        not_after=not_after,
    )


def take_back(key: str) -> None:
    """Do not send a message that nobody needs any more; it stays in the inbox."""
    Notice.objects.filter(key=key, sent_at=None).update(by_mail=False)


def one_line(subject: str) -> str:
    """Make a subject that no mail server refuses, whatever people wrote into a title."""
    return " ".join(subject.split())[:300]


def absolute(path: str) -> str:
    """Make an address on this site one that works in a mail."""
    return f"{settings.SITE_URL}{path}" if path else ""


def send_some(now: datetime) -> bool:
    """Send what is due, some at a time over one line; say whether there was anything.

    Each mail has its own transaction: whoever is killed half-way has sent what is noted as
    sent, and one more at most. Where the mail server does not answer, all wait for the next
    time, and no mail has failed: to try each in turn would hold the worker for hours.
    """
    line = get_connection()
    sent = 0
    try:
        while sent < OVER_ONE_LINE and send_next(now, line):
            sent += 1
    except Away as away:
        logger.warning("The mail server does not answer; all mail waits: %s", away)
    finally:
        line.close()
    return sent > 0


@transaction.atomic
def send_next(now: datetime, line: BaseEmailBackend | None = None) -> bool:
    """Send the oldest mail that is due, or put it off; say whether there was one.

    What waited for somebody's morning goes out as one letter, and is noted in one transaction.
    Over this line to the mail server, which stays open; without one, over a line of its own.
    Raises Away.
    """
    due = lock_next(now)
    if due is None:
        return False
    notice = due.notice
    together = [notice]
    if _too_late(notice, now):
        pass
    elif wait := _wait_until(due, now):
        notice.not_before, notice.held = wait, True
    else:
        together += _waited_too(notice, now)
        _open(line)
        _send([one for one in together if one.by_mail], now, line)
    for one in together:
        one.save(update_fields=["tries", "not_before", "held", "by_mail", "sent_at", "body"])
    return True


def _open(line: BaseEmailBackend | None) -> None:
    """Open the line to the mail server, unless it is open. Raises Away."""
    try:
        if line:
            line.open()
    except OSError as away:
        raise Away(away) from away


def _too_late(notice: Notice, now: datetime) -> bool:
    """Say whether nobody needs it any more, and leave it behind then."""
    late = notice.not_after is not None and now > notice.not_after
    if late:
        notice.by_mail, notice.body = False, ""
    return late


def _waited_too(first: Notice, now: datetime) -> list[Notice]:
    """Give what waited for the same morning, locked; it is sent by whoever holds the first."""
    if not first.held or first.recipient is None:
        return []
    rows = Notice.objects.going_with(first, now).select_for_update(of=("self",))
    found = list(rows[: TOGETHER - 1])
    for notice in found:
        notice.recipient = first.recipient
        _too_late(notice, now)
    return found


def _wait_until(due: Due, now: datetime) -> datetime | None:
    """Find the next morning of somebody who rests or sleeps; None for mail that may go now.

    Whoever still rests on that morning waits for the one after it.
    """
    person = due.notice.recipient
    if person is None or due.notice.at_once:
        return None
    local = now.astimezone(person.zone)
    if not asleep(local.time()) and not any(local.date() in rest for rest in due.rests):
        return None
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return datetime.combine(day, MORNING, person.zone)


def asleep(hour: time) -> bool:
    """Say whether this is an hour at which nobody is written to."""
    return settings.QUIET_HOURS and (hour < MORNING or hour >= NIGHT)


def _send(notices: list[Notice], now: datetime, line: BaseEmailBackend | None) -> None:
    """Try to send them as one letter, and note what came of it; trouble ends the line."""
    mail = letter(*notices)
    for notice in notices:
        notice.tries += 1
    mail.connection = line
    try:
        mail.send()
    except (OSError, ValueError) as refused:
        # Every SMTP error is an OSError, an address that cannot be written is a ValueError;
        # the next notice must not wait for this one.
        logger.warning("Mail %s did not go out: %s", notices[0].key, refused)
        again = now + timedelta(minutes=WAITS[min(notices[0].tries, len(WAITS)) - 1])
        for notice in notices:
            notice.by_mail = notice.tries < TRIES
            notice.not_before = again if notice.by_mail else notice.not_before
        if line:
            line.close()
    else:
        for notice in notices:
            notice.sent_at = now
            if notice.kind == NoticeKind.ACCOUNT:
                notice.body = ""  # it held a code or a link that opens the account


@transaction.atomic
def send_again(notices: QuerySet[Notice], *, at: datetime) -> int:
    """Put mails back into the letter box, and say how many.

    What is not wished by mail, has no address or was for once (a code) stays as it is.
    """
    muted = NoticePreference.objects.filter(person=OuterRef("recipient"), kind=OuterRef("kind"))
    reachable = Q(to__gt="") | Q(recipient__is_active=True, recipient__email__gt="")
    again = notices.exclude(body="").filter(~Exists(muted)).filter(reachable)
    keys = list(again.values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=keys).update(
        by_mail=True, tries=0, sent_at=None, not_before=at, held=False
    )


def letter(notice: Notice, *more: Notice) -> EmailMessage:
    """Write the mail of a notice, or of several to one person.

    The same notices always have the same Message-ID. Mail programs end all kinds that are in
    it with one click; below stands a way out of each.
    """
    host = urlsplit(settings.SITE_URL).hostname
    name = "-".join(["notice", str(notice.pk), *(str(one.pk) for one in more)])
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    subject, body, person = notice.subject, notice.body, notice.recipient
    if person and more:
        subject, body = _together(person, [notice, *more])
    if person and notice.kind != NoticeKind.ACCOUNT:
        kinds = list(dict.fromkeys(NoticeKind(one.kind) for one in (notice, *more)))
        headers["List-Unsubscribe"] = f"<{absolute(unsubscribe_path(person, *kinds))}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        body = f"{body}\n\n-- \n{_ways_out(person, kinds)}"
    to = notice.to or (person.email if person else "")
    return EmailMessage(subject, body, to=[to], headers=headers)


def _together(person: Person, notices: list[Notice]) -> tuple[str, str]:
    """Write the subject and the words of a letter with several notices."""
    with translation.override(person.language):
        context = {"recipient": person, "notices": notices}
        text = render_to_string("volunteers/mail/together.txt", context)
    subject, body = text.strip().split("\n", maxsplit=1)
    return one_line(subject), body.strip()


def _ways_out(person: Person, kinds: Iterable[NoticeKind]) -> str:
    """Say how one ends mail of each of these kinds."""
    with translation.override(person.language):
        return "\n".join(
            _("No more mail about “%(kind)s”: %(address)s")
            % {"kind": kind.label, "address": absolute(unsubscribe_path(person, kind))}
            for kind in kinds
        )


def unsubscribe_path(person: Person, *kinds: NoticeKind) -> str:
    """Give the address that ends mail of some kinds without signing in."""
    token = signing.dumps([person.pk, *map(str, kinds)], salt=SALT)
    return reverse("volunteers:unsubscribe", args=[token])


def unsubscribed(token: str) -> tuple[Person, list[NoticeKind]]:
    """Read who wants no more mail of which kinds.

    Raises signing.BadSignature for a token that we did not make, Person.DoesNotExist for
    somebody who left.
    """
    pk, *kinds = signing.loads(token, salt=SALT)
    return Person.objects.here().get(pk=pk), [NoticeKind(kind) for kind in kinds]


def mute(person: Person, kind: NoticeKind) -> None:
    """End mail of one kind; twice is the same as once."""
    NoticePreference.objects.get_or_create(person=person, kind=kind)
