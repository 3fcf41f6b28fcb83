"""What people share with stewards: chosen, dated, and over in the second they take it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.together import START, together
from volunteers.actions import affiliates, care
from volunteers.models import Block, Membership, Person, StewardAccess
from volunteers.models.bandwidth import days

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
TODAY = NOW.date()
SINCE_MAY = DateRange(date(2026, 5, 1), None)


@pytest.fixture
def affiliate(db):
    return AffiliateFactory()


@pytest.fixture
def member(affiliate):
    person = PersonFactory()
    MembershipFactory(person=person, affiliate=affiliate, confirmed_at=LONG_AGO)
    return person


@pytest.fixture
def steward(affiliate):
    person = PersonFactory()
    MembershipFactory(person=person, affiliate=affiliate, role="steward", confirmed_at=LONG_AGO)
    return person


def share(person, affiliate, period=SINCE_MAY, *, at=NOW, **what):
    return care.share(person, affiliate, care.Shared(period, **what), at=at)


def in_force(day=TODAY):
    return list(StewardAccess.objects.in_force(day))


def test_a_member_shares_with_the_stewards_of_one_affiliate(affiliate, member, steward):
    elsewhere = MembershipFactory(role="steward")
    access = share(member, affiliate)

    assert in_force() == [access]
    assert list(Person.objects.sharing_with(affiliate, TODAY)) == [member]
    assert not Person.objects.sharing_with(elsewhere.affiliate, TODAY).exists()
    assert list(Person.objects.stewards_allowed_by(member, TODAY)) == [steward]


def test_it_holds_on_its_days_and_no_other(affiliate, member):
    share(member, affiliate, days(date(2026, 5, 12), date(2026, 5, 13)))

    held = [day for day in range(10, 17) if in_force(date(2026, 5, day))]

    assert held == [12, 13]


def test_who_takes_it_back_shares_nothing_from_that_second(affiliate, member, steward):
    share(member, affiliate)

    care.stop_sharing(member, affiliate, at=NOW)

    assert in_force() == []
    assert not Person.objects.stewards_allowed_by(member, TODAY).exists()


@pytest.mark.django_db(transaction=True)
def test_another_connection_reads_nothing_once_it_is_taken_back():
    affiliate = AffiliateFactory()
    member = MembershipFactory(affiliate=affiliate, confirmed_at=LONG_AGO).person
    share(member, affiliate)
    taken_back = Barrier(2, timeout=START)

    def read():
        try:
            before = len(in_force())
            taken_back.wait()  # both have read
            taken_back.wait()  # one has taken it back
            return before, len(in_force())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        steward = pool.submit(read)
        taken_back.wait()
        care.stop_sharing(member, affiliate, at=NOW)
        taken_back.wait()

        assert steward.result() == (1, 0)


def test_a_clock_that_is_behind_keeps_nobody_from_taking_it_back(affiliate, member):
    share(member, affiliate)

    care.stop_sharing(member, affiliate, at=NOW - timedelta(seconds=5))

    assert (in_force(), StewardAccess.objects.get().revoked_at) == ([], NOW)


def test_who_shares_something_else_keeps_the_history(affiliate, member):
    share(member, affiliate)
    later = NOW + timedelta(days=1)

    share(member, affiliate, weeks=False, check_ins=True, at=later)

    rows = StewardAccess.objects.order_by("pk").values_list("weeks", "check_ins", "revoked_at")
    assert list(rows) == [(True, False, later), (False, True, None)]


def test_what_was_shared_cannot_be_rewritten(affiliate, member):
    access = share(member, affiliate)

    with pytest.raises(ProgrammingError, match="Cannot update"):
        access.save()


def test_what_was_taken_back_cannot_be_given_back(affiliate, member):
    access = share(member, affiliate)
    care.stop_sharing(member, affiliate, at=NOW)

    with pytest.raises(ProgrammingError, match="Cannot update"):
        StewardAccess.objects.filter(pk=access.pk).update(revoked_at=None)


def test_nobody_shares_nothing(affiliate, member):
    with pytest.raises(IntegrityError, match="steward_access_shows_something"):
        StewardAccess.objects.create(
            person=member, affiliate=affiliate, period=SINCE_MAY, weeks=False, granted_at=NOW
        )


@pytest.mark.parametrize("confirmed_at", [None, NOW + timedelta(days=1)])
def test_only_a_confirmed_member_can_share(affiliate, confirmed_at):
    person = PersonFactory()
    MembershipFactory(person=person, affiliate=affiliate, confirmed_at=confirmed_at)

    with pytest.raises(care.NotAMember):
        share(person, affiliate)
    with pytest.raises(care.NotAMember):
        share(PersonFactory(), affiliate)


def test_who_leaves_shares_no_more_and_coming_back_does_not_bring_it_back(affiliate, member):
    share(member, affiliate)

    affiliates.leave(member.memberships.get(), at=NOW)
    gone = in_force()
    MembershipFactory(person=member, affiliate=affiliate, confirmed_at=NOW)

    assert (gone, in_force()) == ([], [])
    assert StewardAccess.objects.get().revoked_at == NOW


def test_a_membership_that_ends_around_the_action_ends_it_too(affiliate, member):
    share(member, affiliate)

    Membership.objects.filter(person=member).delete()
    gone = in_force()
    MembershipFactory(
        person=member, affiliate=affiliate, confirmed_at=NOW + timedelta(minutes=1)
    )

    assert (gone, in_force()) == ([], [])


def test_a_dismissed_steward_is_not_allowed_any_more(affiliate, member, steward):
    share(member, affiliate)
    share(steward, affiliate)

    Membership.objects.filter(person=steward).update(role="editor")

    assert not Person.objects.stewards_allowed_by(member, TODAY).exists()


def test_a_steward_who_shares_is_not_told_about_themselves(affiliate, steward):
    share(steward, affiliate)

    assert not Person.objects.stewards_allowed_by(steward, TODAY).exists()


def test_stewards_whom_one_cannot_meet_are_not_told(affiliate, member, steward):
    share(member, affiliate)
    other = MembershipFactory(affiliate=affiliate, role="steward").person
    Block.objects.create(person=member, blocked=steward)
    Block.objects.create(person=other, blocked=member)

    assert not Person.objects.stewards_allowed_by(member, TODAY).exists()


def test_check_ins_alone_tell_no_steward_of_the_weeks(affiliate, member, steward):
    share(member, affiliate, weeks=False, check_ins=True)

    assert not Person.objects.stewards_allowed_by(member, TODAY).exists()
    assert list(Person.objects.sharing_with(affiliate, TODAY)) == [member]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_share_at_once_leave_one_access():
    affiliate = AffiliateFactory()
    member = MembershipFactory(affiliate=affiliate, confirmed_at=LONG_AGO).person

    together(*[partial(share, member, affiliate)] * 2)

    assert StewardAccess.objects.live().count() == 1
    assert StewardAccess.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_they_share_shares_nothing_in_the_end():
    affiliate = AffiliateFactory()
    membership = MembershipFactory(affiliate=affiliate, confirmed_at=LONG_AGO)

    together(
        partial(share, membership.person, affiliate),
        partial(affiliates.leave, membership, at=NOW),
        refused=care.NotAMember,
    )

    assert not Membership.objects.exists()
    assert not StewardAccess.objects.live().exists()
