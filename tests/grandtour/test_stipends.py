"""Stipends: given to all or to one, in part or not at all; nobody travels on a promise."""

import pytest
from django.urls import reverse

from grandtour.actions import journeys, money, unready
from grandtour.actions.apart import Travels
from grandtour.models import BudgetLine, Cost
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_journeys import refused, run
from tests.grandtour.tours import (
    NOON,
    ClaimFactory,
    JourneyFactory,
    LineFactory,
    SeatFactory,
    StopFactory,
    settle,
)
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
CONFIRM = "UPDATE grandtour_seat SET state = 'confirmed' WHERE id = %s"


@pytest.fixture
def journey():
    """Give a journey in which two have agreed to travel."""
    journey = JourneyFactory(state="offered")
    StopFactory(journey=journey, accepted_at=NOON, accepted_by=PersonFactory())
    for number, country in enumerate(["PL", "DE"], 1):
        taken = {"number": number, "country": country, "accepted_at": NOON}
        settle(
            SeatFactory(journey=journey, state="agreed", **taken, application__state="placed")
        )
    return journey


@pytest.fixture
def line(journey):
    """Give a line that promises ninety euros to each traveller."""
    return LineFactory(fund__edition=journey.edition, stipend=9_000)


def seats(journey):
    return list(journey.seats.order_by("number"))


def press(client, journey, line, **said):
    """Fill in the page of stipends."""
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_cost_stipends", args=[journey.edition_id])
    whole = {"whom": journey.pk, "line": line.pk, "amount": "90", "what": "Meals", "words": ""}
    return client.post(address, whole | said)


def test_no_place_is_confirmed_before_its_money_is_set_aside(journey, line):
    first, second = seats(journey)
    organiser, whom = OrganiserFactory(), money.Stipend(journey, "Meals", first)

    refused("seat_confirmed_with_its_money", CONFIRM, first.pk)
    with pytest.raises(unready.Unfunded) as missing:
        journeys.confirm(journey, organiser, at=NOON)
    assert missing.value.people == [first.person, second.person]

    money.give_stipends(whom, money.Grant(line, 4_000, "In part."), organiser, at=NOON)
    with pytest.raises(unready.Unfunded) as missing:
        journeys.confirm(journey, organiser, at=NOON)
    assert missing.value.people == [second.person]
    refused("seat_confirmed_with_its_money", CONFIRM, second.pk)

    money.give_stipends(
        money.Stipend(journey, "Meals"), money.Grant(line, 9_000), organiser, at=NOON
    )
    journeys.confirm(journey, organiser, at=NOON)
    assert {seat.state for seat in seats(journey)} == {"confirmed"}
    assert BudgetLine.objects.with_sums().get().committed == 13_000


def test_where_nothing_is_promised_no_money_is_waited_for(journey):
    LineFactory(fund__edition=journey.edition)

    journeys.confirm(journey, OrganiserFactory(), at=NOON)

    assert {seat.state for seat in seats(journey)} == {"confirmed"}


def test_an_expense_of_the_line_is_no_stipend(journey, line):
    first, _second = seats(journey)
    cost = ClaimFactory(seat=first)
    money.approve(cost, money.Grant(line, 100), OrganiserFactory(), at=NOON)

    refused("seat_confirmed_with_its_money", CONFIRM, first.pk)


def test_who_is_told_why_there_is_none_waits_for_nothing(client, journey, line):
    first, second = seats(journey)
    only = {"whom": f"{journey.pk}-{first.pk}", "amount": "0"}

    answer = press(client, journey, line, **only)
    assert "Say why there is no stipend." in answer.content.decode()
    press(client, journey, line, **only, words="Your affiliate pays for you.")
    press(client, journey, line, whom=f"{journey.pk}-{second.pk}", amount="45.50")

    kept = list(Cost.objects.order_by("pk").values_list("seat", "state", "amount", "words"))
    assert kept == [
        (first.pk, "refused", 9_000, "Your affiliate pays for you."),
        (second.pk, "committed", 4_550, ""),
    ]
    letter = Notice.objects.get(recipient=first.person, key__startswith="cost-refused:")
    assert "Your affiliate pays for you." in letter.body
    journeys.confirm(journey, OrganiserFactory(), at=NOON)


