"""What editions and hosts allow is kept by PostgreSQL, whoever asks for it and however."""

from datetime import timedelta

import pytest
from django.db import connection

from grandtour.models import Edition, Host, Leg, Seat
from tests.factories import PlaceFactory
from tests.grandtour.test_constraints import refused
from tests.grandtour.test_journeys import at_once
from tests.grandtour.tours import (
    MAY,
    NOON,
    EditionFactory,
    JourneyFactory,
    ReadFactory,
    SeatFactory,
    StopFactory,
)

WAY = {
    "mode": "rail",
    "km": 100,
    "grams_plain": 0,
    "factor": "rail-international",
    "factor_kg": 1,
    "factor_kg_plain": 1,
    "source": "A book",
    "year": 2025,
}
INSERT = """
    INSERT INTO grandtour_leg (journey_id, seat_id, target_id, mode, because, km, grams,
        grams_plain, factor, factor_kg, factor_kg_plain, source, year)
    VALUES (%s, %s, %s, 'rail', '', 100, 30000, 0, 'rail-international', 1, 1, 'A book', 2025)
"""
pytestmark = pytest.mark.django_db


def under_way(edition=None, country="PL"):
    """Give a place in a journey of one stop."""
    edition = edition or EditionFactory(smallest_group=2, carbon_budget=100)
    stop = StopFactory(journey__edition=edition)
    return SeatFactory(journey=stop.journey, country=country), stop


def home(seat, stop, grams):
    """Write the way from home."""
    return Leg.objects.create(
        journey=seat.journey, seat=seat, target=stop, **{**WAY, "grams": grams}
    )


def test_a_host_keeps_as_many_groups_as_come():
    _seat, stop = under_way()
    Host.objects.filter(pk=stop.host_id).update(groups=2)
    other = JourneyFactory(edition=stop.journey.edition)
    StopFactory(journey=other, host=stop.host)

    refused(
        "host_limit_of_groups", lambda: Host.objects.filter(pk=stop.host_id).update(groups=1)
    )
    other.move("cancelled", ended_at=NOON, ended_for="plan")
    Host.objects.filter(pk=stop.host_id).update(groups=1)


def test_a_host_does_not_move_into_the_country_of_who_comes():
    _seat, stop = under_way()
    there, elsewhere = PlaceFactory(country="PL"), PlaceFactory(country="LV")

    refused(
        "seat_not_with_a_host_at_home",
        lambda: Host.objects.filter(pk=stop.host_id).update(place=there),
    )
    Host.objects.filter(pk=stop.host_id).update(place=elsewhere)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("seat_within_the_largest_group", {"largest_group": 2}),
        ("stop_within_the_most_stops", {"most_stops": 1, "fewest_stops": 1}),
        ("stop_nights_within_the_edition", {"fewest_nights": 5}),
        ("stop_nights_within_the_edition", {"most_nights": 3}),
        ("stop_within_the_days_of_travel", {"travel_first_day": MAY[0] + timedelta(1)}),
        ("stop_within_the_days_of_travel", {"travel_last_day": MAY[0] + timedelta(7)}),
        ("edition_within_its_carbon_budget", {"carbon_budget": 49}),
    ],
)
def test_an_edition_keeps_what_its_journeys_need(name, fields):
    seat, stop = under_way()
    StopFactory(journey=seat.journey, number=2)
    SeatFactory(journey=seat.journey, number=3, country="FR")
    home(seat, stop, 50_000)
    rows = Edition.objects.filter(pk=seat.edition_id)

    refused(name, lambda: rows.update(**fields))
    rows.update(largest_group=3, most_stops=2, fewest_stops=2, carbon_budget=50)
    rows.update(fewest_nights=4, most_nights=4, travel_last_day=MAY[0] + timedelta(8))


def test_an_edition_keeps_its_smallest_group_once_one_is_confirmed():
    seat, _stop = under_way()
    seat.journey.stops.update(accepted_at=NOON, accepted_by=seat.person)
    SeatFactory(journey=seat.journey, number=2, country="FR", state="confirmed")
    Seat.objects.filter(pk=seat.pk).delete()
    SeatFactory(journey=seat.journey, number=1, country="LV", state="confirmed")
    seat.journey.move("offered")
    seat.journey.move("confirmed")

    rows = Edition.objects.filter(pk=seat.journey.edition_id)
    refused("journey_confirmed_with_enough", lambda: rows.update(smallest_group=3))


def test_no_way_exceeds_the_carbon_budget():
    seat, stop = under_way()
    leg = home(seat, stop, 100_000)

    refused(
        "edition_within_its_carbon_budget",
        lambda: Leg.objects.filter(pk=leg.pk).update(grams=100_001),
    )
    refused("edition_within_its_carbon_budget", lambda: home(*under_way(seat.edition, "FR"), 1))


def test_the_ways_of_a_group_count_for_each_of_them():
    seat, stop = under_way()
    after = StopFactory(journey=seat.journey, number=2)
    Leg.objects.create(journey=seat.journey, origin=stop, target=after, **WAY, grams=40_000)
    SeatFactory(journey=seat.journey, number=2, country="FR")

    refused(
        "edition_within_its_carbon_budget",
        lambda: SeatFactory(journey=seat.journey, number=3, country="LV"),
    )
    given_up = {"state": "cancelled", "number": None, "ended_at": NOON, "reason": "other"}
    Seat.objects.filter(pk=seat.pk).update(**given_up)
    SeatFactory(journey=seat.journey, number=3, country="LV")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_ways_at_once_as_many_go_through_as_the_carbon_budget_holds():
    edition = EditionFactory(carbon_budget=100)
    there = [under_way(edition) for _number in range(20)]

    def travel(number):
        seat, stop = there[number]
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [seat.journey_id, seat.pk, stop.pk])

    assert at_once(travel) == 3
    assert sum(Leg.objects.values_list("grams", flat=True)) == 90_000


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_join_at_once_as_many_do_as_the_carbon_budget_holds():
    edition = EditionFactory(carbon_budget=100)
    waits = []
    for _number in range(20):
        stop = StopFactory(journey__edition=edition)
        after = StopFactory(journey=stop.journey, number=2)
        Leg.objects.create(journey=stop.journey, origin=stop, target=after, **WAY, grams=30_000)
        waits.append((stop.journey, ReadFactory(edition=edition)))

    def join(number):
        journey, row = waits[number]
        Seat.objects.create(
            journey=journey,
            application=row,
            edition=edition,
            person=row.person,
            number=1,
            country="PL",
        )

    assert at_once(join) == 3


@pytest.mark.django_db(transaction=True)
def test_a_budget_is_not_lowered_under_who_joins_meanwhile():
    edition = EditionFactory(carbon_budget=100)
    there = [under_way(edition) for _number in range(3)]

    def act(number):
        if number < len(there):
            home(*there[number], 30_000)
        else:
            Edition.objects.filter(pk=edition.pk).update(carbon_budget=60)

    at_once(act)

    edition.refresh_from_db()
    used = sum(Leg.objects.values_list("grams", flat=True))
    assert used <= edition.carbon_budget * 1000
