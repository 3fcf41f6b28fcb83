from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise, product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import PersonFactory, PersonSkillFactory, SkillFactory
from tests.together import together
from volunteers import gate
from volunteers.gate import Answer, Wish
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Check,
    Commitment,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
    room,
)
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
TODAY = NOON.date()
FOREVER = days(TODAY - 30 * DAY, TODAY + 400 * DAY)


def ask_of(person, *, at=NOON, asker=None, **fields):
    return Ask.objects.create(
        person=person, asker=asker or PersonFactory(), asked_at=at, **fields
    )


def check(person, *, asker=None, now=NOON, **wish):
    return gate.check(person, asker=asker or PersonFactory(), now=now, wish=Wish(**wish))


def can_give(person, hours):
    Bandwidth.objects.create(person=person, period=FOREVER, weekly_hours=hours)


def took_on(person, hours, first=TODAY, last=TODAY + 60 * DAY, **fields):
    return Commitment.objects.create(
        person=person,
        what="Something",
        source="by_hand",
        key=f"{Commitment.objects.count()}",
        period=days(first, last),
        weekly_hours=hours,
        **fields,
    )


def test_nothing_declared_is_open():
    assert check(PersonFactory(), weekly_hours=Decimal(50)) == Answer.OPEN


@pytest.mark.parametrize(
    ("hours", "answer"),
    [("2", Answer.OPEN), ("3", Answer.OPEN), ("3.1", Answer.TIGHT), ("5.1", Answer.CLOSED)],
)
def test_room_is_what_was_declared_less_what_was_taken_on(hours, answer):
    person = PersonFactory()
    can_give(person, 10)
    took_on(person, 5)

    assert check(person, weekly_hours=Decimal(hours)) == answer


def no_hours(person):
    can_give(person, 0)


def rest_in_all_weeks_but_today(person):
    Rest.objects.create(person=person, period=days(TODAY + DAY, TODAY + 60 * DAY))


def rest_when_it_is_wanted(person):
    Rest.objects.create(person=person, period=days(TODAY + 7 * DAY, TODAY + 60 * DAY))


@pytest.mark.parametrize(
    ("cause", "wish"),
    [
        (no_hours, {}),
        (no_hours, {"first_day": TODAY + 7 * DAY, "last_day": TODAY + 20 * DAY}),
        (rest_when_it_is_wanted, {"first_day": TODAY + 8 * DAY, "last_day": TODAY + 20 * DAY}),
    ],
)
def test_where_no_hour_is_left_an_ask_without_hours_is_too_much_too(cause, wish):
    person, skill = PersonFactory(), SkillFactory()
    PersonSkillFactory(person=person, skill=skill)
    cause(person)

    assert check(person, **wish) == Answer.CLOSED
    assert check(person, **wish, weekly_hours=Decimal("0.1")) == Answer.CLOSED
    assert check(person, **wish, invited=True) == Answer.OPEN
    if not wish:
        assert others(skill, PersonFactory()) == []


def test_where_all_hours_are_used_up_nobody_can_be_asked_for_none_either():
    person, half = PersonFactory(), PersonFactory()
    for one in (person, half):
        can_give(one, 5)
    took_on(person, 5)
    took_on(half, 5, TODAY, TODAY + 6 * DAY)

    assert (check(person), check(half)) == (Answer.CLOSED, Answer.TIGHT)


def test_whom_an_organiser_hid_can_ask_nobody_and_is_named_nobody():
    skill, asker = SkillFactory(), PersonFactory(hidden_at=NOON)
    person = able(skill)

    assert check(person, asker=asker) == check(person, asker=asker, invited=True)
    assert check(person, asker=asker) == Answer.CLOSED
    assert others(skill, asker) == []
    with pytest.raises(gate.Hidden):
        admit(person, asker)


def test_a_rest_in_some_of_the_days_leaves_the_others():
    person = PersonFactory()
    rest_in_all_weeks_but_today(person)

    assert check(person) == Answer.OPEN


def test_what_is_done_or_dropped_takes_no_room():
    person = PersonFactory()
    can_give(person, 10)
    for state in ("done", "dropped"):
        took_on(person, 9, state=state)

    assert check(person, weekly_hours=Decimal(1)) == Answer.OPEN


