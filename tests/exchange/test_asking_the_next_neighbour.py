"""One request for one need, put to one neighbour after the other; nobody hears of it twice."""

import pytest
from django.urls import reverse
from django.utils import timezone

from exchange.actions import calls
from exchange.actions.listings import Written
from exchange.models import CallLetter, Listing, OpenCall
from exchange.reminders.calls import remind
from tests.exchange.test_asking_a_neighbour import begun, member, page_of, plain, words
from tests.exchange.test_calls import DAY, NOON, SOON, UNSEEN, able, written
from tests.factories import (
    AffiliateFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    SkillFactory,
)
from tests.together import together
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
OFFERED = "You already ask for this"


@pytest.fixture
def neighbour():
    return AffiliateFactory(name="Wikimedia Next Door", slug="next-door")


@pytest.fixture
def other():
    return AffiliateFactory(name="Wikimedia Over There", slug="over-there")


@pytest.fixture
def skill():
    return SkillFactory(slug="interpreting", label="interpreting")


@pytest.fixture
def me(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def link_to(affiliate):
    """Give the address to which a bottleneck leads."""
    filled_in = "skills=interpreting&title=Help+with+interpreting&body=We+look"
    return f"{page_of(affiliate)}?{filled_in}"


def put(client, affiliate, listing):
    until = (timezone.localdate() + 7 * DAY).isoformat()
    sent = {"standing": listing.pk, "standing-reply_by": until}
    return client.post(link_to(affiliate), sent)


def test_what_stands_is_put_to_the_next_and_who_belongs_to_both_hears_once(
    client, neighbour, other, skill, me
):
    both, theirs = member(neighbour, skill), member(other, skill)
    MembershipFactory(person=both, affiliate=other)
    client.post(link_to(neighbour), words(skill))
    first, listing = OpenCall.objects.get(), Listing.objects.get()
    remind(timezone.now())

    page = plain(client.get(link_to(other)))
    assert OFFERED in page
    assert "The people of Wikimedia Next Door are asked until" in page
    assert reverse("exchange:call", args=[listing.pk]) in page
    assert "Put it to the people of" not in page
    assert put(client, other, listing).url == first.get_absolute_url()

    calls.stop(first, at=timezone.now())
    page = plain(client.get(link_to(other)))
    assert "Put it to the people of Wikimedia Over There" in page
    assert page.count("Help with interpreting") == 1
    answer = put(client, other, listing)

    second = OpenCall.objects.open().get()
    assert answer.url == second.get_absolute_url()
    assert (second.listing, second.addressed_to) == (listing, other)
    assert Listing.objects.count() == 1
    remind(timezone.now() + DAY)
    assert (written(first), written(second)) == ({both.username}, {theirs.username})
    assert Notice.objects.filter(recipient=both, kind="call").count() == 1


def test_a_form_filled_in_before_the_first_was_sent_posts_no_twin(
    client, neighbour, other, skill, me
):
    client.post(link_to(neighbour), words(skill))

    sent = words(skill, revision="of-the-next-tab", title="My own words")
    page = plain(client.post(link_to(other), sent))

    assert OFFERED in page
    assert 'value="My own words"' in page
    listing = Listing.objects.get()
    answer = client.post(link_to(other), sent | {"beside": listing.pk})
    assert answer.url == OpenCall.objects.latest("pk").get_absolute_url()
    assert Listing.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_three_neighbours_asked_at_once_one_is(neighbour, skill):
    me = PersonFactory()

    def press(number):
        row = Listing(
            author=me,
            kind="request",
            of="service",
            title="A",
            body="B",
            language="en",
            revision=f"form-{number}",
        )
        calls.ask_people_of(neighbour, Written(row, [skill], [], ""), SOON, at=NOON)

    came = together(
        *(lambda number=number: press(number) for number in range(3)),
        refused=calls.StandsAlready,
    )

    assert came.count("StandsAlready") == 2
    assert (OpenCall.objects.count(), Listing.objects.count()) == (1, 1)


def test_what_everybody_is_asked_for_is_put_to_nobody_else(client, other, skill, me):
    listing = ListingFactory(kind="request", author=me, skills=[skill])
    calls.begin(listing, SOON, at=timezone.now())

    page = plain(client.get(link_to(other)))

    assert "Everybody who can do it is asked, the people of Wikimedia Over There" in page
    assert "Put it to the people of" not in page


ANOTHER = {
    "of somebody else": {"author": None},
    "for another thing": {"of": "training"},
    "paused": {"state": "paused"},
    "an offer": {"kind": "offer"},
    "for an affiliate": {"affiliate": "theirs"},
    "with another skill": {"skills": None},
}


@pytest.mark.parametrize("how", ANOTHER)
def test_another_request_is_not_the_same(client, other, skill, me, how):
    fields = {"kind": "request", "of": "service", "author": me, "skills": [skill]}
    if how == "for an affiliate":
        home = MembershipFactory(person=me, role="steward").affiliate
        fields |= {"affiliate": home}
    elif how == "with another skill":
        fields |= {"skills": [SkillFactory()]}
    elif how == "of somebody else":
        fields |= {"author": PersonFactory()}
    else:
        fields |= ANOTHER[how]
    listing = ListingFactory(**fields)

    assert OFFERED not in plain(client.get(link_to(other)))
    if listing.author != me:
        assert put(client, other, listing).status_code == 404


def test_why_what_stands_cannot_be_put_to_them_is_said(client, other, skill, me):
    listing = ListingFactory(kind="request", author=me, skills=[skill])
    UNSEEN["as they wish"](me)

    page = plain(put(client, other, listing))

    assert "Nobody sees you at the moment" in page
    assert not OpenCall.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "9" * 40, "\0"])
def test_what_is_no_request_is_put_to_nobody(client, other, me, key):
    assert client.post(page_of(other), {"standing": key}).status_code == 404


def test_opened_to_all_ended_and_begun_again_nobody_hears_twice(neighbour):
    call, skill = begun(neighbour)
    member(neighbour, skill)
    remind(NOON)
    calls.open_to_all(call, SOON)
    call.refresh_from_db()
    calls.stop(call, at=NOON)
    new = able(skill)

    again = calls.begin(call.listing, SOON + 20 * DAY, at=NOON + DAY)
    remind(NOON + DAY)
    assert written(again) == {new.username}

    again.refresh_from_db()
    calls.stop(again, at=NOON + 20 * DAY)
    remind(NOON + 40 * DAY)
    assert CallLetter.objects.count() == 2
    remind(NOON + 51 * DAY)
    assert not CallLetter.objects.exists()
