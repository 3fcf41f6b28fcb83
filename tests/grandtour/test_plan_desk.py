"""Planning at the desk: locks that are asked for, rules that collide, what a plan changes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grandtour.actions import journeys
from grandtour.models import Edition, Journey, Plan, Seat, Stop
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.written import read as unwritten
from grandtour.plans import running
from grandtour.plans.shown import locks_shown, shown
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import PRESSED, desk, read
from tests.grandtour.test_plans import offered
from tests.grandtour.tours import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def organiser(client):
    """Let an organiser sit at the desk."""
    person = OrganiserFactory()
    client.force_login(person)
    return person


def test_an_organiser_asks_for_locks_and_reads_them_again(client, organiser):
    edition = round_of()
    anna, bela, cyril, dana = edition.applications.order_by("pk")
    host, other, _third = edition.hosts.order_by("pk")
    address = reverse("admin:grandtour_plan_of", args=[edition.pk])

    said = {
        "seconds": 20,
        "seed": 3,
        "travel": [anna.pk],
        "stay_home": [dana.pk],
        "hosts_visited": [host.pk],
        "hosts_left_out": [other.pk],
        "together_0": [anna.pk, bela.pk],
        "apart_0": [bela.pk, cyril.pk],
        "pair_0_who": bela.pk,
        "pair_0_host": host.pk,
    }
    client.post(address, said)

    plan = Plan.objects.get()
    assert unwritten(Locks, plan.locks) == Locks(
        keep=(
            Pin(f"a{anna.pk}"),
            Pin("", f"h{host.pk}"),
            Pin(f"a{bela.pk}", f"h{host.pk}"),
        ),
        exclude=(Pin(f"a{dana.pk}"), Pin("", f"h{other.pk}")),
        together=(frozenset({f"a{anna.pk}", f"a{bela.pk}"}),),
        apart=(frozenset({f"a{bela.pk}", f"a{cyril.pk}"}),),
    )
    again = read(client, f"{address}?from={plan.pk}")
    assert f'<option value="{anna.pk}" selected>' in again
    assert f'<option value="{bela.pk}" selected>' in again
    pair = "Locked, or agreed beforehand: this traveller with this host: "
    said = next(lock for lock in locks_shown(plan) if lock.startswith(pair))
    assert str(bela.person) in said
    assert str(host.affiliate) in said


def found(client, edition, find, term, **more):
    """Ask as the script of the boxes does; give the labels of what fits."""
    asked = {"find": find, "term": term, **more}
    answer = client.get(reverse("admin:grandtour_plan_of", args=[edition.pk]), asked).json()
    return [one["text"] for one in answer["results"]], answer["pagination"]["more"]


def test_whom_to_lock_is_found_by_name_country_number_or_code(client, organiser):
    edition = round_of()
    anna = edition.applications.order_by("pk")[0]
    type(anna.person).objects.filter(pk=anna.person_id).update(name="Łucja Ångström")
    label = "Łucja Ångström (Poland)"
    host = edition.hosts.order_by("pk")[0]

    for term in ("lucja", "angstrom pol", "POLAND", str(anna.pk), anna.code.lower()):
        assert label in found(client, edition, "people", term)[0]
    assert found(client, edition, "people", "nobody is called so") == ([], False)
    assert found(client, edition, "hosts", str(host.place)) == ([str(host.affiliate)], False)
    assert found(client, edition, "anything", "") == ([], False)


def test_a_page_of_locks_holds_nobody_who_is_not_chosen(client, organiser):
    edition = round_of(())
    for number in range(25):
        applicant(edition, "PL", person__name=f"Applicant {number:02}")

    page = read(client, reverse("admin:grandtour_plan_of", args=[edition.pk]))
    first, more = found(client, edition, "people", "applicant")
    rest, no_more = found(client, edition, "people", "applicant", page="2")

    assert "Applicant 0" not in page
    assert (len(first), more, len(rest), no_more) == (20, True, 5, False)
    assert not set(first) & set(rest)


def test_nobody_is_found_before_reading_is_over_nor_by_others(client, organiser):
    edition = round_of()
    address = reverse("admin:grandtour_plan_of", args=[edition.pk])
    Edition.objects.update(state="reviewing")
    early = client.get(address, {"find": "people", "term": ""})
    Edition.objects.update(state="matching")
    applicant(edition, "DK", person=organiser)
    own = client.get(address, {"find": "people", "term": ""})

    assert early.status_code == 404
    assert "results" not in own.content.decode()


def test_half_a_pair_is_no_lock(client, organiser):
    edition = round_of()
    said = {"seconds": 20, "seed": 3, "pair_0_who": edition.applications.first().pk}

    answer = client.post(reverse("admin:grandtour_plan_of", args=[edition.pk]), said)

    assert "Choose the traveller and the host, or neither." in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_traveller_is_planned_with_the_host_they_are_locked_to(client, organiser):
    edition = round_of(fewest_stops=1, most_stops=1)
    who = edition.applications.order_by("pk").first()
    for host in edition.hosts.all():
        pin = Pin(f"a{who.pk}", f"h{host.pk}")
        plan = planned(edition, locks=Locks(keep=(pin,)))
        journeys_ = unwritten(asked.Plan, plan.result).journeys
        mine = next(one for one in journeys_ if pin.traveller in one.travellers)
        assert [stop.stay for stop in mine.stops] == [pin.stay]


def test_rules_that_collide_are_read_in_words(client, organiser):
    edition = round_of()
    pins = (Pin(f"a{edition.applications.first().pk}"),)
    plan = planned(edition, locks=Locks(keep=pins, exclude=pins))

    said = read(client, desk("plan_show", plan))

    person = edition.applications.first().person
    assert "No plan can keep all of these at once" in said
    assert f"Lock: must be in: {person}" in said
    assert f"Lock: must not be in: {person}" in said


def test_what_a_plan_changes_is_read_before_it_is_accepted(client, organiser):
    edition = round_of()
    journey = offered(edition)
    for seat in journey.seats.live():
        journeys.accept(seat, at=NOON)
    given = journeys.Given(Seat.Reason.HOST, "No room.", PersonFactory())
    journeys.host_refuses(journey.stops.get(number=1), given, at=NOON)
    plan = planned(edition)

    for name in ("plan_show", "plan_accept"):
        said = read(client, desk(name, plan))
        assert "Journeys that end: Journey 1" in said
        assert "In another journey than before: " in said
    client.post(desk("plan_accept", plan), PRESSED)

    journey.refresh_from_db()
    assert journey.state == "cancelled"
    assert Journey.objects.live().get().number == 2


def test_a_first_plan_changes_nothing_that_stands(client, organiser):
    plan = planned(round_of())

    assert "What it changes" not in read(client, desk("plan_show", plan))


def test_everybody_is_told_why_on_the_page_of_a_plan(client, organiser):
    edition = round_of()
    out = edition.applications.get(country="NL")
    plan = planned(edition, locks=Locks(exclude=(Pin(f"a{out.pk}"),)))

    said = read(client, desk("plan_show", plan))

    assert said.count('plan__why">Worth ') == 3
    assert "Left out by an organiser for this plan." in said
    assert "Deferred acceptance" in said


def test_a_host_that_two_journeys_visit_is_named_with_both():
    plan = planned(round_of())
    [journey] = plan.result["journeys"]
    stay = journey["stops"][0]["stay"]
    plan.result = plan.result | {"journeys": [journey, journey]}

    [host] = [one for one in shown(plan).hosts if one["host"].pk == int(stay[1:])]

    assert host["journeys"] == [1, 2]


def test_two_plans_stand_side_by_side_with_who_travels_in_only_one(client, organiser):
    edition = round_of()
    out = edition.applications.get(country="NL")
    one = planned(edition)
    other = planned(edition, locks=Locks(exclude=(Pin(f"a{out.pk}"),)))

    address = reverse("admin:grandtour_plan_compare", args=[edition.pk])
    said = read(client, f"{address}?one={one.pk}&other={other.pk}")

    assert str(one) in said
    assert str(other) in said
    assert str(out.person) in said


def test_while_it_is_worked_out_the_page_says_how_far_it_is_and_it_can_be_stopped(
    client, organiser
):
    plan = running.ask(round_of(), organiser, running.Wish(), at=NOON)
    Plan.objects.update(
        state="running", began_at=NOON, heard_at=NOON, step="closing", worth=1200, bound=1300
    )

    part = client.get(desk("plan_show", plan), headers={"HX-Request": "true"})

    assert "<html" not in part.content.decode()
    assert "Found so far: a plan worth 1,200. More than 1,300 is not possible." in (
        part.content.decode()
    )
    client.post(desk("plan_stop", plan))
    plan.refresh_from_db()
    assert plan.stopping


@pytest.mark.parametrize(("state", "may"), [("travelling", True), ("evaluating", False)])
def test_journeys_are_planned_until_everybody_is_home(client, organiser, state, may):
    edition = round_of()
    Edition.objects.update(state=state)

    said = read(client, reverse("admin:grandtour_plan_of", args=[edition.pk]))

    assert ("until everybody is home" not in said) == may


def test_days_of_journeys_are_not_taken_out_of_an_edition(client, organiser):
    journey = offered(round_of())
    edition = journey.edition
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    said = read(client, address)
    assert "travel_last_day" in said

    form = client.get(address).context["adminform"].form
    days = {**form.initial, "travel_last_day": journey.last_day.replace(day=2)}
    wrong = type(form)(
        {name: value for name, value in days.items() if value is not None}, instance=edition
    )

    assert wrong.errors["travel_last_day"] == ["A journey is planned outside these days."]


@pytest.mark.usefixtures("organiser")
def test_the_page_of_plans_takes_as_many_statements_for_two_journeys_as_for_one(
    client, django_assert_max_num_queries
):
    edition = round_of()
    offered(edition)
    address = reverse("admin:grandtour_plan_of", args=[edition.pk])
    client.get(address)
    with django_assert_max_num_queries(21) as one:
        client.get(address)
    for country in ("DK", "DE"):
        applicant(edition, country)
    other = Journey.objects.create(edition=edition, number=7, plan=edition.plans.get())
    Stop.objects.create(
        journey=other,
        host=edition.hosts.first(),
        number=1,
        arrive=edition.travel_last_day - timedelta(days=4),
        leave=edition.travel_last_day,
    )
    with django_assert_max_num_queries(len(one)):
        client.get(address)
