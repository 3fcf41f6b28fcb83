from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    PersonFactory,
    SkillFactory,
)
from tests.together import together
from volunteers.actions import bottlenecks
from volunteers.actions.bottlenecks import take_snapshot
from volunteers.models import Bandwidth, BottleneckSnapshot, Commitment, Person, Region, Rest
from volunteers.models.bottlenecks import NUMBERS
from volunteers.reports.bottlenecks import figures

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 13)  # a Wednesday
MONDAY = date(2026, 5, 11)
FIRST, END = MONDAY - timedelta(weeks=9), MONDAY + timedelta(weeks=4)
WEEK = timedelta(weeks=1)


@pytest.fixture
def skill():
    """Make a skill of the second level, which a row is about."""
    return SkillFactory(slug="interpreting", parent=SkillFactory(slug="languages"))


def somebody(skill, hours=2, *, gives=4, affiliates=(), **about):
    """Let somebody be counted who carries a skill all the weeks looked at, hours a week."""
    made = PersonFactory(**{"country": "PL", "counted_at": timezone.now(), **about})
    taken(made, skill, hours, end=END + WEEK)
    if gives is not None:
        period = DateRange(FIRST, END + WEEK)
        Bandwidth.objects.create(person=made, period=period, weekly_hours=gives)
    for affiliate in affiliates:
        MembershipFactory(person=made, affiliate=affiliate)
    return made


def taken(person, skill, hours, *, first=FIRST, end=END, state="planned"):  # noqa: PLR0913 -- a row
    return Commitment.objects.create(
        person=person,
        what="Interpreting",
        source="by_hand",
        key=str(Commitment.objects.count()),
        skill=skill,
        period=DateRange(first, end),
        weekly_hours=hours,
        state=state,
    )


def row(skill, scope="all", day=DAY):
    return BottleneckSnapshot.objects.get(skill=skill, scope=scope, day=day)


def numbers(snapshot):
    return {name: getattr(snapshot, name) for name in NUMBERS}


def weights(skill, scope="all"):
    found = {one.skill: one.by_scope for one in figures(DAY)}
    return found[skill.pk][scope]


def test_the_sums_of_a_skill_are_those_of_the_definition(skill):
    """Two interpreters: 80 to 20 of the hours, 5 hours of room each, 6.5 asked for."""
    somebody(skill, 4.8, gives=4)
    one = somebody(skill, 1.2, gives=4)
    taken(one, skill, 4, state="tentative")

    found = weights(skill)

    assert (found.carriers, found.truck_factor, found.demand) == (2, 1, pytest.approx(10))
    assert found.concentration == pytest.approx(0.68)
    assert (found.room, found.over) == (pytest.approx(8), pytest.approx(0.8))
    assert found.use == pytest.approx(1.25)


def test_hours_outside_of_the_weeks_do_not_count(skill):
    person = somebody(skill, 1)
    taken(person, skill, 40, first=FIRST - 5 * WEEK, end=FIRST)
    taken(person, skill, 40, first=END, end=END + WEEK)
    taken(person, skill, 13, first=END - WEEK, end=END + 3 * WEEK)
    taken(person, skill, 13, state="dropped")
    taken(person, skill, 13, first=FIRST, end=FIRST + WEEK, state="done")

    assert weights(skill).demand == pytest.approx(3)


def test_room_is_shared_by_the_skills_somebody_carries(skill):
    person = somebody(skill, 2, gives=6)
    taken(person, SkillFactory(parent=skill.parent), 1)
    taken(person, SkillFactory(parent=SkillFactory()), 1)

    assert weights(skill).room == pytest.approx(2)


def test_rest_takes_room_away(skill):
    person = somebody(skill, 2, gives=13)
    Rest.objects.create(person=person, period=DateRange(END - 2 * WEEK, None))

    assert weights(skill).room == pytest.approx(11)


def test_what_was_not_declared_is_left_out_of_the_room_and_of_being_over(skill):
    person = somebody(skill, 3, gives=None)
    Bandwidth.objects.create(
        person=person, period=DateRange(MONDAY, END + WEEK), weekly_hours=4
    )
    silent = somebody(skill, 9, gives=None)
    taken(silent, None, 60)

    found = weights(skill)

    assert (found.room, found.over, found.known) == (
        pytest.approx(4),
        0,
        pytest.approx(0.25),
    )


def test_hours_without_a_skill_make_somebody_over_too(skill):
    taken(somebody(skill, 1, gives=4), None, 3.5)

    assert weights(skill).over == 1


