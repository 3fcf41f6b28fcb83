"""Money and diversity in the planner: what is granted, what a night costs, who is counted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from grandtour.actions import journeys
from grandtour.forms.hosts import HostForm
from grandtour.models import Cost, Host, Journey, Plan
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin, Share
from grandtour.planning.verify import broken
from grandtour.planning.written import read as unwritten
from grandtour.plans import budget
from grandtour.plans.reading import problem_of
from tests.factories import AffiliateFactory, OrganiserFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import desk, read
from tests.grandtour.test_leaving import confirmed
from tests.grandtour.test_plans import accepted
from tests.grandtour.tours import DAY, NOON, LineFactory, SeatFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
NO_LOCKS = Locks()


def rules_of(edition):
    """Read the rules with which an edition is planned."""
    return problem_of(edition, 1, NO_LOCKS, DAY).rules


def granted(edition, amount, **more):
    """Grant an edition a sum in cents."""
    fund = {"fund__edition": edition, "fund__amount": amount, **more}
    return LineFactory(requested=amount, granted=amount, **fund)


def spent(line, seat=None, amount=10_000):
    """Let something of a line be approved."""
    return Cost.objects.create(
        state="committed",
        kind="stipend" if seat else "shared",
        edition=line.fund.edition,
        seat=seat,
        line=line,
        what="Rooms",
        day=DAY,
        amount=amount,
        currency=line.fund.currency,
        created_at=NOON,
        decided_at=NOON,
        decided_by=OrganiserFactory(),
    )


def test_an_edition_without_money_is_planned_without_that_rule():
    edition = round_of()
    LineFactory(fund__edition=edition, granted=0)

    assert budget.money(edition) is None
    assert rules_of(edition).money_budget is None


def test_a_plan_may_use_what_was_granted_in_euros_and_is_not_spent():
    edition = round_of(night_cost=3_500)
    line = granted(edition, 500_000)
    granted(edition, 900_000, fund__currency="PLN")
    spent(line, amount=120_000)

    assert budget.money(edition) == budget.Money(500_000, 380_000, others=True)
    assert rules_of(edition).money_budget == 380_000
    plan = planned(edition)
    problem, result = unwritten(asked.Problem, plan.problem), unwritten(asked.Plan, plan.result)
    assert (plan.state, broken(problem, result)) == ("done", [])
    assert plan.cost <= 380_000
    nights = sum((s.leave - s.arrive).days for one in result.journeys for s in one.stops)
    assert plan.cost >= nights * 3_500 * len(result.journeys[0].seats)


def test_what_is_set_aside_for_a_place_that_is_planned_anew_is_not_counted_twice():
    edition = round_of()
    line = granted(edition, 500_000)
    accepted(edition)
    seat = edition.journeys.get().seats.live().first()
    spent(line, seat, 50_000)

    assert budget.money(edition).left == 450_000
    assert budget.to_plan_with(edition, edition.journeys.all()) == 500_000


def test_what_settled_journeys_still_cost_is_spent_when_planning_anew():
    edition = round_of(night_cost=3_500)
    edition.hosts.update(venue="rented", venue_cost=40_000, venue_currency="EUR")
    line = granted(edition, 2_000_000)
    plan = accepted(edition)
    journey = edition.journeys.get()
    journeys.offer(journey, plan.asked_by, reply_by=NOON + timedelta(days=7), at=NOON)
    confirmed(journey)
    assert budget.money(edition).left == 2_000_000

    assert rules_of(edition).money_budget == 2_000_000 - plan.cost
    # What is set aside for a place is not counted once more.
    spent(line, journey.seats.live().first(), 10_000)
    assert rules_of(edition).money_budget == 2_000_000 - plan.cost
    Journey.objects.filter(pk=journey.pk).update(state="closed")
    assert rules_of(edition).money_budget == 1_990_000


def test_a_place_costs_at_least_what_each_traveller_is_promised():
    edition = round_of()
    granted(edition, 900_000)
    LineFactory(
        fund__edition=edition,
        fund__amount=900_000,
        requested=200_000,
        granted=200_000,
        stipend=150_000,
    )

    plan = planned(edition)

    seats = list(unwritten(asked.Plan, plan.result).seats())
    assert seats
    assert all(seat.cost == 150_000 for seat in seats)


def test_where_the_money_is_used_up_the_plan_says_so(client):
    edition = round_of(countries=("PL", "SK", "HU"), weight_cost=0)
    granted(edition, 70_000)
    plan = planned(edition)
    client.force_login(OrganiserFactory())

    said = read(client, desk("plan_show", plan))

    assert plan.travellers == 2
    assert "The money" in said
    assert "of what was granted are left" in said


def test_without_enough_money_a_lock_collides_with_it(client):
    edition = round_of()
    granted(edition, 100)
    pin = Pin(f"a{edition.applications.first().pk}")
    plan = planned(edition, locks=Locks(keep=(pin,)))
    client.force_login(OrganiserFactory())

    assert plan.state == "infeasible"
    assert "The money" in read(client, desk("plan_show", plan))


def test_rent_is_written_in_euros_for_a_venue_to_be_rented():
    host = round_of().hosts.first()
    said = {"venue": "rented", "rent": "250.50", "most_guests": 4, "groups": 1}
    said |= {"revision": "one"}
    form = HostForm(said, instance=host, complete=False)

    assert form.is_valid(), form.errors
    assert (form.instance.venue_cost, form.instance.venue_currency) == (25_050, "EUR")
    free = HostForm(said | {"venue": "own"}, instance=host, complete=False)
    assert free.errors == {"rent": ["Only a venue to be rented costs something."]}
    much = HostForm(said | {"rent": "100000.01"}, instance=host, complete=False)
    assert much.errors == {"rent": ["That is more than can be written here."]}
    form = HostForm(said | {"venue": "own", "rent": ""}, instance=host, complete=False)
    assert form.is_valid()
    assert (form.instance.venue_cost, form.instance.venue_currency) == (None, "")


@pytest.mark.parametrize(
    "more",
    [
        {"venue": "own", "venue_cost": 100, "venue_currency": "EUR"},
        {"venue": "rented", "venue_cost": 100, "venue_currency": "PLN"},
        {"venue": "rented", "venue_cost": 100, "venue_currency": ""},
    ],
)
def test_rent_is_refused_in_another_currency_or_for_a_venue_of_ones_own(more):
    host = round_of().hosts.first()

    with (
        pytest.raises(IntegrityError, match="host_rents_for_a_sum_in_euros"),
        transaction.atomic(),
    ):
        Host.objects.filter(pk=host.pk).update(**more)


def test_rent_counts_in_the_plan():
    edition = round_of()
    edition.hosts.update(venue="rented", venue_cost=40_000, venue_currency="EUR")

    result = unwritten(asked.Plan, planned(edition).result)

    assert [one.venue_cost for one in result.journeys] == [
        40_000 * len(one.stops) for one in result.journeys
    ]


def test_a_group_shares_a_language_with_its_hosts_unless_the_edition_says_otherwise():
    edition = round_of(countries=("PL", "SK"))
    edition.hosts.update(languages=["en", "de"])
    edition.applications.filter(country="SK").update(languages=["de"])

    assert planned(edition).travellers == 0
    edition.one_language = False
    edition.save()
    assert planned(edition).travellers == 2


def test_shares_count_new_countries_and_who_has_no_office():
    edition = round_of(least_new_countries=40, least_without_office=20)
    SeatFactory(country="PL")  # in another edition
    office = AffiliateFactory(has_office=True)
    edition.applications.filter(country__in=["SK", "HU"]).update(affiliate=office)

    problem = problem_of(edition, 1, NO_LOCKS, DAY)

    assert problem.rules.shares == (Share("new_country", 40), Share("no_office", 20))
    assert {one.country: set(one.traits) for one in problem.travellers} == {
        "PL": {"no_office"},
        "SK": {"new_country"},
        "HU": {"new_country"},
        "NL": {"new_country", "no_office"},
    }


def test_a_share_decides_who_travels_and_is_named_where_it_collides(client):
    edition = round_of(countries=("PL", "SK"), least_without_office=60)
    edition.applications.update(affiliate=AffiliateFactory(has_office=True))
    applicant(edition, "HU")

    plan = planned(edition)
    assert plan.travellers == 0
    pin = Pin(f"a{edition.applications.first().pk}")
    plan = planned(edition, locks=Locks(keep=(pin,)))
    client.force_login(OrganiserFactory())
    assert plan.state == Plan.State.INFEASIBLE
    assert "The share without an affiliate that has an office" in read(
        client, desk("plan_show", plan)
    )


def test_what_is_left_is_read_at_the_desk_and_of_carbon_by_everybody(client):
    edition = round_of()
    granted(edition, 500_000)
    said = read(client, edition.get_absolute_url())
    assert "are left." not in said
    accepted(edition)
    assert "are left." not in read(client, edition.get_absolute_url())

    edition.journeys.update(state="offered")
    used = budget.carbon(edition, told=True)
    assert 0 < used.used < used.budget
    assert "are left." in read(client, edition.get_absolute_url())
    client.force_login(OrganiserFactory())
    for address in (desk("plan_of", edition), desk("edition_change", edition)):
        said = read(client, address)
        assert "after the journeys that stand" in said
        assert "after what is approved and paid" in said
