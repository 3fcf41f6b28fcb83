"""What people change about themselves, and whom they do not wish to meet."""

from collections.abc import Iterable

from django.db import transaction

from volunteers.models import Block, Person, PersonLanguage, PersonSkill, Skill


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


@transaction.atomic
def set_languages(person: Person, levels: dict[str, str]) -> None:
    """Note which languages somebody speaks, and how well."""
    Person.objects.select_for_update().get(pk=person.pk)  # two tabs saved at once
    person.languages.exclude(language__in=levels).delete()
    PersonLanguage.objects.bulk_create(
        [
            PersonLanguage(person=person, language=code, level=level)
            for code, level in levels.items()
        ],
        update_conflicts=True,
        unique_fields=["person", "language"],
        update_fields=["level"],
    )


@transaction.atomic
def set_skills(person: Person, skills: dict[str, Iterable[Skill]]) -> None:
    """Note what somebody can do, teaches and wants to learn."""
    Person.objects.select_for_update().get(pk=person.pk)  # two tabs saved at once
    for how, chosen in skills.items():
        keys = [skill.pk for skill in chosen]
        person.person_skills.filter(how=how).exclude(skill__in=keys).delete()
        PersonSkill.objects.bulk_create(
            [PersonSkill(person=person, skill_id=key, how=how) for key in keys],
            ignore_conflicts=True,
        )


@transaction.atomic
def block(person: Person, other: Person) -> None:
    """Let two people meet no more; nobody is told."""
    Block.objects.bulk_create([Block(person=person, blocked=other)], ignore_conflicts=True)


@transaction.atomic
def unblock(person: Person, other: Person) -> None:
    """Let two people meet again; nobody is told."""
    person.blocks.filter(blocked=other).delete()
