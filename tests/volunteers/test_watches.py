import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from importlib import import_module

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from exchange.views.refused import mark
from tests.factories import ListingFactory, PersonFactory
from tests.together import together
from volunteers.actions import watches
from volunteers.gate import Wish
from volunteers.models import Ask, Block, Check, Notice, Person, Rest, Watch
from volunteers.models.bandwidth import days
from volunteers.reminders import watches as reminders

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SOON = timezone.localdate() + 9 * DAY
FAR = NOON.date() + 400 * DAY
ONE_WAITS = import_module("volunteers.migrations.0006_one_waits_per_person")
TWO_DAYS = 2 * DAY  # by then everybody who waits was looked after once


def wait(person, watcher, *, at=NOON, link="/catalogue/1/ask/", **wish):
    watches.wait(person, watcher, watches.Subject("Help", link), Wish(**wish), at=at)
    return Watch.objects.get(watcher=watcher, person=person, link=link, told_at=None)


def there(_link):
    return watches.Stand.HERE


def look(now):
    reminders.look(now, stand=there)


def rest(person, last=FAR):
    return Rest.objects.create(person=person, period=days(NOON.date() - DAY, last))


def told():
    return list(Notice.objects.values_list("recipient__username", "link"))


def test_who_waits_hears_once_when_the_rest_is_over():
    person, watcher = PersonFactory(), PersonFactory(name="Ada")
    pause = rest(person)
    wait(person, watcher)

    look(NOON + TWO_DAYS)
    assert told() == []
    pause.delete()
    for hours in range(0, 200, 10):
        look(NOON + TWO_DAYS + timedelta(hours=hours))

    assert told() == [(watcher.username, "/catalogue/1/ask/")]
    assert person.name in Notice.objects.get().subject
    assert Check.objects.filter(person=person, asker=watcher).count() == 1


def test_nobody_is_looked_at_before_the_next_day_nor_twice_in_one():
    person, watcher = PersonFactory(), PersonFactory()
    watch = wait(person, watcher)

    look(NOON + timedelta(hours=23, minutes=59))
    assert told() == []
    rest(person)
    look(NOON + TWO_DAYS)
    watch.refresh_from_db()

    assert NOON + 3 * DAY <= watch.next_look_at < NOON + 3 * DAY + timedelta(hours=8)


def test_the_moment_of_the_next_look_cannot_be_guessed():
    watchers = PersonFactory.create_batch(8)
    person = PersonFactory()

    assert len({wait(person, watcher).next_look_at for watcher in watchers}) > 1


def closed_by_rest(person, _watcher):
    rest(person)


def closed_by_block(person, watcher):
    Block.objects.create(person=person, blocked=watcher)


def closed_by_own_block(person, watcher):
    Block.objects.create(person=watcher, blocked=person)


def closed_by_hiding(person, _watcher):
    Person.objects.filter(pk=person.pk).update(visibility="hidden")


def closed_by_leaving(person, _watcher):
    Person.objects.filter(pk=person.pk).update(is_active=False)


def closed_by_wish(person, _watcher):
    Person.objects.filter(pk=person.pk).update(may_be_asked=False)


def closed_by_many(person, _watcher):
    for _ in range(3):
        Ask.objects.create(person=person, asker=PersonFactory(), asked_at=NOON)


CLOSED = [
    *(closed_by_rest, closed_by_block, closed_by_own_block, closed_by_hiding),
    *(closed_by_leaving, closed_by_wish, closed_by_many),
]


@pytest.mark.parametrize("close", CLOSED)
def test_whatever_closes_the_gate_nothing_is_told_and_waiting_ends_by_itself(close):
    person, watcher = PersonFactory(), PersonFactory()
    wait(person, watcher)
    close(person, watcher)

    for day in range(1, 95):
        look(NOON + day * DAY)

    assert told() == []
    assert not Check.objects.exists()
    assert not Watch.objects.exists()


def test_nobody_waits_for_more_than_five_nor_begins_more_often_in_a_day():
    watcher = PersonFactory()
    begun = [wait(PersonFactory(), watcher) for _ in range(5)]
    with pytest.raises(watches.TooOften):
        wait(PersonFactory(), watcher)

    with pytest.raises(watches.TooMany):
        wait(PersonFactory(), watcher, at=NOON + timedelta(hours=25))

    watches.stop(begun[0], at=NOON)
    with pytest.raises(watches.TooOften):
        wait(PersonFactory(), watcher, at=NOON + timedelta(hours=23))

    assert wait(PersonFactory(), watcher, at=NOON + timedelta(hours=25))


