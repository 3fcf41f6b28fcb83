"""What PostgreSQL refuses of a journey, tried by raw SQL and by twenty at once."""

from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from grandtour.models import Host, Journey, JourneyEvent, Leg, Seat, Stop
from tests.factories import PersonFactory
from tests.grandtour.tours import (
    MAY,
    NOON,
    ApplicationFactory,
    EditionFactory,
    HostFactory,
    JourneyFactory,
    SeatFactory,
    StopFactory,
    settle,
)
from tests.together import together

pytestmark = pytest.mark.django_db
AT_ONCE = 20
COUNTRIES = ["PL", "DE", "FR", "IT", "ES", "PT", "CZ", "AT"]


def refused(name, sql, *values):
    """Assert that PostgreSQL refuses this statement by the rule of this name."""
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        run(sql, *values)


def run(sql, *values):
    """Say it to the database as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


SEAT = (
    "INSERT INTO grandtour_seat (state, journey_id, application_id, number, country,"
    " same_country_because, reason, words, edition_id, person_id)"
    " VALUES ('proposed', %s, %s, %s, %s, '', '', '', 0, 0)"
)
STOP = (
    "INSERT INTO grandtour_stop (journey_id, host_id, number, arrive, leave, refused_words)"
    " VALUES (%s, %s, %s, %s, %s, '')"
)


def at_once(act):
    """Do this in twenty threads at the same moment; count what went through."""
    acts = (partial(act, number) for number in range(AT_ONCE))
    came = together(*acts, refused=IntegrityError)
    return AT_ONCE - came.count("IntegrityError")


def applied(edition, country, **more):
    """Give the application, on the short list, of somebody who lives there."""
    sent = {"state": "shortlisted", "submitted_at": NOON, "consented_at": NOON}
    return ApplicationFactory(edition=edition, country=country, **sent, **more)


def test_a_fifth_traveller_is_refused():
    journey = JourneyFactory()
    for number, country in enumerate(COUNTRIES[:4], 1):
        SeatFactory(journey=journey, number=number, country=country)
    fifth = applied(journey.edition, "PT")

    refused("seat_at_most_four_of_a_journey", SEAT, journey.pk, fifth.pk, 4, "PT")
    refused("seat_within_the_largest_group", SEAT, journey.pk, fifth.pk, 5, "PT")
    refused("seat_numbered_while_taken", SEAT, journey.pk, fifth.pk, None, "PT")
    refused("seat_numbered_while_taken", SEAT, journey.pk, fifth.pk, 0, "PT")


def test_two_of_one_country_are_refused_unless_somebody_said_why():
    journey = JourneyFactory()
    SeatFactory(journey=journey, number=1, country="PL")
    second = applied(journey.edition, "PL")

    refused("seat_of_different_countries", SEAT, journey.pk, second.pk, 2, "PL")
    because = "They run one archive together."
    SeatFactory(
        journey=journey,
        application=second,
        number=2,
        country="PL",
        same_country_because=because,
    )

    assert journey.seats.live().count() == 2


def test_a_host_of_ones_own_country_is_refused_from_both_sides():
    stop = StopFactory()
    swede = applied(stop.journey.edition, "SE")
    refused("seat_not_with_a_host_at_home", SEAT, stop.journey.pk, swede.pk, 1, "SE")

    seat = SeatFactory(journey=stop.journey)
    pole = HostFactory(edition=stop.journey.edition, place__country="PL")
    first = MAY[0] + timedelta(days=4)
    refused(
        "seat_not_with_a_host_at_home",
        STOP,
        seat.journey.pk,
        pole.pk,
        2,
        first,
        first + timedelta(days=4),
    )


def test_one_person_has_one_place_in_an_edition():
    seat = SeatFactory()
    other = JourneyFactory(edition=seat.edition)

    refused(
        "seat_one_per_person_and_edition", SEAT, other.pk, seat.application.pk, 1, seat.country
    )


def test_one_person_travels_in_one_journey_at_a_time_whatever_the_edition():
    seat = SeatFactory(journey=StopFactory().journey)
    later = EditionFactory()
    same_days = StopFactory(journey__edition=later).journey
    again = applied(later, "PL", person=seat.person)

    refused("seat_one_journey_at_a_time", SEAT, same_days.pk, again.pk, 1, "PL")


def test_a_journey_cannot_be_moved_onto_another_of_its_traveller():
    seat = SeatFactory(journey=StopFactory().journey)
    other = StopFactory(arrive=date(2026, 6, 10), leave=date(2026, 6, 14))
    SeatFactory(
        journey=other.journey,
        application=applied(other.journey.edition, "PL", person=seat.person),
    )

    refused(
        "seat_one_journey_at_a_time",
        "UPDATE grandtour_stop SET arrive = %s, leave = %s WHERE id = %s",
        *(MAY[0], MAY[0] + timedelta(days=3), other.pk),
    )


def test_the_days_of_a_place_are_those_of_the_stops_whatever_one_writes():
    stop = StopFactory()
    seat = SeatFactory(journey=stop.journey)

    run("UPDATE grandtour_seat SET period = '[2030-01-01,2030-01-02)' WHERE id = %s", seat.pk)
    run("UPDATE grandtour_journey SET period = NULL WHERE id = %s", seat.journey.pk)
    seat.refresh_from_db()
    stop.journey.refresh_from_db()

    days = (stop.arrive, stop.leave)
    assert (seat.period.lower, seat.last_day) == days
    assert (stop.journey.period.lower, stop.journey.last_day) == days


def test_a_host_has_no_more_guests_a_night_than_it_takes():
    host = HostFactory(most_guests=2, groups=3, place__country="SE")
    journeys = [JourneyFactory(edition=host.edition) for _n in range(2)]
    for journey in journeys:
        StopFactory(journey=journey, host=host)
    for number, country in enumerate(["PL", "DE"], 1):
        SeatFactory(journey=journeys[0], number=number, country=country)
    third = applied(host.edition, "FR")

    refused("host_limit_of_each_day", SEAT, journeys[1].pk, third.pk, 1, "FR")


def test_a_stop_is_refused_where_the_host_is_full_on_one_night():
    host = HostFactory(most_guests=1, groups=3, place__country="SE")
    SeatFactory(journey=StopFactory(host=host, journey__edition=host.edition).journey)
    other = SeatFactory(journey=JourneyFactory(edition=host.edition), country="DE").journey
    last_night = MAY[0] + timedelta(days=3)

    refused(
        "host_limit_of_each_day",
        STOP,
        *(other.pk, host.pk, 1, last_night, last_night + timedelta(days=3)),
    )
    StopFactory(journey=other, host=host, arrive=last_night + timedelta(days=1))


def test_a_host_cannot_take_fewer_than_are_coming():
    stop = StopFactory()
    for number, country in enumerate(["PL", "DE"], 1):
        SeatFactory(journey=stop.journey, number=number, country=country)

    refused(
        "host_limit_of_each_day",
        "UPDATE grandtour_host SET most_guests = 1 WHERE id = %s",
        stop.host.pk,
    )


def test_a_host_has_no_more_groups_than_it_offered():
    stop = StopFactory()
    other = JourneyFactory(edition=stop.journey.edition)
    first = MAY[0] + timedelta(days=10)

    refused(
        "host_limit_of_groups",
        STOP,
        *(other.pk, stop.host.pk, 1, first, first + timedelta(days=3)),
    )
    stop.journey.move("cancelled", ended_at=NOON, ended_because="Nobody could travel.")
    StopFactory(journey=other, host=stop.host, arrive=first)


@pytest.mark.parametrize(
    ("name", "number", "first", "nights"),
    [
        ("stop_one_per_number", 2, 12, 3),
        ("stop_in_the_order_of_its_days", 3, 3, 4),
        ("stop_in_the_order_of_its_days", 1, 9, 4),
        ("stop_in_the_order_of_its_days", 3, 7, 4),
        ("stop_nights_within_the_edition", 3, 8, 2),
        ("stop_nights_within_the_edition", 3, 8, 6),
        ("stop_within_the_days_of_travel", 3, 58, 4),
        ("stop_within_the_days_of_travel", 1, -3, 3),
        ("stop_within_the_most_stops", 6, 8, 4),
        ("stop_one_to_five", 0, -3, 3),
    ],
)
def test_stops_stand_in_order_within_what_the_edition_allows(name, number, first, nights):
    stop = StopFactory(number=2)
    host = HostFactory(edition=stop.journey.edition)
    arrive = MAY[0] + timedelta(days=first)
    # The first check of one that lies before the season is that of the season.
    name = "stop_within_the_days_of_travel" if first < 0 else name

    refused(
        name,
        STOP,
        *(stop.journey.pk, host.pk, number, arrive, arrive + timedelta(days=nights)),
    )


def test_a_journey_comes_once_to_a_host_and_only_to_those_of_its_edition():
    stop = StopFactory()
    first = MAY[0] + timedelta(days=4)
    days = (first, first + timedelta(days=4))

    refused("stop_one_per_host", STOP, stop.journey.pk, stop.host.pk, 2, *days)
    refused(
        "stop_with_a_host_of_the_edition",
        STOP,
        *(stop.journey.pk, HostFactory().pk, 2, *days),
    )


def test_a_place_is_of_the_edition_one_applied_to():
    refused(
        "seat_in_the_edition_applied_to",
        SEAT,
        *(JourneyFactory().pk, ApplicationFactory().pk, 1, "PL"),
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("seat_offered_until_a_day", "state = 'offered'"),
        ("seat_accepted_by_its_traveller", "state = 'accepted'"),
        ("seat_numbered_while_taken", "state = 'lapsed', reason = 'silence', ended_at = now()"),
        ("seat_given_up_for_a_reason", "state = 'refused', number = NULL"),
        ("seat_given_up_for_a_reason", "ended_at = now()"),
        ("seat_lives_somewhere", "country = ''"),
    ],
)
def test_a_place_says_what_its_state_says(name, change):
    seat = SeatFactory()

    refused(name, "UPDATE grandtour_seat SET " + change + " WHERE id = %s", seat.pk)  # noqa: S608 -- no words of others


def test_nothing_is_agreed_before_each_host_has_said_yes():
    stop = StopFactory()
    seat = SeatFactory(journey=stop.journey)
    agreed = "UPDATE grandtour_seat SET state = 'agreed', accepted_at = now() WHERE id = %s"

    refused("seat_agreed_by_its_hosts", agreed, seat.pk)
    Stop.objects.update(accepted_at=NOON, accepted_by=PersonFactory())
    run(agreed, seat.pk)


def test_no_journey_is_confirmed_with_one_traveller():
    seat = SeatFactory(journey=StopFactory().journey)
    settle(seat)
    Stop.objects.update(accepted_at=NOON, accepted_by=PersonFactory())
    Seat.objects.update(state="confirmed", accepted_at=NOON)
    confirm = "UPDATE grandtour_journey SET state = 'confirmed' WHERE id = %s"

    refused("journey_confirmed_with_enough", confirm, seat.journey.pk)
    SeatFactory(
        journey=seat.journey, number=2, country="DE", state="confirmed", accepted_at=NOON
    )
    run(confirm, seat.journey.pk)


def test_a_flight_needs_a_reason():
    stop = StopFactory()
    seat = SeatFactory(journey=stop.journey)
    leg = {"journey": stop.journey, "seat": seat, "target": stop, "mode": "plane", "km": 900}
    factor = {"factor": "plane-elsewhere", "factor_kg": 0.10916, "factor_kg_plain": 0.06449}
    carbon = {"grams": 98244, "grams_plain": 58041, "source": "DESNZ", "year": 2025}

    with pytest.raises(IntegrityError, match="leg_flown_for_a_reason"), transaction.atomic():
        Leg.objects.create(**leg, **factor, **carbon)
    Leg.objects.create(**leg, **factor, **carbon, because="far")


def test_nobody_edits_what_happened_to_a_journey():
    event = JourneyEvent.objects.create(journey=JourneyFactory(), what="proposed", at=NOON)

    for sql in (
        "UPDATE grandtour_journeyevent SET what = 'left' WHERE id = %s",
        "DELETE FROM grandtour_journeyevent WHERE id = %s",
    ):
        refused("journey_event_stays", sql, event.pk)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_four_of_four_countries():
    journey = StopFactory().journey
    asked = [applied(journey.edition, COUNTRIES[n % 8]) for n in range(AT_ONCE)]

    at_once(
        lambda n: Seat.objects.create(
            journey=journey,
            application=asked[n],
            number=n % 4 + 1,
            country=COUNTRIES[n % 8],
        )
    )

    live = journey.seats.live()
    assert sorted(live.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert live.values("country").distinct().count() == 4


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_one_of_one_country():
    journey = JourneyFactory()
    asked = [applied(journey.edition, "PL") for _n in range(AT_ONCE)]

    through = at_once(
        lambda n: Seat.objects.create(
            journey=journey, application=asked[n], number=n % 4 + 1, country="PL"
        )
    )

    assert (through, journey.seats.live().count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_one_person_in_one_journey():
    person = PersonFactory()
    journeys = [StopFactory().journey for _n in range(AT_ONCE)]
    asked = [applied(journey.edition, "PL", person=person) for journey in journeys]

    through = at_once(
        lambda n: Seat.objects.create(
            journey=journeys[n], application=asked[n], number=1, country="PL"
        )
    )

    assert (through, Seat.objects.live().count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_more_guests_than_a_host_takes():
    host = HostFactory(most_guests=3, groups=20, place__country="SE")
    journeys = [JourneyFactory(edition=host.edition) for _n in range(AT_ONCE)]
    for journey in journeys:
        StopFactory(journey=journey, host=host)
    asked = [applied(host.edition, "PL") for _n in range(AT_ONCE)]

    through = at_once(
        lambda n: Seat.objects.create(
            journey=journeys[n], application=asked[n], number=1, country="PL"
        )
    )

    assert (through, Seat.objects.live().count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_more_groups_than_a_host_takes():
    host = HostFactory(groups=2)
    journeys = [JourneyFactory(edition=host.edition) for _n in range(AT_ONCE)]

    through = at_once(
        lambda n: Stop.objects.create(
            journey=journeys[n],
            host=host,
            number=1,
            arrive=MAY[0] + timedelta(days=n),
            leave=MAY[0] + timedelta(days=n + 4),
        )
    )

    assert (through, Stop.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_two_stops_on_one_night():
    journey = JourneyFactory()
    hosts = [HostFactory(edition=journey.edition) for _n in range(AT_ONCE)]

    at_once(
        lambda n: Stop.objects.create(
            journey=journey,
            host=hosts[n],
            number=n % 5 + 1,
            arrive=MAY[0] + timedelta(days=n),
            leave=MAY[0] + timedelta(days=n + 4),
        )
    )

    stops = list(journey.stops.order_by("number"))
    assert stops
    assert all(one.leave <= other.arrive for one, other in pairwise(stops))


@pytest.mark.django_db(transaction=True)
def test_a_host_that_lowers_its_limit_while_somebody_is_placed_keeps_it():
    stop = StopFactory()
    SeatFactory(journey=stop.journey)
    asked = applied(stop.journey.edition, "DE")

    def act(number):
        if number % 2:
            Host.objects.filter(pk=stop.host.pk).update(most_guests=1)
        else:
            Seat.objects.create(journey=stop.journey, application=asked, number=2, country="DE")

    at_once(act)

    host = Host.objects.get(pk=stop.host.pk)
    assert Journey.objects.get().seats.live().count() <= host.most_guests
