"""Who leaves what is decided to others, and who could act instead.

Nobody acts about whom they have a conflict of interest with, a traveller or a host of their own
affiliates, also where nobody else is free of one: then somebody else is made an organiser.
Actions ask here while they hold the edition, so no path leads around it and nobody begins to
apply in that moment; pages ask the same beforehand, to offer nothing that would be refused.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from grandtour.actions.decisions import NotYours
from grandtour.models import (
    Application,
    Edition,
    Host,
    Reviewer,
    barred_to,
    organisers_free_of,
    organisers_of,
)
from grandtour.reports.viewers import READING, viewer_of
from volunteers.models import Person

NAMED = 5  # people who are named as those who can do it


class Travels(NotYours):
    """They wish to travel in this edition, or did: `others` organise it.

    Where nobody does, the `keepers` of the site can make somebody an organiser; `may_leave`:
    so can they themselves, by taking their application back.
    """

    def __init__(
        self,
        others: tuple[Person, ...],
        keepers: tuple[Person, ...] = (),
        *,
        may_leave: bool = False,
    ) -> None:
        """Keep who can act instead."""
        super().__init__()
        self.others, self.keepers, self.may_leave = others, keepers, may_leave


class ReadsBlind(NotYours):
    """They read this edition without names, and reading is not over."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What somebody has a conflict of interest with, and who could act instead.

    `left` are applications, `own` hosts of affiliates they belong to. Where none of the
    `others` is free of conflicts, the `keepers` of the site can make somebody an organiser.
    """

    left: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()
    others: tuple[Person, ...] = ()
    keepers: tuple[Person, ...] = ()

    @property
    def forbids(self) -> bool:
        """Say whether they leave it to others."""
        return bool(self.left or self.own)


class LeftToOthers(NotYours):
    """They have a conflict of interest; `found` says with whom, and who can act."""

    def __init__(self, found: Apart) -> None:
        """Keep what was found."""
        super().__init__()
        self.found = found


def must_not_be_ones_own(edition: Edition, person: Person) -> None:
    """Stop whoever wishes to travel in this edition, or still reads it blind.

    Raises Travels, ReadsBlind.
    """
    if edition.state in READING and viewer_of(person, edition, timezone.localdate()).blind:
        raise ReadsBlind
    must_organise(edition, person)


def must_organise(edition: Edition, person: Person) -> None:
    """Stop whoever wishes to travel in this edition: it is for others; raises Travels."""
    mine = Application.objects.pursued().filter(person=person, edition=edition).first()
    if mine is not None:
        others = others_than(person, edition)
        ends = Application.State.WITHDRAWN in Application.MOVES[Application.State(mine.state)]
        raise Travels(others, () if others else keepers(), may_leave=ends)


def others_than(person: Person, edition: Edition) -> tuple[Person, ...]:
    """Name some who organise an edition, but for one person."""
    return _named(organisers_of(edition).exclude(pk=person.pk))


def keepers() -> tuple[Person, ...]:
    """Name some who run the site, and can make somebody an organiser."""
    return _named(Person.objects.keepers())


def _named(people: "models.QuerySet[Person]") -> tuple[Person, ...]:
    return tuple(people.order_by("name", "pk")[:NAMED])


def leaves(
    person: Person, edition: Edition, keys: Collection[int], hosts: Collection[int] = ()
) -> tuple[frozenset[int], frozenset[int]]:
    """Say which of these applications and of these hosts somebody leaves to others."""
    left = barred_to(person, edition) & set(keys) if keys else frozenset()
    own = Host.objects.filter(pk__in=hosts).of_affiliates_with(person)
    return left, frozenset(own.values_list("pk", flat=True) if hosts else ())


def apart(
    person: Person, edition: Edition, keys: Collection[int], hosts: Collection[int] = ()
) -> Apart:
    """Say what of this somebody leaves to others, and who is free to act about all of it."""
    left, own = leaves(person, edition, keys, hosts)
    return left_to(person, edition, (left, own), (keys, hosts))


def left_to(
    person: Person,
    edition: Edition,
    left: tuple[frozenset[int], frozenset[int]],
    about: tuple[Collection[int], Collection[int]],
) -> Apart:
    """Say who could act `about` some applications and hosts instead of who leaves some."""
    if not any(left):
        return Apart()
    keys, hosts = about
    others = _named(organisers_free_of(edition, keys, hosts).exclude(pk=person.pk))
    return Apart(*left, others, () if others else keepers())


def read_first_by(edition: Edition, keys: Collection[int]) -> Apart:
    """Say who reads names, and could so read some applications before reviewers do.

    Whoever reads blind is told this: who has a conflict with one of them is named as well, or
    who is missing would tell whose they are.
    """
    if not keys:
        return Apart()
    blind = Reviewer.objects.exclude(state=Reviewer.State.DECLINED).filter(edition=edition)
    people = organisers_of(edition).exclude(pk__in=blind.values("person"))
    others = _named(people)
    return Apart(frozenset(keys), others=others, keepers=() if others else keepers())


def must_be_free(
    person: Person, edition: Edition, keys: Collection[int], hosts: Collection[int] = ()
) -> None:
    """Stop whoever travels, reads blind, or leaves some of these to others.

    Raises Travels, ReadsBlind, LeftToOthers.
    """
    must_not_be_ones_own(edition, person)
    must_know_nobody(person, edition, keys, hosts)


def must_know_nobody(
    person: Person, edition: Edition, keys: Collection[int], hosts: Collection[int] = ()
) -> None:
    """Stop whoever travels, or leaves some of these to others; raises Travels, LeftToOthers."""
    must_organise(edition, person)
    found = apart(person, edition, keys, hosts)
    if found.forbids:
        raise LeftToOthers(found)
