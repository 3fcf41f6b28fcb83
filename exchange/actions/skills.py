"""Moving and merging skills: the tree changes, and with it what is found."""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction

from exchange.models import Listing, SearchDocument
from volunteers.models import Commitment, ImportLine, PersonSkill, Skill, SkillLabel
from volunteers.models.skills import name_key


class Below(Exception):
    """A skill cannot become part of what is below it."""


def follow(skill: Skill) -> None:
    """Bring what can be found in step with a skill that was moved, renamed or retired."""
    below = Skill.objects.within([skill])
    listings = Listing.objects.open().filter(skills__in=below).distinct()
    SearchDocument.objects.refresh(list(listings.values_list("pk", flat=True)))


@transaction.atomic
def merge(gone: Skill, kept: Skill) -> None:
    """Make one skill of two: all that had the first has the second, and is found by both names.

    Raises Below when the kept one stands below the other, or is the other.
    """
    pair = Skill.objects.select_for_update().order_by("pk").in_bulk([gone.pk, kept.pk])
    gone, kept = pair[gone.pk], pair[kept.pk]
    if gone.pk in kept.path:
        raise Below
    _hand_over(gone, kept)
    _hand_over_names(gone, kept)
    Skill.objects.filter(parent=gone).update(parent=kept)
    wikidata = gone.wikidata
    gone.delete()
    if wikidata and not kept.wikidata:
        kept.wikidata = wikidata
        kept.save(update_fields=["wikidata"])
    follow(kept)


def _hand_over(gone: Skill, kept: Skill) -> None:
    """Give the kept skill to all that had the other; nobody has it twice."""
    for how in PersonSkill.How.values:
        having = PersonSkill.objects.filter(skill=gone, how=how)
        both = PersonSkill.objects.filter(skill=kept, how=how).values("person")
        having.filter(person__in=both).delete()
        having.update(skill=kept)
    for owner, ties in _ties():
        having_it = ties.filter(skill=gone)
        having_it.filter(**{f"{owner}__in": ties.filter(skill=kept).values(owner)}).delete()
        having_it.update(skill=kept)
    Commitment.objects.filter(skill=gone).update(skill=kept)
    ImportLine.objects.filter(skill=gone).update(skill=kept)


def _ties() -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """Give every table that ties rows of any app to skills, and what it calls their owner."""
    for relation in Skill._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToManyRel):
            continue
        through = relation.through
        if through and through._meta.auto_created:
            field: Any = relation.field
            yield field.m2m_field_name(), through._base_manager.all()


def _hand_over_names(gone: Skill, kept: Skill) -> None:
    """Let the kept skill be found by all names of the other, in every language."""
    labels = {label.language: label for label in SkillLabel.objects.filter(skill=kept)}
    for other in SkillLabel.objects.filter(skill=gone).order_by("pk"):
        label = labels.get(other.language)
        if label is None:
            other.skill = kept
            other.save(update_fields=["skill"])
            continue
        names = [*label.other_names, other.label, *other.other_names]
        unique = {name_key(name): name for name in reversed(names)}
        unique.pop(name_key(label.label), None)
        label.other_names = list(reversed(unique.values()))
        label.save(update_fields=["other_names"])