def test_who_is_told_that_one_line_has_none_still_waits_for_the_other(client, journey, line):
    visa = LineFactory(fund__edition=journey.edition, stipend=5_000)
    first, second = seats(journey)
    told = {"amount": "0", "words": "You need no visa."}
    for _twice in range(2):
        press(client, journey, visa, whom=f"{journey.pk}-{first.pk}", **told)

    kept = list(Cost.objects.values_list("seat", "line", "state"))
    assert kept == [(first.pk, visa.pk, "refused")]
    assert Notice.objects.filter(key__startswith="cost-refused:").count() == 1
    assert list(BudgetLine.objects.owed_to(first)) == [line]
    assert money.unfunded(journey.edition, [first, second]) == [first, second]
    money.give_stipends(
        money.Stipend(journey, "Meals"), money.Grant(line, 9_000), OrganiserFactory(), at=NOON
    )
    assert money.unfunded(journey.edition, [first, second]) == [second]
    refused("seat_confirmed_with_its_money", CONFIRM, second.pk)
    run(CONFIRM, first.pk)


def test_everybody_who_has_none_yet_leaves_out_who_was_told_why(client, journey, line):
    first, second = seats(journey)
    press(client, journey, line, whom=f"{journey.pk}-{first.pk}", amount="0", words="None.")

    press(client, journey, line)
    assert list(Cost.objects.order_by("pk").values_list("seat", "state")) == [
        (first.pk, "refused"),
        (second.pk, "committed"),
    ]
    press(client, journey, line, whom=f"{journey.pk}-{first.pk}", amount="60")
    assert list(first.costs.order_by("pk").values_list("state", "line", "amount")) == [
        ("withdrawn", None, 9_000),
        ("committed", line.pk, 6_000),
    ]
    assert BudgetLine.objects.with_sums().get().committed == 15_000


def test_what_is_refused_takes_nothing_of_its_line(journey):
    line = LineFactory(fund__edition=journey.edition, stipend=20_000)
    first, second = seats(journey)
    organiser = OrganiserFactory()
    alone = money.Stipend(journey, "Meals", first)
    money.give_none(alone, money.Grant(line, 20_000, "None."), organiser, at=NOON)

    other = money.Stipend(journey, "Meals", second)
    assert money.give_stipends(other, money.Grant(line, 30_000), organiser, at=NOON) == 1


def test_postgresql_keeps_one_word_about_a_line_for_each(journey, line):
    first, _second = seats(journey)
    alone = money.Stipend(journey, "Meals", first)
    money.give_none(alone, money.Grant(line, 9_000, "None."), OrganiserFactory(), at=NOON)

    again = (
        "INSERT INTO grandtour_cost (state, kind, edition_id, seat_id, line_id, what, day,"
        " amount, currency, claimed_currency, words, created_at, decided_at, decided_by_id)"
        " SELECT state, kind, edition_id, seat_id, line_id, what, day, amount, currency,"
        " claimed_currency, words, created_at, decided_at, decided_by_id FROM grandtour_cost"
    )
    refused("cost_one_stipend_of_a_line_for_each", again)


def test_a_stipend_that_is_taken_back_keeps_its_line(journey, line):
    first, second = seats(journey)
    organiser, whom = OrganiserFactory(), money.Stipend(journey, "Meals", first)
    money.give_stipends(whom, money.Grant(line, 9_000), organiser, at=NOON)

    money.refuse(first.costs.get(), "Your affiliate pays.", organiser, at=NOON)

    assert list(first.costs.values_list("state", "line")) == [("refused", line.pk)]
    assert money.unfunded(journey.edition, [first, second]) == [second]


def test_a_line_that_promises_nothing_refuses_nothing(client, journey):
    line = LineFactory(fund__edition=journey.edition)

    answer = press(client, journey, line, amount="0", words="None.")

    assert "promises no stipend to anybody" in answer.content.decode()
    assert not Cost.objects.exists()


def test_the_desk_says_whose_money_is_missing_and_where_it_is_set_aside(client, journey, line):
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_journey_confirm", args=[journey.pk])

    shown = client.post(address, {"pressed": "yes"}, follow=True).content.decode()

    first, second = seats(journey)
    assert f"no money is set aside yet for {first.person}, {second.person}." in shown
    assert reverse("admin:grandtour_cost_stipends", args=[line.fund.edition_id]) in shown
    assert first.state == "agreed"