def test_what_is_done_this_week_took_its_hours_from_this_week_and_from_no_other():
    person, thursday = PersonFactory(), NOON + 3 * DAY
    can_give(person, 6)
    took_on(person, 14, last=TODAY + 2 * DAY, state="done")
    wish = partial(check, person, now=thursday, weekly_hours=Decimal(1))

    assert wish(last_day=TODAY + 6 * DAY) == Answer.CLOSED
    assert wish(first_day=TODAY + 7 * DAY, last_day=TODAY + 13 * DAY) == Answer.OPEN


def test_only_the_weeks_that_were_asked_for_count():
    person = PersonFactory()
    can_give(person, 10)
    took_on(person, 10, last=TODAY + 13 * DAY)
    later = {"first_day": TODAY + 14 * DAY, "last_day": TODAY + 27 * DAY}

    assert check(person, weekly_hours=Decimal(2)) == Answer.CLOSED
    assert check(person, weekly_hours=Decimal(2), **later) == Answer.OPEN


def test_weeks_that_are_over_do_not_count():
    person = PersonFactory()
    can_give(person, 10)
    took_on(person, 10, first=TODAY - 21 * DAY, last=TODAY - DAY)
    began = {"first_day": TODAY - 21 * DAY, "last_day": TODAY + 13 * DAY}

    assert check(person, weekly_hours=Decimal(2), **began) == Answer.OPEN


@pytest.mark.parametrize("first", [date.min, date.max, date(1, 1, 2), date(9999, 1, 1), None])
@pytest.mark.parametrize("last", [date.min, date.max, None])
def test_days_beyond_all_calendars_do_no_harm(first, last):
    person = PersonFactory()
    can_give(person, 10)

    assert check(person, first_day=first, last_day=last, weekly_hours=Decimal(1))


def test_rest_closes_until_its_last_day_in_the_persons_own_zone():
    person = PersonFactory(time_zone="Pacific/Auckland")
    Rest.objects.create(person=person, period=days(TODAY, TODAY))

    assert check(person, now=datetime(2026, 3, 1, 12, tzinfo=UTC)) == Answer.CLOSED
    assert check(person, now=datetime(2026, 3, 2, 12, tzinfo=UTC)) == Answer.OPEN


def test_three_asks_may_wait_and_the_last_free_one_is_tight():
    person = PersonFactory(open_asks=3)
    assert check(person) == Answer.OPEN
    long_ago = NOON - 100 * DAY
    ask_of(person, at=long_ago)
    assert check(person) == Answer.OPEN
    ask_of(person, at=long_ago)
    assert check(person) == Answer.TIGHT
    ask_of(person, at=long_ago)
    assert check(person) == Answer.CLOSED


def test_an_answer_makes_room_again():
    person = PersonFactory(open_asks=1)
    ask = ask_of(person, at=NOON - 20 * DAY)
    assert check(person) == Answer.CLOSED

    gate.settle(ask, at=NOON)

    assert check(person) == Answer.TIGHT  # one may wait, so each is the last


def test_somebody_asked_lately_is_tight():
    person = PersonFactory(open_asks=9)
    ask_of(person, at=NOON - 13 * DAY, answered_at=NOON)
    assert check(person) == Answer.TIGHT

    assert check(person, now=NOON + 2 * DAY) == Answer.OPEN


def test_answers_to_what_one_posted_take_no_room():
    person = PersonFactory()
    for _ in range(5):
        ask_of(person, invited=True)

    assert check(person) == Answer.OPEN


def test_who_posted_a_request_can_be_answered_although_full():
    person = PersonFactory()
    can_give(person, 1)
    took_on(person, 20)

    assert check(person, invited=True, weekly_hours=Decimal(9)) == Answer.OPEN


def shut_by_block(person, asker):
    Block.objects.create(person=person, blocked=asker)


def shut_by_own_block(person, asker):
    Block.objects.create(person=asker, blocked=person)


def shut_by_rest(person, _asker):
    Rest.objects.create(person=person, period=days(TODAY, TODAY + DAY))


def shut_by_no(person, asker):
    ask_of(person, at=NOON - DAY, asker=asker, answered_at=NOON, declined=True)


