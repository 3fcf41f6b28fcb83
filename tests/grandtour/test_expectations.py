"""What traveller and host expect of each other: words, yes, and what waits for both."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from capx.terms import Changed, changes
from grandtour.actions import expectations as actions
from grandtour.actions import journeys, unready
from grandtour.models import Consent, Expectation, Seat, Side
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.test_journeys import refused, run
from tests.grandtour.tours import NOON, SeatFactory, StopFactory, settle
from tests.together import together
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
CONFIRM = "UPDATE grandtour_seat SET state = 'confirmed' WHERE id = %s"
TYPED = {
    "read": "0",
    "goals": "How they scan.",
    "programme": "Two days in the archive.",
    "questions": "Which scanner?\n\n  Who   helps? ",
    "afterwards": "A day of scanning at home.",
}


@pytest.fixture
def stop():
    """Give a stop to which a host has said yes."""
    return StopFactory(
        journey__state="offered",
        host__state="accepted",
        host__decided_at=NOON,
        accepted_at=NOON,
        accepted_by=PersonFactory(),
    )


@pytest.fixture
def seat(stop):
    """Give a place that is agreed on but for what is expected."""
    return SeatFactory(
        journey=stop.journey,
        application__state="placed",
        state="agreed",
        accepted_at=NOON,
        offered_at=NOON,
        reply_by=NOON,
    )


@pytest.fixture
def host(stop):
    """Give somebody who speaks for the host."""
    member = MembershipFactory(
        affiliate=stop.host.affiliate, role="steward", person__email="h@example.org"
    )
    return member.person


def words(seat, stop, **more):
    told = {"goals": "How they scan.", "programme": "Two days.", "afterwards": "A day at home."}
    return Expectation(seat=seat, stop=stop, **told | more)


def traveller(seat):
    return actions.Speaker(seat.person, Side.TRAVELLER)


def test_both_say_yes_to_the_same_words_and_the_text_is_kept(seat, stop, host):
    first = actions.propose(words(seat, stop), traveller(seat), read=0, at=NOON)
    assert not Expectation.objects.agreed().exists()
    actions.confirm(first, actions.Speaker(host, Side.HOST), at=NOON)

    kept = Expectation.objects.agreed().get()
    said = kept.consents.order_by("side").values_list("side", "person", "at")
    assert list(said) == [("host", host.pk, NOON), ("traveller", seat.person.pk, NOON)]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {host.pk, seat.person.pk}


def test_a_changed_word_asks_the_other_side_again_and_the_old_words_stay(seat, stop, host):
    one = actions.propose(words(seat, stop), traveller(seat), read=0, at=NOON)
    by = actions.Speaker(host, Side.HOST)
    actions.confirm(one, by, at=NOON)
    two = actions.propose(words(seat, stop, programme="Three days."), by, read=1, at=NOON)

    assert not Expectation.objects.agreed().exists()
    assert [term.name for term in changes(two.terms(), one.terms())] == ["programme"]
    actions.confirm(two, traveller(seat), at=NOON)
    assert Expectation.objects.agreed().get() == two
    assert seat.expectations.count() == 2


def test_nobody_says_yes_to_what_is_gone_or_to_what_is_incomplete(seat, stop, host):
    by = actions.Speaker(host, Side.HOST)
    bare = actions.propose(words(seat, stop, programme=""), traveller(seat), read=0, at=NOON)
    with pytest.raises(actions.Incomplete):
        actions.confirm(bare, by, at=NOON)
    actions.propose(words(seat, stop), by, read=1, at=NOON)

    with pytest.raises(Changed):
        actions.confirm(bare, by, at=NOON)
    with pytest.raises(Changed):
        actions.propose(words(seat, stop), traveller(seat), read=1, at=NOON)


def test_no_place_is_confirmed_before_all_that_is_expected_is_agreed(seat, stop, host):
    refused("seat_confirmed_with_its_expectations", CONFIRM, seat.pk)
    one = actions.propose(words(seat, stop), traveller(seat), read=0, at=NOON)
    refused("seat_confirmed_with_its_expectations", CONFIRM, seat.pk)
    actions.confirm(one, actions.Speaker(host, Side.HOST), at=NOON)
    two = actions.propose(words(seat, stop, goals="More."), traveller(seat), read=1, at=NOON)
    refused("seat_confirmed_with_its_expectations", CONFIRM, seat.pk)
    actions.confirm(two, actions.Speaker(host, Side.HOST), at=NOON)
    run(CONFIRM, seat.pk)


def test_the_database_keeps_words_and_yeses_and_refuses_other_stops(seat, stop):
    settle(seat)
    refused("Cannot update or delete", "UPDATE grandtour_expectation SET goals = 'x'")
    refused("Cannot update or delete", "DELETE FROM grandtour_consent")
    elsewhere = StopFactory()
    with pytest.raises(DatabaseError, match="on_the_way"), transaction.atomic():
        words(seat, elsewhere, version=1, proposed_by=seat.person, proposed_at=NOON).save()
    many = {"questions": ["Why?"] * 16, "version": 2, "proposed_at": NOON}
    with pytest.raises(DatabaseError, match="at_most_15"), transaction.atomic():
        words(seat, stop, proposed_by=seat.person, **many).save()
    bare = words(seat, stop, version=2, programme="", side="traveller", proposed_at=NOON)
    bare.proposed_by = seat.person
    bare.save()
    with pytest.raises(DatabaseError, match="complete"), transaction.atomic():
        Consent.objects.create(expectation=bare, side="host", person=seat.person, at=NOON)


def test_organisers_confirm_nothing_before_it_is_settled(seat, stop):
    organiser = OrganiserFactory()
    second = SeatFactory(
        journey=stop.journey,
        number=2,
        country="DE",
        application__state="placed",
        state="agreed",
        accepted_at=NOON,
    )
    settle(second)
    with pytest.raises(unready.Unsettled) as missing:
        journeys.confirm(stop.journey, organiser, at=NOON)
    assert missing.value.people == [seat.person]

    settle(seat)
    journeys.confirm(stop.journey, organiser, at=NOON)
    assert set(Seat.objects.values_list("state", flat=True)) == {"confirmed"}


def test_both_write_and_confirm_on_the_page(client, seat, stop, host):
    page = seat.expectation_url(1)
    client.force_login(seat.person)
    assert "Write it down" in client.get(page).text
    assert "Nothing is booked" in client.get(stop.journey.get_absolute_url()).text
    form = client.get(reverse("grandtour:write_expectation", args=[seat.pk, 1]))
    assert form.context["form"]["programme"].value() == stop.host.programme
    client.post(reverse("grandtour:write_expectation", args=[seat.pk, 1]), TYPED)
    assert Expectation.objects.get().questions == ["Which scanner?", "Who helps?"]

    client.force_login(host)
    assert "Confirm this" in client.get(page).text
    yes = reverse("grandtour:confirm_expectation", args=[seat.pk, 1])
    client.post(yes, {"version": "7"})
    assert not Expectation.objects.agreed().exists()
    client.post(yes, {"version": "1"})
    assert Expectation.objects.agreed().exists()
    assert "Agreed" in client.get(stop.journey.get_absolute_url()).text


def test_what_was_typed_stays_when_the_other_side_was_faster(client, seat, stop, host):
    actions.propose(words(seat, stop), actions.Speaker(host, Side.HOST), read=0, at=NOON)
    client.force_login(seat.person)
    write = reverse("grandtour:write_expectation", args=[seat.pk, 1])
    answer = client.post(write, TYPED | {"goals": "Something of my own."})

    assert "Something of my own." in answer.text
    assert "written something else meanwhile" in answer.text
    assert Expectation.objects.count() == 1


def test_another_traveller_and_a_stranger_find_nothing(client, seat, stop):
    other = SeatFactory(
        journey=stop.journey, number=2, country="DE", state="accepted", accepted_at=NOON
    )
    for person in (other.person, PersonFactory()):
        client.force_login(person)
        assert client.get(seat.expectation_url(1)).status_code == 404
    client.force_login(seat.person)
    assert client.get(seat.expectation_url(2)).status_code == 404


def test_more_travellers_take_no_more_queries(
    client, seat, stop, host, django_assert_max_num_queries
):
    client.force_login(host)
    settle(seat)
    page = stop.journey.get_absolute_url()
    with django_assert_max_num_queries(60) as one:
        client.get(page)
    for number, country in ((2, "DE"), (3, "FR")):
        more = SeatFactory(
            journey=stop.journey,
            number=number,
            country=country,
            state="agreed",
            accepted_at=NOON + timedelta(days=1),
        )
        settle(more)
    with django_assert_max_num_queries(len(one)):
        client.get(page)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_is_told(seat, stop, host):
    def press(by):
        actions.propose(words(seat, stop), by, read=0, at=NOON)
        return "written"

    both = [traveller(seat), actions.Speaker(host, Side.HOST)]
    said = together(*(partial(press, by) for by in both), refused=Changed)
    assert sorted(said) == ["Changed", "written"]
