"""Applying to an edition: begin, send, withdraw; every step leaves a row of history."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from capx.states import IllegalMove
from grandtour.models import Application, ApplicationEvent, Edition, Needs, Window
from grandtour.notices import applications as notices
from volunteers.models import Person, Skill
from volunteers.models.bandwidth import days

State = Application.State
WRITABLE = {State.DRAFT, State.INCOMPLETE}
WRITTEN = [
    *("goals", "voice_note", "brings", "spreads", "place", "country", "affiliate"),
    *("purpose", "languages", "travels_by", "first_time", "revision", "changed_at"),
]
# How long after the last day of travel private needs are kept, for accidents and insurers.
NEEDS_KEPT = timedelta(days=60)


class NotOpen(Exception):
    """The edition takes no applications on this day."""


@dataclass(frozen=True, slots=True)
class Private:
    """What only organisers read: access, food, papers, anything else."""

    access: str = ""
    diet: str = ""
    visa: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An application as its form left it; None: what was typed names no skill we know."""

    application: Application
    wants: list[Skill] | None
    shares: list[Skill] | None


@transaction.atomic
def begin(edition: Edition, person: Person, *, day: date) -> Application:
    """Begin an application, or go on with the one there is; raises NotOpen."""
    kept = Application.objects.filter(edition=edition, person=person).first()
    if kept:
        return kept
    if not edition.takes_applications(day):
        raise NotOpen
    spoken = person.languages.order_by("-level", "pk").values_list("language", flat=True)
    known = {
        "place": person.place,
        "country": person.place.country if person.place else "",
        "languages": list(spoken),
    }
    rows = Application.objects
    return rows.get_or_create(edition=edition, person=person, defaults=known)[0]


@transaction.atomic
def keep(written: Written, periods: list[tuple[date, date]] | None, private: Private) -> None:
    """Keep what somebody wrote, when they could be away, and apart what they need.

    `periods`: pairs of a first and a last day; None leaves them as they are. Raises
    IllegalMove when it has been sent meanwhile.
    """
    application = written.application
    held = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if held.state not in WRITABLE:
        raise IllegalMove(f"{application} has been sent")
    application.save(update_fields=WRITTEN)
    for name, skills in (("wants", written.wants), ("shares", written.shares)):
        if skills is not None:
            getattr(application, name).set(skills)
    if periods is not None:
        application.windows.all().delete()
        Window.objects.bulk_create(
            Window(application=application, period=days(*pair)) for pair in periods
        )
    _keep_needs(application, private)


def _keep_needs(application: Application, private: Private) -> None:
    """Keep what somebody needs until its day; nothing keeps nothing."""
    given = asdict(private)
    if not any(given.values()):
        Needs.objects.filter(application=application).delete()
        return
    until = application.edition.travel_last_day + NEEDS_KEPT
    Needs.objects.update_or_create(
        application=application, defaults=given | {"purge_day": until}
    )


@transaction.atomic
def submit(application: Application, *, at: datetime, day: date) -> None:
    """Send an application to the organisers; raises NotOpen, IllegalMove.

    Raises IntegrityError where something is missing that it cannot be read without.
    """
    answering = application.state == State.INCOMPLETE
    if not answering and not application.edition.takes_applications(day):
        raise NotOpen
    application.move(State.SUBMITTED, submitted_at=at, consented_at=at)
    _note(application, application.person, at=at)
    notices.submitted(application)


@transaction.atomic
def withdraw(application: Application, *, at: datetime) -> None:
    """Take an application back, whatever has become of it; raises IllegalMove.

    What private needs it had is gone at once.
    """
    application.move(State.WITHDRAWN, ended_at=at)
    Needs.objects.filter(application=application).delete()
    _note(application, application.person, at=at)
    notices.withdrawn(application)


@transaction.atomic
def take_up(application: Application, *, at: datetime, day: date) -> None:
    """Go on with an application that was taken back; raises NotOpen, IllegalMove."""
    if not application.edition.takes_applications(day):
        raise NotOpen
    application.move(State.DRAFT, ended_at=None)
    _note(application, application.person, at=at)


@transaction.atomic
def discard(application: Application) -> None:
    """Throw a draft away that was never sent; raises IllegalMove."""
    never_sent = Application.objects.filter(
        pk=application.pk, state=State.DRAFT, submitted_at=None
    )
    if application.events.exists() or not never_sent.delete()[0]:
        raise IllegalMove(f"{application} has been sent")


def _note(application: Application, person: Person, *, at: datetime) -> None:
    """Write a row of history."""
    ApplicationEvent.objects.create(
        application=application, person=person, state=application.state, at=at
    )
