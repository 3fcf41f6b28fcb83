"""The page of a journey, as each of those in it meets it, and the desk's pages of plans."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from grandtour.actions import journeys, under_way
from grandtour.models import Application, Journey, Plan, Seat, Stop
from grandtour.plans import accepting
from grandtour.views import route
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.tours import NOON, settle
from volunteers.models import Notice, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
PRESSED = {"csrfmiddlewaretoken": "x"}  # what a form without fields sends
NEXT_WEEK = NOON + timedelta(days=7)


@pytest.fixture
def journey():
    """Give a journey whose places are offered."""
    edition = round_of()
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    made = Journey.objects.get()
    journeys.offer(made, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    return made


def page(name, row):
    """Give the address of a page about a row."""
    return reverse(f"grandtour:{name}", args=[row.pk])


def desk(name, row):
    """Give the address of a page of the desk about a row."""
    return reverse(f"admin:grandtour_{name}", args=[row.pk])


def read(client, address):
    """Give what a page says."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_traveller_sees_route_companions_and_carbon_and_says_yes(client, journey):
    seat = journey.seats.order_by("number").first()
    client.force_login(seat.person)

    assert journey.get_absolute_url() in read(client, reverse("grandtour:editions"))
    shown = client.get(journey.get_absolute_url())
    said = shown.text

    assert all(str(stop.host.affiliate) in said for stop in journey.stops.all())
    assert all(str(one.person) in said for one in journey.seats.all())
    assert "without radiative forcing" in said
    assert "DESNZ" in said
    assert "Why this journey for you" in said

    client.post(page("accept_seat", journey), {"read": shown.context["read"]})
    seat.refresh_from_db()
    assert seat.state == "accepted"
    assert "You have said yes" in read(client, journey.get_absolute_url())


def test_a_traveller_says_no_and_why_and_nothing_typed_is_lost(client, journey):
    seat = journey.seats.order_by("number").first()
    client.force_login(seat.person)

    wrong = client.post(page("refuse_seat", journey), {"reason": "?", "words": "Exams in May"})
    assert "Exams in May" in wrong.content.decode()

    client.post(page("refuse_seat", journey), {"reason": "dates", "words": "Exams in May"})

    seat.refresh_from_db()
    assert (seat.state, seat.reason, seat.words) == ("refused", "dates", "Exams in May")
    assert client.get(journey.get_absolute_url()).status_code == 404
    application = seat.application
    application.refresh_from_db()
    assert application.state == "waiting"


def test_what_a_traveller_wrote_is_for_organisers_alone(client, journey):
    seat, other = journey.seats.order_by("number")[:2]
    given = journeys.Given("health", "My knee", seat.person)
    journeys.refuse(seat, given, at=NOON)

    client.force_login(other.person)
    assert "My knee" not in read(client, journey.get_absolute_url())
    client.force_login(OrganiserFactory())
    assert "My knee" in read(client, desk("journey_show", journey))


def test_a_stranger_sees_no_journey_and_answers_for_nobody(client, journey):
    client.force_login(PersonFactory())
    for name in ("journey", "journey_dates"):
        assert client.get(page(name, journey)).status_code == 404
    for name in ("accept_seat", "refuse_seat"):
        assert client.post(page(name, journey)).status_code == 404
    for name in ("welcome", "refuse_stop"):
        assert client.post(page(name, journey.stops.first())).status_code == 404


def test_a_place_that_is_only_proposed_is_shown_to_nobody(client, journey):
    seat = journey.seats.first()
    Seat.objects.filter(pk=seat.pk).update(state="proposed")
    client.force_login(seat.person)

    assert client.get(journey.get_absolute_url()).status_code == 404


def test_a_host_says_yes_and_all_is_agreed(client, journey):
    for seat in journey.seats.all():
        journeys.accept(seat, at=NOON)
    for stop in journey.stops.all():
        speaker = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
        client.force_login(speaker)
        assert "they are welcome" in read(client, journey.get_absolute_url())
        client.post(page("welcome", stop), {"read": stop.mark})

    assert {seat.state for seat in journey.seats.all()} == {"agreed"}


def test_a_host_says_no_and_organisers_read_why(client, journey):
    stop = journey.stops.first()
    speaker = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
    client.force_login(speaker)

    empty = client.post(page("refuse_stop", stop), {"words": ""})
    assert empty.status_code == 200
    client.post(page("refuse_stop", stop), {"words": "The archive is closed that week."})

    stop = Stop.objects.get(pk=stop.pk)
    assert (stop.accepted_at, stop.refused_words) == (None, "The archive is closed that week.")
    client.force_login(OrganiserFactory())
    assert "The archive is closed that week." in read(client, desk("journey_show", journey))


