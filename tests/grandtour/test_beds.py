"""An affiliate never has more guests in a night than it says it takes, over all editions."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from grandtour.actions import hosts, journeys
from grandtour.models import Edition, Host, Journey, Seat, Stop, beds
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks
from grandtour.planning.verify import broken
from grandtour.planning.written import read as written_in
from grandtour.plans import accepting, sentences, succession, told
from grandtour.plans import broken as by_now
from grandtour.plans.reading import problem_of
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
)
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journeys import AT_ONCE, SEAT, STOP, applied, at_once, refused, run
from tests.grandtour.test_moving import said, visit, waits_for_me
from tests.grandtour.test_plan_told import OLD, unvisited
from tests.grandtour.tours import (
    MAY,
    NOON,
    EditionFactory,
    HostFactory,
    JourneyFactory,
    SeatFactory,
    StopFactory,
)
from tests.together import Beside

pytestmark = pytest.mark.django_db
TOO_MANY = "host_limit_of_each_day"


def offer(most, affiliate=None, **more):
    """Give what an affiliate offers in an edition of its own: so many at a time."""
    others = {"affiliate": affiliate} if affiliate else {}
    return HostFactory(most_guests=most, groups=20, place__country="SE", **others, **more)


def comes(host, number=1, **days):
    """Let so many come to a host, by a journey of their own."""
    journey = JourneyFactory(edition=host.edition)
    stop = StopFactory(journey=journey, host=host, **days)
    for one, country in enumerate(["PL", "DE", "FR"][:number], 1):
        SeatFactory(journey=journey, number=one, country=country)
    return stop


def test_a_night_that_another_edition_has_taken_is_refused():
    first = offer(1)
    comes(first)
    second = offer(1, first.affiliate)
    stop = comes(second, 0)
    guest = applied(second.edition, "FR")

    refused(TOO_MANY, SEAT, stop.journey.pk, guest.pk, 1, "FR")


def test_the_night_after_is_free():
    first = offer(1)
    last = comes(first).leave

    comes(offer(1, first.affiliate), arrive=last)


def test_a_place_that_is_given_up_leaves_a_bed_to_another_edition():
    first = offer(1)
    comes(first)
    Seat.objects.update(number=None, state="refused", reason="dates", ended_at=NOON)

    comes(offer(1, first.affiliate))


def test_the_least_of_the_offers_by_which_somebody_is_there_holds():
    four = offer(4)
    one = offer(1, four.affiliate)
    alone = comes(one)
    stop = comes(four, 0)
    guest = applied(four.edition, "FR")

    refused(TOO_MANY, SEAT, stop.journey.pk, guest.pk, 1, "FR")
    Seat.objects.filter(journey=alone.journey).delete()
    Seat.objects.create(journey=stop.journey, application=guest, number=1, country="FR")
    back = applied(one.edition, "DE")
    refused(TOO_MANY, SEAT, alone.journey.pk, back.pk, 1, "DE")


def test_an_offer_by_which_nobody_is_there_says_nothing_about_others():
    one = offer(1)
    comes(one, 0)

    comes(offer(3, one.affiliate), 3)


def test_a_journey_is_not_led_to_a_night_that_another_edition_has_taken():
    first = offer(1)
    there = comes(first)
    second = offer(1, first.affiliate)
    later = comes(second, arrive=there.leave)
    other = SeatFactory(journey=JourneyFactory(edition=second.edition), country="DE").journey

    refused(TOO_MANY, STOP, other.pk, second.pk, 1, there.arrive, there.leave)
    refused(
        TOO_MANY,
        "UPDATE grandtour_stop SET arrive = arrive - 1, leave = leave - 1 WHERE id = %s",
        later.pk,
    )


def test_no_offer_is_lowered_below_those_who_come_by_another():
    two = offer(2)
    comes(two)
    comes(offer(3, two.affiliate))

    refused(TOO_MANY, "UPDATE grandtour_host SET most_guests = 1 WHERE id = %s", two.pk)
    run("UPDATE grandtour_host SET most_guests = 3 WHERE id = %s", two.pk)


def test_no_offer_passes_to_an_affiliate_that_is_full():
    first, second = offer(1), offer(1)
    comes(first)
    comes(second)

    refused(
        TOO_MANY,
        "UPDATE grandtour_host SET affiliate_id = %s WHERE id = %s",
        *(first.affiliate.pk, second.pk),
    )


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_of_twenty_editions_leave_no_more_guests_than_an_affiliate_takes():
    affiliate = AffiliateFactory()
    stops = [comes(offer(3, affiliate), 0) for _n in range(AT_ONCE)]
    asked = [applied(stop.journey.edition, "PL") for stop in stops]

    through = at_once(
        lambda n: Seat.objects.create(
            journey=stops[n].journey, application=asked[n], number=1, country="PL"
        )
    )

    assert (through, Seat.objects.live().count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_twenty_new_offers_at_once_leave_no_more_guests_than_an_affiliate_takes():
    affiliate, place = AffiliateFactory(), PlaceFactory(country="SE")
    asked = [applied(EditionFactory(), "PL") for _n in range(AT_ONCE)]
    said = {"affiliate": affiliate, "place": place, "most_guests": 2, "languages": ["en"]}
    said |= {"programme": "Scanning", "venue": "own", "state": "offered"}

    def act(n):
        with transaction.atomic():
            edition = asked[n].edition
            host = Host.objects.create(
                edition=edition, offered_at=asked[n].submitted_at, **said
            )
            journey = Journey.objects.create(edition=edition, number=1)
            Stop.objects.create(
                journey=journey, host=host, number=1, arrive=MAY[0], leave=date(2026, 5, 5)
            )
            Seat.objects.create(journey=journey, application=asked[n], number=1, country="PL")

    assert (at_once(act), Seat.objects.live().count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_an_offer_that_is_lowered_while_another_edition_sends_somebody_is_kept():
    two = offer(2)
    comes(two)
    stops = [comes(offer(2, two.affiliate), 0) for _n in range(AT_ONCE)]
    asked = [applied(stop.journey.edition, "DE") for stop in stops]

    def act(n):
        if n % 2:
            Host.objects.filter(pk=two.pk).update(most_guests=1)
        else:
            Seat.objects.create(
                journey=stops[n].journey, application=asked[n], number=1, country="DE"
            )

    at_once(act)

    assert Seat.objects.live().count() <= Host.objects.get(pk=two.pk).most_guests


@pytest.mark.django_db(transaction=True)
def test_two_editions_that_fill_the_same_hosts_the_other_way_round_never_wait_in_a_ring():
    pair = [AffiliateFactory(), AffiliateFactory()]
    editions = []
    for way in (pair, pair[::-1]):
        edition = EditionFactory()
        stops = [comes(offer(4, one, edition=edition), 0) for one in way]
        editions.append([(stop.journey, applied(edition, "PL")) for stop in stops])
    (first, second), others = editions

    def fill(journey, application):
        Seat.objects.create(journey=journey, application=application, number=1, country="PL")

    def fill_all():
        with transaction.atomic():
            beds.hold(Host.objects.filter(edition=others[0][0].edition))
            for place in others:
                fill(*place)

    beside = Beside(fill_all)
    with transaction.atomic():
        beds.hold(Host.objects.filter(edition=first[0].edition))
        fill(*first)
        beside.start()
        beside.until(waits_for_me)
        fill(*second)
    beside.end()

    assert Seat.objects.live().count() == len(editions) * len(pair)


@pytest.mark.django_db(transaction=True)
def test_who_takes_an_offer_back_waits_for_whoever_gives_places_in_the_edition():
    host = offer(2)
    beside = Beside(lambda: hosts.withdraw(host, PersonFactory(), at=NOON))
    with transaction.atomic():
        Edition.objects.hold(host.edition_id)
        beside.start()
        beside.until(waits_for_me)
    beside.end()

    assert Host.objects.get().state == "withdrawn"


def crowd(stop, guests, most):
    """Let so many others stay with the affiliate of a stop, by another edition, on its days."""
    host = offer(most, stop.host.affiliate)
    return comes(host, guests, arrive=stop.arrive, leave=stop.leave)


@time_machine.travel(NOON, tick=False)
def test_a_plan_leaves_out_the_nights_that_other_editions_have_taken():
    edition = round_of()
    first = planned(edition)
    stop = written_in(asked.Plan, first.result).journeys[0].stops[0]
    host = edition.hosts.get(pk=stop.stay[1:])
    comes(offer(1, host.affiliate), arrive=stop.arrive, leave=stop.leave)

    problem = problem_of(edition, 1, Locks(), NOON.date())
    taken = {night: number for s in problem.stays for night, number in s.taken}
    assert taken == dict.fromkeys(beds.nights(stop.arrive, stop.leave), host.most_guests)
    was = [one.rule for one in broken(problem, written_in(asked.Plan, first.result))]
    assert was.count("guests") == (stop.leave - stop.arrive).days
    assert (
        "More people in a night than a host takes"
        in by_now.now(first, NOON.date(), first.asked_by, needs=True)[0]
    )
    with pytest.raises(accepting.Outdated):
        accepting.accept(first, first.asked_by, at=NOON)

    anew = planned(edition)
    accepting.accept(anew, anew.asked_by, at=NOON)
    assert edition.journeys.live().exists()


@time_machine.travel(NOON, tick=False)
def test_nobody_is_next_in_line_for_a_bed_that_another_edition_has_taken():
    edition = round_of(countries=("PL", "SK", "HU"), smallest_group=2)
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    made = edition.journeys.get()
    journeys.offer(made, plan.asked_by, reply_by=NOON + timedelta(days=7), at=NOON)
    waits = applicant(edition, "NL", state="waiting")
    gone = made.seats.live().first()
    journeys.refuse(gone, journeys.Given("dates", by=gone.person), at=NOON)
    theirs = crowd(made.stops.select_related("host__affiliate").first(), 2, 4)

    assert succession.follow(NOON) == 0
    gone.refresh_from_db()
    assert set(gone.passed_over.values()) == {"guests"}
    with pytest.raises(succession.DoesNotFit) as why:
        succession.by_hand(made, waits, "", OrganiserFactory(), at=NOON)
    assert why.value.why == "guests"

    Seat.objects.filter(journey=theirs.journey).delete()
    assert succession.by_hand(made, waits, "", OrganiserFactory(), at=NOON)


def test_a_host_reads_who_comes_by_other_editions_once_it_is_offered(client):
    there = comes(offer(2), 2)
    Journey.objects.update(state="offered")
    host = offer(4, there.host.affiliate)
    comes(offer(1, there.host.affiliate), arrive=there.leave)
    member = MembershipFactory(affiliate=host.affiliate, role="editor").person
    client.force_login(member)

    page = client.get(host.get_absolute_url())

    assert [(stop.pk, stop.guests) for stop in page.context["elsewhere"]] == [(there.pk, 2)]
    assert there.journey.edition.name in page.content.decode()
    assert "Beds that other editions have taken or ask for" in page.content.decode()
    client.force_login(MembershipFactory().person)
    assert not client.get(host.get_absolute_url()).context["elsewhere"]


def test_no_reason_says_that_beds_are_taken_which_are_only_asked_for():
    beds_out = {"code": "outbid", "lack": (7, 9), "rules": {"beds": 2}}
    beds_decide = {"code": "outbid", "lack": (7, 9), "deciding": [{"name": "beds"}]}

    reasons = [
        sentences.of_traveller(OLD | beds_out, []),
        sentences.of_stay(OLD | {"code": "full"}, []),
        sentences.of_rule("beds", ()),
        sentences.passed_over("guests", ["Ann"]),
        told.left_out(OLD | beds_decide),
        unvisited(code="full"),
    ]

    assert [words for words in reasons if "taken or asked for" not in words] == []


@pytest.mark.usefixtures("in_february")
def test_no_move_says_that_beds_are_taken_for_which_another_edition_only_asks(client):
    stop = visit("offered")
    theirs = comes(
        offer(1, stop.host.affiliate), arrive=date(2026, 5, 16), leave=date(2026, 5, 20)
    )

    assert theirs.journey.seats.get().state == "proposed"
    [words] = said(client, stop, OrganiserFactory(), 2, 17)
    assert "16 May 2026 this host's beds are taken or asked for: " in words
