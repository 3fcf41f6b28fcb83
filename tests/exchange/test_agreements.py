from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from capx.marks import mark_of
from capx.states import IllegalMove
from exchange.actions import agreements, follow_ups, listings, seats
from exchange.actions import exchanges as asking
from exchange.models import AgreementLine, Exchange, FollowUp, Listing, SearchDocument
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed, propose
from tests.factories import BudgetLineFactory, ExchangeFactory, ListingFactory, PersonFactory
from volunteers.models import Bandwidth, Commitment, Notice
from volunteers.models.bandwidth import days
from volunteers.models.calendars import calendar_of

pytestmark = pytest.mark.django_db
NOBODY = asking.Words("")


def versions(exchange):
    exchange.refresh_from_db()
    return (
        exchange.state,
        exchange.version,
        exchange.provider_version,
        exchange.receiver_version,
        exchange.agreed_version,
    )


def commitments(person):
    rows = Commitment.objects.filter(person=person).order_by("pk")
    return [(row.key, row.weekly_hours, row.state) for row in rows]


def told(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [row.key.split(":")[0] for row in rows]


def can_give(person, hours):
    period = days(NOON.date(), NOON.date() + 90 * DAY)
    Bandwidth.objects.create(person=person, period=period, weekly_hours=hours)


def rewritten(training):
    """Fill in the form of a training once more."""
    read = mark_of(training)
    training.revision = "again"
    return listings.Written(training, None, None, read)


def test_who_proposes_has_confirmed_and_the_other_side_is_asked():
    exchange = ExchangeFactory()

    propose(exchange, exchange.provider)

    assert versions(exchange) == ("asked", 1, 1, None, None)
    assert exchange.answered_at == NOON
    assert told(exchange.receiver) == ["proposed"]


def test_both_yes_is_an_agreement_with_the_helpers_commitment():
    exchange = ExchangeFactory()
    propose(exchange, exchange.receiver)

    assert agreements.confirm(exchange, exchange.provider, 1, at=NOON)

    assert versions(exchange) == ("agreed", 1, 1, 1, 1)
    assert (exchange.starts_day, exchange.ends_day) == (MONDAY, MONDAY + 13 * DAY)
    assert commitments(exchange.provider) == [
        (f"exchange:{exchange.pk}", Decimal("3.00"), "planned")
    ]
    assert commitments(exchange.receiver) == []
    assert told(exchange.provider)[-1] == told(exchange.receiver)[-1] == "agreed"


@pytest.mark.parametrize("hours", [None, "0"])
def test_no_hours_are_no_commitment(hours):
    assert commitments(agreed(hours=hours).provider) == []


def test_changing_a_word_asks_both_again():
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)
    propose(exchange, exchange.receiver, read=1, what="Three evenings")

    assert versions(exchange) == ("asked", 2, 1, 2, None)
    with pytest.raises(agreements.Changed):
        agreements.confirm(exchange, exchange.receiver, 1, at=NOON)
    assert agreements.confirm(exchange, exchange.provider, 2, at=NOON)
    assert versions(exchange) == ("agreed", 2, 2, 2, 2)


def test_what_was_written_meanwhile_is_not_overwritten():
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)

    with pytest.raises(agreements.Changed):
        propose(exchange, exchange.receiver, read=0)
    assert exchange.agreements.count() == 1


def test_what_was_agreed_holds_until_both_confirm_the_change():
    exchange = agreed()
    propose(exchange, exchange.receiver, read=1, hours="20", first=MONDAY + 7 * DAY)

    assert versions(exchange) == ("agreed", 2, 1, 2, 1)
    assert exchange.starts_day == MONDAY
    assert commitments(exchange.provider)[0][1] == Decimal("3.00")

    agreements.confirm(exchange, exchange.provider, 2, at=NOON)

    assert versions(exchange) == ("agreed", 2, 2, 2, 2)
    assert exchange.starts_day == MONDAY + 7 * DAY
    assert commitments(exchange.provider) == [
        (f"exchange:{exchange.pk}", Decimal("10.00"), "planned")
    ]


def test_a_change_can_be_taken_off_the_table_and_tried_again():
    exchange = agreed()
    propose(exchange, exchange.receiver, read=1)
    agreements.keep(exchange, exchange.provider, 2, at=NOON)
    assert versions(exchange) == ("agreed", 1, 1, 1, 1)

    propose(exchange, exchange.receiver, read=1)

    assert versions(exchange) == ("agreed", 3, 1, 3, 1)
    with pytest.raises(agreements.Changed):
        agreements.keep(exchange, exchange.provider, 2, at=NOON)