def test_a_skill_includes_what_is_below_it_and_stands_in_one_row(skill):
    somebody(SkillFactory(parent=SkillFactory(parent=skill)), 3)
    somebody(skill, 2)
    somebody(skill.parent, 1)

    found = {one.skill: one.by_scope["all"].demand for one in figures(DAY)}

    assert found == {skill.pk: pytest.approx(5), skill.parent_id: pytest.approx(1)}


def test_some_skills_alone_have_the_sums_that_they_have_among_all(skill):
    other = SkillFactory(parent=skill.parent)
    affiliate = AffiliateFactory()
    for hours in (1, 2, 3):
        both = somebody(skill, hours, gives=hours, affiliates=[affiliate])
        taken(both, other, 4)
        Rest.objects.create(person=both, period=DateRange(MONDAY, MONDAY + WEEK))
        somebody(other, 5, country="DE")
    somebody(SkillFactory(parent=skill), 2)
    taken(somebody(skill, 2), None, 4)
    everything = {one.skill: one for one in figures(DAY)}

    (alone,) = figures(DAY, {skill.pk})

    assert len(everything) == 2
    assert alone == everything[skill.pk]


def test_under_ten_hours_a_skill_is_left_out(skill):
    other = SkillFactory(parent=skill.parent)
    taken(somebody(skill, 0.01), skill, 9.8, first=FIRST, end=FIRST + WEEK)
    taken(somebody(other, 0.01), other, 9.9, first=FIRST, end=FIRST + WEEK)

    assert [one.skill for one in figures(DAY)] == [other.pk]


@pytest.mark.parametrize(
    "how",
    [
        {"counted_at": None},
        {"visibility": "hidden"},
        {"hidden_at": timezone.now()},
        {"is_active": False},
        {"unconfirmed": True},
    ],
)
def test_who_did_not_say_yes_or_is_not_to_be_seen_is_in_no_sum(skill, how):
    somebody(skill, **how)

    assert list(figures(DAY)) == []


def test_scopes_are_all_countries_regions_and_confirmed_affiliates(skill):
    Region.objects.create(slug="east", names={"en": "East"}, countries=["PL", "CZ"])
    Region.objects.create(slug="south", names={"en": "South"}, countries=["IT"])
    here, asked = AffiliateFactory(), AffiliateFactory()
    person = somebody(skill, affiliates=[here])
    MembershipFactory(person=person, affiliate=asked, confirmed_at=None)
    somebody(skill, country="")

    (found,) = figures(DAY)

    carriers = {scope: one.carriers for scope, one in found.by_scope.items()}
    expected = {"all": 2, "country:PL": 1, "region:east": 1, f"affiliate:{here.pk}": 1}
    assert carriers == expected


def test_a_snapshot_of_five_has_rounded_numbers(skill):
    for hours in (3, 2, 2, 2, 2):
        somebody(skill, hours, gives=4)

    assert take_snapshot(DAY) == 2
    found = row(skill)

    assert (found.level, found.band) == ("fine", "fine")
    assert numbers(found) == {
        "carriers": 5,
        "effective": 5.0,
        "truck_factor": 3,
        "score": 30,
        "use": 60,
        "over": 0,
        "demand": 12,
        "room": 20,
    }


def test_of_four_a_snapshot_has_a_band_and_nothing_else(skill):
    for _ in range(4):
        somebody(skill, 5, gives=4)

    take_snapshot(DAY)

    assert (row(skill).level, row(skill).band) == ("red", "over")
    assert set(numbers(row(skill)).values()) == {None}


def test_how_full_one_person_is_only_members_of_their_affiliate_learn(skill):
    Region.objects.create(slug="east", names={"en": "East"}, countries=["PL"])
    here = AffiliateFactory()
    somebody(skill, 12, gives=4, affiliates=[here])

    take_snapshot(DAY)

    for scope in ("all", "region:east", "country:PL"):
        found = row(skill, scope)
        assert (found.level, found.band) == ("unknown", "unknown")
    assert row(skill, f"affiliate:{here.pk}").band == "over"


def test_of_several_who_carry_it_no_word_is_about_the_one_who_said_what_they_give(skill):
    here = AffiliateFactory()
    somebody(skill, 12, gives=4, affiliates=[here])
    somebody(skill, 3, gives=None)

    take_snapshot(DAY)

    for scope in ("all", "country:PL"):
        assert (row(skill, scope).level, row(skill, scope).band) == ("unknown", "unknown")
    assert row(skill, f"affiliate:{here.pk}").band == "over"
    somebody(skill, 3, gives=4)
    take_snapshot(DAY)
    assert row(skill).band == "over"