def test_who_gives_a_place_up_early_gives_the_money_back(journey, line):
    organiser = OrganiserFactory()
    whom = money.Stipend(journey, "Meals")
    money.give_stipends(whom, money.Grant(line, 9_000), organiser, at=NOON)
    first, second = seats(journey)

    journeys.refuse(first, journeys.Given("other", by=first.person), at=NOON)

    assert BudgetLine.objects.with_sums().get().committed == 9_000
    assert list(first.costs.values_list("state", "line", "decided_by")) == [
        ("withdrawn", None, None)
    ]
    assert second.costs.get().state == "committed"


def test_who_leaves_once_the_journey_is_confirmed_may_have_booked(client, journey, line):
    organiser = OrganiserFactory()
    whom = money.Stipend(journey, "Meals")
    money.give_stipends(whom, money.Grant(line, 9_000), organiser, at=NOON)
    journeys.confirm(journey, organiser, at=NOON)
    first, _second = seats(journey)

    journeys.cancel(first, journeys.Given("papers", by=organiser), at=NOON)

    assert first.costs.get().state == "committed"
    client.force_login(organiser)
    desk = client.get(reverse("admin:index")).content.decode()
    assert f"Money is set aside for who travels no more: {journey.edition}" in desk
    money.pay(first.costs.get(), organiser, at=NOON)
    assert "travels no more" not in client.get(reverse("admin:index")).content.decode()


def test_nobody_decides_about_their_own_money(client, journey, line):
    organiser = OrganiserFactory()
    own = SeatFactory(state="confirmed", accepted_at=NOON, application__person=organiser)
    cost = ClaimFactory(seat=own)
    mine = LineFactory(fund__edition=cost.edition)
    decide = "UPDATE grandtour_cost SET state = 'refused', words = '-', decided_at = now(),"

    refused("cost_decided_by_somebody_else", f"{decide} decided_by_id = {organiser.pk}")
    with pytest.raises(Travels):
        money.approve(cost, money.Grant(mine, 100), organiser, at=NOON)
    client.force_login(organiser)
    approve = reverse("admin:grandtour_cost_approve", args=[cost.pk])
    answer = client.post(approve, {"line": mine.pk, "amount": "1", "words": ""})
    assert answer.status_code == 403

    cost.refresh_from_db()
    assert cost.state == "claimed"
    run(f"{decide} decided_by_id = {OrganiserFactory().pk}")


def test_nobody_gets_more_than_they_asked_for(client):
    cost, organiser = ClaimFactory(), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition)

    with pytest.raises(money.Refused, match="asked"):
        money.approve(cost, money.Grant(line, 10_001), organiser, at=NOON)
    client.force_login(organiser)
    approve = reverse("admin:grandtour_cost_approve", args=[cost.pk])
    answer = client.post(approve, {"line": line.pk, "amount": "100.01", "words": ""})

    assert "more than was asked for" in answer.content.decode()
    assert Cost.objects.get(state="claimed") == cost


def test_a_sum_in_another_currency_is_never_filled_in(client):
    cost = ClaimFactory(currency="PLN", claimed_currency="PLN")
    LineFactory(fund__edition=cost.edition)
    client.force_login(OrganiserFactory())

    page = client.get(reverse("admin:grandtour_cost_approve", args=[cost.pk]))

    assert page.context["form"]["amount"].value() is None


def test_everybody_reads_beforehand_what_is_promised_and_where_it_comes_from(client, line):
    page = client.get(line.fund.edition.get_absolute_url()).content.decode()

    assert "€90" in page
    assert line.fund.name in page
    assert "€1,000" not in page


def test_a_traveller_sees_what_is_promised_until_it_is_set_aside(client, journey, line):
    first, _second = seats(journey)
    client.force_login(first.person)
    address = reverse("grandtour:costs", args=[journey.pk])

    assert "Promised" in client.get(address).content.decode()
    whom = money.Stipend(journey, "Meals", first)
    money.give_stipends(whom, money.Grant(line, 9_000), OrganiserFactory(), at=NOON)

    shown = client.get(address).content.decode()
    assert "Promised" not in shown
    assert "Approved" in shown