def test_there_is_nothing_to_keep_before_a_change():
    exchange = agreed()

    with pytest.raises(IllegalMove):
        agreements.keep(exchange, exchange.provider, 1, at=NOON)


def test_only_who_helps_hears_that_it_is_too_much_and_decides():
    exchange = ExchangeFactory()
    can_give(exchange.provider, 2)
    propose(exchange, exchange.receiver)

    with pytest.raises(agreements.Overfull) as too_much:
        agreements.confirm(exchange, exchange.provider, 1, at=NOON)
    assert too_much.value.weeks == [
        (MONDAY, Decimal("1.5")),
        (MONDAY + 7 * DAY, Decimal("1.5")),
    ]
    assert agreements.confirm(exchange, exchange.provider, 1, at=NOON, knowingly=True)


def test_who_knew_is_not_asked_again():
    exchange = ExchangeFactory()
    can_give(exchange.provider, 2)
    with pytest.raises(agreements.Overfull):
        propose(exchange, exchange.provider)
    propose(exchange, exchange.provider, knowingly=True)

    assert agreements.confirm(exchange, exchange.receiver, 1, at=NOON)


def test_who_helps_is_asked_again_when_their_weeks_filled_up_since():
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)
    can_give(exchange.provider, 2)

    assert not agreements.confirm(exchange, exchange.receiver, 1, at=NOON)

    assert versions(exchange) == ("asked", 1, None, 1, None)
    assert told(exchange.provider) == ["asked_again"]
    assert agreements.confirm(exchange, exchange.provider, 1, at=NOON, knowingly=True)
    assert exchange.agreements.count() == 1


def test_who_is_helped_reads_the_same_whether_or_not_the_helpers_weeks_filled_up(client):
    proposed, weighed = ExchangeFactory(), ExchangeFactory()
    day = timezone.localdate()
    propose(weighed, weighed.provider, at=timezone.now(), first=day)
    Bandwidth.objects.create(person=weighed.provider, period=days(day, day), weekly_hours=1)
    yes = {proposed: ("agreement", form()), weighed: ("confirm", {"version": "1"})}

    for exchange, (name, typed) in yes.items():
        client.force_login(exchange.receiver)
        page = client.post(address(name, exchange), typed, follow=True).content.decode()
        assert versions(exchange)[:4] == ("asked", 1, None, 1)
        assert [sentence % {"name": exchange.provider} in page for sentence in WAITS] == [
            True
        ] * 2


WAITS = (
    "Written down. The other side is asked to confirm.",
    "%(name)s is asked to confirm what is written down.",
)


def test_a_change_is_weighed_without_what_it_replaces():
    exchange = ExchangeFactory()
    can_give(exchange.provider, 4)
    exchange = agreed(exchange=exchange)

    assert propose(exchange, exchange.provider, read=1, what="The same hours, other words")


def test_a_request_is_taken_by_its_helper_and_the_others_are_thanked():
    request = ListingFactory(kind="request")
    SearchDocument.objects.write(request)
    chosen, other = (ExchangeFactory(listing=request) for _ in range(2))

    agreed(exchange=chosen)

    request.refresh_from_db()
    other.refresh_from_db()
    assert (request.state, request.seats) == ("taken", 1)
    assert not SearchDocument.objects.filter(listing=request).exists()
    assert other.state == "expired"
    assert told(other.counterpart) == ["found_elsewhere"]


def test_letting_go_of_a_request_opens_it_again_and_frees_the_helper():
    request = ListingFactory(kind="request")
    exchange = agreed(exchange=ExchangeFactory(listing=request))

    asking.withdraw(exchange, exchange.provider, "I am ill", at=NOON)

    request.refresh_from_db()
    exchange.refresh_from_db()
    assert (request.state, exchange.state, exchange.place) == ("open", "withdrawn", None)
    assert commitments(exchange.provider)[0][2] == "dropped"
    assert SearchDocument.objects.filter(listing=request).exists()


