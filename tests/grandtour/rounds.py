"""A small round that can be planned: three hosts in cities near each other, six applicants."""

import json
from datetime import date, timedelta
from unittest.mock import patch

from django.db.backends.postgresql.psycopg_any import DateRange

from grandtour.models import Application, Edition, Host, Stay, Window
from grandtour.planning.__main__ import done
from grandtour.plans import child, explaining, running
from tests.factories import OrganiserFactory, PlaceFactory
from tests.grandtour.tours import NOON, ApplicationFactory, EditionFactory, HostFactory

MAY = (date(2026, 5, 1), date(2026, 5, 31))
CITIES = {
    "DE": ("Berlin", 52.52, 13.41),
    "CZ": ("Praha", 50.09, 14.42),
    "AT": ("Wien", 48.21, 16.37),
    "PL": ("Poznań", 52.41, 16.93),
    "SK": ("Bratislava", 48.15, 17.11),
    "HU": ("Budapest", 47.5, 19.04),
    "NL": ("Utrecht", 52.09, 5.12),
    "DK": ("Odense", 55.4, 10.4),
}


def city(country):
    """Give a city of a country."""
    name, latitude, longitude = CITIES[country]
    return PlaceFactory(name=name, country=country, latitude=latitude, longitude=longitude)


def applicant(edition, country, **more):
    """Give somebody on the short list who lives in a country."""
    told = {"travels_by": ["rail", "coach"], "submitted_at": NOON, "consented_at": NOON}
    state = {"state": Application.State.SHORTLISTED}
    return ApplicationFactory(
        edition=edition, country=country, place=city(country), **told | state | more
    )


def round_of(countries=("PL", "SK", "HU", "NL"), **rules):
    """Give an edition in which journeys are planned: three hosts, and who is on the list."""
    allowed = {"fewest_stops": 2, "most_stops": 3, "least_first_time": 0}
    edition = EditionFactory(state=Edition.State.MATCHING, **allowed | rules)
    for country in ("DE", "CZ", "AT"):
        HostFactory(
            edition=edition,
            state=Host.State.ACCEPTED,
            place=city(country),
            languages=["en"],
            decided_at=NOON,
        )
    for country in countries:
        applicant(edition, country)
    return edition


def put_off(edition, days=365):
    """Let a round, with its hosts' and applicants' days, be so much later."""
    later = timedelta(days=days)
    for name in ("applications_first_day", "applications_last_day"):
        setattr(edition, name, getattr(edition, name) + later)
    edition.travel_first_day += later
    edition.travel_last_day += later
    edition.save()
    for rows in (
        Stay.objects.filter(host__edition=edition),
        Window.objects.filter(application__edition=edition),
    ):
        for row in rows:
            row.period = DateRange(row.period.lower + later, row.period.upper + later)
            row.save()
    return edition


def planned(edition, *, reasons=True, at=NOON, **wish):
    """Let it be planned, here and now, and its `reasons` be worked out.

    It is planned in this process: to begin a new one takes longer than to plan so few people,
    and `test_plans` and `test_explaining` look at the program that does it otherwise.
    """
    organiser = OrganiserFactory()
    plan = running.ask(edition, organiser, running.Wish(seconds=20, **wish), at=at)
    with patch.object(child, "work_out", here):
        running.run_next()
        if reasons:
            explaining.explain_next()
    plan.refresh_from_db()
    return plan


def here(job, _hear, _seconds):
    """Do what the planner is asked in this process."""
    as_sent = json.loads(json.dumps(job))
    said = done(as_sent, lambda: False, lambda _progress: None)
    return json.loads(json.dumps(said)), ""
