"""Whoever leaves, or a host who says no after a yes: what was agreed stays true."""

import re
from contextlib import suppress
from datetime import timedelta
from threading import Event

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse

from capx import erasure
from capx.states import IllegalMove
from grandtour.actions import applications, hosts, journeys, under_way, unready
from grandtour.admin import journey_desk
from grandtour.models import Application, Host, Journey, JourneyEvent, Seat, Stop
from grandtour.notices import journeys as notices
from grandtour.plans import accepting, succession
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journeys import STOP, at_once, refused
from tests.grandtour.tours import NOON, SeatFactory, StopFactory, settle
from tests.together import Beside
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
PRESSED = {"csrfmiddlewaretoken": "x"}  # what a form without fields sends
NEXT_WEEK = NOON + timedelta(days=7)
A_DAY = timedelta(days=1)
MEANWHILE = "It has changed meanwhile"


def offered(countries=("PL", "SK", "HU", "NL"), waiting=()):
    """Give a journey whose places are offered, and let others wait for one."""
    edition = round_of(countries)
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    for country in waiting:
        applicant(edition, country, state="waiting")
    made = Journey.objects.get()
    journeys.offer(made, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    made.refresh_from_db()
    return made


@pytest.fixture
def journey():
    """Give a journey whose places are offered."""
    return offered()


def agreed(journey):
    """Let everybody say yes, and agree on what they expect."""
    for seat in journey.seats.live():
        journeys.accept(seat, at=NOON)
        settle(seat)
    for stop in journey.stops.all():
        journeys.welcome(stop, PersonFactory(), at=NOON)
    return journey


def confirmed(journey):
    """Let a journey be confirmed."""
    journeys.confirm(agreed(journey), OrganiserFactory(), at=NOON)
    journey.refresh_from_db()
    return journey


def speaker(stop):
    """Give somebody who speaks for the host of a stop."""
    return MembershipFactory(affiliate=stop.host.affiliate, role="editor").person


def told(start, person=None):
    """Count the notices that begin so."""
    rows = Notice.objects.filter(key__startswith=f"{start}:")
    return (rows.filter(recipient=person) if person else rows).count()


def test_a_place_proposed_to_somebody_hides_the_journey_from_nobody_else(client, journey):
    one, other = journey.seats.order_by("number")[:2]
    Seat.objects.filter(pk=other.pk).update(state="proposed")

    client.force_login(one.person)
    page = client.get(journey.get_absolute_url())
    assert page.status_code == 200
    read = {"read": page.context["read"]}
    client.post(reverse("grandtour:accept_seat", args=[journey.pk]), read)

    one.refresh_from_db()
    assert one.state == "accepted"
    client.force_login(other.person)
    assert client.get(journey.get_absolute_url()).status_code == 404


def test_a_confirmed_place_that_is_taken_back_puts_its_traveller_in_line_again(journey):
    seat = confirmed(journey).seats.get(country="NL")

    journeys.cancel(seat, journeys.Given("papers", by=PersonFactory()), at=NOON)

    application = Application.objects.get(pk=seat.application_id)
    assert application.state == "waiting"
    assert application.events.order_by("pk").last().state == "waiting"


def test_a_journey_called_off_puts_everybody_in_line_and_they_can_be_offered_another(journey):
    journeys.call_off(confirmed(journey), journeys.Given("force_majeure", "A strike."), at=NOON)
    assert set(Application.objects.values_list("state", flat=True)) == {"waiting"}
    assert journey.events.filter(what="cancelled", seat=None).count() == 1

    Application.objects.update(state="shortlisted")
    plan = planned(journey.edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    again = Journey.objects.get(state="proposed")

    assert journeys.offer(again, plan.asked_by, reply_by=NEXT_WEEK, at=NOON) == 4
    assert set(Application.objects.values_list("state", flat=True)) == {"placed"}


def test_a_host_that_says_no_after_a_yes_takes_every_agreement_back(client, journey):
    organiser, stop = OrganiserFactory(), agreed(journey).stops.first()
    client.force_login(speaker(stop))

    no = reverse("grandtour:refuse_stop", args=[stop.pk])
    client.post(no, {"words": "The archive is flooded."})

    assert {seat.state for seat in journey.seats.all()} == {"accepted"}
    assert told("stop-refused", organiser) == 1
    client.post(no, {"words": "The archive is flooded."})
    assert told("stop-refused", organiser) == 1
    with pytest.raises(unready.Unwelcome) as silent:
        journeys.confirm(journey, organiser, at=NOON)
    assert silent.value.hosts == [stop.host.affiliate]


def test_a_host_may_still_say_yes_after_a_no(client, journey):
    stop = agreed(journey).stops.first()
    client.force_login(speaker(stop))
    client.post(reverse("grandtour:refuse_stop", args=[stop.pk]), {"words": "Flooded."})
    assert "You can still say yes" in client.get(journey.get_absolute_url()).text

    answer = client.post(reverse("grandtour:welcome", args=[stop.pk]), {"read": stop.mark})

    stop.refresh_from_db()
    assert answer.status_code == 302
    assert (stop.refused_at, stop.refused_words, bool(stop.accepted_at)) == (None, "", True)
    assert {seat.state for seat in journey.seats.all()} == {"agreed"}
    assert told("seat-agreed") == 4


def test_postgresql_confirms_nothing_with_a_host_who_has_not_said_yes(journey):
    agreed(journey)
    no = "UPDATE grandtour_stop SET accepted_at = NULL, accepted_by_id = NULL WHERE id = %s"
    refused("stop_stands_while_agreed", no, journey.stops.first().pk)

    Seat.objects.update(state="confirmed")
    refused("stop_stands_while_agreed", no, journey.stops.first().pk)
    Seat.objects.update(state="accepted")
    Stop.objects.filter(pk=journey.stops.first().pk).update(accepted_at=None, accepted_by=None)
    Seat.objects.update(state="confirmed")
    confirm = "UPDATE grandtour_journey SET state = 'confirmed' WHERE id = %s"
    refused("journey_confirmed_by_its_hosts", confirm, journey.pk)


@pytest.mark.django_db(transaction=True)
def test_a_host_that_says_no_while_it_is_confirmed_is_in_or_out_and_never_both(journey):
    organiser, stop = OrganiserFactory(), agreed(journey).stops.first()

    def act(number):
        own = Journey.objects.get(pk=journey.pk)
        with suppress(IllegalMove, unready.Unwelcome, unready.TooFew):
            if number % 2:
                journeys.host_refuses(stop, journeys.Given("host", "No."), at=NOON)
            else:
                journeys.confirm(own, organiser, at=NOON)

    at_once(act)

    journey.refresh_from_db()
    stop.refresh_from_db()
    seats = set(journey.seats.values_list("state", flat=True))
    assert (journey.state, bool(stop.accepted_at), seats) in [
        ("confirmed", True, {"confirmed"}),
        ("offered", False, {"accepted"}),
    ]


def test_the_desk_says_in_words_what_only_postgresql_knew(client, journey, monkeypatch):
    monkeypatch.setattr("grandtour.actions.journeys._settled", lambda *_asked: None)
    for seat in journey.seats.live():
        journeys.accept(seat, at=NOON)
    for stop in journey.stops.all():
        journeys.welcome(stop, PersonFactory(), at=NOON)
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_journey_confirm", args=[journey.pk])

    page = client.post(address, PRESSED, follow=True).text

    assert "Nothing was done: somebody has not agreed with a host on all that is" in page
    assert "seat_confirmed" not in page


def test_whatever_keeps_a_journey_from_being_confirmed_has_words():
    rules = {
        trigger.name
        for model in (Seat, Journey)
        for trigger in model._meta.triggers
        if "_confirmed_" in trigger.name
    }

    assert len(rules) == 5
    assert rules <= {*journey_desk.REFUSALS}
    other = IntegrityError("another_rule")
    assert "changed meanwhile" in journey_desk.words_of_refusal(other)


def test_the_desk_says_which_rule_stands_against_confirming(client, journey):
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_journey_confirm", args=[journey.pk])
    names = [str(stop.host.affiliate) for stop in journey.stops.all()]

    page = client.post(address, PRESSED, follow=True).text

    assert "these hosts have not said yes" in page
    assert all(name in page for name in names)


def test_who_withdraws_after_a_yes_is_missed_by_all_who_counted_on_them(client, journey):
    organiser = OrganiserFactory()
    people = {stop: speaker(stop) for stop in journey.stops.all()}
    seat = confirmed(journey).seats.get(country="NL")
    others = [one.person for one in journey.seats.exclude(pk=seat.pk)]
    client.force_login(seat.person)

    client.post(reverse("grandtour:withdraw_application", args=[seat.application_id]))

    seat.refresh_from_db()
    assert (seat.state, seat.application.state) == ("cancelled", "withdrawn")
    assert [told("companion-left", person) for person in others] == [1, 1, 1]
    assert [told("host-guest_left", person) for person in people.values()] == [1] * len(people)
    assert told("place-freed", organiser) == 1
    assert not told("companion-left", seat.person)
    desk = reverse("admin:grandtour_journey_show", args=[journey.pk])
    assert Notice.objects.get(key__startswith="place-freed", recipient=organiser).link == desk


def test_who_only_had_an_offer_is_missed_by_nobody(journey):
    OrganiserFactory()
    seat = journey.seats.get(country="NL")

    applications.withdraw(Application.objects.get(pk=seat.application_id), at=NOON)

    assert not any(map(told, ["companion-left", "host-guest_left", "place-freed"]))


def test_whoever_is_forgotten_is_missed_without_a_name(journey):
    confirmed(journey)
    seat = journey.seats.get(country="NL")
    name = seat.person.name

    erasure.forget(seat.person, at=NOON, keep_practices=False)

    seat.refresh_from_db()
    assert seat.state == "cancelled"
    rows = Notice.objects.filter(key__startswith="companion-left")
    assert rows.count() == 3
    assert not any(name in row.subject + row.body for row in rows)


def test_a_confirmed_place_that_comes_free_is_filled_offered_and_confirmed(client):
    journey = confirmed(offered(waiting=["DK"]))
    seat = journey.seats.get(country="NL")
    applications.withdraw(Application.objects.get(pk=seat.application_id), at=NOON)

    assert succession.follow(NOON) == 1
    made = journey.seats.get(state="proposed")
    assert made.country == "DK"
    client.force_login(OrganiserFactory())
    page = client.get(reverse("admin:grandtour_journey_show", args=[journey.pk])).text
    assert "Offer the places…" in page
    client.post(
        reverse("admin:grandtour_journey_offer", args=[journey.pk]), {"reply_by": "2026-02-20"}
    )
    made.refresh_from_db()
    journeys.accept(made, at=NOON)
    settle(made)
    page = client.get(reverse("admin:grandtour_journey_show", args=[journey.pk])).text
    assert "Confirm the journey…" in page
    client.post(reverse("admin:grandtour_journey_confirm", args=[journey.pk]), PRESSED)

    made.refresh_from_db()
    assert (made.state, made.application.state) == ("confirmed", "confirmed")
    assert journey.seats.filter(state="confirmed").count() == 4
    assert told("seat-confirmed") == 5
    assert made.checklist.exists()


def test_a_place_that_nobody_fits_is_tried_again_the_next_day_and_not_before():
    journey = offered()
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    assert succession.follow(NOON) == 0
    applicant(journey.edition, "DK", state="waiting")

    assert succession.follow(NOON + timedelta(hours=1)) == 0
    assert succession.follow(NOON + A_DAY) == 1
    assert succession.follow(NOON + 2 * A_DAY) == 0
    assert journey.seats.get(state="proposed").country == "DK"


def test_a_place_that_an_organiser_filled_is_looked_for_no_more():
    journey = offered()
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    chosen = applicant(journey.edition, "DK", state="waiting")
    succession.by_hand(journey, chosen, "", OrganiserFactory(), at=NOON)

    assert not Seat.objects.freed(NOON + A_DAY).exists()


def test_one_place_that_fails_stops_no_other(journey, monkeypatch):
    edition = journey.edition
    for country in ("NL", "HU"):
        seat = journey.seats.get(country=country)
        journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    applicant(edition, "DK", state="waiting")
    first = Seat.objects.freed(NOON).order_by("ended_at", "pk").first()
    line, calls = succession.line, []

    def broken(*asked):
        calls.append(asked)
        if len(calls) == 1:
            raise ValueError("no place")
        return line(*asked)

    monkeypatch.setattr(succession, "line", broken)

    assert succession.follow(NOON) == 1
    assert Seat.objects.get(pk=first.pk).followed_at is None
    assert len(calls) == 2


def test_an_error_in_one_journey_lets_the_offers_of_others_lapse(monkeypatch):
    one = SeatFactory(journey__state="offered", state="offered", offered_at=NOON, reply_by=NOON)
    other = SeatFactory(
        journey__state="offered", state="offered", offered_at=NOON, reply_by=NOON
    )
    tell = notices.lapsed

    def broken(seat):
        if seat == one:
            raise RuntimeError("broken")
        tell(seat)

    monkeypatch.setattr(notices, "lapsed", broken)

    assert journeys.lapse(NOON + A_DAY) == 1
    states = dict(Seat.objects.values_list("pk", "state"))
    assert states == {one.pk: "offered", other.pk: "lapsed"}


def test_who_is_not_confirmed_on_the_first_day_does_not_travel():
    journey = confirmed(offered(waiting=["DK"]))
    seat = journey.seats.get(country="NL")
    applications.withdraw(Application.objects.get(pk=seat.application_id), at=NOON)
    succession.follow(NOON)
    first = journey.period.lower

    assert under_way.move_with_the_days(first, at=NOON) == 1

    assert set(journey.seats.live().values_list("state", flat=True)) == {"travelling"}
    assert Application.objects.get(country="DK").state == "waiting"


def test_a_calendar_of_who_travels_no_more_says_that_it_is_off(client, journey):
    one, other = confirmed(journey).seats.order_by("number")[:2]
    journeys.cancel(one, journeys.Given("papers", by=PersonFactory()), at=NOON)
    address = reverse("grandtour:journey_dates", args=[journey.pk])

    for person, said in ((one.person, "STATUS:CANCELLED"), (other.person, "STATUS:CONFIRMED")):
        client.force_login(person)
        assert said in client.get(address).text
    journeys.call_off(journey, journeys.Given("other", "A strike."), at=NOON)
    assert "STATUS:CANCELLED" in client.get(address).text
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404


def test_a_calendar_counts_on_no_day_before_it_is_confirmed(client, journey):
    seat = journey.seats.order_by("number").first()
    address = reverse("grandtour:journey_dates", args=[journey.pk])
    client.force_login(seat.person)

    said = client.get(address).text
    assert ("STATUS:TENTATIVE" in said, "STATUS:CONFIRMED" in said) == (True, False)
    assert not [line for line in said.splitlines() if line.endswith(":")]

    confirmed(journey)
    assert "STATUS:CONFIRMED" in client.get(address).text
    assert "STATUS:TENTATIVE" not in client.get(address).text


def test_the_number_in_a_calendar_grows_when_somebody_leaves_and_comes_back(client):
    journey = offered()
    seat = journey.seats.order_by("number").first()
    address = reverse("grandtour:journey_dates", args=[journey.pk])
    client.force_login(seat.person)
    numbers = [_sequence(client, address)]

    journeys.refuse(seat, journeys.Given("other", by=seat.person), at=NOON)
    assert "STATUS:CANCELLED" in client.get(address).text
    numbers.append(_sequence(client, address))
    accepting.propose(journey, Application.objects.get(pk=seat.application_id), ())
    journeys.offer(journey, PersonFactory(), at=NOON, reply_by=NOON + A_DAY)
    assert "STATUS:TENTATIVE" in client.get(address).text
    numbers.append(_sequence(client, address))

    assert numbers == sorted(set(numbers))


def _sequence(client, address):
    """Give the one number that all entries of a calendar have."""
    found = set(re.findall("SEQUENCE:([0-9]+)", client.get(address).text))
    assert len(found) == 1
    return int(found.pop())


def test_who_was_on_the_way_is_in_no_line_any_more(journey):
    first = confirmed(journey).period.lower
    under_way.move_with_the_days(first, at=NOON)
    journey.refresh_from_db()

    journeys.call_off(journey, journeys.Given("force_majeure", "A flood."), at=NOON)

    assert set(Application.objects.values_list("state", flat=True)) == {"travelled"}
    assert set(journey.seats.values_list("state", flat=True)) == {"cancelled"}


def test_a_place_that_cannot_be_held_stops_no_other(journey, monkeypatch):
    for country in ("NL", "HU"):
        seat = journey.seats.get(country=country)
        journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    applicant(journey.edition, "DK", state="waiting")
    hold, calls = vars(succession)["_hold"], []

    def broken(held):
        calls.append(held)
        if len(calls) == 1:
            raise OperationalError("deadlock detected")
        return hold(held)

    monkeypatch.setattr(succession, "_hold", broken)

    assert succession.follow(NOON) == 1


def test_the_deadline_is_looked_at_once_the_journey_is_held(journey):
    seat = journey.seats.first()
    stale = Seat.objects.get(pk=seat.pk)
    Seat.objects.filter(pk=seat.pk).update(reply_by=NOON - A_DAY)

    with pytest.raises(journeys.TooLate):
        journeys.accept(stale, at=NOON)


def test_a_host_says_no_yes_to_a_journey_that_was_called_off_meanwhile(journey):
    stop = journey.stops.select_related("journey").first()
    journeys.call_off(Journey.objects.get(), journeys.Given("other", "No."), at=NOON)

    with pytest.raises(IllegalMove):
        journeys.welcome(stop, PersonFactory(), at=NOON)
    with pytest.raises(IllegalMove):
        journeys.host_refuses(stop, journeys.Given("host", "No."), at=NOON)


def test_a_host_that_takes_its_offer_back_says_no_to_what_is_planned(client, journey):
    stop = agreed(journey).stops.first()
    client.force_login(speaker(stop))

    client.post(reverse("grandtour:withdraw_host", args=[stop.host_id]))

    stop.refresh_from_db()
    assert (stop.accepted_at, bool(stop.refused_at), stop.host.state) == (
        *(None, True),
        "withdrawn",
    )
    assert {seat.state for seat in journey.seats.all()} == {"accepted"}


def test_a_host_to_whom_people_travel_cannot_take_its_offer_back(client, journey):
    stop = confirmed(journey).stops.first()
    with pytest.raises(hosts.Expected):
        hosts.withdraw(Host.objects.get(pk=stop.host_id), PersonFactory(), at=NOON)
    client.force_login(speaker(stop))

    page = client.post(reverse("grandtour:withdraw_host", args=[stop.host_id]), follow=True)

    assert "A journey to you is confirmed" in page.text
    assert Host.objects.get(pk=stop.host_id).state == "accepted"


def test_nobody_who_has_withdrawn_is_given_a_place():
    stop = StopFactory()
    gone = applicant(stop.journey.edition, "PL")
    Application.objects.filter(pk=gone.pk).update(state="withdrawn", ended_at=NOON)

    with (
        pytest.raises(IntegrityError, match="seat_of_who_still_wishes_to_travel"),
        transaction.atomic(),
    ):
        Seat.objects.create(journey=stop.journey, application=gone, number=1, country="PL")


def test_postgresql_lets_nobody_travel_to_a_host_that_does_not_take_part(journey):
    stop = journey.stops.order_by("number").last()
    Stop.objects.filter(pk=stop.pk).delete()
    for state in ("draft", "declined", "withdrawn"):
        Host.objects.filter(pk=stop.host_id).update(state=state)
        days = (stop.number, stop.arrive, stop.leave)
        refused("stop_with_a_host_that_takes_part", STOP, journey.pk, stop.host_id, *days)


@pytest.mark.django_db(transaction=True)
def test_a_host_that_withdraws_while_a_plan_is_accepted_is_in_no_journey():
    plan = planned(round_of(("PL", "SK", "HU", "NL")))
    rows = list(Host.objects.filter(stays__isnull=False).distinct())

    def act(number):
        with suppress(IllegalMove, accepting.Outdated):
            if number:
                hosts.withdraw(rows[number % len(rows)], plan.asked_by, at=NOON)
            else:
                accepting.accept(plan, plan.asked_by, at=NOON)

    at_once(act)

    gone = Stop.objects.filter(host__state="withdrawn", refused_at=None)
    assert not gone.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["withdraw", "forget"])
def test_who_leaves_waits_for_the_journey_before_the_application_is_touched(journey, way):
    seat = journey.seats.select_related("person").first()
    started = Event()

    def leave():
        try:
            started.set()
            if way == "withdraw":
                applications.withdraw(Application.objects.get(pk=seat.application_id), at=NOON)
            else:
                erasure.forget(seat.person, at=NOON, keep_practices=False)
        finally:
            connection.close()

    thread = Beside(leave)
    with transaction.atomic():
        Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
        thread.start()
        assert started.wait(30)
        wait_for_a_lock()
        with connection.cursor() as cursor:
            # An offer or a lapse goes on from here; before, each waited for the other.
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        rows = Application.objects.select_for_update(no_key=True)
        rows.get(pk=seat.application_id)
        type(seat.person).objects.select_for_update(no_key=True).get(pk=seat.person_id)
    thread.end()

    seat.refresh_from_db()
    assert seat.state == "cancelled"
    assert JourneyEvent.objects.filter(seat=seat, what="cancelled").count() == 1


def wait_for_a_lock():
    """Wait until somebody waits for us."""
    blocked = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    for _try in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")
