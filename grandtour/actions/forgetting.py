"""Letting go of a person in the Grand Tour."""

from datetime import datetime

from grandtour.models import Application, Needs
from volunteers.models import Person

State = Application.State
# What is kept of an application that was decided: where it came from, not what it said.
GONE = {
    "goals": "-",
    "brings": "",
    "spreads": "",
    "voice_note": "",
    "affiliate": None,
}


def forget(person: Person, *, at: datetime) -> None:
    """Take a person's applications back, with every word in them; call it in a transaction."""
    mine = Application.objects.filter(person=person)
    Needs.objects.filter(application__person=person).delete()
    mine.filter(state=State.DRAFT, submitted_at=None, events=None).delete()
    for application in mine.select_for_update(no_key=True).order_by("pk"):
        if State.WITHDRAWN in Application.MOVES[State(application.state)]:
            application.move(State.WITHDRAWN, ended_at=at)
    mine.update(**GONE)
    for through in (Application.wants.through, Application.shares.through):
        through.objects.filter(application__person=person).delete()
