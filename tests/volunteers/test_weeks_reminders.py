"""Overload, and a rest that is due: told once each time, to whom it concerns."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from volunteers.actions import bandwidth, commitments, rest
from volunteers.models import Block, Commitment, Notice, StewardAccess, Strain
from volunteers.models.bandwidth import days
from volunteers.reminders import weeks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
TODAY = NOON.date()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def somebody(hours=10, **fields):
    person = PersonFactory(**fields)
    bandwidth.declare(person, Decimal(hours), TODAY - 200 * DAY, None)
    return person


def take(person, hours, first=TODAY, last=TODAY + 27 * DAY, what="The board"):
    return commitments.take_on(person, commitments.Words(what, Decimal(hours), first, last))


def told(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [row.key.split(":")[0] for row in rows]


def strains(person):
    return [(one.kind, one.began_day, one.ended_day) for one in person.strains.order_by("pk")]


def test_three_of_four_weeks_too_full_are_told_with_what_could_be_put_down():
    person = somebody()
    take(person, 9)
    take(person, 3, last=TODAY + 20 * DAY, what="The jury")

    weeks.remind(NOON)

    notice = Notice.objects.get(recipient=person)
    assert notice.key == f"overload:{person.pk}:20260302"
    assert notice.kind == "bandwidth"
    assert notice.link == "/me/bandwidth/"
    assert notice.body.index("The board") < notice.body.index("The jury")
    assert "/me/hand-over/" in notice.body
    assert strains(person) == [("overload", TODAY, None)]


def test_one_of_whom_nobody_knows_the_day_keeps_nobody_else_from_hearing(caplog):
    people = [somebody(time_zone=zone) for zone in ("UTC", "Mars/Olympus Mons", "UTC")]
    for person in people:
        take(person, 12)

    weeks.remind(NOON)

    assert [told(person) for person in people] == [["overload"], [], ["overload"]]
    assert f"volunteers.Person {people[1].pk}" in caplog.text


def test_two_weeks_are_nothing_to_say():
    person = somebody()
    take(person, 12, last=TODAY + 13 * DAY)

    weeks.remind(NOON)

    assert told(person) == []


def test_weeks_that_lie_behind_count_while_they_are_three_of_four_with_this_one():
    person = somebody()
    take(person, 12, first=TODAY - 21 * DAY, last=TODAY - DAY)
    weeks.remind(NOON)
    assert told(person) == ["overload"]

    other = somebody()
    take(other, 12, first=TODAY - 28 * DAY, last=TODAY - 8 * DAY)
    weeks.remind(NOON)
    assert told(other) == []


def test_after_six_full_weeks_in_a_row_a_rest_is_due():
    person = somebody()
    take(person, "9", first=TODAY - 42 * DAY, last=None)

    weeks.remind(NOON)

    assert told(person) == ["rest_due"]
    assert Notice.objects.get().link == "/me/bandwidth/"


def test_what_is_done_counts_for_the_weeks_it_took():
    person = somebody()
    row = take(person, "9", first=TODAY - 42 * DAY, last=None)
    commitments.finish(row, TODAY)

    weeks.remind(NOON)

    assert told(person) == ["rest_due"]


def test_it_is_told_once_while_it_lasts():
    person = somebody()
    take(person, 12, last=TODAY + 200 * DAY)

    for n in range(20):
        weeks.remind(NOON + n * WEEK)

    assert sorted(told(person)) == ["overload", "rest_due"]


def test_it_is_told_again_when_it_comes_back_after_a_while():
    person = somebody()
    first = take(person, 12, last=None)
    weeks.remind(NOON)
    commitments.put_down(first, TODAY + DAY)
    weeks.remind(NOON + 4 * WEEK)
    assert strains(person) == [("overload", TODAY, TODAY + 4 * WEEK)]

    take(person, 12, first=TODAY + 5 * WEEK, last=None)
    weeks.remind(NOON + 5 * WEEK)
    assert told(person) == ["overload"]

    weeks.remind(NOON + 9 * WEEK)
    assert told(person) == ["overload", "overload"]


def test_in_rest_nothing_is_said_and_nothing_ends():
    person = somebody()
    take(person, 12, last=None)
    rest.leave_alone(person, TODAY)

    weeks.remind(NOON)
    assert told(person) == []

    rest.come_back(person, TODAY + WEEK)
    weeks.remind(NOON + WEEK)
    assert told(person) == ["overload"]


def test_nothing_declared_is_unknown_and_never_too_much():
    person = PersonFactory()
    take(person, 60, last=None)

    weeks.remind(NOON)

    assert told(person) == []


def test_only_pencilled_in_is_not_too_much():
    person = somebody()
    take(person, 60, last=None)
    Commitment.objects.update(state="tentative")

    weeks.remind(NOON)

    assert told(person) == []


def test_whoever_wishes_no_mail_about_it_gets_none():
    person = somebody()
    person.muted.create(kind="bandwidth")
    take(person, 12, last=None)

    weeks.remind(NOON)

    assert not Notice.objects.get().by_mail


def shared(person, **fields):
    affiliate = AffiliateFactory()
    MembershipFactory(person=person, affiliate=affiliate, confirmed_at=NOON - 99 * DAY)
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    access = StewardAccess.objects.create(
        person=person,
        affiliate=affiliate,
        period=days(TODAY - 9 * DAY, TODAY + 99 * DAY),
        granted_at=NOON - 9 * DAY,
        **fields,
    )
    return access, steward


def test_stewards_who_may_see_it_are_sent_to_their_desk_and_read_no_name():
    person = somebody(name="Zyx Quorra")
    access, steward = shared(person)
    _no, blind = shared(person, weeks=False, check_ins=True)
    _gone, former = shared(person, revoked_at=NOON - DAY)
    stranger = MembershipFactory(role="steward").person
    apart = MembershipFactory(role="steward", affiliate=access.affiliate).person
    Block.objects.create(person=person, blocked=apart)
    take(person, 12, last=None)

    weeks.remind(NOON)

    notice = Notice.objects.get(recipient=steward)
    assert notice.link == f"{access.affiliate.get_absolute_url()}care/"
    assert "Quorra" not in f"{notice.subject} {notice.body} {notice.key}"
    assert told(blind) == told(former) == told(stranger) == told(apart) == []


def test_of_whom_organisers_have_hidden_no_steward_is_told_for_none_would_find_them():
    person = somebody(hidden_at=NOON)
    _access, steward = shared(person)
    take(person, 12, last=None)

    weeks.remind(NOON)

    assert told(person) != []
    assert told(steward) == []


def test_a_day_is_of_the_place_where_the_person_lives():
    person = somebody(time_zone="Pacific/Auckland")
    take(person, 12, last=None)

    weeks.remind(datetime(2026, 3, 1, 22, tzinfo=UTC))

    assert strains(person) == [("overload", TODAY, None)]


def test_the_database_keeps_one_strain_of_a_kind_at_a_time():
    person = PersonFactory()
    Strain.objects.create(person=person, kind="overload", began_day=TODAY, ended_day=TODAY)
    Strain.objects.create(person=person, kind="overload", began_day=TODAY)

    with pytest.raises(IntegrityError, match="strain_one_of_a_kind_at_a_time"):
        Strain.objects.create(person=person, kind="overload", began_day=TODAY)


def test_many_take_no_more_statements_than_one():
    counts = []
    for number in (1, 8):
        for _n in range(number):
            person = somebody()
            shared(person)
            take(person, 12, first=date(2026, 1, 1), last=None)
        with CaptureQueriesContext(connection) as asked:
            weeks.remind(NOON)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 24
    assert Strain.objects.count() == 18
