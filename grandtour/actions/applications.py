"""Applying to an edition: begin, send, withdraw; every step leaves a row of history."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction

from capx.marks import may_write
from capx.states import IllegalMove
from grandtour.actions import conflicts, journeys, needs
from grandtour.models import Answer, Application, ApplicationEvent, Edition, Needs, Window
from grandtour.notices import applications as notices
from grandtour.notices import partners
from volunteers.actions import origins
from volunteers.models import Origin, Person, Skill
from volunteers.models.bandwidth import days, today

State = Application.State
WRITABLE = {State.DRAFT, State.INCOMPLETE}
# Where what somebody needs can still matter to a journey.
ON_THE_WAY = {
    *(State.SUBMITTED, State.IN_REVIEW, State.SHORTLISTED, State.WAITING),
    *(State.PLACED, State.CONFIRMED),
}
WRITTEN = [
    *("way", "goals", "voice_note", "brings", "spreads", "place", "country", "affiliate"),
    *("purpose", "languages", "travels_by", "first_time", "revision", "changed_at"),
    *("peer_role", "partner", "nights"),
]


class NotOpen(Exception):
    """The edition takes no applications on this day."""


class Changed(Exception):
    """Another form has written into it meanwhile."""


@dataclass(frozen=True, slots=True)
class Private:
    """What only organisers read: access, food, papers, anything else."""

    step_free: bool = False
    access: str = ""
    diet: str = ""
    visa: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An application as its form left it."""

    application: Application
    wants: list[Skill]
    shares: list[Skill]
    # The mark of the row that the form was filled in from.
    based_on: str = ""
    # What was answered to questions, by their key; what is not in it stays as it is.
    answers: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def begin(edition: Edition, person: Person, *, day: date) -> Application:
    """Begin an application, or go on with the one there is; raises NotOpen.

    From then on others organise that edition, so it is held: what they do now is over first.
    """
    kept = Application.objects.filter(edition=edition, person=person).first()
    if kept:
        return kept
    if not Edition.objects.hold(edition.pk).takes_applications(day):
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
    IllegalMove when it has been sent or thrown away meanwhile, Changed when another form has
    written meanwhile.
    """
    application = written.application
    rows = Application.objects.select_for_update(no_key=True)
    held = rows.filter(pk=application.pk, state__in=WRITABLE).first()
    if held is None:
        raise IllegalMove(f"{application} has been sent")
    if not may_write(held, application.revision, written.based_on):
        raise Changed
    application.save(update_fields=WRITTEN)
    application.wants.set(written.wants)
    application.shares.set(written.shares)
    _keep_answers(written)
    if periods is not None:
        application.windows.all().delete()
        Window.objects.bulk_create(
            Window(application=application, period=days(*pair)) for pair in periods
        )
    _keep_needs(application, private)


def _keep_answers(written: Written) -> None:
    """Keep what was answered; nothing keeps nothing."""
    for key, words in written.answers.items():
        rows = Answer.objects.filter(application=written.application, question=key)
        if not words.strip():
            rows.delete()
        elif not rows.update(words=words):
            Answer.objects.create(application=written.application, question_id=key, words=words)


def _keep_needs(application: Application, private: Private) -> None:
    """Keep what somebody needs; nothing keeps nothing."""
    given = asdict(private)
    if not any(given.values()):
        Needs.objects.filter(application=application).delete()
        return
    Needs.objects.update_or_create(application=application, defaults=given)


def may_change_needs(application: Application) -> bool:
    """Say whether needs are changed apart from the form: it was sent, or some are kept."""
    if application.state in WRITABLE:
        return False
    return application.state in ON_THE_WAY or hasattr(application, "needs")


@transaction.atomic
def change_needs(application: Application, private: Private) -> None:
    """Keep what somebody needs by now, after it was sent; nothing at all deletes it.

    Whoever reads it goes on reading it. Raises IllegalMove.
    """
    mine = Application.objects.filter(pk=application.pk)
    needs.hold_editions(mine.values("pk"))
    held = mine.select_for_update(no_key=True).get()
    if not may_change_needs(held):
        raise IllegalMove(f"{held} has no needs to change")
    _keep_needs(held, private)
    if not private.step_free:
        needs.leave_plans([held.pk])


@transaction.atomic
def send(
    written: Written, periods: list[tuple[date, date]], private: Private, *, at: datetime
) -> None:
    """Keep an application as it was written, and send it to the organisers.

    Raises what `keep` raises; NotOpen where the edition takes none on this day of the
    applicant's, and then nothing of it is kept. Whoever read others here reads them no more.
    """
    application = written.application
    editions = Edition.objects.select_for_update(of=("self",), no_key=True)
    edition = editions.get(pk=application.edition_id)
    day = today(application.person, at)
    if application.state == State.DRAFT and not edition.takes_applications(day):
        raise NotOpen
    keep(written, periods, private)
    application.move(State.SUBMITTED, submitted_at=at, consented_at=at, missing="")
    conflicts.stop_rivals(edition, at=at)
    conflicts.note_partner(application, at=at)
    origins.tell(Origin.Made.APPLICATION, application.pk, at=at)
    _note(application, application.person, at=at)
    notices.submitted(application)
    partners.asked(Application.objects.filter(pk=application.pk), at=at)


@transaction.atomic
def purge_needs(day: date) -> int:
    """Delete what people said they need once nobody has to know it; say of how many.

    How many needed what is kept.
    """
    outdated = Needs.objects.outdated(day)
    needs.hold_editions(outdated.values("pk"))  # two workers at once: the second finds none
    return needs.let_go(outdated)


@transaction.atomic
def withdraw(application: Application, *, at: datetime) -> None:
    """Take an application back, whatever has become of it; raises IllegalMove.

    What private needs it had is gone at once. The edition is locked before the journey, and
    that before the application, as everywhere.
    """
    needs.hold_editions(Application.objects.filter(pk=application.pk).values("pk"))
    journeys.leave(application.person, at=at, application=application)
    application.move(State.WITHDRAWN, ended_at=at)
    if application.seats.filter(state__in=journeys.BEFORE_HOME).exists():
        raise IllegalMove(f"{application} was given a place in this very moment")
    needs.leave_plans([application.pk])
    Needs.objects.filter(application=application).delete()
    _note(application, application.person, at=at)
    notices.withdrawn(application)


@transaction.atomic
def take_up(application: Application, *, at: datetime, day: date) -> None:
    """Go on with an application that was taken back; raises NotOpen, IllegalMove."""
    if not Edition.objects.hold(application.edition_id).takes_applications(day):
        raise NotOpen
    application.move(State.DRAFT, ended_at=None)
    _note(application, application.person, at=at)


@transaction.atomic
def discard(application: Application) -> None:
    """Throw a draft away that was never sent; raises IllegalMove."""
    key = application.pk
    never_sent = Application.objects.filter(pk=key, state=State.DRAFT, submitted_at=None)
    if application.events.exists() or not never_sent.delete()[0]:
        raise IllegalMove(f"{application} has been sent")
    origins.let_go(Origin.Made.APPLICATION, key)


def _note(application: Application, person: Person, *, at: datetime) -> None:
    """Write a row of history."""
    ApplicationEvent.objects.create(
        application=application, person=person, state=application.state, at=at
    )