@pytest.mark.parametrize("side", ["provider", "receiver"])
@pytest.mark.parametrize(
    ("passed", "kept", "hours"),
    [
        *((0, None, 0), (1, 1, Decimal(3) / 7), (7, 7, 3), (13, 13, Decimal(39) / 7)),
        *((14, None, 0), (20, None, 0)),  # over: it did not happen
    ],
)
def test_what_was_done_before_the_day_of_letting_go_stays_in_the_helpers_weeks(
    side, passed, kept, hours
):
    exchange = agreed()
    by, helper = getattr(exchange, side), exchange.provider
    later = NOON + (MONDAY - NOON.date()) + passed * DAY

    asking.withdraw(exchange, by, "", at=later)

    row = Commitment.objects.get(person=helper)
    last = MONDAY + (kept or 14) * DAY
    assert (row.period.lower, row.period.upper) == (MONDAY, last)
    assert row.state == ("done" if kept else "dropped")
    weeks = calendar_of(helper, MONDAY, MONDAY + 28 * DAY, later.date())
    loads = [weeks.load(MONDAY + n * 7 * DAY) for n in range(4)]
    assert sum(loads) == pytest.approx(hours, abs=Decimal("0.01"))
    assert loads[2:] == [0, 0]


def test_an_offer_without_seats_is_for_as_many_as_ask():
    offer = ListingFactory()
    for _ in range(3):
        agreed(exchange=ExchangeFactory(listing=offer))

    offer.refresh_from_db()
    assert offer.state == "open"


@pytest.fixture
def training():
    return ListingFactory(
        of="training",
        seats=2,
        first_day=MONDAY,
        last_day=MONDAY + 6 * DAY,
        hours=7,
        times="18:00 to 20:00",
    )


def seat(training, *, at=NOON):
    return agreements.take_seat(training, PersonFactory(), asking.Words("See you"), at=at)


def test_a_seat_is_an_agreement_written_from_the_listing(training):
    exchange = seat(training)

    agreement = exchange.agreements.get()
    assert versions(exchange) == ("agreed", 1, 1, 1, 1)
    assert (agreement.what, agreement.hours, exchange.place) == (
        f"{training.title}\n18:00 to 20:00",
        7,
        1,
    )
    assert exchange.ask.answered_at == NOON
    assert told(training.author) == ["seat_taken"]
    assert told(exchange.receiver) == ["seat_yours"]


def test_who_teaches_commits_once_for_all_seats(training):
    first, second = seat(training), seat(training)
    key = f"listing:{training.pk}:1"
    assert commitments(training.author) == [(key, Decimal("7.00"), "planned")]

    asking.withdraw(first, first.receiver, "", at=NOON)
    assert commitments(training.author)[0][2] == "planned"
    asking.withdraw(second, second.receiver, "", at=NOON)
    assert commitments(training.author)[0][2] == "dropped"


def test_a_training_whose_last_seat_is_let_go_halfway_keeps_the_days_that_were_held(training):
    taken = seat(training)

    asking.withdraw(taken, taken.receiver, "", at=NOON + (MONDAY - NOON.date()) + 2 * DAY)

    row = Commitment.objects.get(person=training.author)
    assert (row.state, row.period.lower, row.period.upper, row.weekly_hours) == (
        "done",
        MONDAY,
        MONDAY + 2 * DAY,
        7,
    )


@pytest.mark.parametrize("how", ["renewed", "given new days before it had expired"])
def test_a_training_held_again_is_a_commitment_of_its_own(training, how):
    first = seat(training)
    [(key, *_rest)] = commitments(training.author)
    later = NOON + 30 * DAY
    new_days = {"first_day": later.date(), "last_day": later.date() + 6 * DAY}

    training.refresh_from_db()
    if how == "renewed":
        listings.expire(training, day=later.date())
        listings.renew(training, **new_days, at=later)
    else:
        for name, day in new_days.items():
            setattr(training, name, day)
        listings.keep(rewritten(training), at=later)
    second = seat(training, at=later)

    again = f"listing:{training.pk}:2"
    assert commitments(training.author) == [
        (key, Decimal(7), "planned"),
        (again, Decimal(7), "planned"),
    ]
    for person in (first.provider, first.receiver):
        follow_ups.tell(first, person, FollowUp(happened=True), at=later)
    asking.withdraw(second, second.receiver, "", at=later)
    states = [(key, state) for key, _hours, state in commitments(training.author)]
    assert states == [(key, "done"), (again, "dropped")]


