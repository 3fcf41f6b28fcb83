"""Writes what people with accounts have taken on elsewhere, so that their weeks are alive."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange

from capx.sample.rows.known import Known
from volunteers.models import Commitment, Rest

Source, State = Commitment.Source, Commitment.State


class Taken(NamedTuple):
    """Something somebody does outside of this site; days are counted from today."""

    who: str
    what: str
    weekly_hours: str
    first: int
    last: int | None
    state: str = State.RUNNING
    source: str = Source.BY_HAND


TAKEN = (
    Taken("hanna", "Redaktion des Vereinsblatts", "2", -200, None),
    Taken("hanna", "Mitgliederversammlung vorbereiten", "3.5", 38, 72),
    Taken("hanna", "Sprechstunde in der Stadtbibliothek", "1.5", -260, -60, State.DONE),
    Taken("hanna", "Jurysitzungen Wiki Loves Monuments", "4", -110, -82, State.DONE),
    Taken("hanna", "Stammtisch Köln", "1", -330, -150, State.DONE, Source.IMPORT),
    Taken("lucia", "Talleres de los jueves en la biblioteca", "3", -120, 95),
    Taken("lucia", "Mesa de acogida de la jornada anual", "6", 30, 36),
    Taken("lucia", "Comité de becas", "2", -170, -70, State.DONE),
    Taken("maarten", "Penningmeester van de vereniging", "2.5", -400, None),
    Taken("maarten", "Jaarrekening en jaarverslag", "4", -9, 32),
    Taken("maarten", "Voorzitter commissie beleid", "1.5", -150, None),
    Taken("ines", "Português em Wikidata: oficinas", "1.5", -60, 60),
    Taken("salma", "مراجعة ترجمات المقالات الطبية", "2", -90, 120),
    Taken("salma", "لقاء شهري للمحررات الجديدات", "1", -30, None),
    Taken("salma", "لجنة تحكيم مسابقة الصور", "5", 20, 33),
)
# Days off, known beforehand.
RESTS = (("hanna", 52, 73), ("lucia", 45, 58), ("maarten", 60, 67), ("salma", 70, 90))


def write_weeks(today: date, known: Known) -> None:
    """Write commitments by hand, imported ones, and days off."""
    Commitment.objects.bulk_create(
        Commitment(
            person=known.people[one.who],
            what=one.what,
            source=one.source,
            key=f"sample:{number}",
            period=between(today, one.first, one.last),
            weekly_hours=Decimal(one.weekly_hours),
            state=one.state,
        )
        for number, one in enumerate(TAKEN)
    )
    Rest.objects.bulk_create(rests(today, known))


def rests(today: date, known: Known) -> Iterator[Rest]:
    """Make the days off."""
    for who, first, last in RESTS:
        yield Rest(person=known.people[who], period=between(today, first, last))


def between(today: date, first: int, last: int | None) -> DateRange:
    """Make a period of days that are counted from today."""
    end = None if last is None else today + timedelta(days=last + 1)
    return DateRange(today + timedelta(days=first), end)