def shut_by(**fields):
    def shut(person, _asker):
        type(person).objects.filter(pk=person.pk).update(**fields)
        person.refresh_from_db()

    return shut


CAUSES = [
    shut_by_block,
    shut_by_own_block,
    shut_by_rest,
    shut_by_no,
    shut_by(may_be_asked=False),
    shut_by(visibility="hidden"),
    shut_by(hidden_at=NOON),
    shut_by(is_active=False),
]


@pytest.mark.parametrize("invited", [True, False])
@pytest.mark.parametrize("cause", CAUSES)
def test_whatever_shuts_the_gate_the_answer_and_its_queries_are_the_same(cause, invited):
    person, asker = PersonFactory(), PersonFactory()
    cause(person, asker)

    with CaptureQueriesContext(connection) as asked:
        assert check(person, asker=asker, invited=invited) == Answer.CLOSED
    assert len(asked) == 1


def test_a_block_says_nothing_to_others():
    person = PersonFactory()
    shut_by_block(person, PersonFactory())

    assert check(person) == Answer.OPEN


def test_after_a_no_only_the_same_asker_waits_and_only_two_weeks():
    person, asker = PersonFactory(), PersonFactory()
    ask_of(person, at=NOON - 20 * DAY, asker=asker, answered_at=NOON, declined=True)

    assert check(person, asker=asker, now=NOON + 13 * DAY) == Answer.CLOSED
    assert check(person, now=NOON + 13 * DAY) == Answer.OPEN
    assert check(person, asker=asker, now=NOON + 15 * DAY) == Answer.OPEN


def test_a_no_counts_however_long_the_ask_had_waited():
    person, asker = PersonFactory(), PersonFactory()
    ask = ask_of(person, at=NOON - 40 * DAY, asker=asker)
    gate.settle(ask, at=NOON - 39 * DAY)

    gate.settle(ask, at=NOON, declined=True)

    assert check(person, asker=asker, now=NOON + DAY) == Answer.CLOSED


def test_many_people_take_as_many_queries_as_one():
    people = PersonFactory.create_batch(6)
    for person in people:
        can_give(person, 5)
        took_on(person, 6)

    with CaptureQueriesContext(connection) as asked:
        said = gate.answers(people, asker=PersonFactory.build(pk=1), now=NOON, wish=Wish())
    assert set(said.values()) == {Answer.CLOSED}
    assert len(asked) == 1


def admit(person, asker, now=NOON, **more):
    with transaction.atomic():
        return gate.admit(person, asker=asker, now=now, wish=Wish(), **more)


def settled(ask):
    gate.settle(ask, at=NOON)


def test_admit_writes_who_asked_whom_and_why():
    person, asker = PersonFactory(), PersonFactory()

    ask = admit(person, asker, why="You wrote the manual")

    assert (ask.person, ask.asker, ask.asked_at, ask.why) == (
        person,
        asker,
        NOON,
        "You wrote the manual",
    )


def test_admit_wants_a_reason_where_there_is_little_room():
    person = PersonFactory()
    ask_of(person)

    for why in ("", "   "):
        with pytest.raises(gate.Tight):
            admit(person, PersonFactory(), why=why)
    assert admit(person, PersonFactory(), why="Nobody else knows")


def test_admit_looks_at_the_person_as_they_are_now():
    person = PersonFactory()
    stale = type(person).objects.get(pk=person.pk)
    shut_by(may_be_asked=False)(person, None)

    with pytest.raises(gate.NotTakingRequests):
        admit(stale, PersonFactory())


def test_overfull_names_the_weeks_and_leaves_out_what_is_replaced():
    person = PersonFactory()
    can_give(person, 4)
    took_on(person, 3, last=TODAY + 6 * DAY)
    wish = Wish(TODAY, TODAY + 13 * DAY, Decimal(3))

    with transaction.atomic():
        assert gate.overfull(person, now=NOON, wish=wish) == [(TODAY, Decimal("1.5"))]
        assert gate.overfull(person, now=NOON, wish=wish, instead_of="0") == []


def others(skill, asker, *, without=()):
    return gate.others([skill], asker=asker, now=NOON, without=without)


def able(skill, **fields):
    return PersonSkillFactory(skill=skill, person=PersonFactory(**fields)).person