def test_whoever_was_at_a_training_can_come_to_its_next_run_at_once(training, client):
    first = seat(training)
    person, later = first.receiver, NOON + 30 * DAY
    with pytest.raises(asking.AskedAlready):
        agreements.take_seat(training, person, NOBODY, at=NOON)
    new_days = {"first_day": later.date(), "last_day": later.date() + 6 * DAY}
    listings.expire(training, day=later.date())
    listings.renew(training, **new_days, at=later)

    client.force_login(person)
    with time_machine.travel(later, tick=False):
        assert client.get(reverse("exchange:ask", args=[training.pk])).status_code == 200
    second = agreements.take_seat(training, person, NOBODY, at=later)

    first.refresh_from_db()
    assert (first.state, first.run, second.state, second.run) == ("agreed", 1, "agreed", 2)
    with pytest.raises(asking.AskedAlready) as already:
        agreements.take_seat(training, person, NOBODY, at=later)
    assert already.value.exchange == second
    for each in (first.provider, person):
        follow_ups.tell(first, each, FollowUp(happened=True), at=later)
    assert [one.run for one in Exchange.objects.live()] == [2]


def test_other_days_before_the_last_one_move_the_same_commitment(training):
    seat(training)
    training.refresh_from_db()
    training.last_day += 3 * DAY
    listings.keep(rewritten(training), at=NOON)

    seat(training)

    [taken] = Commitment.objects.filter(person=training.author)
    assert taken.last_day == training.last_day


def test_the_last_seat_takes_the_training_out_and_a_seat_given_back_returns_it(training):
    first = seat(training)
    seat(training)
    training.refresh_from_db()
    assert training.state == "taken"
    with pytest.raises(seats.NoSeat):
        seat(training)

    asking.withdraw(first, first.receiver, "", at=NOON)

    training.refresh_from_db()
    assert training.state == "open"
    assert seat(training).place == 1


def test_seats_are_taken_although_who_teaches_is_full(training):
    can_give(training.author, 1)

    assert seat(training)


def test_nobody_changes_the_terms_of_a_training_for_one_seat(client, training):
    exchange = seat(training)
    for person in (exchange.provider, exchange.receiver):
        with pytest.raises(IllegalMove):
            propose(exchange, person, read=1, hours="0.5", days=1)
        client.force_login(person)
        assert client.get(address("agreement", exchange)).status_code == 404
        for name in ("exchange", "withdraw"):
            page = client.get(address(name, exchange)).content.decode()
            assert address("agreement", exchange) not in page

    assert versions(exchange) == ("agreed", 1, 1, 1, 1)
    assert commitments(training.author) == [
        (f"listing:{training.pk}:1", Decimal("7.00"), "planned")
    ]


def test_nobody_proposes_more_than_ten_times_an_hour(client):
    now = timezone.now()
    exchange = ExchangeFactory(asked_at=now)
    for read in range(agreements.VERSIONS_AN_HOUR):
        propose(exchange, exchange.receiver, read=read, at=now)

    with pytest.raises(asking.TooMany):
        propose(exchange, exchange.receiver, read=10, at=now)
    client.force_login(exchange.receiver)
    typed = form(what="Kept words", read="10")
    page = client.post(address("agreement", exchange), typed).content.decode()
    assert "Those were many changes in an hour. Try again later." in page
    assert "Kept words" in page

    assert told(exchange.provider) == ["proposed"] * 10
    assert propose(exchange, exchange.provider, read=10, at=now)
    assert propose(exchange, exchange.receiver, read=11, at=now + DAY)


def test_database_refuses_more_places_than_seats(training):
    exchange = seat(training)

    with (
        pytest.raises(IntegrityError, match="exchange_place_within_seats"),
        transaction.atomic(),
    ):
        Exchange.objects.filter(pk=exchange.pk).update(place=3)
    with pytest.raises(IntegrityError, match="exchange_one_per_seat"), transaction.atomic():
        Exchange.objects.filter(pk=seat(training).pk).update(place=1)


def test_database_refuses_an_agreement_that_only_one_side_confirmed():
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)
    row = Exchange.objects.filter(pk=exchange.pk)

    with (
        pytest.raises(IntegrityError, match="exchange_in_force_when_both_confirmed"),
        transaction.atomic(),
    ):
        row.update(agreed_version=1)
    with pytest.raises(IntegrityError, match="exchange_agreed_by_both"), transaction.atomic():
        row.update(state="agreed", agreed_at=NOON, starts_day=MONDAY, ends_day=MONDAY)


