"""Other days for a journey: what stands against them is said, and whoever said yes agrees."""

from datetime import date, timedelta
from functools import partial
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from capx.states import IllegalMove
from capx.templatetags import dates
from grandtour.actions import checklists, journeys, moving
from grandtour.actions import expectations as agreeing
from grandtour.actions import weeks as weeks_of
from grandtour.actions.unready import TooLong
from grandtour.admin.moving import words_of_refusal
from grandtour.models import (
    BudgetLine,
    Consent,
    Edition,
    Expectation,
    Journey,
    Seat,
    Side,
    Stop,
    StopEvent,
)
from grandtour.plans import moving as within
from grandtour.plans import standing
from grandtour.plans.reading import still_to_pay
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, PlaceFactory
from tests.grandtour.test_journeys import refused, run
from tests.grandtour.tours import (
    MAY,
    NOON,
    ApplicationFactory,
    EditionFactory,
    JourneyFactory,
    LineFactory,
    ReadFactory,
    ReviewerFactory,
    SeatFactory,
    StopFactory,
)
from tests.together import Beside, together
from volunteers.models import Bandwidth, Commitment, Notice, Rest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
A_DAY = timedelta(days=1)
WORDS = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}


def weeks(**more):
    """Give an edition in which one stays two to eight weeks with one host."""
    rules = {"smallest_group": 1, "largest_group": 1, "fewest_stops": 1, "most_stops": 1}
    return EditionFactory(
        kind="visiting", state="decided", fewest_nights=14, most_nights=56, **rules | more
    )


def visit(state="confirmed", **more):
    """Give a stay of two weeks from the second of May, with a guest whose place has a state."""
    stop = StopFactory(
        journey__edition=weeks(),
        journey__state="proposed" if state == "proposed" else "offered",
        host__state="accepted",
        host__decided_at=NOON,
        arrive=date(2026, 5, 2),
        leave=date(2026, 5, 16),
        accepted_at=None if state == "proposed" else NOON,
        accepted_by=None if state == "proposed" else PersonFactory(),
    )
    said = {} if state in {"proposed", "offered"} else {"accepted_at": NOON}
    offer = {"offered_at": NOON, "reply_by": NOON + 9 * A_DAY} if state != "proposed" else {}
    SeatFactory(journey=stop.journey, state=state, **said | offer | more)
    if state == "confirmed":
        stop.journey.state = state
        stop.journey.save(update_fields=["state"])
    return stop


def wished(stop, arrive, leave):
    """Give the wish that a stop has other days in May."""
    days = tuple(date(2026, 5, 1) + (day - 1) * A_DAY for day in (arrive, leave))
    return {stop.pk: moving.Wish((stop.arrive, stop.leave), days)}


def agree(stop, arrive, leave):
    """Let traveller and host agree on other days."""
    seat = stop.journey.seats.get()
    words = Expectation(
        seat=seat,
        stop=stop,
        arrive=date(2026, 5, arrive),
        leave=date(2026, 5, leave),
        **WORDS,
    )
    last = Expectation.objects.filter(seat=seat, stop=stop).count()
    traveller = agreeing.Speaker(seat.person, Side.TRAVELLER)
    put = agreeing.propose(words, traveller, read=last, at=NOON)
    agreeing.confirm(put, agreeing.Speaker(PersonFactory(), Side.HOST), at=NOON)


def against(stop, organiser, *days):
    """Name the rules that stand against other days."""
    with pytest.raises(moving.Collides) as found:
        moving.move(stop.journey, wished(stop, *days), organiser, at=NOON)
    stop.refresh_from_db()
    assert (stop.arrive, stop.leave) == (date(2026, 5, 2), date(2026, 5, 16))
    return [one.rule for one in found.value.found]


