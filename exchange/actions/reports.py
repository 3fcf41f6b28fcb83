"""Saying that something should not stand here, and what organisers decide about it."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from capx.states import IllegalMove
from exchange.models import Decision, Listing, Report, SearchDocument
from exchange.models.reports import ReportQuerySet, Target, author_of, kind_of
from exchange.notices import reports as notices
from volunteers.actions.bottlenecks import vanishing
from volunteers.models import Person

State = Report.State
A_DAY = timedelta(days=1)
REPORTS_A_DAY = 20


class TooMany(Exception):
    """More reports than anybody can mean in a day."""


class NotYours(Exception):
    """Only somebody who runs the whole site may hide a person who looks after it."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody says about a thing that should not stand here."""

    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decides, why, and what they had before their eyes: reports up to this key."""

    by: Person
    why: str
    at: datetime
    seen: int = 0


@transaction.atomic
def report(
    target: Target, reporter: Person, concern: Concern, *, at: datetime
) -> tuple[Report, bool]:
    """Bring something before the organisers; say whether it is new to them.

    What is reported again before they decided becomes part of the first report. Raises TooMany.
    """
    Person.objects.select_for_update(no_key=True).get(pk=reporter.pk)
    if Report.objects.since(at - A_DAY).filter(reporter=reporter).count() >= REPORTS_A_DAY:
        raise TooMany
    made, fresh = Report.objects.get_or_create(
        **{kind_of(target): target},
        reporter=reporter,
        state=State.WAITING,
        defaults={"reason": concern.reason, "words": concern.words, "created_at": at},
    )
    if fresh:
        notices.reported(made)
    elif concern.words and concern.words not in made.words:
        held = Report.objects.select_for_update().get(pk=made.pk)
        held.words = "\n\n".join(filter(None, [held.words, concern.words]))
        held.save(update_fields=["words"])
    return made, fresh


@transaction.atomic
def hide(target: Target, ruling: Ruling) -> None:
    """Take something off every page and out of every search, and tell those concerned why.

    Raises IllegalMove when it is hidden already, NotYours.
    """
    with vanishing(target) if isinstance(target, Person) else nullcontext():
        held = _hold(target, ruling.by)
        if held.hidden_at:
            raise IllegalMove(f"{target} is hidden already")
        _show(held, hidden_at=ruling.at)
    waiting = _seen(Report.objects.waiting(), held, ruling)
    _decide(held, waiting or [_last_or_own(held, ruling)], State.HIDDEN, ruling)
    notices.hidden(held, ruling.why, ruling.at)


@transaction.atomic
def restore(target: Target, ruling: Ruling) -> None:
    """Let something be seen again, and tell those concerned why.

    Raises IllegalMove when it is not hidden, NotYours.
    """
    held = _hold(target, ruling.by)
    if not held.hidden_at:
        raise IllegalMove(f"{target} is not hidden")
    _show(held, hidden_at=None)
    hidden = _seen(Report.objects.filter(state__in=[State.WAITING, State.HIDDEN]), held, ruling)
    _decide(held, hidden, State.RESTORED, ruling)
    notices.restored(held, ruling.why, ruling.at)


@transaction.atomic
def leave(target: Target, ruling: Ruling) -> None:
    """Leave something as it is, and tell who reported it why.

    Raises IllegalMove when nothing waits for a decision.
    """
    held = _hold(target, ruling.by)
    waiting = _seen(Report.objects.waiting(), held, ruling)
    if not waiting:
        raise IllegalMove(f"nothing about {target} waits for a decision")
    _decide(held, waiting, State.DISMISSED, ruling)


def _hold(target: Target, by: Person) -> Target:
    """Lock what is decided about, so that two organisers decide one after the other."""
    held: Target = type(target)._base_manager.select_for_update().get(pk=target.pk)
    if isinstance(held, Person) and held.is_staff and not by.is_superuser:
        raise NotYours
    return held


def _show(held: Target, hidden_at: datetime | None) -> None:
    """Write whether it is shown; the search follows in the same transaction."""
    held.hidden_at = hidden_at
    held.save(update_fields=["hidden_at"])
    if isinstance(held, Listing):
        SearchDocument.objects.write(held)


def _seen(reports: ReportQuerySet, target: Target, ruling: Ruling) -> list[Report]:
    """Read which of these reports the ruling answers: those the organiser has seen."""
    about = reports.about(target).filter(pk__lte=ruling.seen)
    return list(about.select_related("reporter").order_by("pk"))


def _last_or_own(target: Target, ruling: Ruling) -> Report:
    """Find the report that is taken up again, or write the organiser's own."""
    decided = Report.objects.about(target).exclude(state__in=[State.WAITING, State.HIDDEN])
    return decided.order_by("-pk").first() or Report.objects.create(
        **{kind_of(target): target},
        reporter=ruling.by,
        reason=Report.Reason.OTHER,
        created_at=ruling.at,
    )


def _decide(target: Target, reports: Iterable[Report], to: State, ruling: Ruling) -> None:
    """Move each report, keep who and when and why, and tell who had reported it."""
    told = {ruling.by.pk}
    if to != State.DISMISSED:
        told.add(author_of(target).pk)  # has a notice of their own
    for one in reports:
        one.move(to, decided_by=ruling.by, decided_at=ruling.at, decision=ruling.why)
        Decision.objects.create(
            report=one, state=to, by=ruling.by, at=ruling.at, words=ruling.why
        )
        if one.reporter_id not in told:
            notices.decided(one, ruling.at)
