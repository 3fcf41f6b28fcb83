"""What happens to a listing when two people press at the same moment."""

from datetime import UTC, datetime

import pytest

from capx.marks import mark_of
from capx.states import IllegalMove
from exchange.actions import listings as actions
from exchange.models import Listing
from tests.factories import ListingFactory, PersonFactory
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
State = Listing.State


def at_once(*calls):
    return together(*calls, refused=(IllegalMove, actions.Changed, actions.TooMany))


def copies(listing, number):
    return [Listing.objects.get(pk=listing.pk) for _ in range(number)]


def saving(row, mark):
    read = mark_of(row)
    row.title = row.revision = mark
    return lambda: actions.keep(actions.Written(row, [], [], read), at=NOON)


def test_of_two_edits_from_one_version_one_stays_and_the_other_is_told():
    listing = ListingFactory(revision="first")

    answers = at_once(*(saving(row, f"by {n}") for n, row in enumerate(copies(listing, 4))))

    (winner,) = (n for n, answer in enumerate(answers) if answer != "Changed")
    assert Listing.objects.get().title == f"by {winner}"


def test_put_back_by_two_presses_and_withdrawn_at_once_it_is_one_or_the_other():
    for _ in range(4):
        listing = ListingFactory()
        actions.withdraw(listing, at=NOON)
        one, two, three = copies(listing, 3)

        came = at_once(
            lambda row=one: actions.put_back(row, at=NOON),
            lambda row=two: actions.put_back(row, at=NOON),
            lambda row=three: actions.withdraw(row, at=NOON),
        )

        listing = Listing.objects.get(pk=listing.pk)
        done = came.count(None)
        assert (done, listing.state) in {(1, State.OPEN), (2, State.WITHDRAWN), (3, State.OPEN)}
        assert (listing.withdrawn_from == State.OPEN) == (listing.state == State.WITHDRAWN)


def test_one_form_sent_by_two_presses_makes_one_draft():
    person = PersonFactory()

    def press():
        row = Listing(author=person, kind="offer", of="skill", revision="form", title="A")
        actions.keep(actions.Written(row, [], [], ""), at=NOON)

    assert at_once(*[press] * 4) == [None] * 4
    assert Listing.objects.count() == 1


def test_a_draft_is_published_once():
    listing = ListingFactory(state=State.DRAFT, published_at=None)

    answers = at_once(
        *(lambda row=row: actions.publish(row, at=NOON) for row in copies(listing, 4))
    )

    assert sorted(map(str, answers)) == sorted(map(str, [None] + ["IllegalMove"] * 3))


def test_the_limit_of_a_day_holds_for_all_windows_at_once(monkeypatch):
    monkeypatch.setattr(actions, "PUBLISHED_A_DAY", 2)
    person = PersonFactory()
    drafts = ListingFactory.create_batch(5, author=person, state=State.DRAFT, published_at=None)

    answers = at_once(*(lambda row=row: actions.publish(row, at=NOON) for row in drafts))

    assert answers.count("TooMany") == 3
    assert Listing.objects.filter(state=State.OPEN).count() == 2


def test_what_is_withdrawn_while_it_is_resumed_stays_withdrawn():
    listing = ListingFactory(state=State.PAUSED)
    one, other = copies(listing, 2)

    at_once(lambda: actions.withdraw(one, at=NOON), lambda: actions.resume(other, at=NOON))

    assert Listing.objects.get().state == State.WITHDRAWN


def test_a_draft_discarded_while_it_is_published_is_one_of_both():
    listing = ListingFactory(state=State.DRAFT, published_at=None)
    one, other = copies(listing, 2)

    answers = at_once(lambda: actions.discard(one), lambda: actions.publish(other, at=NOON))

    assert answers.count("IllegalMove") == 1
    assert [row.state for row in Listing.objects.all()] in ([], [State.OPEN])
