"""The letter box: write a notice in the same transaction, send it soon after."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from volunteers.models import Notice, NoticePreference, Person
from volunteers.models.notices import NoticeKind

RETRY_AFTER = timedelta(minutes=20)
TRIES = 20
SALT = "volunteers.unsubscribe"

logger = logging.getLogger(__name__)


def post(
    to: Person, *, key: str, kind: NoticeKind, template: str, link: str = "", **about: Any
) -> None:
    """Queue one message in the person's language; a second call with the same key does nothing.

    The template's first line is the subject; `link` is an address on this site.
    """
    if not to.is_active:
        return
    with translation.override(to.language):
        text = render_to_string(template, {"recipient": to, "link": absolute(link), **about})
    subject, body = text.strip().split("\n", maxsplit=1)
    by_mail = bool(to.email) and not to.muted.filter(kind=kind).exists()
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=to,
                key=key,
                kind=kind,
                subject=one_line(subject),
                body=body.strip(),
                link=link,
                by_mail=by_mail,
            )
        ],
        ignore_conflicts=True,
    )


def post_to_address(
    address: str, *, subject: str, body: str, about: Person | None = None
) -> None:
    """Queue a mail about an account, such as a code, to an address not known as theirs yet."""
    Notice.objects.create(
        recipient=about,
        to=address,
        key=f"account:{uuid4()}",
        kind=NoticeKind.ACCOUNT,
        subject=one_line(subject),
        body=body,
    )


def one_line(subject: str) -> str:
    """Make a subject that no mail server refuses, whatever people wrote into a title."""
    return " ".join(subject.split())[:300]


def absolute(path: str) -> str:
    """Make an address on this site one that works in a mail."""
    return f"{settings.SITE_URL}{path}" if path else ""


@transaction.atomic
def send_next(now: datetime) -> bool:
    """Send the oldest mail that is due; say whether there was one."""
    due = Notice.objects.due(now).select_related("recipient").order_by("not_before", "pk")
    notice = due.select_for_update(skip_locked=True, of=("self",)).first()
    if notice is None:
        return False
    notice.tries += 1
    try:
        letter(notice).send()
    except (OSError, ValueError) as refused:
        # Every SMTP error is an OSError, an address that cannot be written is a ValueError;
        # the next notice must not wait for this one.
        logger.warning("Mail %s did not go out: %s", notice.key, refused)
        notice.not_before = now + RETRY_AFTER
        notice.by_mail = notice.tries < TRIES
    else:
        notice.sent_at = now
        if notice.kind == NoticeKind.ACCOUNT:
            notice.body = ""  # it held a code or a link that opens the account
    notice.save(update_fields=["tries", "not_before", "by_mail", "sent_at", "body"])
    return True


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
        by_mail=True, tries=0, sent_at=None, not_before=at
    )


def letter(notice: Notice) -> EmailMessage:
    """Write the mail of a notice; the same notice always has the same Message-ID."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    body, person = notice.body, notice.recipient
    if person and notice.kind != NoticeKind.ACCOUNT:
        away = absolute(unsubscribe_path(person, NoticeKind(notice.kind)))
        headers["List-Unsubscribe"] = f"<{away}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        with translation.override(person.language):
            no_more = _("No more mail about “%(kind)s”: %(address)s") % {
                "kind": NoticeKind(notice.kind).label,
                "address": away,
            }
        body = f"{body}\n\n-- \n{no_more}"
    to = notice.to or (person.email if person else "")
    return EmailMessage(notice.subject, body, to=[to], headers=headers)


def unsubscribe_path(person: Person, kind: NoticeKind) -> str:
    """Give the address that ends mail of one kind without signing in."""
    token = signing.dumps([person.pk, str(kind)], salt=SALT)
    return reverse("volunteers:unsubscribe", args=[token])


def unsubscribed(token: str) -> tuple[Person, NoticeKind]:
    """Read who wants no more mail of which kind.

    Raises signing.BadSignature for a token that we did not make, Person.DoesNotExist for
    somebody who left.
    """
    pk, kind = signing.loads(token, salt=SALT)
    return Person.objects.here().get(pk=pk), NoticeKind(kind)


def mute(person: Person, kind: NoticeKind) -> None:
    """End mail of one kind; twice is the same as once."""
    NoticePreference.objects.get_or_create(person=person, kind=kind)
