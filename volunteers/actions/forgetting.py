"""Letting go of a person: what is theirs goes, an empty row keeps the others' rows whole."""

import json
import re
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from capx.traces import GONE, take_out
from volunteers.models import (
    Ask,
    Block,
    CheckInRhythm,
    Commitment,
    Import,
    ImportLine,
    Membership,
    Notice,
    Origin,
    Person,
    Thanks,
)


def names_of(person: Person) -> list[str]:
    """List everything by which a text may name somebody."""
    social = SocialAccount.objects.filter(user=person)
    known = [data.get("username", "") for data in social.values_list("extra_data", flat=True)]
    return [
        *(person.name, person.username, person.wiki_name),
        *_addresses(person),
        *(name for name in known if isinstance(name, str)),
    ]


def _addresses(person: Person) -> list[str]:
    known = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return [person.email, *known]


def forget(person: Person, names: re.Pattern[str], told: QuerySet[Any]) -> None:
    """Delete what is theirs, and take their name out of the rest.

    `told` are the keys of further people whose mail may name them.
    """
    _take_out_names(person, names)
    _take_out_of_the_log(person, names)
    _take_out_of_mail(person, names, told)
    _take_out_of_imports(person, names)
    _delete_rows(person)
    _close_account(person)


def _take_out_names(person: Person, names: re.Pattern[str]) -> None:
    """Take the name out of what others keep: thanks and asks."""
    take_out(Thanks.objects.filter(giver=person), ["words", "about"], names)
    take_out(Ask.objects.filter(Q(asker=person) | Q(person=person)), ["why"], names)


def _take_out_of_the_log(person: Person, names: re.Pattern[str]) -> None:
    """Take the name out of the desk's history, where an entry about anything may hold it."""
    about = {
        "content_type": ContentType.objects.get_for_model(Person),
        "object_id": str(person.pk),
    }
    either = Q(**about) | Q(user=person)
    for name in filter(None, names_of(person)):
        either |= Q(object_repr__icontains=name) | Q(change_message__icontains=name)
        either |= Q(change_message__icontains=json.dumps(name)[1:-1])
    entries = list(LogEntry.objects.filter(either).only("object_repr", "change_message"))
    for entry in entries:
        entry.object_repr = names.sub(GONE, entry.object_repr)
        entry.change_message = _without(entry.change_message, names)
    LogEntry.objects.bulk_update(entries, ["object_repr", "change_message"], batch_size=200)
    LogEntry.objects.filter(**about).update(object_repr=GONE)


def _without(message: str, names: re.Pattern[str]) -> str:
    """Take the name out of an entry; its JSON spells letters beyond ASCII by their numbers."""

    def clean(part: dict[str, Any]) -> dict[str, Any]:
        said = {key: one for key, one in part.items() if isinstance(one, str)}
        return part | {key: names.sub(GONE, one) for key, one in said.items()}

    try:
        return json.dumps(json.loads(message, object_hook=clean))
    except ValueError:
        return names.sub(GONE, message)


def _take_out_of_mail(person: Person, names: re.Pattern[str], told: QuerySet[Any]) -> None:
    """Take the name out of the letter boxes and commitments of those who met the person.

    Keys are collected from each table by its index: joined in one query, they multiply.
    """
    met = [
        person.asks_made.values_list("person"),
        person.asks.values_list("asker"),
        person.thanks_given.values_list("receiver"),
        person.looks_taken.values_list("person"),
    ]
    groups = person.memberships.values("affiliate")
    near = Membership.objects.filter(affiliate__in=groups).values_list("person")
    organisers = Person.objects.organisers().values_list("pk")
    everybody = told.union(near, organisers, *met)
    others = Notice.objects.filter(recipient__in=everybody).exclude(recipient=person)
    take_out(others, ["subject", "body", "link"], names)
    theirs = Commitment.objects.filter(person__in=met[0].union(*met[1:]))
    take_out(theirs.exclude(person=person), ["what"], names)


def _take_out_of_imports(person: Person, names: re.Pattern[str]) -> None:
    """Delete the lines of affiliates' files that are about the person or name them."""
    groups = person.memberships.values("affiliate")
    near = Import.objects.filter(Q(affiliate__in=groups) | Q(by=person))
    take_out(near, ["file_name"], names)
    _take_out_of_files(near, names)
    lines = ImportLine.objects.filter(Q(of__in=near.values("pk")) | Q(person=person))
    texts = lines.values_list("pk", "person", "what", "about", "name", "email", "cells")
    naming = [
        pk
        for pk, about, *words, cells in texts.iterator()
        if about == person.pk or names.search("\n".join([*words, *cells]))
    ]
    ImportLine.objects.filter(pk__in=naming).delete()


def _take_out_of_files(near: QuerySet[Import], names: re.Pattern[str]) -> None:
    """Take the name out of files whose lines are not read yet."""
    unread = near.exclude(content=b"").select_for_update(of=("self",), no_key=True)
    for one in unread.order_by("pk"):
        text = bytes(one.content).decode(one.letters)
        one.content = names.sub(GONE, text).encode(one.letters, errors="replace")
        one.save(update_fields=["content"])


def _delete_rows(person: Person) -> None:
    """Delete what is theirs alone."""
    origins = Origin.objects.filter(person=person)
    origins.filter(told_at=None).delete()
    origins.update(person=None)
    for theirs in (
        person.languages,
        person.person_skills,
        person.memberships,
        person.bandwidth,
        person.rests,
        person.strains,
        person.commitments,
        person.check_ins,
        CheckInRhythm.objects.filter(person=person),
        person.imports.filter(affiliate=None),
        person.import_matches,
        person.import_refusals,
        person.checks,
        person.checks_made,
        person.watches,
        person.watched_by,
        person.steward_access,
        person.sharing_invitations,
        person.looks,
        person.looks_taken,
        person.sessions,
        person.notices,
        person.muted,
        person.thanks_received,
    ):
        theirs.all().delete()
    Block.objects.filter(Q(person=person) | Q(blocked=person)).delete()
    Notice.objects.to_addresses(_addresses(person)).delete()


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