def test_database_keeps_the_words_of_an_agreement():
    exchange = agreed()

    with pytest.raises(DatabaseError, match="agreement_words_stay"), transaction.atomic():
        exchange.agreements.update(what="Something else", version=F("version"))
    with pytest.raises(DatabaseError, match="agreement_words_stay"), transaction.atomic():
        exchange.agreements.all().delete()


def test_database_keeps_the_sums_of_an_agreement():
    line = {"side": "provider", "amount": 100, "currency": "EUR", "what_for": "Train"}
    exchange = agreed(lines=[line])
    sums = AgreementLine.objects.filter(agreement__exchange=exchange)

    with pytest.raises(DatabaseError, match="agreement_sums_stay"), transaction.atomic():
        sums.update(amount=999_999)
    with pytest.raises(DatabaseError, match="agreement_sums_stay"), transaction.atomic():
        sums.delete()

    assert [row.amount for row in sums] == [100]


# Pages

MANAGEMENT = {"costs-TOTAL_FORMS": "2", "costs-INITIAL_FORMS": "0"}


def form(**typed):
    day = timezone.localdate().isoformat()
    fields = {"what": "Cutting", "first_day": day, "last_day": day, "hours": "4", "read": "0"}
    return {**MANAGEMENT, **fields, **typed}


def address(name, exchange):
    return reverse(f"exchange:{name}", args=[exchange.pk])


@pytest.fixture
def exchange(client):
    exchange = ExchangeFactory()
    client.force_login(exchange.provider)
    return exchange


def test_write_down_and_confirm_in_the_browser(client, exchange):
    costs = {
        "costs-0-what_for": "Train to Ghent",
        "costs-0-amount": "12,50",
        "costs-0-currency": "EUR",
        "costs-0-side": "provider",
    }
    client.post(address("agreement", exchange), form(**costs))
    client.force_login(exchange.receiver)
    content = client.get(address("exchange", exchange)).content.decode()
    assert "Confirm this" in content
    assert "€12.50" in content

    client.post(address("confirm", exchange), {"version": "1"})

    assert versions(exchange)[0] == "agreed"
    assert list(AgreementLine.objects.values_list("amount", "currency")) == [(1250, "EUR")]


def test_the_form_starts_from_the_wish_and_the_listings_budget(client, exchange):
    wish = {"wished_hours": 5, "wished_first_day": MONDAY}
    Exchange.objects.filter(pk=exchange.pk).update(asked_at=NOON, **wish)
    BudgetLineFactory(listing=exchange.listing, amount=4050, what_for="Stipend")

    content = client.get(address("agreement", exchange)).content.decode()

    assert 'value="5"' in content
    assert f'value="{MONDAY.isoformat()}"' in content
    assert "Stipend" in content
    assert 'value="40.50"' in content or 'value="40.5"' in content


@pytest.mark.parametrize(
    "typed",
    [
        {"what": ""},
        {"what": "x" * 4001},
        {"what": "\0"},
        {"hours": "81"},
        {"hours": "-1"},
        {"hours": "1e30"},
        {"first_day": ""},
        {"first_day": "0001-01-01"},
        {"last_day": "2020-01-01"},
        {"where": "x" * 201},
        {"costs-0-what_for": "Train"},
        {"costs-0-what_for": "Train", "costs-0-amount": "a lot", "costs-0-currency": "EUR"},
        {"costs-0-what_for": "T", "costs-0-amount": "9" * 19, "costs-0-currency": "EUR"},
        {"costs-TOTAL_FORMS": "x"},
        {"costs-TOTAL_FORMS": "999999999999"},
        {"read": "x"},
        {"read": ""},
        {"read": "99999999999999999999"},
    ],
)
def test_bad_terms_get_a_message_and_write_nothing(client, exchange, typed):
    response = client.post(address("agreement", exchange), form(**typed))

    assert response.status_code in (200, 302)
    assert exchange.agreements.count() == 0


def test_what_the_other_side_wrote_meanwhile_is_shown_beside_what_was_typed(client, exchange):
    propose(exchange, exchange.receiver, what="Her words")

    response = client.post(address("agreement", exchange), form(what="My words"))

    content = response.content.decode()
    assert response.status_code == 200
    assert "Her words" in content
    assert "My words" in content
    client.post(address("agreement", exchange), form(what="My words", read="1"))
    assert versions(exchange) == ("asked", 2, 2, 1, None)