def waits_for_me():
    """Say whether some other connection waits for this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def days_of(stop):
    """Give the days of a stop as they are."""
    stop.refresh_from_db()
    return stop.arrive.day, stop.leave.day


def test_a_stay_is_longer_once_both_have_said_yes_to_it_and_everybody_hears(organiser):
    stop = visit()
    seat, journey = stop.journey.seats.get(), stop.journey
    host = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
    journey.refresh_from_db()
    checklists.write(seat)
    assert against(stop, organiser, 2, 30) == ["agreed"]

    agree(stop, 2, 30)
    assert Notice.objects.filter(key__startswith="other-days", recipient=organiser).exists()
    moved = moving.move(journey, wished(stop, 2, 30), organiser, at=NOON)

    assert days_of(stop) == (2, 30)
    assert (moved.nights, moved.told, moved.again) == (14, [seat], [])
    seat.refresh_from_db()
    assert (seat.state, seat.last_day) == ("confirmed", date(2026, 5, 30))
    assert seat.checklist.get(what="notes").due == date(2026, 6, 6)
    assert Commitment.objects.get(person=seat.person).last_day == date(2026, 5, 30)
    event = journey.events.get(what="moved")
    assert (event.by, event.before) == (organiser, [[1, "2026-05-02", "2026-05-16"]])
    told = Notice.objects.filter(key__contains="moved").order_by("key")
    assert [(one.recipient, one.key.split(":")[0]) for one in told] == [
        (host, "host-moved"),
        (seat.person, "seat-moved"),
    ]


def test_who_agreed_on_other_days_is_not_confirmed_before_the_stop_has_them():
    stop = visit("agreed")
    seat = stop.journey.seats.get()
    agree(stop, 4, 20)
    assert agreeing.unsettled(stop.journey, [seat]) == ([], [seat])
    moving.move(stop.journey, wished(stop, 4, 20), OrganiserFactory(), at=NOON)
    assert agreeing.unsettled(stop.journey, [seat]) == ([], [])


def test_who_agreed_on_other_days_and_organisers_read_that_it_waits_for_a_move(
    client, organiser
):
    stop = visit("agreed")
    seat = stop.journey.seats.get()
    agree(stop, 4, 20)
    client.force_login(seat.person)
    for page in (stop.journey.get_absolute_url(), seat.expectation_url(1)):
        assert "Agreed on other days; organisers move it" in client.get(page).text
    assert "You agree on other days." in client.get(seat.expectation_url(1)).text

    client.force_login(organiser)
    confirm = reverse("admin:grandtour_journey_confirm", args=[stop.journey_id])
    told = client.post(confirm, {"csrfmiddlewaretoken": "x"}, follow=True).text
    words = f"Not confirmed: agreed on other days than those of the journey: {seat.person}."
    assert words in unescape(told)
    assert "still open" not in told
    assert reverse("admin:grandtour_journey_move", args=[stop.journey_id]) in told

    moving.move(stop.journey, wished(stop, 4, 20), organiser, at=NOON)
    client.force_login(seat.person)
    assert "other days" not in client.get(seat.expectation_url(1)).text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("2031-05-02", "2031-05-30"), "People travel in this edition on these days"),
        (("2026-05-02", "2026-05-05"), "One stays 14 to 56 nights with a host"),
        (("2026-05-02", "2026-05-16"), None),
    ],
)
def test_other_days_are_within_the_days_and_nights_of_the_edition(client, days, words):
    stop = visit()
    seat = stop.journey.seats.get()
    client.force_login(seat.person)
    write = reverse("grandtour:write_expectation", args=[seat.pk, 1])
    said = {**WORDS, "read": "1", "arrive": days[0], "leave": days[1]}
    answer = client.post(write, said)
    assert Expectation.objects.count() == (1 if words else 2)
    assert words is None or words in answer.text


def test_a_host_who_said_yes_is_asked_again_where_nobody_else_has(organiser):
    stop = visit("offered")
    moved = moving.move(stop.journey, wished(stop, 3, 24), organiser, at=NOON)
    assert [one.pk for one in moved.again] == [stop.pk]
    assert days_of(stop) == (3, 24)
    assert stop.accepted_at is None


def test_nobody_hears_of_a_journey_that_is_only_proposed(organiser):
    stop = visit("proposed")
    moved = moving.move(stop.journey, wished(stop, 3, 24), organiser, at=NOON)
    assert (moved.told, moved.again) == ([], [])
    assert not Notice.objects.exists()


def test_all_that_stands_against_other_days_is_said(organiser):
    stop = visit("offered", application__windows=[MAY])
    assert against(stop, organiser, 2, 10) == ["nights"]
    assert against(stop, organiser, 18, 34) == ["open", "window"]
    assert against(stop, organiser, -3, 14) == ["season", "open", "window"]
    stop.host.stays.all().delete()
    assert against(stop, organiser, 3, 20) == ["open"]


def test_a_bed_that_is_taken_and_a_journey_elsewhere_are_said(organiser):
    stop = visit("offered")
    stop.host.most_guests, stop.host.groups = 1, 2
    stop.host.save()
    other = JourneyFactory(edition=stop.journey.edition)
    StopFactory(
        journey=other, host=stop.host, arrive=date(2026, 5, 16), leave=date(2026, 5, 30)
    )
    SeatFactory(journey=other, country="DE")
    elsewhere(stop)
    assert against(stop, organiser, 2, 17) == ["room"]
    assert against(stop, organiser, 2, 21) == ["room", "elsewhere"]


def test_a_bed_that_another_edition_has_taken_is_said(organiser):
    stop = visit("offered")
    theirs = {"host__affiliate": stop.host.affiliate, "host__most_guests": 1}
    other = StopFactory(arrive=date(2026, 5, 16), leave=date(2026, 5, 20), **theirs)
    SeatFactory(journey=other.journey, country="DE")
    assert against(stop, organiser, 2, 17) == ["room"]
    other.journey.seats.all().delete()
    moving.move(stop.journey, wished(stop, 2, 17), organiser, at=NOON)


def elsewhere(stop, state="offered"):
    """Let who travels have a place in another edition as well, from the twentieth of May."""
    away = StopFactory(arrive=date(2026, 5, 20))
    again = ApplicationFactory(
        edition=away.journey.edition,
        person=stop.journey.seats.get().person,
        state="shortlisted",
        submitted_at=NOON,
        consented_at=NOON,
    )
    offer = {"offered_at": NOON, "reply_by": NOON + A_DAY} if state == "offered" else {}
    return SeatFactory(journey=away.journey, application=again, state=state, **offer)


def asked(client, stop, organiser, *days, **more):
    """Let an organiser ask at the desk what other days would change."""
    client.force_login(organiser)
    page = reverse("admin:grandtour_journey_move", args=[stop.journey.pk])
    names = (f"arrive_{stop.pk}", f"leave_{stop.pk}")
    now = dict(zip(names, wished(stop, *days)[stop.pk].now, strict=True))
    seen = client.get(page).context["form"]["seen"].value()
    return client.post(page, {**now, "seen": seen, **more})


def said(client, stop, organiser, *days):
    """Give what an organiser reads of what stands against other days."""
    answer = asked(client, stop, organiser, *days)
    return list(answer.context["form"].non_field_errors())


def travels_there(seat, organiser):
    """Let an organiser wish to travel in the other edition."""
    ReadFactory(edition=seat.edition, person=organiser)


def reads_blind(seat, organiser):
    """Let an organiser read the other edition without names."""
    ReviewerFactory(edition=seat.edition, person=organiser)


def knows_them(seat, organiser):
    """Let an organiser have said that they know who applied there."""
    reader = ReviewerFactory(edition=seat.edition, person=organiser)
    Edition.objects.filter(pk=seat.edition_id).update(state="decided")
    seat.application.conflicts.create(reviewer=reader, kind="declared", found_at=NOON)


def is_not_offered(seat, _organiser):
    """Let the place elsewhere be only proposed."""
    Seat.objects.filter(pk=seat.pk).update(state="proposed", offered_at=None, reply_by=None)


@pytest.mark.parametrize("hidden", [travels_there, reads_blind, knows_them, is_not_offered])
def test_nobody_is_named_whose_place_elsewhere_an_organiser_may_not_know_of(
    client, organiser, hidden
):
    stop = visit("offered")
    seat = elsewhere(stop)
    known = said(client, stop, organiser, 2, 21)
    hidden(seat, organiser)

    assert known == [f"Is in another journey on these days: {seat.person}."]
    assert against(stop, organiser, 2, 21) == ["away"]
    assert said(client, stop, organiser, 2, 21) == [
        "Somebody in it cannot be away on all these days, or has not said that they could."
    ]
    stop.journey.seats.get().application.windows.all().delete()
    assert against(stop, organiser, 2, 21) == ["window"]


def test_the_database_refuses_days_on_which_a_host_takes_nobody():
    stop = visit("proposed")
    refused(
        "stop_moved_to_days_its_host_offers",
        "UPDATE grandtour_stop SET leave = %s WHERE id = %s",
        *(date(2026, 6, 3), stop.pk),
    )


def test_an_event_and_a_day_that_has_come_are_in_the_way(organiser):
    stop = visit("offered")
    StopEvent.objects.create(
        stop=stop,
        title="An evening",
        words="Come.",
        where="The library",
        begins_at=NOON.replace(month=5, day=3),
        ends_at=NOON.replace(month=5, day=3, hour=14),
        zone="UTC",
        languages=["en"],
        announced_by=organiser,
        announced_at=NOON,
        changed_at=NOON,
    )
    assert against(stop, organiser, 4, 20) == ["event"]
    with pytest.raises(moving.Collides, match="past"):
        moving.move(stop.journey, wished(stop, 3, 20), organiser, at=NOON.replace(month=5))
    assert days_of(stop) == (2, 16)


def test_who_is_there_already_stays_longer_and_arrives_on_no_other_day(organiser):
    stop = visit()
    agree(stop, 2, 25)
    Journey.objects.filter(pk=stop.journey.pk).update(state="travelling")
    there = NOON.replace(month=5, day=9)
    moving.move(stop.journey, wished(stop, 2, 25), organiser, at=there)
    assert days_of(stop) == (2, 25)
    agree(stop, 3, 25)
    with pytest.raises(moving.Collides, match="past"):
        moving.move(stop.journey, wished(stop, 3, 25), organiser, at=there)


def test_three_stops_move_on_or_back_together(organiser):
    journey = JourneyFactory()
    stops = [
        StopFactory(journey=journey, number=n, host__place=PlaceFactory(country="SE"))
        for n in (1, 2, 3)
    ]

    def moved(by, longer=0):
        now = {
            stop.pk: moving.Wish(
                (stop.arrive, stop.leave),
                (
                    stop.arrive
                    + by * A_DAY
                    + (longer * A_DAY if stop.number > 2 else 0 * A_DAY),
                    stop.leave
                    + by * A_DAY
                    + (longer * A_DAY if stop.number > 1 else 0 * A_DAY),
                ),
            )
            for stop in stops
        }
        moving.move(journey, now, organiser, at=NOON)
        for stop in stops:
            stop.refresh_from_db()
        return [(stop.arrive.day, stop.leave.day) for stop in stops]

    assert moved(5) == [(6, 10), (10, 14), (14, 18)]
    assert moved(-4, longer=1) == [(2, 6), (6, 11), (11, 15)]
    gap = {
        stops[0].pk: moving.Wish((stops[0].arrive, stops[0].leave), (MAY[0], date(2026, 5, 5)))
    }
    with pytest.raises(moving.Collides, match="chain"):
        moving.move(journey, gap, organiser, at=NOON)


def beyond(journey, organiser, *, days):
    """Move a journey of two stops past another that its traveller is in, and back again."""
    wishes = {
        stop.pk: moving.Wish(
            (stop.arrive, stop.leave), (stop.arrive + days * A_DAY, stop.leave + days * A_DAY)
        )
        for stop in journey.stops.all()
    }
    moving.move(journey, wishes, organiser, at=NOON)
    journey.refresh_from_db()
    assert journey.seats.get().period == journey.period
    return [(stop.arrive.day, stop.leave.day) for stop in journey.stops.order_by("number")]


def test_two_stops_go_past_another_journey_of_who_travels(organiser):
    journey = JourneyFactory()
    for number in (1, 2):
        StopFactory(journey=journey, number=number)
    seat = SeatFactory(journey=journey)
    between = StopFactory(
        journey__state="offered", arrive=date(2026, 5, 11), leave=date(2026, 5, 15)
    )
    again = ApplicationFactory(
        edition=between.journey.edition,
        person=seat.person,
        state="shortlisted",
        submitted_at=NOON,
        consented_at=NOON,
    )
    SeatFactory(journey=between.journey, application=again)

    assert beyond(journey, organiser, days=16) == [(17, 21), (21, 25)]
    assert beyond(journey, organiser, days=-16) == [(1, 5), (5, 9)]
    with pytest.raises(moving.Collides, match="away"):
        beyond(journey, organiser, days=3)
    last = journey.stops.get(number=2)
    refused(
        "seat_one_journey_at_a_time",
        "UPDATE grandtour_stop SET arrive = %s, leave = %s WHERE id = %s",
        *(date(2026, 5, 9), date(2026, 5, 13), last.pk),
    )


@pytest.mark.django_db(transaction=True)
def test_a_place_elsewhere_that_is_given_meanwhile_is_said_in_words(client, organiser):
    stop = visit("offered")
    away = StopFactory(arrive=date(2026, 5, 20))
    again = ApplicationFactory(
        edition=away.journey.edition,
        person=stop.journey.seats.get().person,
        state="shortlisted",
        submitted_at=NOON,
        consented_at=NOON,
    )
    heard = []
    with transaction.atomic():
        SeatFactory(journey=away.journey, application=again)
        beside = Beside(lambda: heard.append(said(client, stop, organiser, 2, 21)))
        beside.start()
        beside.until(waits_for_me)
    beside.end()
    assert heard == [
        ["Somebody in it cannot be away on all these days, or has not said that they could."]
    ]
    assert days_of(stop) == (2, 16)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("2026-06-02", "2026-06-16"), "A host takes nobody on one of these days."),
        (("2026-05-02", "2026-05-03"), "The edition allows another number of nights."),
        (("2026-04-30", "2026-05-14"), "These days lie outside"),
    ],
)
def test_what_only_the_database_knows_is_said_in_words(days, words):
    stop = visit("proposed")
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        run("UPDATE grandtour_stop SET arrive = %s, leave = %s WHERE id = %s", *days, stop.pk)
    assert words_of_refusal(found.value).startswith(words)
    assert words_of_refusal(IntegrityError("unheard_of")).startswith("Something has changed")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_stop_at_once_one_is_told(organiser):
    stop = visit("proposed")
    acts = [
        partial(moving.move, stop.journey, wished(stop, 3, leave), organiser, at=NOON)
        for leave in (20, 21)
    ]
    came = together(*acts, refused=IllegalMove)
    assert came.count("IllegalMove") == 1
    assert stop.journey.events.filter(what="moved").count() == 1


def test_the_desk_says_what_it_changes_before_it_is_changed(client, organiser):
    stop = visit()
    agree(stop, 2, 30)
    client.force_login(organiser)
    page = reverse("admin:grandtour_journey_move", args=[stop.journey.pk])
    assert (
        page in client.get(reverse("admin:grandtour_journey_show", args=[stop.journey.pk])).text
    )
    form = client.get(page).context["form"]
    said = {
        f"{name}_{stop.pk}": form[f"{name}_{stop.pk}"].value() for name in ("arrive", "leave")
    }
    assert said == {
        f"arrive_{stop.pk}": date(2026, 5, 2),
        f"leave_{stop.pk}": date(2026, 5, 30),
    }
    seen = form["seen"].value()

    answer = client.post(page, {**said, "seen": seen})
    assert days_of(stop) == (2, 16)
    assert "28 nights" in answer.text
    assert str(stop.journey.seats.get().person) in answer.text
    assert not stop.journey.events.filter(what="moved").exists()
    sure = answer.context["form"]["sure"].value()
    assert client.post(page, {**said, "seen": seen, "sure": sure}).status_code == 302
    assert days_of(stop) == (2, 30)
    assert client.post(page, {**said, "seen": seen, "sure": sure}, follow=True).context[
        "events"
    ]
    late = client.get(page).context["form"]["seen"].value()
    short = {f"arrive_{stop.pk}": "2026-05-02", f"leave_{stop.pk}": "2026-05-09", "seen": late}
    assert "another number of nights" in client.post(page, short).text


def granted(stop, beyond):
    """Grant an edition what its journeys cost as they stand, at €20 a night, and more."""
    edition = stop.journey.edition
    Edition.objects.filter(pk=edition.pk).update(night_cost=2000)
    edition.refresh_from_db()
    stands = still_to_pay(edition, standing.live(edition))
    assert stands >= 14 * 2000
    return LineFactory(fund__edition=edition, granted=stands + beyond)


def test_nights_that_the_money_does_not_pay_for_are_refused_in_words(client, organiser):
    stop = visit("offered")
    line = granted(stop, 14_000)
    changes = asked(client, stop, organiser, 2, 23).context["changes"]
    assert changes[-2:] == [
        "Nights are reckoned at €140 more.",
        "Left of what was granted, when all journeys are reckoned as they stand: €140.",
    ]
    [refusal] = said(client, stop, organiser, 2, 24)
    assert "nights are reckoned at €160 more, and €140 is left" in refusal
    with pytest.raises(within.TooDear):
        within.move(stop.journey, wished(stop, 2, 24), organiser, at=NOON)
    assert days_of(stop) == (2, 16)
    line.delete()
    within.move(stop.journey, wished(stop, 2, 24), organiser, at=NOON)
    assert days_of(stop) == (2, 24)


def test_nights_of_an_earlier_move_are_not_there_a_second_time(organiser):
    stop = visit("offered")
    granted(stop, 14_000)
    within.move(stop.journey, wished(stop, 2, 23), organiser, at=NOON)
    assert days_of(stop) == (2, 23)
    with pytest.raises(within.TooDear) as refusal:
        within.move(stop.journey, wished(stop, 2, 24), organiser, at=NOON)
    assert (refusal.value.more, refusal.value.left) == (2000, 0)
    found = within.move(stop.journey, wished(stop, 2, 22), organiser, at=NOON)
    assert (found.more, found.left) == (-2000, 0)


def test_where_money_is_over_a_shorter_stay_is_none_the_less_allowed(organiser):
    stop = visit("offered")
    granted(stop, -5000)
    within.move(stop.journey, wished(stop, 3, 17), organiser, at=NOON)
    stop.refresh_from_db()
    with pytest.raises(within.TooDear):
        within.move(stop.journey, wished(stop, 3, 18), organiser, at=NOON)
    assert days_of(stop) == (3, 17)


def test_no_days_are_proposed_that_the_money_does_not_pay_for(client, organiser):
    stop = visit()
    line = granted(stop, 14_000)
    dear, paid = (asked(client, stop, organiser, 2, last) for last in (24, 23))
    propose = "Propose these days to all who have said yes"
    words = "nights are reckoned at €160 more, and €140 is left"
    assert (words in dear.text, propose in dear.text) == (True, False)
    assert (words in paid.text, propose in paid.text) == (False, True)
    assert Expectation.objects.count() == 1

    answer = asked(client, stop, organiser, 2, 24, propose="yes")
    assert words in answer.text
    assert Expectation.objects.count() == 1
    asked(client, stop, organiser, 2, 23, propose="yes")
    [put] = Expectation.objects.on_the_table()
    assert put.days == (date(2026, 5, 2), date(2026, 5, 23))

    for side, who in ((Side.TRAVELLER, put.seat.person), (Side.HOST, PersonFactory())):
        agreeing.confirm(put, agreeing.Speaker(who, side), at=NOON)
    BudgetLine.objects.filter(pk=line.pk).update(granted=line.granted - 1)
    with pytest.raises(within.TooDear):
        within.move(stop.journey, wished(stop, 2, 23), organiser, at=NOON)
    BudgetLine.objects.filter(pk=line.pk).update(granted=line.granted)
    within.move(stop.journey, wished(stop, 2, 23), organiser, at=NOON)


def test_what_happened_says_which_stop_had_which_days(client, organiser):
    stop = visit("offered")
    moving.move(stop.journey, wished(stop, 3, 24), organiser, at=NOON)
    stop.refresh_from_db()
    moving.move(stop.journey, wished(stop, 4, 20), organiser, at=NOON + A_DAY)
    client.force_login(organiser)
    page = client.get(reverse("admin:grandtour_journey_show", args=[stop.journey.pk]))
    told = [event.days for event in page.context["events"]]
    host = stop.host.affiliate
    first, then, last = (
        dates.period(date(2026, 5, begins), date(2026, 5, ends))
        for begins, ends in ((2, 16), (3, 24), (4, 20))
    )
    assert told == [
        [f"{host}: {then} (21 nights) instead of {first}."],
        [f"{host}: {last} (16 nights) instead of {then}."],
    ]
    assert all(words in unescape(page.text) for [words] in told)


def test_of_other_days_only_those_hear_who_may_move_the_stay(client, organiser):
    stop = visit()
    theirs = MembershipFactory(affiliate=stop.host.affiliate, person=OrganiserFactory()).person
    knows = OrganiserFactory()
    home = MembershipFactory(person=stop.journey.seats.get().person).affiliate
    MembershipFactory(affiliate=home, person=knows)
    agree(stop, 2, 30)
    letters = Notice.objects.filter(key__startswith="other-days")
    assert [one.recipient for one in letters] == [organiser]

    type(organiser).objects.filter(pk=organiser.pk).update(is_active=False)
    agree(stop, 2, 29)
    last = letters.exclude(recipient=organiser).order_by("recipient")
    assert [one.recipient for one in last] == [theirs, knows]
    client.force_login(knows)
    assert client.get(last[0].link).status_code == 403


def test_no_offer_is_open_when_its_journey_begins(client, organiser):
    stop = visit("offered", reply_by=NOON.replace(month=5, day=1))
    assert against(stop, organiser, 1, 16) == ["reply"]
    words = (
        "Can answer until 1 May 2026 is over everywhere on earth, when the journey would have"
    )
    [refusal] = said(client, stop, organiser, 1, 16)
    assert refusal == f"{words} begun: {stop.journey.seats.get().person}."

    free = visit("proposed")
    for reply_by in (NOON.replace(month=5, day=2), NOON.replace(month=5, day=9)):
        with pytest.raises(TooLong):
            journeys.offer(free.journey, organiser, reply_by=reply_by, at=NOON)
    page = reverse("admin:grandtour_journey_offer", args=[free.journey.pk])
    late = client.post(page, {"reply_by": "2026-05-01"}).text
    assert "before the journey begins: 30 Apr 2026 or earlier." in late
    assert client.post(page, {"reply_by": "2026-04-30"}).status_code == 302
    assert free.journey.seats.get().state == "offered"


def test_travellers_and_hosts_name_other_days_on_their_page(client):
    stop = visit()
    seat = stop.journey.seats.get()
    client.force_login(seat.person)
    write = reverse("grandtour:write_expectation", args=[seat.pk, 1])
    said = {**WORDS, "read": "1", "arrive": "2026-05-02", "leave": "2026-05-30"}
    client.post(write, said | {"leave": "2026-05-01"})
    assert Expectation.objects.count() == 1
    client.post(write, said)
    assert Expectation.objects.on_the_table().get().days == (
        date(2026, 5, 2),
        date(2026, 5, 30),
    )
    assert "Days you would both rather have" in client.get(seat.expectation_url(1)).text
    assert Consent.objects.filter(expectation__version=2).count() == 1
    assert Stop.objects.get().leave == date(2026, 5, 16)


def resting(person, first, last):
    """Let somebody who has time else rest on days of May."""
    days = DateRange(date(2026, 5, first), date(2026, 5, last) + A_DAY)
    all_year = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    Bandwidth.objects.create(person=person, period=all_year, weekly_hours=60)
    Rest.objects.create(person=person, period=days)


def test_whoever_travels_sees_their_weeks_before_they_write_down_other_days(client):
    stop = visit()
    seat = stop.journey.seats.get()
    resting(seat.person, 17, 30)
    client.force_login(seat.person)
    write = reverse("grandtour:write_expectation", args=[seat.pk, 1])
    said = {**WORDS, "read": "1", "arrive": "2026-05-02", "leave": "2026-05-30"}
    answer = client.post(write, said)
    assert "This falls into your rest" in answer.text
    assert Expectation.objects.count() == 1
    client.post(write, said | {"weeks": answer.context["weeks"]})
    assert Expectation.objects.count() == 2


def test_whoever_travels_sees_their_weeks_before_they_say_yes_to_other_days(client):
    stop = visit()
    seat = stop.journey.seats.get()
    host = MembershipFactory(affiliate=stop.host.affiliate, role="steward").person
    client.force_login(host)
    write = reverse("grandtour:write_expectation", args=[seat.pk, 1])
    client.post(write, {**WORDS, "read": "1", "arrive": "2026-05-02", "leave": "2026-05-30"})
    last = Expectation.objects.on_the_table().get()
    assert last.moves

    client.force_login(seat.person)
    yes = reverse("grandtour:confirm_expectation", args=[seat.pk, 1])
    before = client.get(seat.expectation_url(1))
    assert "What a yes does to your weeks" in before.text
    resting(seat.person, 17, 30)
    old = {"version": last.version, "weeks": before.context["weeks"]}
    assert "Your weeks have changed meanwhile" in client.post(yes, old, follow=True).text
    assert last not in Expectation.objects.agreed()
    now = client.get(seat.expectation_url(1))
    assert "This falls into your rest" in now.text
    client.post(yes, old | {"weeks": now.context["weeks"]})
    assert last in Expectation.objects.agreed()


def test_the_weeks_of_a_whole_journey_are_weighed():
    stop = visit()
    agree(stop, 4, 20)
    words = Expectation.objects.on_the_table().get()
    assert weeks_of.wished_for(words) == DateRange(date(2026, 5, 4), date(2026, 5, 21))
    words.stop_id, words.arrive, words.leave = 0, date(2026, 5, 20), date(2026, 5, 25)
    assert weeks_of.wished_for(words) == DateRange(date(2026, 5, 4), date(2026, 5, 26))