def test_a_host_of_another_stop_cannot_answer_for_this_one(client, journey):
    one, other = journey.stops.order_by("number")[:2]
    client.force_login(MembershipFactory(affiliate=one.host.affiliate, role="editor").person)

    assert client.post(page("welcome", other)).status_code == 404


def test_the_days_are_a_file_for_calendars(client, journey):
    client.force_login(journey.seats.first().person)

    answer = client.get(page("journey_dates", journey))

    said = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert said.count("BEGIN:VEVENT") == journey.stops.count()


def test_the_page_asks_the_database_as_often_for_four_as_for_two(
    client, journey, django_assert_max_num_queries
):
    client.force_login(journey.seats.order_by("number").first().person)
    with django_assert_max_num_queries(18):
        read(client, journey.get_absolute_url())


def test_an_organiser_begins_a_plan_with_locks_and_reads_it(client):
    edition = round_of()
    out = edition.applications.get(country="NL")
    client.force_login(OrganiserFactory())

    answer = client.post(
        desk("plan_of", edition), {"seconds": "20", "seed": "1", "stay_home": [str(out.pk)]}
    )

    plan = Plan.objects.get()
    assert answer.url == plan.get_absolute_url()
    assert "Waits for its turn" in read(client, plan.get_absolute_url())
    part = client.get(plan.get_absolute_url(), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert plan.locks["exclude"] == [{"traveller": f"a{out.pk}", "stay": ""}]
    second = client.post(desk("plan_of", edition), {"seconds": "20", "seed": "1"}, follow=True)
    assert "A plan is being worked out already." in second.content.decode()


def test_an_organiser_reads_why_compares_and_accepts(client):
    edition = round_of()
    one, other = planned(edition), planned(edition)
    client.force_login(OrganiserFactory())

    said = read(client, one.get_absolute_url())
    assert "Proven" in said
    assert "for a country that was rarely chosen" in said
    assert "Deferred acceptance" in said
    both = f"{desk('plan_compare', edition)}?one={one.pk}&other={other.pk}"
    assert str(one) in read(client, both)
    assert "New in a journey" in read(client, desk("plan_accept", one))

    client.post(desk("plan_accept", one), PRESSED)

    assert Journey.objects.count() == 1
    assert "wait to be offered" in read(client, desk("plan_of", edition))
    client.post(desk("plan_accept", other), PRESSED)
    assert Journey.objects.count() == 1


def test_rules_that_collide_are_said_in_words(client):
    edition = round_of()
    one, other = edition.applications.filter(country__in=["PL", "SK"])
    client.force_login(OrganiserFactory())
    plan = planned(edition)
    Plan.objects.filter(pk=plan.pk).update(
        state="infeasible",
        reasons_state="",
        reasons=None,
        collisions=[
            {"name": "keep", "about": [f"a{one.pk}", ""]},
            {"name": "apart", "about": [f"a{one.pk}", f"a{other.pk}"]},
        ],
    )

    said = read(client, plan.get_absolute_url())

    assert f"Lock: must be in: {one.person}" in said
    assert f"Lock: in different groups: {one.person}, {other.person}" in said


def test_an_organiser_offers_confirms_and_calls_off(client, journey):
    client.force_login(OrganiserFactory())
    for seat in journey.seats.all():
        journeys.accept(seat, at=NOON)
        settle(seat)
    for stop in journey.stops.all():
        journeys.welcome(stop, PersonFactory(), at=NOON)

    client.post(desk("journey_confirm", journey), PRESSED)
    journey.refresh_from_db()
    assert journey.state == "confirmed"
    assert set(Application.objects.values_list("state", flat=True)) == {"confirmed"}

    client.post(
        desk("journey_call_off", journey), {"reason": "force_majeure", "words": "A strike."}
    )
    journey.refresh_from_db()
    assert (journey.state, journey.ended_because) == ("cancelled", "A strike.")
    assert not journey.seats.live().exists()
    told = Notice.objects.filter(key__startswith="seat-cancelled").count()
    assert told == 4


def test_what_is_asked_about_a_journey_names_it(client, journey):
    client.force_login(OrganiserFactory())

    page = client.get(reverse("admin:grandtour_journey_call_off", args=[journey.pk]))

    assert f"{journey} · {journey.edition}" in page.content.decode()


def test_a_journey_is_not_confirmed_with_one(client, journey):
    client.force_login(OrganiserFactory())
    first = journey.seats.first()
    journeys.accept(first, at=NOON)
    for stop in journey.stops.all():
        journeys.welcome(stop, PersonFactory(), at=NOON)
    waits = client.post(desk("journey_confirm", journey), PRESSED, follow=True)
    assert f"what is expected is still open with {first.person}" in waits.content.decode()
    settle(first)

    answer = client.post(desk("journey_confirm", journey), PRESSED, follow=True)

    assert "Too few have agreed yet" in answer.content.decode()
    assert journey.seats.live().count() == 4


def test_the_next_in_line_is_offered_and_told_once(client, journey):
    seat = journey.seats.first()
    client.force_login(OrganiserFactory())
    client.post(desk("seat_cancel", seat), {"reason": "organisers", "words": "A mistake."})
    seat.refresh_from_db()
    assert (seat.state, seat.reason) == ("cancelled", "organisers")

    Seat.objects.filter(journey=journey, number__isnull=False).update(
        state="proposed", reply_by=None, offered_at=None
    )
    Application.objects.update(state="shortlisted")
    late = client.post(desk("journey_offer", journey), {"reply_by": "2026-02-01"})
    assert late.status_code == 200
    client.post(desk("journey_offer", journey), {"reply_by": "2026-02-20"})
    assert {one.state for one in journey.seats.live()} == {"offered"}


def test_journeys_begin_and_end_on_their_days(journey):
    for seat in journey.seats.all():
        journeys.accept(seat, at=NOON)
        settle(seat)
    for stop in journey.stops.all():
        journeys.welcome(stop, PersonFactory(), at=NOON)
    journeys.confirm(journey, OrganiserFactory(), at=NOON)
    journey.refresh_from_db()
    first, last = journey.period.lower, journey.last_day

    assert under_way.move_with_the_days(first - timedelta(days=1), at=NOON) == 0
    assert under_way.move_with_the_days(first, at=NOON) == 1
    assert under_way.move_with_the_days(last, at=NOON) == 0
    assert under_way.move_with_the_days(last + timedelta(days=1), at=NOON) == 1
    journey.refresh_from_db()
    assert journey.state == "returned"
    assert {seat.state for seat in journey.seats.all()} == {"returned"}
    assert set(Application.objects.values_list("state", flat=True)) == {"travelled"}


def test_an_organiser_chooses_somebody_by_hand_and_says_why_two_of_one_country(client, journey):
    client.force_login(OrganiserFactory())
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    second = applicant(journey.edition, "PL", state="waiting")
    deaf = applicant(journey.edition, "DK", state="waiting", languages=["el"])
    address = desk("journey_place", journey)

    for chosen in (second, deaf):
        wrong = client.post(address, {"who": str(chosen.pk), "because": ""})
        assert "This does not fit" in wrong.content.decode()
    client.post(address, {"who": str(second.pk), "because": "They run one archive."})

    made = Seat.objects.get(application=second)
    assert (made.state, made.same_country_because) == ("proposed", "They run one archive.")
    assert made.legs.count() == 2
    assert journey.seats.live().count() == 4


def test_on_the_way_the_page_says_where_the_group_is_and_where_it_goes(journey):
    rows = [{"stop": stop, "people": []} for stop in journey.stops.order_by("number")]
    first, last = rows[0]["stop"], rows[-1]["stop"]
    underway = Journey(state=Journey.State.TRAVELLING)

    begun = route.now(underway, rows, first.arrive)
    assert (begun["here"]["stop"], begun["next"]["stop"]) == (first, rows[1]["stop"])
    ended = route.now(underway, rows, last.leave)
    assert (ended["here"]["stop"], ended["next"]) == (last, None)
    between = route.now(underway, rows[1:], first.arrive)
    assert (between["here"], between["next"]["stop"]) == (None, rows[1]["stop"])
    assert route.now(journey, rows, first.arrive) == {}


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York"])
def test_a_place_is_kept_until_its_day_is_over_everywhere(client, zone):
    edition = round_of()
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    journey = Journey.objects.get()
    client.force_login(OrganiserFactory(time_zone=zone))
    client.post(desk("journey_offer", journey), {"reply_by": "2026-02-20"})
    first, other = journey.seats.order_by("number")[:2]
    Person.objects.filter(pk=first.person_id).update(time_zone=zone)

    client.force_login(Person.objects.get(pk=first.person_id))
    assert 'answer by <time datetime="2026-02-20">20 February 2026' in read(
        client, journey.get_absolute_url()
    )
    assert "answer by 20 February 2026" in Notice.objects.get(recipient=first.person).body
    in_honolulu = datetime(2026, 2, 21, 9, tzinfo=UTC)
    assert journeys.lapse(in_honolulu) == 0
    journeys.accept(first, at=in_honolulu)
    over = datetime(2026, 2, 21, 12, tzinfo=UTC)
    with pytest.raises(journeys.TooLate):
        journeys.accept(other, at=over)
    assert journeys.lapse(over) == journey.seats.filter(state="lapsed").count() > 0