def test_too_full_weeks_are_said_to_the_helper_who_may_go_on(client, exchange):
    day = timezone.localdate()
    Bandwidth.objects.create(
        person=exchange.provider, period=days(day, day + 30 * DAY), weekly_hours=2
    )

    response = client.post(address("agreement", exchange), form())
    assert "what would you put down?" in response.content.decode()
    client.post(address("agreement", exchange), form(knowingly="on"))
    assert versions(exchange)[1] == 1


def test_confirming_into_too_full_weeks_asks_first(client, exchange):
    day = timezone.localdate()
    Bandwidth.objects.create(
        person=exchange.provider, period=days(day, day + 90 * DAY), weekly_hours=1
    )
    propose(exchange, exchange.receiver, first=day)

    response = client.post(address("confirm", exchange), {"version": "1"})
    assert "Are you sure?" in response.content.decode()
    client.post(address("confirm", exchange), {"version": "1", "knowingly": "on"})
    assert versions(exchange)[0] == "agreed"


@pytest.mark.parametrize("version", ["", "x", "7", "99999999999999999999", "\0"])
def test_a_strange_version_confirms_nothing(client, exchange, version):
    propose(exchange, exchange.receiver)

    for name in ("confirm", "keep"):
        assert client.post(address(name, exchange), {"version": version}).status_code == 302
    assert versions(exchange) == ("asked", 1, None, 1, None)


def test_a_change_can_be_seen_and_refused_in_the_browser(client):
    exchange = agreed()
    propose(exchange, exchange.receiver, read=1, what="Three evenings")
    client.force_login(exchange.provider)
    content = client.get(address("exchange", exchange)).content.decode()
    assert "What this changes" in content
    assert "Keep what was agreed" in content

    client.post(address("keep", exchange), {"version": "2"})

    assert versions(exchange) == ("agreed", 1, 1, 1, 1)


def test_take_a_seat_in_the_browser(client, training):
    training.first_day = timezone.localdate() + DAY
    training.last_day = training.first_day
    training.save()
    client.force_login(PersonFactory())

    content = client.get(reverse("exchange:ask", args=[training.pk])).content.decode()
    assert "Take the seat" in content
    response = client.post(reverse("exchange:ask", args=[training.pk]), {"message": ""})

    assert response.url == Exchange.objects.get().get_absolute_url()


def test_a_taken_training_says_so(client, training):
    for _ in range(2):
        seat(training)
    client.force_login(PersonFactory())

    response = client.post(reverse("exchange:ask", args=[training.pk]), {"message": "Please"})

    assert response.status_code == 200
    assert Listing.objects.get().state == "taken"


def test_the_dates_go_into_a_calendar(client):
    exchange = agreed(what="A line\r\nBEGIN:VALARM, and; more \\ ümläute" + "ü" * 80)
    client.force_login(exchange.receiver)

    text = client.get(address("dates", exchange)).content.decode()

    assert "DTSTART;VALUE=DATE:20260309\r\nDTEND;VALUE=DATE:20260323\r\n" in text
    assert "\r\nBEGIN:VALARM" not in text
    assert "\\nBEGIN:VALARM\\, and\\; more \\\\" in text.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_change_keeps_the_mark_of_the_calendar(client):
    exchange = agreed()
    client.force_login(exchange.receiver)
    before = client.get(address("dates", exchange)).content.decode()
    propose(exchange, exchange.receiver, read=1, first=MONDAY + DAY)
    agreements.confirm(exchange, exchange.provider, 2, at=NOON)
    after = client.get(address("dates", exchange)).content.decode()

    mark = f"UID:exchange-{exchange.pk}@"
    assert mark in before
    assert mark in after
    assert ("SEQUENCE:1" in before, "SEQUENCE:2" in after) == (True, True)


def test_what_is_let_go_of_leaves_the_calendar(client):
    exchange = agreed()
    asking.withdraw(exchange, exchange.provider, "", at=NOON + DAY)
    client.force_login(exchange.receiver)

    text = client.get(address("dates", exchange)).content.decode()

    assert "SEQUENCE:2\r\nDTSTAMP:20260303T120000Z\r\n" in text
    assert "STATUS:CANCELLED" in text