def test_of_many_who_carry_it_no_number_is_about_the_one_who_said_what_they_give(skill):
    somebody(skill, 12, gives=4)
    for _ in range(5):
        somebody(skill, 3, gives=None)

    take_snapshot(DAY)

    found = row(skill)
    assert (found.carriers, found.level, found.band) == (5, "unknown", "unknown")
    assert how_full(found) == [None] * 4


def how_full(found):
    """Give the numbers that rest on what people said they can give."""
    return [found.score, found.use, found.over, found.room]


def test_no_number_is_about_fewer_than_five_who_said_what_they_give(skill):
    here = AffiliateFactory()
    for gives in (8, 4, 4, 4, None, None, None):
        somebody(skill, 2, gives=gives, affiliates=[here])

    take_snapshot(DAY)

    for scope in ("all", f"affiliate:{here.pk}"):
        assert row(skill, scope).carriers == 5  # and more
        assert how_full(row(skill, scope)) == [None] * 4
        assert row(skill, scope).band == "fine"
    somebody(skill, 2, gives=4, affiliates=[here])
    take_snapshot(DAY)
    assert None not in how_full(row(skill))


def test_rooms_cannot_be_subtracted_until_one_is_left(skill):
    for _ in range(5):
        somebody(skill, 2, country="PL")
    for gives in (14, None, None, None, None):
        somebody(skill, 2, gives=gives, country="DE")

    take_snapshot(DAY)

    assert {row(skill, scope).carriers for scope in ("country:PL", "country:DE")} == {5}
    assert None not in how_full(row(skill))
    assert (
        how_full(row(skill, "country:PL")) == how_full(row(skill, "country:DE")) == [None] * 4
    )