def test_waiting_twice_for_the_same_is_waiting_once():
    person, watcher = PersonFactory(), PersonFactory()
    first = wait(person, watcher)

    assert wait(person, watcher, at=NOON + DAY) == first


@pytest.mark.parametrize(
    "other", [{"link": "/catalogue/2/ask/"}, {"weekly_hours": Decimal(7)}, {"first_day": SOON}]
)
def test_for_one_person_one_waits_for_one_thing_and_hears_one_answer(other):
    """Else five things beside each other tell five answers about one person's hours."""
    person, watcher = PersonFactory(), PersonFactory()
    wait(person, watcher)
    for _ in range(3):
        wait(PersonFactory(), watcher)
    changed = wait(person, watcher, **other)

    assert list(Watch.objects.live(NOON).filter(person=person)) == [changed]
    for day in range(1, 9):
        look(NOON + day * DAY)
    assert Notice.objects.get(link=changed.link, key__endswith=str(changed.pk))
    assert Check.objects.filter(person=person, asker=watcher).count() == 1


def test_who_waits_for_five_can_still_change_for_what_of_one_of_them():
    watcher = PersonFactory()
    one, *_others = [wait(PersonFactory(), watcher) for _ in range(5)]

    changed = wait(one.person, watcher, link="/catalogue/2/ask/", at=NOON + 2 * DAY)

    assert changed.pk != one.pk
    assert Watch.objects.live(NOON + 2 * DAY).count() == 5


