"""Finds out whom the lines of a file are about: only people whom a steward knows anyway."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction

from capx.folding import fold
from volunteers.imports.judging import judge
from volunteers.models import Import, ImportMatch, ImportRefusal, Person
from volunteers.models.people import PersonQuerySet


def takers(one: Import, viewer: Person | None = None) -> PersonQuerySet:
    """Give the people whom this import may be about, as its bringer or another steward sees.

    Of an affiliate's file: its confirmed members whom the one who brought it can meet, and who
    take hours from files. An address or a name of anybody else says nothing.
    """
    if one.affiliate_id is None:
        own: PersonQuerySet = Person.objects.here().filter(pk=one.by_id)
        return own
    return ImportRefusal.objects.takers(one.affiliate_id, viewer or one.by)


def recognise(one: Import) -> None:
    """Match contacts that were matched before, then by username, then by e-mail.

    A contact whose lines name two people stands for neither, whichever line comes first.
    """
    contacts = one.lines.unmatched().order_by("contact").distinct()
    said = list(contacts.values_list("contact", "username", "email"))
    if not said:
        return
    people = list(takers(one).values_list("pk", "username", "wiki_name", "email"))
    by_name = _only({(_wiki(name), pk) for pk, *names, _mail in people for name in names})
    by_mail = _only(
        {(mail.lower(), pk) for pk, _name, _wiki_name, mail in people}
        | {(mail.lower(), pk) for pk, mail in _confirmed(one)}
    )
    known = _remembered(one, {pk for pk, *_rest in people})
    pairs = (
        (contact, pk)
        for contact, username, email in said
        if (
            pk := known.get(contact)
            or by_name.get(_wiki(username))
            or by_mail.get(email.lower())
        )
    )
    _note(one, _only(pairs))


def _wiki(name: str) -> str:
    """Compare usernames as wikis do: an underscore is a space, the first letter is capital."""
    return fold(name.replace("_", " ").removeprefix("User:"))


def _only(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Keep the words, or the contacts, that only one person is known by."""
    found: dict[str, set[int]] = {}
    for words, pk in pairs:
        if words:
            found.setdefault(words, set()).add(pk)
    return {words: pks.pop() for words, pks in found.items() if len(pks) == 1}


def _confirmed(one: Import) -> list[tuple[int, str]]:
    """List the further addresses that people have shown to be theirs."""
    theirs = EmailAddress.objects.filter(verified=True, user__in=takers(one).values("pk"))
    return list(theirs.values_list("user_id", "email"))


def _remembered(one: Import, people: set[int]) -> dict[str, int]:
    """Give who stood for which contact before, where they still may."""
    pairs = ImportMatch.objects.filter(affiliate=one.affiliate_id)
    return {
        contact: pk for contact, pk in pairs.values_list("contact", "person_id") if pk in people
    }


def _note(one: Import, found: Mapping[str, int | None]) -> None:
    """Write down who stands for which contact of this file, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE volunteers_importline AS line SET person_id = found.person"
            " FROM unnest(%s::text[], %s::bigint[]) AS found (contact, person)"
            " WHERE line.of_id = %s AND line.contact = found.contact AND line.reason IN"
            " ('', 'twice', 'contradicts')",
            [list(found), list(found.values()), one.pk],
        )


def suggested(contacts: list[dict[str, Any]], takers: PersonQuerySet) -> list[dict[str, Any]]:
    """Suggest, by name, who may stand for contacts that nobody stands for yet."""
    names: dict[str, set[str]] = {}
    seen = set()
    for name, username in takers.values_list("name", "username"):
        names.setdefault(_in_order(name), set()).add(username)
        seen.add(username)
    for contact in contacts:
        if contact["person__username"] not in seen:
            contact["person__username"] = ""  # hidden since: the page knows nobody
        found = names.get(_in_order(contact["called"]), set())
        if not contact["person"] and contact["called"] and len(found) == 1:
            contact["suggested"] = next(iter(found))
    return contacts


def _in_order(name: str) -> str:
    """Compare names whichever part stands first: CiviCRM sorts by `Nowak, Ola`."""
    return " ".join(sorted(fold(name.replace(",", " ")).split()))


@transaction.atomic
def match(one: Import, chosen: Mapping[str, Person | None]) -> None:
    """Match contacts by hand, and remember it for the next file; None: nobody stands for it."""
    held = Import.objects.select_for_update().get(pk=one.pk, state=Import.State.READ)
    _note(held, {contact: person.pk if person else None for contact, person in chosen.items()})
    remembered = ImportMatch.objects.filter(affiliate=held.affiliate_id)
    remembered.filter(contact__in=[c for c, person in chosen.items() if not person]).delete()
    ImportMatch.objects.bulk_create(
        [
            ImportMatch(affiliate=held.affiliate, contact=contact, person=person)
            for contact, person in chosen.items()
            if person
        ],
        update_conflicts=True,
        unique_fields=["affiliate", "contact"],
        update_fields=["person"],
    )
    judge(held)