def test_others_have_room_least_recently_asked_first():
    skill, asker = SkillFactory(), PersonFactory()
    lately, never, long_ago, full = (able(skill) for _ in range(4))
    settled(admit(lately, PersonFactory(), now=NOON - 20 * DAY))
    settled(admit(long_ago, PersonFactory(), now=NOON - 90 * DAY))
    for _ in range(3):
        ask_of(full)

    assert others(skill, asker) == [never, long_ago, lately]


def test_others_speak_ones_language_first():
    skill, asker = SkillFactory(), PersonFactory()
    able(skill)
    speaks = able(skill)
    for person in (asker, speaks):
        PersonLanguage.objects.create(person=person, language="uk", level="4")

    assert others(skill, asker)[0] == speaks


def test_others_are_found_below_a_skill_and_not_among_those_who_want_to_learn():
    branch = SkillFactory()
    leaf = SkillFactory(parent=branch)
    branch.refresh_from_db()
    teacher = PersonSkillFactory(skill=leaf, how="teaches").person
    PersonSkillFactory(skill=leaf, how="wants")

    assert others(branch, PersonFactory()) == [teacher]


@pytest.mark.parametrize("cause", [None, *CAUSES])
@pytest.mark.parametrize("way", ["people", "skills"])
def test_learners_are_found_below_a_skill_by_the_same_rules(monkeypatch, cause, way):
    monkeypatch.setattr(room.Crowd, "way_to_able", lambda _crowd: way)
    monkeypatch.setattr(room.Crowd, "way_to_speaking", lambda _crowd: "skills")
    branch, asker = SkillFactory(), PersonFactory()
    leaf = SkillFactory(parent=branch)
    branch.refresh_from_db()
    PersonSkillFactory(skill=leaf, how="teaches")
    learner = PersonSkillFactory(skill=leaf, how="wants").person
    for person in (asker, learner):
        PersonLanguage.objects.create(person=person, language="uk", level="4")
    if cause:
        cause(learner, asker)

    found = gate.learners([branch], asker=asker, now=NOON)

    assert found == ([] if cause else [learner])
    assert gate.learners([], asker=asker, now=NOON) == []


@pytest.mark.parametrize("cause", CAUSES)
def test_others_are_never_people_who_cannot_be_asked(cause):
    skill, asker = SkillFactory(), PersonFactory()
    cause(able(skill), asker)

    assert others(skill, asker) == []


@pytest.mark.parametrize(
    ("zone", "now", "there"),
    [
        ("Pacific/Auckland", NOON, TODAY + DAY),
        ("America/Los_Angeles", NOON - timedelta(hours=8), TODAY - DAY),
    ],
)
def test_others_rest_on_the_days_of_where_they_live(zone, now, there):
    skill, asker = SkillFactory(), PersonFactory()
    rests, works = able(skill, time_zone=zone), able(skill, time_zone=zone)
    Rest.objects.create(person=rests, period=days(there, there))
    Rest.objects.create(person=works, period=days(TODAY, TODAY))

    with CaptureQueriesContext(connection) as asked:
        assert gate.others([skill], asker=asker, now=now) == [works]
    assert [check(one, now=now) for one in (rests, works)] == [Answer.CLOSED, Answer.OPEN]
    # Who rests is left out before anybody is counted: forty of them hide nobody behind them.
    assert "period @> CASE" in asked[1]["sql"]


def test_others_are_five_at_most_without_oneself_and_who_was_named():
    skill = SkillFactory()
    people = [able(skill) for _ in range(7)]

    found = others(skill, people[0], without=[people[1].pk])

    assert found == people[2:7]


def test_others_are_found_behind_forty_who_rest():
    skill, asker = SkillFactory(), PersonFactory()
    for _ in range(40):
        shut_by_rest(able(skill), asker)
    free = able(skill)

    assert others(skill, asker) == [free]


def test_others_are_found_behind_forty_with_too_many_asks_or_a_block():
    skill, asker = SkillFactory(), PersonFactory()
    for _ in range(20):
        ask_of(able(skill, open_asks=1))
        shut_by_block(able(skill), asker)
    free = able(skill)

    assert others(skill, asker) == [free]