def said(client, listing, **asked):
    answer = client.post(reverse("exchange:wait", args=[listing.pk]), asked, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_who_waits_for_something_else_of_the_same_person_reads_what_it_replaced(client):
    first = ListingFactory(title="Cutting films")
    client.force_login(PersonFactory())
    hear = "You hear from us, once, when they can be asked."
    assert said(client, first) == [hear]
    assert said(client, first) == [hear]
    assert said(client, first, hours="7") == [hear]  # other hours of the same thing

    [told, replaced] = said(client, ListingFactory(author=first.author, title="Lights"))

    assert told == hear
    assert "takes the place" in replaced
    assert "“Cutting films”" in replaced


def test_who_began_five_times_today_reads_that_and_not_that_they_wait_for_too_many(client):
    watcher, now = PersonFactory(), timezone.now()
    client.force_login(watcher)
    for _ in range(5):
        watches.stop(wait(PersonFactory(), watcher, at=now), at=now)

    assert said(client, ListingFactory()) == [
        "One can begin to wait five times within a day. Nothing has changed."
    ]
    assert not Watch.objects.live(now).exists()


def test_who_waits_for_five_reads_that_one_has_to_go_first(client):
    watcher = PersonFactory()
    client.force_login(watcher)
    begun = [wait(PersonFactory(), watcher, at=timezone.now() - 2 * DAY) for _ in range(5)]

    [told] = said(client, ListingFactory())
    assert "Let one go first" in told
    watches.stop(begun[0], at=timezone.now())

    assert said(client, ListingFactory()) == ["You hear from us, once, when they can be asked."]


def test_of_what_somebody_waited_for_twice_before_it_was_forbidden_the_newest_stays():
    person, watcher = PersonFactory(), PersonFactory()
    newest = wait(person, watcher, at=NOON + DAY)
    others = [wait(PersonFactory(), watcher), wait(person, PersonFactory())]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX watch_one_waits_per_person")
        for days_ago in (0, 3):
            row = Watch.objects.get(pk=newest.pk)
            row.pk, row.begun_at = None, NOON - days_ago * DAY
            row.save(force_insert=True)
        cursor.execute(ONE_WAITS.END_THE_OLDER)

    assert set(Watch.objects.filter(told_at=None)) == {newest, *others}


def test_the_database_lets_nobody_wait_twice_for_the_same_person():
    row = wait(PersonFactory(), PersonFactory())
    row.pk, row.link = None, "/catalogue/2/ask/"

    with pytest.raises(IntegrityError, match="watch_one_waits_per_person"):
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_once():
    watch = wait(PersonFactory(), PersonFactory())

    together(*[partial(watches.look, watch.pk, at=NOON + TWO_DAYS, stand=there)] * 8)

    assert (Notice.objects.count(), Check.objects.count()) == (1, 1)


def test_the_page_shows_for_whom_one_waits_and_lets_one_stop(client):
    watcher = PersonFactory()
    watch = wait(PersonFactory(name="Bea"), watcher, at=timezone.now())
    wait(PersonFactory(name="Someone of others"), PersonFactory(), at=timezone.now())
    client.force_login(watcher)

    page = client.get(reverse("volunteers:waiting")).content.decode()
    assert "Bea" in page
    assert "Someone of others" not in page
    client.post(reverse("volunteers:stop_waiting", args=[watch.pk]))

    assert "Bea" not in client.get(reverse("volunteers:waiting")).content.decode().replace(
        "You wait no longer", ""
    )


def test_the_page_asks_as_many_queries_for_three_as_for_one(
    client, django_assert_max_num_queries
):
    watcher = PersonFactory()
    client.force_login(watcher)
    for _ in range(3):
        wait(PersonFactory(), watcher, at=timezone.now())

    with django_assert_max_num_queries(5):
        client.get(reverse("volunteers:waiting"))


def test_nobody_stops_the_waiting_of_others(client):
    watch = wait(PersonFactory(), PersonFactory(), at=timezone.now())
    client.force_login(PersonFactory())

    answer = client.post(reverse("volunteers:stop_waiting", args=[watch.pk]))

    assert answer.status_code == 404


def test_one_waits_from_the_page_that_says_no_with_the_days_one_asked_for(client):
    listing, watcher = ListingFactory(), PersonFactory()
    rest(listing.author, timezone.localdate() + 9 * DAY)
    client.force_login(watcher)
    address = reverse("exchange:ask", args=[listing.pk])
    day = timezone.localdate() + 3 * DAY
    asked = {"message": "Hi", "first_day": day, "last_day": day + DAY, "hours": "2"}

    page = client.post(address, asked).content.decode()
    assert "Tell me when this changes" in page
    assert f'name="first_day" value="{day}"' in page
    answer = client.post(reverse("exchange:wait", args=[listing.pk]), asked)

    assert answer.url == reverse("volunteers:waiting")
    watch = Watch.objects.get()
    assert (watch.person, watch.watcher, watch.link) == (listing.author, watcher, address)
    assert (watch.first_day, watch.last_day, watch.weekly_hours) == (day, day + DAY, 7)


@pytest.mark.parametrize("wrong", [{"hours": "many"}, {"first_day": "soon"}, {"hours": "-1"}])
def test_days_that_cannot_be_read_begin_nothing(client, wrong):
    listing = ListingFactory()
    client.force_login(PersonFactory())

    answer = client.post(reverse("exchange:wait", args=[listing.pk]), wrong)

    assert (answer.status_code, Watch.objects.count()) == (302, 0)


def test_beginning_looks_at_nothing(client):
    """Whoever begins to wait learns no more than they knew, and is noted nowhere."""
    listing, watcher = ListingFactory(), PersonFactory()
    client.force_login(watcher)

    client.post(reverse("exchange:wait", args=[listing.pk]))

    assert (Watch.objects.count(), Check.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "about",
    [
        {"kind": "request"},
        {"of": "training", "seats": 3, "first_day": SOON, "last_day": SOON},
    ],
)
def test_who_answered_nothing_cannot_wait_at_what_invites_answers(client, about):
    """Else who waits at a request of somebody closed learns whether they rest or are full."""
    listing, watcher = ListingFactory(**about), PersonFactory()
    client.force_login(watcher)
    Check.objects.create(person=listing.author, asker=watcher, checked_at=timezone.now())
    wait, address = (reverse(f"exchange:{name}", args=[listing.pk]) for name in ("wait", "ask"))
    rest(listing.author, SOON + DAY)
    answers = [
        client.post(wait),
        client.post(wait, {"refused": mark(listing, listing.author)}),
        client.post(wait, {"refused": mark(ListingFactory(author=listing.author), watcher)}),
    ]

    assert [answer.url for answer in answers] == [address] * 3
    assert not Watch.objects.exists()
    assert "Answer first." in client.get(address).content.decode()

    no = client.post(address, {"message": "I can do that."}).content.decode()
    client.post(wait, {"refused": re.search('name="refused" value="(.+?)"', no)[1]})

    assert Watch.objects.get().invited
