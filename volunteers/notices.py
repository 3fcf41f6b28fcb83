"""Messages about affiliates, accounts and check-ins: one function, one template each."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from volunteers import mailbox
from volunteers.models import (
    Affiliate,
    CheckIn,
    CheckInRhythm,
    Commitment,
    Import,
    Membership,
    Person,
    SharingInvitation,
    Strain,
    Watch,
)
from volunteers.models.care import Suggestion
from volunteers.models.check_ins import PATIENCE
from volunteers.models.notices import NoticeKind

CHECK_IN_SALT = "volunteers.check_in"
MORE_SALT = "volunteers.check_in_more"
AN_HOUR = timedelta(hours=1)
MOST_NAMED = 5  # commitments in a mail


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
        open_address=mailbox.absolute(
            reverse("exchange:hand_over", query={"affiliate": membership.affiliate.slug})
        ),
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


def invited_to_share(invitation: SharingInvitation, steward: Person) -> None:
    """Ask somebody, kindly, whether they would let the stewards see how they are loaded."""
    mailbox.post(
        invitation.person,
        key=f"invited-to-share:{invitation.pk}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/invited_to_share.txt",
        link=reverse("volunteers:sharing"),
        invitation=invitation,
        steward=steward,
    )


def imported(one: Import, person: Person) -> None:
    """Tell somebody, once per file, that an affiliate has written down hours of theirs."""
    mailbox.post(
        person,
        key=f"imported:{one.pk}:{person.pk}",
        kind=NoticeKind.IMPORT,
        template="volunteers/mail/imported.txt",
        link=reverse("volunteers:imported"),
        affiliate=one.affiliate,
    )


def suggested(
    affiliate: Affiliate, person: Person, what: Suggestion, steward: Person, at: datetime
) -> None:
    """Suggest a rest, or passing something on, once a month."""
    rest = what == Suggestion.REST
    mailbox.post(
        person,
        key=f"suggested:{what}:{affiliate.pk}:{person.pk}:{at:%Y-%m}",
        kind=NoticeKind.AFFILIATE,
        template="volunteers/mail/suggested.txt",
        link=reverse("volunteers:rest" if rest else "exchange:hand_over"),
        affiliate=affiliate,
        steward=steward,
        rest=rest,
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


def check_in_key(check_in: CheckIn) -> str:
    """Name the question of one person in one week."""
    return f"check-in:{check_in.person_id}:{check_in.week:%Y%m%d}"


def check_in_path(check_in: CheckIn) -> str:
    """Give the address at which one answers without signing in."""
    week = check_in.week.isoformat()
    token = signing.dumps([check_in.person_id, week], salt=CHECK_IN_SALT)
    return reverse("volunteers:check_in", args=[token])


def check_in_of(token: str) -> CheckIn:
    """Read which question a mail asked.

    Raises signing.SignatureExpired for an old mail, signing.BadSignature for any other text,
    CheckIn.DoesNotExist where it was deleted.
    """
    person, week = signing.loads(token, salt=CHECK_IN_SALT, max_age=CheckIn.ANSWERABLE)
    return CheckIn.objects.get(person=person, person__is_active=True, week=week)


def more_path(check_in: CheckIn) -> str:
    """Give the address at which one may add to an answer, for an hour."""
    token = signing.dumps(check_in.pk, salt=MORE_SALT)
    return reverse("volunteers:check_in_more", args=[token])


def answered_of(token: str) -> CheckIn:
    """Read which answer is to be added to.

    Raises signing.SignatureExpired after an hour, signing.BadSignature for any other text,
    CheckIn.DoesNotExist where it was deleted.
    """
    pk = signing.loads(token, salt=MORE_SALT, max_age=AN_HOUR)
    return CheckIn.objects.answered().get(pk=pk, person__is_active=True)


def ask_how_they_are(questions: Iterable[tuple[CheckIn, CheckInRhythm]]) -> None:
    """Ask many people how they are doing; `person` of each question is loaded."""
    letters = [
        mailbox.Letter(
            check_in.person,
            key=check_in_key(check_in),
            link=check_in_path(check_in),
            about={"answers": CheckIn.Answer.choices, "slower": rhythm.unanswered == PATIENCE},
            not_after=check_in.asked_at + CheckIn.ANSWERABLE,
        )
        for check_in, rhythm in questions
    ]
    template = "volunteers/mail/check_in.txt"
    mailbox.post_all(letters, kind=NoticeKind.CHECK_IN, template=template)


def ask_no_more(rhythms: Iterable[CheckInRhythm], day: date) -> None:
    """Tell people who never answered that we do not ask any more."""
    link = reverse("volunteers:check_ins")
    letters = [
        mailbox.Letter(
            one.person, key=f"check-in-ended:{one.person_id}:{day:%Y%m%d}", link=link
        )
        for one in rhythms
    ]
    template = "volunteers/mail/check_in_ended.txt"
    mailbox.post_all(letters, kind=NoticeKind.CHECK_IN, template=template)


def can_be_asked(watch: Watch) -> None:
    """Tell who waited for somebody that they can be asked; only once."""
    mailbox.post(
        watch.watcher,
        key=f"can-be-asked:{watch.pk}",
        kind=NoticeKind.ANSWER,
        template="volunteers/mail/can_be_asked.txt",
        link=watch.link,
        watch=watch,
    )


def no_longer_there(watch: Watch) -> None:
    """Tell who waited for somebody that what they would ask about has ended; only once."""
    mailbox.post(
        watch.watcher,
        key=f"no-longer-there:{watch.pk}",
        kind=NoticeKind.ANSWER,
        template="volunteers/mail/no_longer_there.txt",
        link=f"/catalogue/?{urlencode({'q': watch.what})}",
        watch=watch,
    )


def weeks_too_full(kind: str, strains: Iterable[tuple[Strain, list[Commitment]]]) -> None:
    """Tell people, once, that their weeks are too full or a rest is due, and what helps."""
    letters = [
        mailbox.Letter(
            one.person,
            key=f"{kind}:{one.person_id}:{one.began_day:%Y%m%d}",
            link=reverse("volunteers:bandwidth"),
            about={
                "taken": taken[:MOST_NAMED],
                "hand_over": mailbox.absolute("/me/hand-over/"),
            },
        )
        for one, taken in strains
    ]
    template = f"volunteers/mail/{kind}.txt"
    mailbox.post_all(letters, kind=NoticeKind.BANDWIDTH, template=template)


def somebody_is_strained(
    strains: Iterable[Strain], stewards: Mapping[int, Iterable[tuple[Person, str]]]
) -> None:
    """Tell the stewards who may see it to look at their desk.

    It names nobody: what a person takes back must not stay in somebody's letter box.
    """
    letters = [
        mailbox.Letter(
            steward,
            key=f"strained:{one.kind}:{one.person_id}:{one.began_day:%Y%m%d}:{steward.pk}",
            link=desk,
        )
        for one in strains
        for steward, desk in stewards.get(one.person_id, ())
        if steward.pk != one.person_id
    ]
    template = "volunteers/mail/strained.txt"
    mailbox.post_all(letters, kind=NoticeKind.AFFILIATE, template=template)
