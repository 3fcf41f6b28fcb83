"""What travellers and hosts hear before they leave, after each stop, and after the journey."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from grandtour.models import ChecklistItem, Edition, LookBack, Seat, Stop, Training
from grandtour.models.looking_back import ANSWERABLE
from grandtour.notices.expectations import speaking_for
from volunteers import mailbox
from volunteers.models.notices import NoticeKind

SALT = "grandtour.look_back"
A_DAY = timedelta(days=1)


def soon(
    seat: Seat,
    days: int,
    items: Iterable[ChecklistItem],
    missing: Iterable[Stop],
    untrained: Iterable[Training] = (),
) -> None:
    """Tell a traveller what is still to be seen to, so many days before they leave.

    Where the journey has been moved, its letters come for the new days as well.
    """
    first = seat.journey.period.lower
    _post(
        mailbox.Letter(
            seat.person,
            f"journey-soon:{seat.pk}:{days}:{first}",
            seat.journey.get_absolute_url(),
            {
                "edition": seat.edition,
                "first": first,
                "items": list(items),
                "missing": list(missing),
                "trainings": _linked(untrained),
            },
        ),
        "journey_soon",
    )


def _linked(trainings: Iterable[Training]) -> list[tuple[Training, str]]:
    """Give trainings, each with the address at which it is done."""
    return [(one, mailbox.absolute(one.get_absolute_url())) for one in trainings]


def guests_soon(
    stop: Stop,
    days: int,
    travellers: list[Seat],
    missing: list[Seat],
    untrained: Iterable[Training] = (),
) -> None:
    """Tell the people of a host who comes, so many days before they arrive."""
    about = {
        "edition": travellers[0].edition,
        "stop": stop,
        "travellers": [seat.person for seat in travellers],
        "missing": [seat.person for seat in missing],
        "trainings": _linked(untrained),
    }
    for person in speaking_for(stop.host):
        key = f"guests-soon:{stop.pk}:{days}:{person.pk}:{stop.arrive}"
        link = stop.journey.get_absolute_url()
        _post(mailbox.Letter(person, key, link, about), "guests_soon")


def note_please(seat: Seat, stop: Stop) -> None:
    """Ask a traveller for a short note, the day after they left a host."""
    key = f"stop-note:{stop.pk}:{seat.pk}"
    about = {"host": stop.host.affiliate, "edition": seat.edition}
    link = reverse("grandtour:write_note", args=[stop.pk])
    _post(mailbox.Letter(seat.person, key, link, about), "note_please")


def note_please_host(stop: Stop) -> None:
    """Ask the people of a host for a short note, the day after their guests left."""
    link = reverse("grandtour:write_note", args=[stop.pk])
    about = {"host": stop.host.affiliate, "edition": stop.journey.edition}
    for person in speaking_for(stop.host):
        key = f"stop-note-host:{stop.pk}:{person.pk}"
        _post(mailbox.Letter(person, key, link, about), "note_please_host")


def due(first: ChecklistItem, still: Sequence[ChecklistItem]) -> None:
    """Tell a traveller what is due after the journey, once for all that is due on a day.

    `first` is the first of that day, done or not: by it the letter is known.
    """
    seat = first.seat
    link = seat.journey.get_absolute_url()
    about = {"items": still, "edition": seat.edition}
    letter = mailbox.Letter(
        seat.person, f"checklist-due:{first.pk}", f"{link}#checklist", about
    )
    _post(letter, "checklist_due")


def look_back(question: LookBack, edition: Edition, *, again: bool = False) -> None:
    """Ask what stuck, half a year later; the link needs no sign-in."""
    about = {
        "edition": edition,
        "again": again,
        "travelled": question.seat is not None,
        "host": question.stop and question.stop.host.affiliate,
    }
    letter = mailbox.Letter(
        question.person,
        look_back_key(question, again=again),
        look_back_path(question),
        about,
        not_after=question.asked_at + ANSWERABLE,
    )
    _post(letter, "look_back")


def look_back_key(question: LookBack, *, again: bool) -> str:
    """Give the key of a letter that asks."""
    return f"look-back{'-again' if again else ''}:{question.pk}"


def look_back_path(question: LookBack) -> str:
    """Give the address at which one answers, without signing in."""
    token = signing.dumps(question.pk, salt=SALT)
    return reverse("grandtour:look_back", args=[token])


def look_back_of(token: str) -> LookBack:
    """Find the question of a link; raises BadSignature, SignatureExpired, DoesNotExist."""
    pk = signing.loads(token, salt=SALT, max_age=ANSWERABLE + A_DAY)
    rows = LookBack.objects.select_related(
        "seat__journey__edition", "stop__journey__edition", "stop__host__affiliate", "person"
    )
    return rows.get(pk=pk, person__is_active=True)


def _post(letter: mailbox.Letter, name: str) -> None:
    """Put a letter into the box."""
    mailbox.post_all([letter], kind=NoticeKind.TOUR, template=f"grandtour/mail/{name}.txt")
