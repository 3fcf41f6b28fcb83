"""Every message about affiliates and accounts: one function and one template each."""

from datetime import date, datetime

from volunteers import mailbox
from volunteers.models import Membership, Person
from volunteers.models.notices import NoticeKind


def membership_asked(membership: Membership, answerers: list[Person], day: date) -> None:
    """Tell those who can answer, once a day, that somebody says they belong to it."""
    asked = f"{membership.affiliate_id}:{membership.person_id}:{day}"
    for person in answerers:
        mailbox.post(
            person,
            key=f"membership-asked:{asked}:{person.pk}",
            kind=NoticeKind.AFFILIATE,
            template="volunteers/mail/membership_asked.txt",
            link=f"{membership.affiliate.get_absolute_url()}people/",
            membership=membership,
        )


def membership_confirmed(membership: Membership) -> None:
    """Tell somebody that they belong to the affiliate now."""
    mailbox.post(
        membership.person,
        key=f"membership-confirmed:{membership.pk}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/membership_confirmed.txt",
        link=membership.affiliate.get_absolute_url(),
        membership=membership,
    )


def membership_declined(membership: Membership) -> None:
    """Tell somebody, kindly, that the affiliate did not confirm it."""
    mailbox.post(
        membership.person,
        key=f"membership-declined:{membership.pk}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/membership_declined.txt",
        link=membership.affiliate.get_absolute_url(),
        membership=membership,
    )


def membership_ended(membership: Membership) -> None:
    """Tell somebody that they do not belong to the affiliate any more."""
    mailbox.post(
        membership.person,
        key=f"membership-ended:{membership.pk}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/membership_ended.txt",
        link=membership.affiliate.get_absolute_url(),
        membership=membership,
    )


def role_changed(membership: Membership, *, at: str) -> None:
    """Tell somebody what they may do for the affiliate from now on."""
    mailbox.post(
        membership.person,
        key=f"membership-role:{membership.pk}:{at}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/role_changed.txt",
        link=membership.affiliate.get_absolute_url(),
        membership=membership,
    )


def account_closed(person: Person, why: str, at: datetime) -> None:
    """Tell somebody that an organiser has closed their account, and why."""
    mailbox.post(
        person,
        key=f"account-closed:{person.pk}:{at.isoformat()}",
        kind=NoticeKind.ACCOUNT,
        template="volunteers/mail/account_closed.txt",
        why=why,
    )


def account_opened(person: Person, why: str, at: datetime) -> None:
    """Tell somebody that their account is open again."""
    mailbox.post(
        person,
        key=f"account-opened:{person.pk}:{at.isoformat()}",
        kind=NoticeKind.ACCOUNT,
        template="volunteers/mail/account_opened.txt",
        link="/",
        why=why,
    )
