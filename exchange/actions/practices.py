"""Writing down what was learnt: keep, publish, put away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from capx.states import IllegalMove
from exchange.actions.exchanges import A_DAY, DOUBLE_CLICK, note
from exchange.models import Artefact, Event, Exchange, Practice
from volunteers.actions import origins
from volunteers.models import Origin, Person, Skill

State = Practice.State
PUBLISHED_A_DAY = 30


@dataclass(frozen=True, slots=True)
class Written:
    """A practice with what belongs to it, as somebody wrote it."""

    practice: Practice
    skills: Sequence[Skill]
    artefacts: Sequence[Artefact]


@transaction.atomic
def keep(written: Written, *, at: datetime, publish: bool) -> Practice:
    """Save a practice; with `publish` let everybody read it.

    It stays a draft where its author has published more today than anybody can mean.
    """
    practice = written.practice
    if practice.pk is None and (twin := _just_written(practice, at)):
        return twin
    practice.save()
    practice.skills.set(written.skills)
    practice.artefacts.all().delete()
    for artefact in written.artefacts:
        artefact.practice = practice
    Artefact.objects.bulk_create(written.artefacts)
    if publish and practice.state != State.PUBLISHED and not _too_many(practice, at):
        _publish(practice, at)
    return practice


@transaction.atomic
def archive(practice: Practice) -> None:
    """Put a practice away; its author can bring it back. Raises IllegalMove."""
    practice.move(State.ARCHIVED)


@transaction.atomic
def bring_back(practice: Practice, *, at: datetime) -> None:
    """Let everybody read an archived practice again; raises IllegalMove."""
    if practice.state != State.ARCHIVED:
        raise IllegalMove
    _publish(practice, at)


def begun(exchange: Exchange, author: Person) -> Practice | None:
    """Find what this side has already begun to write about an exchange."""
    return Practice.objects.filter(exchange=exchange, author=author).first()


def _just_written(practice: Practice, at: datetime) -> Practice | None:
    """Find what the first press of the same button has made."""
    same = Practice.objects.filter(author=practice.author, title=practice.title)
    return same.filter(tried=practice.tried, created_at__gte=at - DOUBLE_CLICK).first()


def _too_many(practice: Practice, at: datetime) -> bool:
    """Tell whether its author, who is locked, has published enough for a day."""
    author = Person.objects.select_for_update(no_key=True).get(pk=practice.author_id)
    lately = Practice.objects.filter(author=author, published_at__gt=at - A_DAY)
    return practice.published_at is None and lately.count() >= PUBLISHED_A_DAY


def _publish(practice: Practice, at: datetime) -> None:
    first = practice.published_at is None
    practice.move(State.PUBLISHED, published_at=practice.published_at or at)
    origins.tell(Origin.Made.PRACTICE, practice.pk, at=at)
    if first and practice.exchange is not None:
        note(practice.exchange, Event.Verb.WROTE_DOWN, practice.author, at=at)