def test_others_are_found_behind_forty_who_have_promised_more_than_they_can_give():
    skill, asker = SkillFactory(), PersonFactory()
    for _ in range(40):
        full = able(skill)
        can_give(full, 1)
        took_on(full, 2)
    free = [able(skill) for _ in range(3)]

    assert others(skill, asker) == free


def test_others_who_are_open_come_before_those_with_little_room():
    skill, asker = SkillFactory(), PersonFactory()
    nearly_full, free = able(skill), able(skill)
    can_give(nearly_full, 10)
    took_on(nearly_full, 9)

    assert others(skill, asker) == [free, nearly_full]


def test_others_who_speak_ones_language_come_first_however_many_were_never_asked():
    skill, asker = SkillFactory(), PersonFactory()
    for _ in range(30):
        able(skill)
    lately, speaks = able(skill), able(skill)
    settled(admit(lately, PersonFactory(), now=NOON - 20 * DAY))
    for person in (asker, speaks, lately):
        PersonLanguage.objects.create(person=person, language="uk", level="4")

    found = others(skill, asker)

    assert found[0] == speaks
    assert lately not in found


@pytest.mark.parametrize("way", list(product(["people", "skills"], ["skills", "languages"])))
def test_others_are_the_same_whichever_way_they_are_looked_for(monkeypatch, way):
    skill, asker = SkillFactory(), PersonFactory()
    lately, first, speaks, full, rests = (able(skill) for _ in range(5))
    settled(admit(lately, PersonFactory(), now=NOON - 20 * DAY))
    PersonSkillFactory(person=speaks, skill=skill, how="teaches")
    for person, language in product((asker, speaks, full), ("uk", "pl")):
        PersonLanguage.objects.create(person=person, language=language, level="4")
    for _ in range(3):
        ask_of(full)
    shut_by_rest(rests, asker)
    monkeypatch.setattr(room.Crowd, "way_to_able", lambda _self: way[0])
    monkeypatch.setattr(room.Crowd, "way_to_speaking", lambda _self: way[1])

    assert others(skill, asker) == [speaks, first, lately]


@pytest.mark.parametrize(
    ("crowd", "ways"),
    [
        ((10, 10, 100_000, 2, 1), ("skills", "languages")),
        ((10, 5000, 100_000, 2, 1), ("skills", "skills")),
        ((5000, 10, 100_000, 2, 1), ("people", "languages")),
        ((5000, 5000, 100_000, 2, 1), ("people", "languages")),
        ((5000, 5000, 100_000, 2, 3), ("people", "skills")),
        # So many skills that each has few: to walk along all of them would be long.
        ((4000, 5000, 100_000, 120, 2), ("people", "languages")),
        ((0, 0, -1, 0, 0), ("people", "languages")),
    ],
)
def test_the_shorter_way_through_a_crowd_is_taken(crowd, ways):
    among = room.Crowd(*crowd)

    assert (among.way_to_able(), among.way_to_speaking()) == ways


