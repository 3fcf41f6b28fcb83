"""A journey is in its travellers' weeks from the offer to the end, and in no year twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from capx.sums import BUILDING, PROGRAMME, SHARING
from grandtour.actions import journeys, under_way
from grandtour.models import Edition, Journey
from grandtour.plans import accepting
from grandtour.reminders.weeks import look_after
from grandtour.reports.yearly import came_of
from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.grandtour.rounds import planned, round_of
from tests.grandtour.tours import (
    NOON,
    ClaimFactory,
    EditionFactory,
    FundFactory,
    JourneyFactory,
    LineFactory,
    SeatFactory,
    StopFactory,
    settle,
)
from volunteers import gate
from volunteers.gate import Answer, Wish
from volunteers.models import Bandwidth, Commitment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
NEXT_WEEK = NOON + timedelta(days=7)
DAY = timedelta(days=1)


@pytest.fixture
def journey():
    """Give a journey whose places are offered."""
    plan = planned(round_of())
    accepting.accept(plan, plan.asked_by, at=NOON)
    made = Journey.objects.get()
    journeys.offer(made, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    return made


def seat_of(journey):
    return journey.seats.select_related("journey__edition", "person").order_by("number").first()


def taken(seat):
    """Say what stands in the weeks of a traveller."""
    rows = Commitment.objects.filter(person=seat.person, source="journey")
    return [(row.state, row.period, row.weekly_hours) for row in rows]


def fresh(row):
    row.refresh_from_db()
    return row


def test_an_offer_is_pencilled_in_and_a_yes_counts_as_load(journey):
    seat = fresh(seat_of(journey))
    Edition.objects.update(daily_hours=5)

    assert taken(seat) == [("tentative", seat.period, 42)]
    journeys.accept(seat_of(journey), at=NOON)

    assert taken(seat) == [("planned", seat.period, 35)]
    row = Commitment.objects.get(person=seat.person)
    assert row.address == journey.get_absolute_url()
    assert row.what == journey.edition.name


def test_who_said_yes_is_not_asked_for_more_in_these_weeks(journey):
    seat = fresh(seat_of(journey))
    all_year = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    Bandwidth.objects.create(person=seat.person, period=all_year, weekly_hours=6)
    wish = Wish(seat.period.lower, seat.period.upper - DAY, Decimal(1))

    def answer():
        return gate.check(seat.person, asker=PersonFactory(), now=NOON, wish=wish)

    assert answer() == Answer.OPEN
    journeys.accept(seat_of(journey), at=NOON)
    assert answer() == Answer.CLOSED


@pytest.mark.parametrize("yes", [True, False])
def test_a_no_leaves_the_weeks_as_they_were(journey, yes):
    seat = seat_of(journey)
    if yes:
        journeys.accept(seat, at=NOON)

    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)

    assert [state for state, *_rest in taken(seat)] == (["dropped"] if yes else [])


def test_silence_leaves_nothing_behind(journey):
    assert Commitment.objects.filter(source="journey").count() == journey.seats.count()

    journeys.lapse(NEXT_WEEK + DAY)

    assert not Commitment.objects.filter(source="journey").exists()


def on_the_way(journey):
    """Let a journey be agreed, confirmed and begun; give its first day."""
    for seat in journey.seats.select_related("journey__edition", "person"):
        journeys.accept(seat, at=NOON)
        settle(seat)
    for stop in journey.stops.select_related("journey"):
        journeys.welcome(stop, journey.plan.asked_by, at=NOON)
    journeys.confirm(journey, journey.plan.asked_by, at=NOON)
    day = fresh(journey).period.lower
    under_way.move_with_the_days(day, at=NOON)
    return day


def test_what_is_travelled_is_done_and_what_ends_early_counts_until_then(journey):
    day = on_the_way(journey)
    first, second, *_others = journey.seats.select_related("journey__edition").order_by("pk")
    assert taken(first)[0][0] == "running"
    third_day = NOON + (day - NOON.date()) + 2 * DAY

    journeys.cancel(first, journeys.Given("health"), at=third_day)
    under_way.move_with_the_days(journey.period.upper, at=third_day)

    assert taken(first) == [("done", DateRange(day, day + 2 * DAY), 42)]
    assert taken(second) == [("done", fresh(second).period, 42)]


def test_the_page_says_before_a_yes_what_it_does_to_the_weeks(client, journey):
    seat = fresh(seat_of(journey))
    around = DateRange(seat.period.lower - 28 * DAY, seat.period.upper + 28 * DAY)
    Bandwidth.objects.create(person=seat.person, period=around, weekly_hours=40)
    row = Commitment.objects.create(
        person=seat.person,
        what="The newsletter",
        source="by_hand",
        key="1",
        period=around,
        weekly_hours=20,
    )
    client.force_login(seat.person)

    page = client.get(journey.get_absolute_url())

    assert page.context["what_if"].others == [row]
    text = page.content.decode()
    assert "what would you put down" in text
    assert reverse("volunteers:put_down", args=[row.pk]) in text
    other = journey.seats.exclude(pk=seat.pk).first()
    client.force_login(other.person)
    assert "The newsletter" not in client.get(journey.get_absolute_url()).content.decode()


def test_a_yes_to_weeks_that_filled_up_meanwhile_is_asked_again(client, journey):
    seat = fresh(seat_of(journey))
    around = DateRange(seat.period.lower - 28 * DAY, seat.period.upper + 28 * DAY)
    Bandwidth.objects.create(person=seat.person, period=around, weekly_hours=40)
    client.force_login(seat.person)
    read = client.get(journey.get_absolute_url()).context["read"]
    Commitment.objects.create(
        person=seat.person,
        what="The board",
        source="by_hand",
        key="1",
        period=around,
        weekly_hours=20,
    )

    stale = client.post(
        reverse("grandtour:accept_seat", args=[journey.pk]), {"read": read}, follow=True
    )

    assert "Your weeks have changed meanwhile" in stale.content.decode()
    assert fresh(seat).state == "offered"
    now = {"read": stale.context["read"]}
    client.post(reverse("grandtour:accept_seat", args=[journey.pk]), now)
    assert fresh(seat).state == "accepted"


def test_who_travels_already_is_looked_after_by_night(journey):
    seat = fresh(seat_of(journey))
    journeys.accept(seat_of(journey), at=NOON)
    Commitment.objects.all().delete()

    for _twice in range(2):
        look_after(NOON)

    assert taken(seat) == [("planned", seat.period, 42)]
    assert Commitment.objects.count() == journey.seats.count()


def home(affiliate, host, *, travellers=1, state="returned", edition=None, **when):
    """Let people travel for an affiliate to another, and come home."""
    made = JourneyFactory(edition=edition or EditionFactory(daily_hours=5))
    if last := when.pop("leave", None):
        when = {"arrive": last - 4 * DAY, "leave": last}
    stop = StopFactory(journey=made, host__edition=made.edition, host__affiliate=host, **when)
    speaker = MembershipFactory(affiliate=host, role="editor").person
    for number in range(1, travellers + 1):
        seat = SeatFactory(
            journey=made, number=number, country=("PL", "DE", "FR", "ES")[number - 1]
        )
        seat.application.affiliate = affiliate
        seat.application.save()
    type(stop).objects.filter(pk=stop.pk).update(accepted_at=NOON, accepted_by=speaker)
    Journey.objects.filter(pk=made.pk).update(state=state)
    return made


def sums(affiliate, year=2026):
    return {
        (one.kind, one.unit): (dict(one.given), one.nobodys) for one in came_of(affiliate, year)
    }


def test_a_year_has_the_hours_of_its_journeys_on_both_sides():
    ours, theirs = AffiliateFactory(), AffiliateFactory()
    made = home(ours, theirs, travellers=2)
    home(ours, theirs, state="travelling")

    travellers = {seat.person_id: Decimal(20) for seat in made.seats.all()}
    assert sums(ours) == {(BUILDING, PROGRAMME): (travellers, 0)}
    assert sums(theirs) == {(SHARING, PROGRAMME): ({}, 20)}
    assert sums(ours, 2027) == sums(theirs, 2025) == sums(AffiliateFactory()) == {}


@pytest.mark.parametrize("last", [date(2026, 12, 31), date(2026, 1, 1)])
def test_a_journey_counts_on_both_sides_in_the_year_of_its_last_day(last):
    ours, theirs = AffiliateFactory(), AffiliateFactory()
    days = {
        "applications_first_day": last - 90 * DAY,
        "applications_last_day": last - 60 * DAY,
        "travel_first_day": last - 30 * DAY,
        "travel_last_day": last + 30 * DAY,
    }
    home(ours, theirs, edition=EditionFactory(daily_hours=5, **days), leave=last)

    assert [bool(sums(ours, year)) for year in (2025, 2026, 2027)] == [False, True, False]
    assert [bool(sums(theirs, year)) for year in (2025, 2026, 2027)] == [False, True, False]


def test_who_is_not_seen_by_everybody_is_in_no_years_sum():
    ours = AffiliateFactory()
    made = home(ours, AffiliateFactory())
    traveller = made.seats.get().person
    type(traveller).objects.filter(pk=traveller.pk).update(visibility="members")

    assert sums(ours) == {}


def test_what_is_hosted_is_told_and_hides_nothing_else(client):
    ours, theirs = AffiliateFactory(), AffiliateFactory()
    for number in range(5):
        home(ours, theirs if number else ours, arrive=date(2026, 5, 1 + 4 * number))

    def words(affiliate):
        page = client.get(reverse("priorities", args=[affiliate.slug, 2026]))
        return page.content.decode()

    assert "about 100 hours" in words(ours)  # built by five people
    assert "20 hours" in words(ours)
    assert "80 hours" in words(theirs)
    assert "of these in journeys, as hours of programme" in words(theirs)


def test_a_journey_stands_where_one_passes_things_on(client, journey):
    seat = seat_of(journey)
    journeys.accept(seat, at=NOON)
    client.force_login(seat.person)

    page = client.get(reverse("exchange:hand_over")).content.decode()

    assert journey.get_absolute_url() in page
    assert "the next in line" in page


def test_what_was_paid_of_an_affiliates_own_money_stands_in_its_year():
    ours = AffiliateFactory()
    line = LineFactory(fund__affiliate=ours, fund__kind="affiliate")
    paid = {"state": "paid", "line": line, "paid_by": PersonFactory(), "paid_at": NOON}
    decided = {"decided_at": NOON, "decided_by": PersonFactory()}
    claim = ClaimFactory(edition=line.fund.edition, seat__journey__edition=line.fund.edition)
    type(claim).objects.filter(pk=claim.pk).update(**paid, **decided)
    ClaimFactory(edition=line.fund.edition, seat__journey__edition=line.fund.edition)

    assert sums(ours) == {(SHARING, "EUR"): ({}, 10_000)}
    assert sums(ours, 2025) == {}


def test_only_an_affiliates_own_money_has_an_affiliate():
    with pytest.raises(IntegrityError, match="fund_of_an_affiliate_only_if_it_is_its_own"):
        FundFactory(affiliate=AffiliateFactory(), kind="movement")