def test_the_database_refuses_a_number_about_fewer_than_five(skill):
    about = {"day": DAY, "scope": "all", "skill": skill, "level": "fine", "band": "fine"}
    for wrong in ({"carriers": 4}, {"score": 40}, {"demand": 3, "carriers": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BottleneckSnapshot.objects.create(**about, **wrong)


def test_a_country_and_its_only_affiliate_cannot_be_subtracted(skill):
    affiliate = AffiliateFactory()
    for _ in range(5):
        somebody(skill, affiliates=[affiliate])
    somebody(skill, 3)

    take_snapshot(DAY)

    assert row(skill, "country:PL").carriers == 5
    assert row(skill, f"affiliate:{affiliate.pk}").carriers is None


def test_where_one_carries_half_no_number_but_the_score_is_mostly_theirs(skill):
    somebody(skill, 10, gives=4)
    for _ in range(5):
        somebody(skill, 1)

    take_snapshot(DAY)

    found = row(skill)
    assert (found.level, found.truck_factor, found.band) == ("red", 1, "over")
    assert [found.demand, found.room, found.use, found.over] == [None] * 4
    assert found.score is not None


def test_whoever_goes_two_weeks_say_no_more_than_less(skill):
    """Where somebody with thirty hours goes, sums move by the one step of ten hours."""
    for _ in range(6):
        somebody(skill, 20, gives=20)
    large = somebody(skill, 30, gives=40)
    small = somebody(skill, 3, gives=3)
    take_snapshot(DAY)
    before = row(skill)
    left = {}

    for person in (large, small):
        Person.objects.filter(pk=person.pk).update(counted_at=None)
        take_snapshot(DAY + WEEK)
        after = row(skill, day=DAY + WEEK)
        left[person] = (before.demand - after.demand, before.room - after.room)
        Person.objects.filter(pk=person.pk).update(counted_at=timezone.now())

    assert before.demand > 130
    assert left == {large: (10, 10), small: (0, 0)}


def test_every_number_moves_by_one_step_a_night_and_one_a_week(skill):
    for _ in range(6):
        somebody(skill, 2, gives=4)
    takes = [somebody(skill, 2, gives=4) for _ in range(4)]
    shown = []
    take_snapshot(MONDAY - WEEK)
    for night in range(3):
        take_snapshot(MONDAY + timedelta(days=night))
        shown.append(numbers(row(skill, day=MONDAY + timedelta(days=night))))
        for person in takes:
            taken(person, skill, 8)
    take_snapshot(MONDAY + WEEK)
    next_week = numbers(row(skill, day=MONDAY + WEEK))

    assert [night["use"] for night in shown] == [50, 60, 60]
    assert [night["score"] for night in shown] == [25, 30, 30]
    assert [night["over"] for night in shown] == [0, 10, 10]
    assert [night["effective"] for night in shown] == [10, 9, 9]
    assert [next_week[name] for name in ("use", "score", "over")] == [70, 35, 20]


def test_whoever_leaves_is_out_of_what_is_shown_at_once(skill):
    affiliate = AffiliateFactory()
    for _ in range(4):
        somebody(skill, affiliates=[affiliate])
    leaves = somebody(skill, affiliates=[affiliate])
    take_snapshot(DAY)
    assert row(skill).carriers == 5

    bottlenecks.be_left_out(leaves)

    scopes = ("all", "country:PL", f"affiliate:{affiliate.pk}")
    assert [row(skill, scope).carriers for scope in scopes] == [None] * 3
    assert row(skill).band == "fine"


def test_leaving_moves_what_is_shown_by_one_step_at_most(skill):
    for _ in range(6):
        somebody(skill, 20, gives=20)
    leaves = somebody(skill, 30, gives=20)
    take_snapshot(DAY - WEEK)
    take_snapshot(DAY)
    before = row(skill)

    bottlenecks.be_left_out(leaves)

    after = row(skill)
    assert (before.demand, after.demand) == (145, 140)
    assert (before.use - after.use, before.over - after.over) == (10, 10)


def test_leaving_leaves_the_rows_of_other_skills_as_they_are(skill):
    other = SkillFactory(parent=skill.parent)
    for _ in range(6):
        person = somebody(skill)
        somebody(other, 3)
    take_snapshot(DAY)
    kept = row(other).pk

    bottlenecks.be_left_out(person)

    assert row(other).pk == kept


def test_whoever_was_in_no_sum_can_leave_before_there_are_any():
    bottlenecks.be_left_out(PersonFactory())

    assert not BottleneckSnapshot.objects.exists()


def test_twice_in_a_night_changes_nothing(skill):
    for _ in range(6):
        somebody(skill)
    take_snapshot(DAY - WEEK)
    take_snapshot(DAY)
    shown = list(BottleneckSnapshot.objects.order_by("day", "scope").values("day", *NUMBERS))

    take_snapshot(DAY)

    again = BottleneckSnapshot.objects.order_by("day", "scope").values("day", *NUMBERS)
    assert list(again) == shown


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_snapshot(skill):
    for _ in range(5):
        somebody(skill)

    assert together(*[partial(take_snapshot, DAY)] * 2) == [2, 2]
    assert BottleneckSnapshot.objects.count() == 2


def test_old_days_are_thinned_to_one_a_week(skill):
    somebody(skill)
    about = {"scope": "all", "skill": skill, "level": "fine", "band": "fine"}
    long_ago = MONDAY - 30 * WEEK
    kept = {long_ago + timedelta(days=6), long_ago + timedelta(days=9), DAY - timedelta(days=9)}
    for day in kept | {long_ago, long_ago + timedelta(days=5), long_ago + timedelta(days=8)}:
        BottleneckSnapshot.objects.create(day=day, **about)

    take_snapshot(DAY)

    found = BottleneckSnapshot.objects.filter(scope="all").values_list("day", flat=True)
    assert set(found) == kept | {DAY}


def test_the_number_of_statements_does_not_hang_on_the_number_of_people(
    skill, django_assert_num_queries
):
    somebody(skill)
    with django_assert_num_queries(16):
        take_snapshot(DAY)
    for _ in range(9):
        somebody(SkillFactory(parent=skill.parent), affiliates=[AffiliateFactory()])

    with django_assert_num_queries(16):
        take_snapshot(DAY)


def test_commitments_are_read_once_and_paired_with_nobody(skill):
    somebody(skill)
    with CaptureQueriesContext(connection) as caught:
        list(figures(DAY))
    (read,) = [query["sql"] for query in caught if "volunteers_commitment" in query["sql"]]

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {read}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Nested Loop" not in plan
    assert "Join" not in plan


def test_the_answer_to_being_counted_holds_at_once_and_keeps_its_day(skill):
    person = somebody(skill, counted_at=None)
    then = timezone.now()

    bottlenecks.be_counted(person, at=then)
    bottlenecks.be_counted(person, at=then + WEEK)
    assert Person.objects.counted().get().counted_at == then

    bottlenecks.be_left_out(person)
    assert not Person.objects.counted().exists()
    assert list(figures(DAY)) == []
