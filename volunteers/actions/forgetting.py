"""Letting go of a person: what is theirs goes, an empty row keeps the others' rows whole."""

import re
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from capx.traces import GONE, take_out
from volunteers.models import Ask, Block, Commitment, Notice, Person, Thanks


def names_of(person: Person) -> list[str]:
    """List everything by which a text may name somebody."""
    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    social = SocialAccount.objects.filter(user=person)
    known = [data.get("username", "") for data in social.values_list("extra_data", flat=True)]
    return [
        *(person.name, person.username, person.wiki_name, person.email),
        *addresses,
        *(name for name in known if isinstance(name, str)),
    ]


def forget(person: Person, names: re.Pattern[str], told: QuerySet[Person]) -> None:
    """Delete what is theirs, and take their name out of the rest, and of the mail of `told`."""
    _take_out_names(person, names)
    _take_out_of_mail(person, names, told)
    _delete_rows(person)
    _close_account(person)


def _take_out_names(person: Person, names: re.Pattern[str]) -> None:
    """Take the name out of what others keep: thanks, asks, the desk's history."""
    take_out(Thanks.objects.filter(giver=person), ["words", "about"], names)
    take_out(Ask.objects.filter(Q(asker=person) | Q(person=person)), ["why"], names)
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Person), object_id=str(person.pk)
    )
    take_out(about, ["change_message"], names)
    take_out(LogEntry.objects.filter(user=person), ["change_message"], names)
    about.update(object_repr=GONE)


def _take_out_of_mail(person: Person, names: re.Pattern[str], told: QuerySet[Person]) -> None:
    """Take the name out of the letter boxes and commitments of those who met the person."""
    met = Person.objects.filter(
        Q(asks__asker=person) | Q(asks_made__person=person) | Q(thanks_received__giver=person)
    )
    near = Person.objects.filter(memberships__affiliate__memberships__person=person)
    everybody = met.union(near, told, Person.objects.organisers(), all=True).values("pk")
    others = Notice.objects.filter(recipient__in=everybody).exclude(recipient=person)
    take_out(others, ["subject", "body", "link"], names)
    take_out(Commitment.objects.filter(person__in=met).exclude(person=person), ["what"], names)


def _delete_rows(person: Person) -> None:
    """Delete what is theirs alone."""
    for theirs in (
        person.languages,
        person.person_skills,
        person.memberships,
        person.bandwidth,
        person.rests,
        person.commitments,
        person.notices,
        person.muted,
        person.thanks_received,
    ):
        theirs.all().delete()
    Block.objects.filter(Q(person=person) | Q(blocked=person)).delete()


def _close_account(person: Person) -> None:
    """Delete every way to sign in, and every right."""
    EmailAddress.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()


def empty(person: Person, *, at: datetime) -> None:
    """Leave of the row only that there was one."""
    bare = Person(pk=person.pk, date_joined=person.date_joined, hidden_at=person.hidden_at)
    bare.username = Person.objects.free_username(f"forgotten-{person.pk}")
    bare.set_unusable_password()
    bare.visibility = Person.Visibility.HIDDEN
    bare.may_be_asked = False
    bare.is_active = False
    bare.forgotten_at = at
    bare.save(force_update=True)
