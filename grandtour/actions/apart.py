"""Who leaves what is decided about plans and journeys to others, and who could act instead.

Actions ask here while they hold the rows, so no path leads around it; pages ask the same
beforehand, to say so instead of offering what would be refused.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from grandtour.actions.decisions import NotYours
from grandtour.models import (
    Edition,
    Host,
    barred_to,
    free_of,
    organisers_of,
    wishes_to_travel,
)
from grandtour.reports.viewers import READING, viewer_of
from volunteers.models import Membership, Person

NAMED = 5  # people who are named as those who can do it


class Travels(NotYours):
    """They wish to travel in this edition themselves; `others` are who organise it."""

    def __init__(self, others: tuple[Person, ...]) -> None:
        """Keep who can act instead."""
        super().__init__()
        self.others = others


class ReadsBlind(NotYours):
    """They read this edition without names, and reading is not over."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What somebody has a conflict of interest with, and who could act instead."""

    left: frozenset[int]
    others: tuple[Person, ...] = ()

    @property
    def forbids(self) -> bool:
        """Say whether they leave it to others; where nobody else is there they act."""
        return bool(self.left and self.others)


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
    if wishes_to_travel(person, edition):
        raise Travels(others_than(person, edition))


def others_than(person: Person, edition: Edition) -> tuple[Person, ...]:
    """Name some who organise an edition, but for one person."""
    people = organisers_of(edition).exclude(pk=person.pk)
    return tuple(people.order_by("name", "pk")[:NAMED])


def apart(person: Person, edition: Edition, keys: Collection[int]) -> Apart:
    """Say what of these applications somebody leaves to others, and who is free to act."""
    left = barred_to(person, edition) & set(keys)
    if not left:
        return Apart(left)
    free = free_of(organisers_of(edition).exclude(pk=person.pk), keys)
    return Apart(left, tuple(free.order_by("name", "pk")[:NAMED]))


def must_not_speak_for(host: Host, person: Person) -> Apart:
    """Stop whoever would decide about a host that is their own affiliate's, or who travels.

    Where every organiser belongs to it, one of them acts. Raises Travels, LeftToOthers.
    """
    must_organise(host.edition, person)
    found = speaks_for(person, host.edition.hosts.filter(pk=host.pk))
    if found.forbids:
        raise LeftToOthers(found)
    return found


def speaks_for(person: Person, hosts: "models.QuerySet[Host]") -> Apart:
    """Say which of an edition's hosts are of somebody's affiliates, and who is of none."""
    homes = Membership.objects.confirmed()
    own = hosts.filter(affiliate__in=homes.filter(person=person).values("affiliate"))
    if not (rows := list(own)):
        return Apart(frozenset())
    left = frozenset(host.pk for host in rows)
    members = homes.filter(affiliate__in=own.values("affiliate")).values("person")
    others = organisers_of(rows[0].edition_id).exclude(pk=person.pk).exclude(pk__in=members)
    return Apart(left, tuple(others.order_by("name", "pk")[:NAMED]))


def must_be_free(person: Person, edition: Edition, keys: Collection[int]) -> Apart:
    """Stop whoever travels, reads blind, or leaves one of these applications to others.

    Raises Travels, ReadsBlind, LeftToOthers.
    """
    must_not_be_ones_own(edition, person)
    return must_know_nobody(person, edition, keys)


def must_know_nobody(person: Person, edition: Edition, keys: Collection[int]) -> Apart:
    """Stop whoever travels, or leaves one of these to others; raises Travels, LeftToOthers."""
    must_organise(edition, person)
    found = apart(person, edition, keys)
    if found.forbids:
        raise LeftToOthers(found)
    return found
