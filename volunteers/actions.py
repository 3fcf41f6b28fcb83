"""Everything that changes people, affiliates and what we tell them."""

from django.db import transaction

from volunteers.models import Person


@transaction.atomic
def confirm(person: Person) -> None:
    """Note that an account is in the hands of whom it belongs to."""
    if person.unconfirmed:
        person.unconfirmed = False
        person.save(update_fields=["unconfirmed"])


@transaction.atomic
def follow_wiki_name(person: Person, name: str) -> None:
    """Note what Wikimedia calls the account; a username that came from there goes with it."""
    if name == person.wiki_name:
        return
    if name and person.username == person.wiki_name:
        person.username = Person.objects.free_username(name)
    person.wiki_name = name
    person.save(update_fields=["username", "wiki_name"])
