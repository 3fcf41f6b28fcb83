"""What those hear who signed up for an event at a stop."""

from collections.abc import Iterable

from grandtour.models import SignUp, StopEvent
from volunteers import mailbox
from volunteers.models.notices import NoticeKind


def seated(row: SignUp) -> None:
    """Tell somebody who waited that a seat is theirs."""
    _post([row], "seated", f"{row.signed_up_at:%Y%m%d%H%M%S}")


def moved(event: StopEvent) -> None:
    """Tell everybody who signed up that it is at other hours, or elsewhere."""
    _post(_all(event), "moved", str(event.sequence))


def called_off(event: StopEvent) -> None:
    """Tell everybody who signed up that it does not take place, and why."""
    _post(_all(event), "called_off", "")


def tomorrow(event: StopEvent) -> None:
    """Remind those who have a seat, the day before."""
    rows = event.sign_ups.seated().select_related("person", "event__stop__host__affiliate")
    _post(rows, "tomorrow", f"{event.begins_at:%Y%m%d}")


def _all(event: StopEvent) -> Iterable[SignUp]:
    """Give everybody who signed up."""
    rows = event.sign_ups.select_related("person", "event__stop__host__affiliate")
    return rows.order_by("pk")


def _post(rows: Iterable[SignUp], what: str, once: str) -> None:
    """Write to each; `once` tells one time from the next."""
    letters = [
        mailbox.Letter(
            row.person,
            f"event-{what}:{row.event_id}:{row.person_id}:{once}",
            row.event.get_absolute_url(),
            {
                "event": row.event,
                "host": row.event.stop.host.affiliate,
                "begins": row.event.local(row.event.begins_at),
                "waits": row.place is None,
            },
            not_after=None if what == "called_off" else row.event.ends_at,
        )
        for row in rows
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=f"grandtour/mail/event_{what}.txt")
