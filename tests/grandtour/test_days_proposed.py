"""Other days for a whole group: organisers propose them once, and all hear and say yes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from capx.templatetags import dates
from grandtour.actions import expectations as agreeing
from grandtour.actions import moving, proposing
from grandtour.models import Consent, Expectation, Side
from tests.factories import MembershipFactory, PersonFactory
from tests.grandtour.tours import NOON, EditionFactory, JourneyFactory, SeatFactory, StopFactory
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
A_DAY = timedelta(days=1)
WORDS = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}


@pytest.fixture
def journey():
    """Give a journey of two with two stops that is confirmed."""
    made = JourneyFactory(edition=EditionFactory(state="decided"), state="offered")
    for number, country in ((1, "SE"), (2, "NO")):
        StopFactory(
            journey=made,
            number=number,
            host__edition=made.edition,
            host__place__country=country,
            host__state="accepted",
            host__decided_at=NOON,
            accepted_at=NOON,
            accepted_by=PersonFactory(),
        )
    for number, country in ((1, "PL"), (2, "DE")):
        SeatFactory(journey=made, number=number, country=country, state="confirmed")
    made.state = "confirmed"
    made.save(update_fields=["state"])
    return made


def later(journey, days=1):
    """Wish for all stops some days later."""
    return {
        stop.pk: moving.Wish(
            (stop.arrive, stop.leave), (stop.arrive + days * A_DAY, stop.leave + days * A_DAY)
        )
        for stop in journey.stops.all()
    }


def say_yes(row, side):
    """Let one side say yes to what organisers propose."""
    who = row.seat.person if side == Side.TRAVELLER else PersonFactory()
    agreeing.confirm(row, agreeing.Speaker(who, side), at=NOON)


def letters(kind):
    """Name who has a letter of a kind."""
    rows = Notice.objects.filter(key__startswith=f"{kind}:").order_by("recipient")
    return [row.recipient for row in rows]


def test_organisers_propose_days_once_and_the_journey_moves_when_all_have_said_yes(
    client, journey, organiser
):
    hosts = [
        MembershipFactory(affiliate=stop.host.affiliate, role="steward").person
        for stop in journey.stops.order_by("number")
    ]
    people = [seat.person for seat in journey.seats.order_by("number")]
    client.force_login(organiser)
    page = reverse("admin:grandtour_journey_move", args=[journey.pk])
    said = {"seen": client.get(page).context["form"]["seen"].value()}
    for stop in journey.stops.all():
        said[f"arrive_{stop.pk}"] = stop.arrive + A_DAY
        said[f"leave_{stop.pk}"] = stop.leave + A_DAY
    assert "Propose these days to all who have said yes" in client.post(page, said).text
    client.post(page, said | {"propose": "yes"})
    rows = list(Expectation.objects.on_the_table().order_by("pk"))
    assert [(row.side, row.version, row.goals) for row in rows] == [("", 2, "To scan.")] * 4
    assert letters("days-proposed") == sorted([*people, *hosts], key=lambda one: one.pk)
    assert (
        "They have these days before them already"
        in client.post(page, said | {"propose": "yes"}).text
    )

    for row in rows:
        assert not letters("days-agreed")
        say_yes(row, Side.TRAVELLER)
        assert not Expectation.objects.agreed().filter(pk=row.pk).exists()
        say_yes(row, Side.HOST)
    assert letters("days-agreed") == [organiser]
    assert letters("other-days") == letters("companion-agreed") == []
    moving.move(journey, later(journey), organiser, at=NOON)
    assert [stop.arrive.day for stop in journey.stops.order_by("number")] == [2, 6]


def test_what_else_stands_against_days_is_said_and_nobody_is_asked(journey, organiser):
    with pytest.raises(moving.Collides) as found:
        proposing.propose(journey, later(journey, 300), organiser, at=NOON)
    assert "agreed" not in {one.rule for one in found.value.found}
    assert Expectation.objects.count() == 4
    assert not letters("days-proposed")


def test_both_sides_read_what_organisers_propose_and_who_has_agreed(client, journey, organiser):
    proposing.propose(journey, later(journey), organiser, at=NOON)
    first, second = journey.seats.order_by("number")
    client.force_login(first.person)
    here = journey.get_absolute_url()
    days = dates.period(date(2026, 5, 2), date(2026, 5, 6))
    assert f"{days} instead? Nobody has agreed yet." in client.get(here).text
    page = client.get(first.expectation_url(1)).text
    assert "Organisers propose other days" in page
    assert "Confirm this" in page
    yes = reverse("grandtour:confirm_expectation", args=[first.pk, 1])
    told = client.post(yes, {"version": "2"}, follow=True).text
    assert "Your yes is noted." in told
    assert Consent.objects.filter(expectation__version=2).count() == 1

    say_yes(Expectation.objects.get(seat=first, stop__number=1, version=2), Side.HOST)
    client.force_login(second.person)
    assert f"Agreed so far: {first.person}." in client.get(here).text
    client.force_login(organiser)
    assert "Waits for both sides" in client.get(here).text


def test_companions_hear_of_other_days_unless_they_have_agreed_on_them(client, journey):
    first, second = journey.seats.order_by("number")
    stop = journey.stops.get(number=1)
    for seat, told in ((first, [second.person]), (second, [second.person])):
        words = Expectation(
            seat=seat, stop=stop, arrive=date(2026, 5, 2), leave=date(2026, 5, 6), **WORDS
        )
        traveller = agreeing.Speaker(seat.person, Side.TRAVELLER)
        put = agreeing.propose(words, traveller, read=1, at=NOON)
        agreeing.confirm(put, agreeing.Speaker(PersonFactory(), Side.HOST), at=NOON)
        assert letters("companion-agreed") == told
    client.force_login(second.person)
    [wished] = client.get(journey.get_absolute_url()).context["wished"]
    assert all(str(one) in wished for one in (first.person, second.person))


def test_what_was_agreed_holds_until_both_have_said_yes_to_other_days(journey, organiser):
    proposing.propose(journey, later(journey), organiser, at=NOON)
    seats = list(journey.seats.order_by("number"))
    row = Expectation.objects.on_the_table().filter(seat=seats[0]).first()

    assert agreeing.unsettled(journey, seats) == ([], [])
    say_yes(row, Side.TRAVELLER)
    assert agreeing.unsettled(journey, seats) == ([], [])
    journey.seats.update(state="agreed")
    journey.seats.update(state="confirmed")  # PostgreSQL says the same

    say_yes(row, Side.HOST)
    assert agreeing.unsettled(journey, seats) == ([], [seats[0]])
    journey.seats.update(state="agreed")
    with pytest.raises(IntegrityError, match="seat_confirmed_with_its_expectations"):
        journey.seats.filter(pk=seats[0].pk).update(state="confirmed")


def test_organisers_hear_that_all_have_agreed_only_when_all_have(journey, organiser):
    proposing.propose(journey, later(journey), organiser, at=NOON)
    first, *others = Expectation.objects.on_the_table().order_by("pk")
    words = {"arrive": first.arrive + A_DAY, "leave": first.leave + A_DAY} | WORDS
    theirs = Expectation(seat=first.seat, stop=first.stop, **words)
    traveller = agreeing.Speaker(first.seat.person, Side.TRAVELLER)

    agreeing.propose(theirs, traveller, read=2, at=NOON)
    for row in others:
        say_yes(row, Side.TRAVELLER)
        say_yes(row, Side.HOST)

    assert letters("days-agreed") == []
