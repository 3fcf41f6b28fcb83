"""Thanks that a steward says on behalf of an affiliate."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from exchange.actions import thanks as actions
from tests.exchange.agreeing import MONDAY, NOON
from tests.exchange.test_follow_ups import done
from tests.exchange.test_races import together
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
)
from volunteers.actions import affiliates
from volunteers.models import Block, Commitment, Notice, Thanks
from volunteers.models.bandwidth import days

DAY = timedelta(days=1)


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward", person__name="Ewa").person


@pytest.fixture
def member(affiliate):
    return MembershipFactory(affiliate=affiliate, person__username="ola").person


def url(person):
    return reverse("exchange:thank_for", args=["wmpl", person.username])


def thank(affiliate, by, to, *, at=NOON, words="You held it together"):
    return actions.thank_for(affiliate, by, to, actions.Words(words), at=at)


def helped(affiliate, by, **who):
    """Let somebody help an affiliate for which one of its people asked."""
    request = ListingFactory(kind="request", affiliate=affiliate, author=by)
    return done(ExchangeFactory(listing=request, asked_at=NOON, **who)).provider


def test_a_steward_thanks_a_member_who_reads_who_and_for_whom(
    client, affiliate, steward, member
):
    client.force_login(steward)
    typed = {"words": "You held it together", "shows": "on"}
    answer = client.post(url(member), typed)

    thanks = Thanks.objects.get()
    assert answer.url == affiliate.get_absolute_url()
    assert (thanks.giver, thanks.receiver, thanks.affiliate, thanks.giver_shows) == (
        steward,
        member,
        affiliate,
        True,
    )
    notice = Notice.objects.get(recipient=member)
    assert notice.subject == "Wikimedia Polska says thank you"
    assert "Ewa thanks you on behalf of Wikimedia Polska:\n\nYou held it" in notice.body
    client.force_login(member)
    page = client.get(reverse("volunteers:my_thanks")).content.decode()
    assert "You held it together" in page
    assert "Ewa" in page
    assert affiliate.get_absolute_url() in page


def test_members_and_helpers_are_thanked_and_nobody_else(affiliate, steward, member):
    helper = helped(affiliate, steward)
    answering = ExchangeFactory(counterpart_affiliate=affiliate, asked_at=NOON)
    offered = done(answering).provider
    MembershipFactory(affiliate=affiliate, confirmed_at=None)
    ours = {"listing__affiliate": affiliate, "listing__author": steward}
    done(ExchangeFactory(asked_at=NOON, **ours))
    ExchangeFactory(listing__kind="request", **ours)
    hidden = PersonFactory(visibility="hidden")
    MembershipFactory(affiliate=affiliate, person=hidden)

    holding = held(affiliate, "done")
    held(affiliate, "dropped")

    found = actions.thankable(affiliate, steward)

    assert set(found) == {member, helper, offered, holding}


def held(affiliate, state):
    """Let somebody have taken something on for an affiliate, by a file of it."""
    return Commitment.objects.create(
        person=PersonFactory(),
        what="Helpdesk",
        source="import",
        key="1",
        period=days(MONDAY, MONDAY + 6 * DAY),
        weekly_hours=2,
        state=state,
        affiliate=affiliate,
    ).person


@pytest.mark.parametrize("who", ["member", "editor", "stranger", "steward elsewhere"])
def test_only_a_steward_speaks_for_the_affiliate(client, affiliate, member, who):
    role = {"editor": "editor", "member": "member"}.get(who)
    person = PersonFactory()
    if role:
        MembershipFactory(affiliate=affiliate, person=person, role=role)
    if who == "steward elsewhere":
        MembershipFactory(person=person, role="steward")
    client.force_login(person)

    assert client.get(url(member)).status_code == 404
    assert client.post(url(member), {"words": "Thanks"}).status_code == 404
    with (
        pytest.raises(IntegrityError, match="thanks_for_an_affiliate_by_its_steward"),
        transaction.atomic(),
    ):
        Thanks.objects.create(
            giver=person, receiver=member, affiliate=affiliate, key="x", words="!"
        )


def test_strangers_and_hidden_people_and_oneself_are_not_found(client, affiliate, steward):
    hidden = MembershipFactory(affiliate=affiliate, person__visibility="hidden").person
    client.force_login(steward)

    for person in (PersonFactory(), hidden, steward):
        assert client.get(url(person)).status_code == 404


def test_once_in_thirty_days_by_the_same_steward(affiliate, steward, member):
    thank(affiliate, steward, member)
    other = MembershipFactory(affiliate=affiliate, role="steward").person
    thank(affiliate, other, member)

    with pytest.raises(actions.NotNow):
        thank(affiliate, steward, member, at=NOON + 30 * DAY - timedelta(seconds=1))
    thank(affiliate, steward, member, at=NOON + 30 * DAY)

    assert Thanks.objects.count() == 3


def test_too_soon_and_blocked_read_the_same_and_keep_what_was_typed(
    client, affiliate, steward, member
):
    client.force_login(steward)
    client.post(url(member), {"words": "Once"})
    soon = client.post(url(member), {"words": "Twice"}).content.decode()
    Thanks.objects.all().delete()
    Block.objects.create(person=member, blocked=steward)
    blocked = client.post(url(member), {"words": "Twice"}).content.decode()

    said = "This cannot reach"
    assert said in soon
    assert "Twice" in soon
    assert soon.split("<main")[1].split("csrf")[0] == blocked.split("<main")[1].split("csrf")[0]
    assert said in blocked
    assert not Thanks.objects.exists()


@pytest.mark.parametrize("words", ["", "x" * 2001, "\0"])
def test_bad_words_get_a_message(client, steward, member, words):
    client.force_login(steward)

    answer = client.post(url(member), {"words": words})

    assert answer.context["form"].errors
    assert not Thanks.objects.exists()


def test_who_is_steward_no_more_thanks_no_more_and_what_was_said_stays(
    affiliate, steward, member
):
    MembershipFactory(affiliate=affiliate, role="steward")
    thanks = thank(affiliate, steward, member)
    affiliates.leave(steward.memberships.get(), at=NOON)

    with pytest.raises(actions.NotNow):
        thank(affiliate, steward, member, at=NOON + 40 * DAY)
    assert Thanks.objects.filter(pk=thanks.pk).update(receiver_shows=True) == 1


@pytest.mark.django_db(transaction=True)
def test_two_thank_yous_at_once_are_one():
    steward = MembershipFactory(role="steward")
    member = MembershipFactory(affiliate=steward.affiliate).person

    def press():
        try:
            thank(steward.affiliate, steward.person, member)
        except actions.NotNow:
            return "NotNow"
        return "sent"

    assert sorted(together(press, press, press)) == ["NotNow", "NotNow", "sent"]
    assert Thanks.objects.count() == Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_thanking_against_being_dismissed_is_before_or_never():
    for _turn in range(3):
        steward = MembershipFactory(role="steward")
        MembershipFactory(affiliate=steward.affiliate, role="steward")
        member = MembershipFactory(affiliate=steward.affiliate).person

        def press(steward=steward, member=member):
            try:
                thank(steward.affiliate, steward.person, member)
            except actions.NotNow:
                return "NotNow"
            return "sent"

        said = together(press, lambda row=steward: affiliates.leave(row, at=NOON))

        assert Thanks.objects.filter(receiver=member).count() == said.count("sent")
