"""In plans and journeys nobody acts about whom they have a conflict of interest with."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grandtour.actions import hosts, money
from grandtour.actions import journeys as actions
from grandtour.actions.apart import LeftToOthers, Travels, apart, leaves
from grandtour.actions.decisions import NotYours
from grandtour.models import Conflict, Cost, Edition, Journey, Needs, Plan, Seat, barred_to
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.written import read as unwritten
from grandtour.plans import accepting, running, succession
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import PRESSED
from tests.grandtour.tours import (
    NOON,
    ClaimFactory,
    HostFactory,
    LineFactory,
    ReviewerFactory,
    SeatFactory,
    StopFactory,
)
from volunteers.actions.organisers import appoint
from volunteers.models import Ask, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


def of_one_affiliate(organiser, application):
    ours = MembershipFactory(person=organiser).affiliate
    MembershipFactory(person=application.person, affiliate=ours)


def of_an_exchange(organiser, application):
    yes = {"asked_at": NOON, "answered_at": NOON}
    Ask.objects.create(person=organiser, asker=application.person, **yes)


def declared(organiser, application):
    reviewer = ReviewerFactory(edition=application.edition, person=organiser)
    Conflict.objects.create(
        application=application, reviewer=reviewer, kind="declared", found_at=NOON
    )


WAYS = pytest.mark.parametrize("way", [of_one_affiliate, of_an_exchange, declared])


@pytest.fixture
def plan():
    """Give a plan that can be accepted."""
    return planned(round_of())


@pytest.fixture
def journey(plan):
    """Give a journey whose places wait to be offered."""
    accepting.accept(plan, plan.asked_by, at=NOON)
    return Journey.objects.get()


def known_to(organiser, client, plan, way=of_one_affiliate):
    """Let an organiser know the first of those who travel, and sit at the desk."""
    first = plan.result["journeys"][0]["seats"][0]["traveller"]
    application = plan.edition.applications.get(pk=int(first[1:]))
    way(organiser, application)
    client.force_login(organiser)
    return application


@WAYS
def test_who_knows_a_traveller_accepts_no_plan_and_reads_who_can(client, plan, way):
    organiser, free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    application = known_to(organiser, client, plan, way)
    address = reverse("admin:grandtour_plan_accept", args=[plan.pk])

    answers = [client.get(address), client.post(address, PRESSED)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("left to others" in answer.content.decode() for answer in answers)
    assert all("Fiona Free" in answer.content.decode() for answer in answers)
    assert not Journey.objects.exists()
    page = client.get(plan.get_absolute_url())
    assert "Fiona Free" in page.content.decode()
    assert address not in page.content.decode()
    people = [one for group in page.context["shown"].groups for one in group.people]
    assert {bool(one["why"]) for one in people if one["name"] == application.person} == {False}
    assert all(one["why"] for one in people if one["name"] != application.person)

    client.force_login(free)
    client.post(address, PRESSED)

    assert Journey.objects.exists()


@pytest.mark.parametrize(
    ("keeper", "words"),
    [(None, "Ask whoever runs this site"), ("Kim Keeper", "Ask Kim Keeper to make somebody")],
)
def test_where_everybody_knows_somebody_an_organiser_is_made_and_acts(
    client, plan, keeper, words
):
    organiser = OrganiserFactory()
    known = known_to(organiser, client, plan)
    Person.objects.exclude(pk=organiser.pk).update(is_staff=False)
    if keeper:  # who runs the site knows them as well
        of_one_affiliate(OrganiserFactory(name=keeper, is_superuser=True), known)
    address = reverse("admin:grandtour_plan_accept", args=[plan.pk])

    for answer in (client.get(address), client.post(address, PRESSED)):
        assert answer.status_code == 403
        assert words in answer.content.decode()
        assert "you may" not in answer.content.decode().lower()
    assert not Journey.objects.exists()

    newcomer = PersonFactory()
    appoint(newcomer)
    client.force_login(newcomer)
    client.post(address, PRESSED)

    assert Journey.objects.exists()


def test_who_travels_themselves_is_nobody_to_ask(plan):
    organiser, rival = OrganiserFactory(), OrganiserFactory()
    Person.objects.exclude(pk__in=[organiser.pk, rival.pk]).update(is_staff=False)
    of_one_affiliate(organiser, plan.edition.applications.earliest("pk"))
    keys = set(plan.edition.applications.values_list("pk", flat=True))
    assert apart(organiser, plan.edition, keys).others == (rival,)

    applicant(plan.edition, "DK", person=rival)

    assert apart(organiser, plan.edition, keys).others == ()


@WAYS
def test_whom_one_knows_one_cannot_lock(client, plan, way):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    application = known_to(organiser, client, plan, way)
    address = reverse("admin:grandtour_plan_of", args=[plan.edition_id])

    page = client.get(address)
    answer = client.post(address, {"seconds": 20, "seed": 1, "travel": [application.pk]})

    assert "For them ask" in page.content.decode()
    assert "Fiona Free" in page.content.decode()
    offered = page.context["form"].fields["travel"].queryset
    assert application not in offered
    assert len(offered) == plan.edition.applications.count() - 1
    assert answer.context["form"].errors.keys() == {"travel"}
    assert Plan.objects.count() == 1


def test_locks_of_others_stay_when_one_plans_again(client, plan):
    organiser = OrganiserFactory()
    application = known_to(organiser, client, plan)
    mine = plan.edition.applications.exclude(pk=application.pk).earliest("pk")
    pin = {"traveller": f"a{application.pk}", "stay": ""}
    Plan.objects.update(locks={"keep": [pin], "exclude": [], "together": [], "apart": []})
    address = reverse("admin:grandtour_plan_of", args=[plan.edition_id])

    client.post(f"{address}?from={plan.pk}", {"seconds": 20, "seed": 1, "stay_home": [mine.pk]})

    again = unwritten(Locks, Plan.objects.latest("pk").locks)
    assert again.keep == (Pin(f"a{application.pk}"),)
    assert again.exclude == (Pin(f"a{mine.pk}"),)


@WAYS
def test_who_knows_a_traveller_leaves_the_journey_to_others(client, journey, way):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    application = known_to(organiser, client, journey.plan, way)
    seat = journey.seats.get(application=application)
    other = journey.seats.exclude(application=application).earliest("pk")
    closed = [
        *(
            reverse(f"admin:grandtour_journey_{n}", args=[journey.pk])
            for n in ("offer", "confirm")
        ),
        reverse("admin:grandtour_journey_call_off", args=[journey.pk]),
        reverse("admin:grandtour_seat_cancel", args=[seat.pk]),
    ]
    said = {"reply_by": "2026-03-01", "reason": "other", "words": "No."}

    answers = [
        method(address, said) for address in closed for method in (client.get, client.post)
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert all("Fiona Free" in answer.content.decode() for answer in answers)
    assert set(Seat.objects.values_list("state", flat=True)) == {"proposed"}
    page = client.get(reverse("admin:grandtour_journey_show", args=[journey.pk]))
    assert not any(address in page.content.decode() for address in closed)
    assert "Fiona Free" in page.content.decode()
    about_other = reverse("admin:grandtour_seat_cancel", args=[other.pk])
    assert client.get(about_other).status_code == 200


def test_whom_one_knows_one_cannot_place_by_hand(client, journey):
    organiser = OrganiserFactory()
    waits = applicant(journey.edition, "DK")
    of_one_affiliate(organiser, waits)
    client.force_login(organiser)
    address = reverse("admin:grandtour_journey_place", args=[journey.pk])

    page = client.get(address)
    answer = client.post(address, {"who": waits.pk})

    assert waits not in page.context["form"].fields["who"].queryset
    assert answer.context["form"].errors.keys() == {"who"}
    with pytest.raises(NotYours):
        succession.by_hand(journey, waits, "", organiser, at=NOON)


@pytest.mark.parametrize(
    ("said", "conflict"),
    [
        ({"state": "proposed"}, False),
        ({"state": "offered", "offered_at": NOON, "reply_by": NOON}, True),
        ({"state": "accepted", "accepted_at": NOON}, True),
    ],
)
def test_who_is_about_to_receive_or_travel_with_somebody_knows_them(said, conflict):
    guest, other = SeatFactory(), SeatFactory()
    host = MembershipFactory(affiliate=StopFactory(journey=guest.journey).host.affiliate).person
    mate = SeatFactory(journey=guest.journey, number=2, country="DE").person
    Seat.objects.filter(journey=guest.journey).update(**said)
    keys = frozenset({guest.application_id}) if conflict else frozenset()

    assert barred_to(host, guest.edition) >= keys
    assert guest.application_id in barred_to(mate, guest.edition) or not conflict
    assert other.application_id not in barred_to(host, other.edition)
    assert (guest.application_id in barred_to(host, guest.edition)) is conflict


def test_who_is_free_is_asked_in_one_statement(plan):
    organiser = OrganiserFactory()
    keys = set(plan.edition.applications.values_list("pk", flat=True))
    of_one_affiliate(organiser, plan.edition.applications.earliest("pk"))

    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            apart(organiser, plan.edition, keys)
        counts.append(len(asked))
        OrganiserFactory.create_batch(2)

    assert counts == [2, 2]


def test_whom_one_leaves_to_others_is_chosen_by_nobody_also_where_no_other_is_free(
    client, journey
):
    organiser = OrganiserFactory()
    waits = applicant(journey.edition, "DK")
    of_one_affiliate(organiser, waits)
    Person.objects.exclude(pk=organiser.pk).update(is_staff=False)
    client.force_login(organiser)

    with pytest.raises(LeftToOthers):
        succession.by_hand(journey, waits, "", organiser, at=NOON)
    wish = running.Wish(locks=Locks(keep=(Pin(f"a{waits.pk}"),)))
    with pytest.raises(LeftToOthers):
        running.ask(journey.edition, organiser, wish, at=NOON)
    for name, key in (("plan_of", journey.edition_id), ("journey_place", journey.pk)):
        page = client.get(reverse(f"admin:grandtour_{name}", args=[key])).content.decode()
        assert "make somebody an organiser" in page


def wishes_to_travel(organiser, application):
    applicant(application.edition, "DK", person=organiser)


EITHER = pytest.mark.parametrize(
    ("way", "refusal"),
    [
        (of_one_affiliate, LeftToOthers),
        (of_an_exchange, LeftToOthers),
        (declared, LeftToOthers),
        (wishes_to_travel, Travels),
    ],
)
ACTS = {
    "offer": lambda seat, by: actions.offer(
        seat.journey, by, reply_by=NOON + timedelta(days=7), at=NOON
    ),
    "confirm": lambda seat, by: actions.confirm(seat.journey, by, at=NOON),
    "cancel": lambda seat, by: actions.cancel(seat, actions.Given("other", by=by), at=NOON),
    "call off": lambda seat, by: actions.call_off(
        seat.journey, actions.Given("other", by=by), at=NOON
    ),
}


@EITHER
@pytest.mark.parametrize("act", ACTS)
def test_no_act_on_a_journey_is_done_by_who_leaves_it_to_others(journey, way, refusal, act):
    organiser, free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    seat = journey.seats.order_by("pk").first()
    way(organiser, seat.application)
    journey.refresh_from_db()

    with pytest.raises(refusal) as told:
        ACTS[act](seat, organiser)

    if refusal is LeftToOthers:
        assert free in told.value.found.others
    journey.refresh_from_db()
    assert journey.state == "proposed"
    assert set(Seat.objects.values_list("state", flat=True)) == {"proposed"}


def test_who_is_free_does_what_others_may_not(journey):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    one, *_others = journey.seats.order_by("pk")
    of_one_affiliate(organiser, one.application)

    assert ACTS["offer"](one, free) == journey.seats.count()

    other = journey.seats.exclude(pk=one.pk).earliest("pk")
    ACTS["cancel"](other, organiser)  # of the other they know nothing
    other.refresh_from_db()
    assert other.state == "cancelled"


@EITHER
def test_a_plan_is_accepted_by_nobody_who_leaves_it_to_others(plan, way, refusal):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    first = plan.result["journeys"][0]["seats"][0]["traveller"]
    known = plan.edition.applications.get(pk=int(first[1:]))
    if way is wishes_to_travel:  # and their wish would have changed what is planned
        applicant(plan.edition, "DK", person=organiser, state="waiting")
    else:
        way(organiser, known)

    with pytest.raises(refusal):
        accepting.accept(plan, organiser, at=NOON)

    plan.refresh_from_db()
    assert plan.state == "done"
    assert not Journey.objects.exists()
    accepting.accept(plan, free, at=NOON)
    assert Journey.objects.exists()


def test_a_new_plan_takes_no_place_away_from_whom_one_knows(journey):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    seat = journey.seats.order_by("pk").first()
    of_one_affiliate(organiser, seat.application)
    locks = Locks(exclude=(Pin(f"a{seat.application_id}"),))
    again = planned(journey.edition, locks=locks)

    with pytest.raises(LeftToOthers):
        accepting.accept(again, organiser, at=NOON)
    seat.refresh_from_db()
    assert seat.state == "proposed"

    accepting.accept(again, free, at=NOON)
    seat.refresh_from_db()
    assert seat.state == "cancelled"


@EITHER
def test_a_lock_is_set_by_nobody_who_leaves_it_to_others(plan, way, refusal):
    organiser, _free = OrganiserFactory(), OrganiserFactory()
    known, other = plan.edition.applications.order_by("pk")[:2]
    way(organiser, known)
    key = f"a{known.pk}"
    locks = [
        Locks(keep=(Pin(key),)),
        Locks(exclude=(Pin(key),)),
        Locks(together=(frozenset({key, f"a{other.pk}"}),)),
        Locks(apart=(frozenset({key, f"a{other.pk}"}),)),
    ]

    for one in locks:
        with pytest.raises(refusal):
            running.ask(plan.edition, organiser, running.Wish(locks=one), at=NOON)

    assert Plan.objects.count() == 1


def test_a_lock_of_others_is_not_taken_away_by_whom_it_concerns(plan):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    known = plan.edition.applications.earliest("pk")
    of_one_affiliate(organiser, known)
    locks = Locks(exclude=(Pin(f"a{known.pk}"),))
    before = running.ask(plan.edition, free, running.Wish(locks=locks), at=NOON)
    Plan.objects.filter(pk=before.pk).update(state="cancelled", ended_at=NOON)

    with pytest.raises(LeftToOthers):
        running.ask(plan.edition, organiser, running.Wish(based_on=before), at=NOON)

    same = running.Wish(locks=locks, based_on=before)
    assert running.ask(plan.edition, organiser, same, at=NOON).state == "queued"


def test_who_wishes_to_travel_places_nobody_by_hand(journey):
    organiser = OrganiserFactory()
    waits = applicant(journey.edition, "DK")
    applicant(journey.edition, "DK", person=organiser)

    with pytest.raises(Travels):
        succession.by_hand(journey, waits, "", organiser, at=NOON)

    assert not waits.seats.exists()


def test_what_changes_between_page_and_press_is_explained(client, journey, monkeypatch):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    seat = journey.seats.order_by("pk").first()
    client.force_login(organiser)
    act = actions.offer

    def meanwhile(*told, **more):
        of_one_affiliate(organiser, seat.application)
        return act(*told, **more)

    monkeypatch.setattr(actions, "offer", meanwhile)
    address = reverse("admin:grandtour_journey_offer", args=[journey.pk])
    answer = client.post(address, {"reply_by": "2026-03-01"})

    assert answer.status_code == 403
    assert "Fiona Free" in answer.content.decode()
    assert set(Seat.objects.values_list("state", flat=True)) == {"proposed"}


def test_nobody_answers_the_offer_of_their_own_affiliate_to_host(client):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    host = HostFactory(offered_at=NOON)
    MembershipFactory(person=organiser, affiliate=host.affiliate)
    client.force_login(organiser)
    address = reverse("admin:grandtour_host_answer", args=[host.pk])

    answers = [client.get(address), client.post(address, {"answer": "accepted"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("Fiona Free" in answer.content.decode() for answer in answers)
    with pytest.raises(LeftToOthers):
        hosts.decide(host, "accepted", organiser, at=NOON)
    host.refresh_from_db()
    assert host.state == "offered"


def test_where_every_organiser_belongs_to_a_host_none_of_them_answers(client):
    organiser, host = OrganiserFactory(), HostFactory(offered_at=NOON)
    MembershipFactory(person=organiser, affiliate=host.affiliate)
    client.force_login(organiser)

    answer = client.post(
        reverse("admin:grandtour_host_answer", args=[host.pk]), {"answer": "accepted"}
    )

    assert answer.status_code == 403
    assert "make somebody an organiser" in answer.content.decode()
    host.refresh_from_db()
    assert host.state == "offered"


def test_which_hosts_are_of_ones_own_affiliates_is_asked_in_one_statement():
    organiser, own, other = OrganiserFactory(), HostFactory(), HostFactory()
    MembershipFactory(person=organiser, affiliate=own.affiliate)

    with CaptureQueriesContext(connection) as asked:
        found = leaves(organiser, own.edition, (), [own.pk, other.pk])

    assert found == (frozenset(), {own.pk})
    assert len(asked) == 1


def test_whose_affiliate_hosts_a_stop_leaves_the_journey_to_others(client, journey):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    waits, seat = applicant(journey.edition, "DK"), journey.seats.order_by("pk").first()
    MembershipFactory(person=organiser, affiliate=journey.stops.first().host.affiliate)
    client.force_login(organiser)
    journey.refresh_from_db()

    for act in ("offer", "confirm", "call off"):
        with pytest.raises(LeftToOthers) as told:
            ACTS[act](seat, organiser)
        assert "Fiona Free" in {str(one) for one in told.value.found.others}
    with pytest.raises(LeftToOthers):
        succession.by_hand(journey, waits, "", organiser, at=NOON)
    page = client.get(reverse("admin:grandtour_journey_show", args=[journey.pk]))
    assert "Fiona Free" in page.content.decode()
    for name in ("offer", "place", "confirm", "call_off"):
        address = reverse(f"admin:grandtour_journey_{name}", args=[journey.pk])
        assert address not in page.content.decode()
        assert client.get(address).status_code == 403


def test_a_plan_that_visits_an_own_affiliate_is_accepted_by_others(plan):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    stay = plan.result["journeys"][0]["stops"][0]["stay"]
    host = plan.edition.hosts.get(pk=int(stay[1:]))
    MembershipFactory(person=organiser, affiliate=host.affiliate)

    with pytest.raises(LeftToOthers) as told:
        accepting.accept(plan, organiser, at=NOON)

    assert told.value.found.own == {host.pk}
    assert free in told.value.found.others
    assert not Journey.objects.exists()
    accepting.accept(plan, free, at=NOON)
    assert Journey.objects.exists()


@pytest.fixture
def claim():
    """Give what a traveller asks for, and a line that could pay it."""
    claim = ClaimFactory()
    claim.of = LineFactory(fund__edition=claim.edition)
    return claim


MONEY = {
    "approve": lambda claim, by: money.approve(
        claim, money.Grant(claim.of, 10_000), by, at=NOON
    ),
    "refuse": lambda claim, by: money.refuse(claim, "There was a bus.", by, at=NOON),
    "give": lambda claim, by: money.give_stipends(
        money.Stipend(claim.seat.journey, "Bed"), money.Grant(claim.of, 100), by, at=NOON
    ),
    "give one": lambda claim, by: money.give_stipends(
        money.Stipend(claim.seat.journey, "Bed", claim.seat),
        money.Grant(claim.of, 100),
        by,
        at=NOON,
    ),
    "give none": lambda claim, by: money.give_none(
        money.Stipend(claim.seat.journey, "Bed"),
        money.Grant(claim.of, 100, "Others pay."),
        by,
        at=NOON,
    ),
}


@WAYS
@pytest.mark.parametrize("act", MONEY)
def test_about_the_money_of_whom_one_knows_others_decide(claim, way, act):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    way(organiser, claim.seat.application)

    with pytest.raises(LeftToOthers) as told:
        MONEY[act](claim, organiser)

    assert free in told.value.found.others
    claim.refresh_from_db()
    assert claim.state == "claimed"
    assert Cost.objects.count() == 1
    MONEY[act](claim, free)


def test_what_was_approved_for_whom_one_knows_others_pay(claim):
    organiser, free = OrganiserFactory(), OrganiserFactory()
    of_one_affiliate(organiser, claim.seat.application)
    MONEY["approve"](claim, free)

    with pytest.raises(LeftToOthers):
        money.pay_all([claim], organiser, at=NOON)

    money.pay_all([claim], free, at=NOON)
    assert Cost.objects.get().state == "paid"


@WAYS
def test_pages_of_money_say_who_decides_instead(client, claim, way):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    way(organiser, claim.seat.application)
    client.force_login(organiser)
    pages = [
        reverse(f"admin:grandtour_cost_{name}", args=[claim.pk])
        for name in ("approve", "refuse", "pay")
    ]
    said = {"line": claim.of.pk, "amount": "100.00", "words": "No."}
    stipends = reverse("admin:grandtour_cost_stipends", args=[claim.edition_id])
    more = said | {"whom": str(claim.seat.journey_id), "what": "Bed"}
    Edition.objects.update(state="travelling")  # reading is over
    Journey.objects.update(state="offered")

    answers = [client.post(page, said) for page in pages]
    answers += [client.get(page) for page in pages]
    offered = client.post(stipends, more)

    assert [answer.status_code for answer in answers] == [403] * 6
    assert all("Fiona Free" in answer.content.decode() for answer in [*answers, offered])
    form = offered.context["form"]
    assert "whom" in form.errors
    assert [
        choice for _journey, choices in form.fields["whom"].choices for choice in choices
    ] == []
    assert Cost.objects.get().state == "claimed"


@pytest.mark.parametrize("act", MONEY)
def test_where_everybody_knows_them_nobody_decides_about_money(claim, act):
    organiser = OrganiserFactory()
    of_one_affiliate(organiser, claim.seat.application)

    with pytest.raises(LeftToOthers) as told:
        MONEY[act](claim, organiser)

    assert told.value.found.others == ()
    assert Cost.objects.get().state == "claimed"


@pytest.mark.parametrize("state", ["claimed", "committed"])
def test_a_list_of_money_offers_what_one_may_do_and_names_who_does_the_rest(
    client, claim, state
):
    organiser, _free = OrganiserFactory(), OrganiserFactory(name="Fiona Free")
    other = ClaimFactory(seat=SeatFactory(journey=claim.seat.journey, number=2, country="DE"))
    of_one_affiliate(organiser, claim.seat.application)
    if state == "committed":
        for one in (claim, other):
            money.approve(one, money.Grant(claim.of, 100), _free, at=NOON)
    client.force_login(organiser)

    page = client.get(reverse("admin:grandtour_cost_of", args=[claim.edition_id]))

    shown = page.content.decode()
    names = {"claimed": ("approve", "refuse"), "committed": ("pay", "refuse")}[state]
    for name in names:
        assert reverse(f"admin:grandtour_cost_{name}", args=[other.pk]) in shown
        assert reverse(f"admin:grandtour_cost_{name}", args=[claim.pk]) not in shown
    assert "Fiona Free" in shown


def test_what_somebody_needs_is_told_on_a_plan_only_to_who_may_read_needs(client):
    edition = round_of()
    needs = edition.applications.get(country="NL")
    Needs.objects.create(application=needs, step_free=True)
    plan = planned(edition)
    told = "cannot be reached without steps"
    client.force_login(OrganiserFactory())
    assert told in client.get(plan.get_absolute_url()).content.decode()

    other = OrganiserFactory()
    Permission.objects.get(codename="view_needs").group_set.clear()
    client.force_login(other)
    compared = reverse("admin:grandtour_plan_compare", args=[edition.pk])
    for page in (plan.get_absolute_url(), f"{compared}?one={plan.pk}&other={plan.pk}"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert told not in answer.content.decode()
