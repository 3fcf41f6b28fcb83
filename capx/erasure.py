"""Forget a person, or give them what is theirs: each app in turn, the upper ones first."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from capx.traces import pattern_of
from exchange import exports as of_exchange
from exchange.actions import forgetting as in_exchange
from grandtour import exports as of_grand_tour
from grandtour.actions import forgetting as in_grand_tour
from volunteers import exports as of_volunteers
from volunteers.actions import forgetting as in_volunteers
from volunteers.actions.bottlenecks import vanishing
from volunteers.models import Person

LOCK = 0xF0261  # any number that nothing else locks


@transaction.atomic
def forget(person: Person, *, at: datetime, keep_practices: bool) -> None:
    """Let go of a person; twice is the same as once.

    What others need (conversations, agreements, thanks they received) stays without the name.
    Two who leave at once leave one after the other: each changes letters and asks of the other,
    in no order, and they would wait in a ring.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    with vanishing(person):
        _forget(person, at=at, keep_practices=keep_practices)


def _forget(person: Person, *, at: datetime, keep_practices: bool) -> None:
    """Let each app let go of a person, once."""
    in_exchange.lock(person)
    in_grand_tour.lock(person)
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.forgotten_at:
        return
    names = pattern_of(in_volunteers.names_of(held))
    in_volunteers.empty(held, at=at)  # first: whoever hears of it reads no name any more
    in_exchange.let_go(held, at=at)
    in_exchange.forget(held, names, keep_practices=keep_practices)
    in_grand_tour.forget(held, names, at=at)
    in_volunteers.forget(held, names, in_exchange.decided_for(held))


class Outbox:
    """A file that only passes on what was written to it."""

    def __init__(self) -> None:
        """Begin empty."""
        self.waiting: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self.waiting.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what waits is taken by who asks."""

    def take(self) -> bytes:
        """Give what was written since the last time."""
        pieces, self.waiting = self.waiting, []
        return b"".join(pieces)


class Encoder(DjangoJSONEncoder):
    """JSON with periods in it."""

    def default(self, o: object) -> object:
        """Write a period as its first day and the day after its last."""
        if isinstance(o, DateRange):
            return {"from": o.lower, "before": o.upper}
        return super().default(o)


def gift(person: Person) -> Iterator[bytes]:
    """Give all that a person has here as a ZIP of JSON, piece by piece."""
    outbox = Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # a file that cannot be read
        archive.writestr("README.txt", _readme(person))
        yield outbox.take()
        for name, rows in _sheets(person):
            with archive.open(f"{name}.json", "w") as sheet:
                for piece in _as_json(rows):
                    sheet.write(piece)
                    yield outbox.take()
            yield outbox.take()
        for name, content in chain(of_volunteers.files(person), of_grand_tour.files(person)):
            archive.writestr(f"files/{name}", content)
            yield outbox.take()
    yield outbox.take()


def _sheets(person: Person) -> Iterator[tuple[str, Iterable[dict[str, object]]]]:
    """List what each app has of a person."""
    for folder, sheets in (
        ("person", of_volunteers.sheets(person)),
        ("exchange", of_exchange.sheets(person)),
        ("grand-tour", of_grand_tour.sheets(person)),
    ):
        for name, rows in sheets.items():
            yield f"{folder}/{name}", rows


def _as_json(rows: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """Write rows as one list, row by row."""
    before = "[\n"
    for row in rows:
        yield (before + json.dumps(row, cls=Encoder, ensure_ascii=False, indent=1)).encode()
        before = ",\n"
    yield (before if before == "[\n" else "").encode() + b"\n]\n"


def _readme(person: Person) -> str:
    """Say what is in the file."""
    return _(
        "Capacity Exchange: everything that is kept here about %(name)s\n"
        "\n"
        "person/    your profile, languages, skills, affiliates, hours, rest, commitments,\n"
        "           thanks, notices, settings, and the ways in which you sign in\n"
        "exchange/  your listings, exchanges with their conversations and agreements,\n"
        "           practices and reports\n"
        "grand-tour/ your applications, with all you wrote in them, and what you wrote as a\n"
        "           reviewer\n"
        "\n"
        "Each file is a list in JSON, in UTF-8. Moments are in UTC; sums are in the smallest\n"
        "unit of their currency. Passwords and the secrets of second factors are not in it.\n"
        "Files of your own hours that wait to be read are in files/, as you sent them; the\n"
        "lines of those that were read are in person/lines-of-my-files.json.\n"
    ) % {"name": person.username} + _(
        "Receipts of your costs on a Grand Tour are in files/, too; the costs are in\n"
        "grand-tour/costs.json.\n"
    )