def test_finding_others_reads_neither_all_people_nor_all_asks():
    skill, asker = SkillFactory(), PersonFactory()
    PersonLanguage.objects.create(person=asker, language="uk", level="4")
    people = PersonFactory.create_batch(3000)
    PersonSkill.objects.bulk_create(
        PersonSkill(person=person, skill=skill, how="has") for person in people[::5]
    )
    PersonLanguage.objects.bulk_create(
        PersonLanguage(person=person, language=("uk", "de")[person.pk % 2], level="4")
        for person in people
    )
    Ask.objects.bulk_create(
        Ask(person=one, asker=two, asked_at=NOON - 50 * DAY, answered_at=NOON - 40 * DAY)
        for one, two in pairwise(people)
    )
    Person.objects.filter(pk__lt=people[1000].pk).update(last_asked_at=NOON - 50 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        with CaptureQueriesContext(connection) as asked:
            assert len(others(skill, asker)) == 5
        plans = []
        for query in asked:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    assert len(plans) == 3
    for plan in plans:
        assert "Seq Scan on volunteers_person " not in plan, plan
        assert "Seq Scan on volunteers_ask " not in plan, plan


def word_or_others(person, skill, viewer):
    return gate.word_or_others(person, [skill], asker=viewer, now=NOON)


def test_others_are_named_only_where_they_are_needed():
    skill, viewer = SkillFactory(), PersonFactory()
    author, other = able(skill), able(skill)

    assert word_or_others(author, skill, viewer) == (Answer.OPEN, [])
    shut_by(may_be_asked=False)(author, viewer)
    assert word_or_others(author, skill, viewer) == (Answer.CLOSED, [other])


@pytest.mark.parametrize("cause", CAUSES)
def test_a_page_says_before_an_ask_what_the_ask_would_be_told(cause):
    skill, asker = SkillFactory(), PersonFactory()
    person, other = able(skill), able(skill)
    cause(person, asker)

    assert word_or_others(person, skill, asker) == (Answer.CLOSED, [other])
    with pytest.raises(gate.NotTakingRequests):
        admit(person, asker)


def test_a_list_leaves_out_for_its_reader_whom_they_cannot_ask_whatever_room_there_is():
    asker, blocked, blocks, refused = PersonFactory.create_batch(4)
    shut_by_block(blocked, asker)
    shut_by_own_block(blocks, asker)
    shut_by_no(refused, asker)
    shut_by_no(PersonFactory(), PersonFactory())
    ask_of(PersonFactory(), at=NOON - DAY, asker=asker, answered_at=NOON)

    assert set(gate.shut_to(asker, now=NOON)) == {blocked.pk, blocks.pk, refused.pk}
    later = NOON + 15 * DAY
    assert set(gate.shut_to(asker, now=later)) == {blocked.pk, blocks.pk}
    assert gate.shut_to(AnonymousUser(), now=NOON) == []


def outlook(person, now=NOON, days_ahead=7):
    return gate.outlooks([person.pk], now=now, days_ahead=days_ahead)[person.pk]


def test_an_outlook_says_from_when_on_time_alone_makes_it_another_answer():
    person = PersonFactory(time_zone="Europe/Warsaw")
    assert outlook(person) == gate.Outlook(closed=False)

    Rest.objects.create(person=person, period=days(TODAY + 3 * DAY, TODAY + 4 * DAY))
    midnight = datetime(2026, 3, 4, 23, tzinfo=UTC)  # in Warsaw
    assert outlook(person) == gate.Outlook(closed=False, changes_at=midnight)
    assert outlook(person, days_ahead=2) == gate.Outlook(closed=False)
    assert outlook(person, midnight) == gate.Outlook(closed=True, changes_at=midnight + 2 * DAY)
    second = timedelta(seconds=1)
    assert outlook(person, midnight - second) == gate.Outlook(closed=False, changes_at=midnight)


def test_an_outlook_sees_a_week_come_that_is_too_full():
    person = PersonFactory()
    can_give(person, 5)
    took_on(person, 6, TODAY + 35 * DAY, TODAY + 41 * DAY)

    # The four weeks that are looked at reach that Monday in a week.
    assert outlook(person) == gate.Outlook(
        closed=False, changes_at=NOON.replace(hour=0) + 7 * DAY
    )
    assert outlook(person, NOON + 7 * DAY).closed


def test_an_ask_is_remembered_with_who_was_asked():
    person = PersonFactory()

    admit(person, PersonFactory())

    person.refresh_from_db()
    assert person.last_asked_at == NOON


def test_thirty_checks_an_hour_are_noted_and_no_more():
    person, asker = PersonFactory(), PersonFactory()
    for minute in range(30):
        gate.note_check(person, asker=asker, now=NOON + timedelta(minutes=minute), invited=True)

    with pytest.raises(gate.TooManyChecks):
        gate.note_check(PersonFactory(), asker=asker, now=NOON + timedelta(minutes=59))
    gate.note_check(person, asker=PersonFactory(), now=NOON + timedelta(minutes=59))
    gate.note_check(person, asker=asker, now=NOON + timedelta(minutes=61), invited=True)

    assert Check.objects.of(person, NOON + DAY).count() == 32
    assert Check.objects.of(person, NOON + 91 * DAY).count() == 0


def test_three_looks_a_day_at_one_persons_hours_are_enough():
    person, asker = PersonFactory(), PersonFactory()
    for hour in range(3):
        gate.note_check(person, asker=asker, now=NOON + timedelta(hours=hour))

    with pytest.raises(gate.TooManyChecks):
        gate.note_check(person, asker=asker, now=NOON + timedelta(hours=23))
    gate.note_check(person, asker=asker, now=NOON + timedelta(hours=23), invited=True)
    gate.note_check(person, asker=PersonFactory(), now=NOON + timedelta(hours=23))
    gate.note_check(PersonFactory(), asker=asker, now=NOON + timedelta(hours=23))
    gate.note_check(person, asker=asker, now=NOON + timedelta(hours=26))

    assert Check.objects.of(person, NOON + DAY).count() == 6


def test_three_answers_that_somebody_invited_keep_nobody_from_asking_them():
    person, asker = PersonFactory(), PersonFactory()
    for hour in range(3):
        gate.note_check(person, asker=asker, now=NOON + timedelta(hours=hour), invited=True)

    gate.note_check(person, asker=asker, now=NOON + timedelta(hours=4))

    assert Check.objects.of(person, NOON + DAY).count() == 4


@pytest.mark.django_db(transaction=True)
def test_forty_asks_at_once_against_a_limit_of_three():
    person = PersonFactory()
    askers = PersonFactory.create_batch(40)

    acts = (partial(admit, person, asker, why="It has to be you") for asker in askers)
    came = together(*acts, refused=gate.NotTakingRequests)

    assert len(came) - came.count("NotTakingRequests") == Ask.objects.count() == 3


def earliest(person, *, asker=None, **wish):
    return gate.earliest(person, asker=asker or PersonFactory(), now=NOON, wish=Wish(**wish))


def tight_by_load(person):
    can_give(person, 10)
    took_on(person, 8, last=TODAY + 20 * DAY)


def tight_by_an_ask(person):
    ask_of(person, at=NOON - 4 * DAY, answered_at=NOON)


def tight_by_those_who_wait(person):
    person.open_asks = 2
    person.save()
    ask_of(person, at=NOON - 20 * DAY)
    Ask.objects.update(asked_at=NOON - DAY)


@pytest.mark.parametrize(
    ("tight", "weeks"),
    [(tight_by_load, 3), (tight_by_an_ask, 2), (tight_by_those_who_wait, 2)],
)
def test_little_room_has_an_earliest_week_whichever_rule_it_is(tight, weeks):
    person = PersonFactory(open_asks=9)
    tight(person)

    assert check(person, weekly_hours=Decimal(2)) == Answer.TIGHT
    assert earliest(person, weekly_hours=Decimal(2)) == TODAY + weeks * 7 * DAY


def test_no_week_is_named_where_there_is_room_or_none_within_half_a_year():
    open_to_all, always = PersonFactory(), PersonFactory()
    can_give(always, 10)
    took_on(always, 9, last=TODAY + 390 * DAY)

    assert earliest(open_to_all) is None
    assert check(always, weekly_hours=Decimal(1)) == Answer.TIGHT
    assert earliest(always, weekly_hours=Decimal(1)) is None


@pytest.mark.parametrize("cause", CAUSES)
def test_of_who_takes_no_requests_no_week_is_named(cause):
    person, asker = PersonFactory(), PersonFactory()
    tight_by_load(person)
    cause(person, asker)

    assert earliest(person, asker=asker, weekly_hours=Decimal(2)) is None


def test_who_is_named_tells_no_more_than_the_word_on_their_page():
    """Look every day at somebody who rests once and is full once, and at one who is neither."""
    skill, person, asker = SkillFactory(), PersonFactory(), PersonFactory()
    PersonSkillFactory(person=person, skill=skill, how="has")
    other = able(skill)
    can_give(person, 12)
    Rest.objects.create(person=person, period=days(TODAY + 42 * DAY, TODAY + 49 * DAY))
    took_on(person, Decimal(12), TODAY + 84 * DAY, TODAY + 90 * DAY)
    took_on(person, Decimal(13), TODAY + 120 * DAY, TODAY + 127 * DAY)

    seen = set()
    for day in range(140):
        now = NOON + day * DAY
        word = gate.check(person, asker=None, now=now, wish=Wish())
        named = gate.others([skill], asker=asker, now=now)
        seen.add((word, tuple(named)))

    assert seen == {
        (Answer.OPEN, (person, other)),
        (Answer.TIGHT, (other, person)),
        (Answer.CLOSED, (other,)),
    }
