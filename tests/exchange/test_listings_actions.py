"""What exchange/actions/listings.py promises."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from capx.marks import mark_of
from capx.states import IllegalMove
from exchange.actions import agreements, exchanges, follow_ups, seats
from exchange.actions import listings as actions
from exchange.actions.exchanges import Words
from exchange.models import BudgetLine, Exchange, FollowUp, Listing, SearchDocument
from tests.exchange.agreeing import MONDAY, agreed
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    SkillFactory,
)
from volunteers.models import Notice

pytestmark = pytest.mark.django_db

State = Listing.State
NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 12, 12, tzinfo=UTC)
LINE = {"side": "provider", "amount": 1250, "currency": "EUR", "what_for": "Train", "payer": ""}


def draft(**fields):
    return ListingFactory(state=State.DRAFT, published_at=None, **fields)


def written(listing, *, skills=None, lines=None, based_on="", **words):
    """Fill in a form; `based_on` is the revision that stood there when it was opened."""
    if based_on:
        row = Listing.objects.get(pk=listing.pk)
        based_on = mark_of(Listing(revision=based_on, changed_at=row.changed_at))
    for name, value in words.items():
        setattr(listing, name, value)
    return actions.Written(listing, skills, lines, based_on)


def blank(person, revision="one", **words):
    return Listing(
        author=person, kind="offer", of="skill", language="en", revision=revision, **words
    )


def state_of(listing):
    return Listing.objects.get(pk=listing.pk).state


def found():
    return set(SearchDocument.objects.values_list("listing", flat=True))


def test_a_draft_may_lack_everything_but_what_it_is():
    person = PersonFactory()

    kept = actions.keep(written(blank(person)), at=NOON)

    assert state_of(kept) == State.DRAFT
    assert (kept.title, kept.body) == ("", "")
    assert found() == set()


def test_the_same_form_sent_twice_makes_one_draft():
    person = PersonFactory()
    first = actions.keep(written(blank(person, title="A")), at=NOON)

    again = actions.keep(written(blank(person, title="AB")), at=NOON)

    assert again.pk == first.pk
    assert [listing.title for listing in person.listings.all()] == ["AB"]


def test_keep_writes_skills_and_sums_and_replaces_them_next_time():
    person, old, new = PersonFactory(), SkillFactory(), SkillFactory()
    kept = actions.keep(written(blank(person), skills=[old], lines=[LINE, LINE]), at=NOON)

    actions.keep(written(kept, skills=[new], lines=[LINE], based_on="one"), at=NOON)

    assert list(kept.skills.all()) == [new]
    assert BudgetLine.objects.count() == 1


def test_what_was_not_readable_leaves_skills_as_they_were():
    person, skill = PersonFactory(), SkillFactory()
    kept = actions.keep(written(blank(person), skills=[skill]), at=NOON)

    actions.keep(written(kept, skills=None, lines=None, based_on="one"), at=NOON)

    assert list(kept.skills.all()) == [skill]


def test_words_that_began_from_an_older_version_overwrite_nothing():
    listing = ListingFactory(revision="first")
    hers, his = (Listing.objects.get(pk=listing.pk) for _ in range(2))
    actions.keep(written(hers, title="Hers", revision="hers", based_on="first"), at=NOON)

    with pytest.raises(actions.Changed):
        actions.keep(written(his, title="His", revision="his", based_on="first"), at=NOON)

    assert Listing.objects.get(pk=listing.pk).title == "Hers"


def test_one_form_may_be_saved_again_and_again():
    listing = ListingFactory(revision="first")
    for title in ("One", "Two", "Three"):
        mine = Listing.objects.get(pk=listing.pk)
        actions.keep(written(mine, title=title, revision="mine", based_on="first"), at=NOON)

    assert Listing.objects.get(pk=listing.pk).title == "Three"


def test_an_edit_keeps_a_listing_open_and_says_that_it_is_true():
    listing = ListingFactory(revision="a", published_at=NOON - timedelta(days=80))

    actions.keep(written(listing, title="New words", revision="b", based_on="a"), at=NOON)

    listing.refresh_from_db()
    assert (listing.state, listing.confirmed_at) == (State.OPEN, NOON)
    assert "'words'" in SearchDocument.objects.get().title


def test_withdrawn_words_are_not_changed_any_more():
    listing = ListingFactory(state=State.WITHDRAWN)

    with pytest.raises(actions.Changed):
        actions.keep(written(listing, title="Back", revision="b"), at=NOON)


def test_only_those_who_speak_for_an_affiliate_post_for_it():
    person, affiliate = PersonFactory(), AffiliateFactory()
    MembershipFactory(person=person, affiliate=affiliate, role="member")

    with (
        pytest.raises(IntegrityError, match="listing_author_speaks_for_affiliate"),
        transaction.atomic(),
    ):
        actions.keep(written(blank(person, affiliate=affiliate)), at=NOON)


def test_a_colleague_edits_what_somebody_posted_who_has_left_the_affiliate():
    membership = MembershipFactory(role="editor")
    listing = ListingFactory(author=membership.person, affiliate=membership.affiliate)
    membership.delete()

    actions.keep(written(listing, title="Still ours", revision="b"), at=NOON)

    assert Listing.objects.get().title == "Still ours"


def test_nobody_keeps_more_drafts_than_they_could_finish():
    person = PersonFactory()
    ListingFactory.create_batch(
        actions.DRAFTS, author=person, state=State.DRAFT, published_at=None
    )

    with pytest.raises(actions.TooMany):
        actions.keep(written(blank(person)), at=NOON)


def test_publish_shows_a_draft_to_others():
    listing = draft()

    actions.publish(listing, at=NOON)

    row = Listing.objects.get()
    assert (row.state, row.published_at, row.confirmed_at) == (State.OPEN, NOON, NOON)
    assert listing.state == State.OPEN
    assert found() == {listing.pk}


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"title": ""}, "It needs a title, a description and a language."),
        ({"body": ""}, "It needs a title, a description and a language."),
        ({"language": ""}, "It needs a title, a description and a language."),
        (
            {"of": "resource", "resource": "funding", "amount": None},
            "Funding needs an amount and a currency.",
        ),
        ({"of": "training"}, "A training needs its days and its number of seats."),
        ({"last_day": date(2026, 5, 11)}, "This day is over."),
    ],
)
def test_publish_says_what_is_missing(missing, words):
    listing = draft(**missing)

    with pytest.raises(ValidationError) as refusal:
        actions.publish(listing, at=NOON)

    assert refusal.value.messages == [words]
    assert state_of(listing) == State.DRAFT


EVENING = datetime(2026, 5, 13, 5, tzinfo=UTC)  # the twelfth in Honolulu
MORNING = datetime(2026, 5, 12, 20, tzinfo=UTC)  # the thirteenth in Auckland


def test_a_day_is_over_when_it_is_over_where_the_author_is():
    west = draft(author__time_zone="Pacific/Honolulu", last_day=date(2026, 5, 12))
    east = draft(author__time_zone="Pacific/Auckland", last_day=date(2026, 5, 12))

    actions.publish(west, at=EVENING)
    with pytest.raises(ValidationError, match="This day is over"):
        actions.publish(east, at=MORNING)

    assert actions.copy(west, by=west.author, at=EVENING).last_day == date(2026, 5, 12)
    assert actions.copy(east, by=east.author, at=MORNING).last_day is None


def test_a_seat_given_back_on_the_last_day_is_free_all_that_day():
    training = ListingFactory(
        of="training",
        seats=1,
        first_day=MONDAY,
        last_day=date(2026, 5, 12),
        author__time_zone="Pacific/Honolulu",
    )
    exchange = agreements.take_seat(training, PersonFactory(), Words(""), at=FEBRUARY)

    exchanges.withdraw(exchange, exchange.receiver, "", at=EVENING)

    assert state_of(training) == State.OPEN


def test_who_has_left_an_affiliate_publishes_nothing_in_its_name():
    membership = MembershipFactory(role="editor")
    listing = draft(author=membership.person, affiliate=membership.affiliate)
    membership.delete()

    with pytest.raises(ValidationError, match="cannot post for this affiliate"):
        actions.publish(listing, at=NOON)

    assert state_of(listing) == State.DRAFT


def test_thirty_a_day_are_enough():
    person = PersonFactory()
    ListingFactory.create_batch(actions.PUBLISHED_A_DAY, author=person, published_at=NOON)
    listing = draft(author=person)

    with pytest.raises(actions.TooMany):
        actions.publish(listing, at=NOON)
    actions.publish(listing, at=NOON + timedelta(days=1, seconds=1))

    assert state_of(listing) == State.OPEN


def test_pause_hides_and_resume_shows_again():
    listing = ListingFactory()
    SearchDocument.objects.write(listing)

    actions.pause(listing)
    assert (state_of(listing), found()) == (State.PAUSED, set())

    actions.resume(listing, at=NOON)
    assert (state_of(listing), found()) == (State.OPEN, {listing.pk})
    assert Listing.objects.get().confirmed_at == NOON


@pytest.mark.parametrize("state", [State.DRAFT, State.PAUSED, State.EXPIRED, State.WITHDRAWN])
def test_only_what_is_open_can_be_paused(state):
    with pytest.raises(IllegalMove):
        actions.pause(ListingFactory(state=state))


@pytest.mark.parametrize("state", [State.DRAFT, State.OPEN, State.EXPIRED, State.WITHDRAWN])
def test_only_what_is_paused_or_taken_can_be_resumed(state):
    with pytest.raises(IllegalMove):
        actions.resume(ListingFactory(state=state), at=NOON)


def test_withdraw_lets_go_of_asks_and_leaves_agreements():
    listing = ListingFactory()
    asked = ExchangeFactory(listing=listing)

    actions.withdraw(listing, at=NOON)

    asked.refresh_from_db()
    assert state_of(listing) == State.WITHDRAWN
    assert asked.state == Exchange.State.EXPIRED
    assert [notice.recipient for notice in Notice.objects.all()] == [asked.counterpart]
    assert found() == set()


def test_a_draft_is_discarded_not_withdrawn():
    listing = draft()
    with pytest.raises(IllegalMove):
        actions.withdraw(listing, at=NOON)

    actions.discard(listing)

    assert not Listing.objects.exists()


def test_only_a_draft_can_be_discarded():
    listing = ListingFactory()

    with pytest.raises(IllegalMove):
        actions.discard(listing)

    assert Listing.objects.exists()


@pytest.mark.parametrize("state", [State.OPEN, State.PAUSED])
def test_confirm_says_that_it_is_true_and_opens_what_was_paused(state):
    listing = ListingFactory(state=state)

    actions.confirm(listing, at=NOON)

    row = Listing.objects.get()
    assert (row.state, row.confirmed_at) == (State.OPEN, NOON)


@pytest.mark.parametrize("state", [State.DRAFT, State.EXPIRED, State.WITHDRAWN])
def test_what_has_ended_cannot_be_confirmed(state):
    with pytest.raises(IllegalMove):
        actions.confirm(ListingFactory(state=state), at=NOON)


def test_copy_makes_a_draft_with_all_words_skills_and_sums_of_what_was_withdrawn():
    skill = SkillFactory()
    listing = ListingFactory(
        state=State.WITHDRAWN, skills=[skill], first_day=date(2026, 1, 1), last_day=NOON.date()
    )
    BudgetLine.objects.create(listing=listing, **LINE)

    copied = actions.copy(listing, by=listing.author, at=NOON)

    assert copied.state == State.DRAFT
    assert (copied.title, copied.body, copied.last_day) == (
        listing.title,
        listing.body,
        NOON.date(),
    )
    assert list(copied.skills.all()) == [skill]
    assert list(copied.budget.values(*LINE)) == [LINE]


def test_copy_leaves_out_days_that_are_over():
    listing = ListingFactory(first_day=date(2026, 1, 1), last_day=date(2026, 1, 2))

    copied = actions.copy(listing, by=listing.author, at=NOON)

    assert (copied.first_day, copied.last_day) == (None, None)


def test_copy_speaks_for_the_affiliate_only_if_its_maker_may():
    membership = MembershipFactory(role="editor")
    listing = ListingFactory(author=membership.person, affiliate=membership.affiliate)
    colleague = MembershipFactory(role="steward", affiliate=membership.affiliate).person

    assert actions.copy(listing, by=colleague, at=NOON).affiliate == membership.affiliate
    membership.delete()
    assert actions.copy(listing, by=membership.person, at=NOON).affiliate is None


def test_a_form_from_before_it_was_renewed_does_not_write_the_old_days_back():
    listing = ListingFactory(state=State.EXPIRED, last_day=date(2026, 1, 1), revision="old")
    before = Listing.objects.get()

    actions.renew(listing, first_day=None, last_day=date(2026, 12, 31), at=NOON)

    with pytest.raises(actions.Changed):
        actions.keep(written(before, revision="new", based_on="old"), at=NOON)
    with pytest.raises(actions.Changed):
        actions.keep(written(before, revision="old"), at=NOON)


def test_renew_opens_what_has_expired_with_new_days():
    listing = ListingFactory(state=State.EXPIRED, last_day=date(2026, 1, 1))

    actions.renew(listing, first_day=None, last_day=date(2026, 12, 31), at=NOON)

    row = Listing.objects.get()
    assert (row.state, row.last_day, row.confirmed_at) == (
        State.OPEN,
        date(2026, 12, 31),
        NOON,
    )
    assert found() == {listing.pk}


def helped(**fields):
    """Make a request that somebody has taken on."""
    request = ListingFactory(kind="request", **fields)
    exchange = agreed(exchange=ExchangeFactory(listing=request))
    request.refresh_from_db()
    return request, exchange


@pytest.mark.parametrize("done", [False, True])
def test_a_request_that_was_helped_is_not_opened_again(done):
    request, exchange = helped()
    if done:
        for person in (exchange.provider, exchange.receiver):
            follow_ups.tell(exchange, person, FollowUp(happened=True), at=NOON)

    with pytest.raises(seats.NoSeat):
        actions.resume(request, at=NOON)

    assert state_of(request) == State.TAKEN


def test_an_edit_of_a_request_that_was_helped_leaves_it_taken():
    request, _exchange = helped(revision="a")

    actions.keep(written(request, seats=None, revision="b", based_on="a"), at=NOON)

    assert state_of(request) == State.TAKEN
    with pytest.raises(seats.NoSeat):
        actions.resume(request, at=NOON)


def full(**fields):
    """Make a training of one seat that somebody has."""
    training = ListingFactory(
        of="training", seats=1, first_day=MONDAY, last_day=MONDAY, hours=2, **fields
    )
    exchange = agreements.take_seat(training, PersonFactory(), Words(""), at=FEBRUARY)
    training.refresh_from_db()
    return training, exchange


def test_what_was_paused_while_its_last_seat_was_taken_stays_paused():
    request = ListingFactory(kind="request")
    asked = ExchangeFactory(listing=request)
    actions.pause(request)
    agreed(exchange=asked)

    with pytest.raises(seats.NoSeat):
        actions.resume(request, at=NOON)

    assert state_of(request) == State.PAUSED


def test_a_full_training_opens_with_more_seats_and_not_before():
    training, _exchange = full(revision="a")
    with pytest.raises(seats.NoSeat):
        actions.resume(training, at=FEBRUARY)

    actions.keep(written(training, seats=2, revision="b", based_on="a"), at=FEBRUARY)

    assert state_of(training) == State.OPEN
    assert found() == {training.pk}
    assert agreements.take_seat(training, PersonFactory(), Words(""), at=FEBRUARY).place == 2


def test_a_copy_of_what_is_taken_has_neither_its_days_nor_its_people():
    training, _exchange = full()

    copied = actions.copy(training, by=training.author, at=FEBRUARY)

    assert (copied.state, copied.seats, copied.first_day, copied.last_day) == (
        State.DRAFT,
        1,
        None,
        None,
    )
    assert not copied.exchanges.exists()


def test_a_renewed_training_has_all_its_seats_again():
    training, exchange = full()
    actions.expire(training, day=MONDAY + timedelta(days=1))

    actions.renew(training, first_day=NOON.date(), last_day=NOON.date(), at=NOON)

    assert state_of(training) == State.OPEN
    assert agreements.take_seat(training, PersonFactory(), Words(""), at=NOON).place == 1
    exchange.refresh_from_db()
    assert (exchange.state, exchange.place) == (Exchange.State.AGREED, None)
    assert state_of(training) == State.TAKEN


def test_a_renewed_request_whose_help_is_still_to_come_is_taken():
    request, exchange = helped(last_day=FEBRUARY.date())
    actions.expire(request, day=MONDAY)

    actions.renew(request, first_day=None, last_day=NOON.date(), at=FEBRUARY)

    exchange.refresh_from_db()
    assert (state_of(request), exchange.place) == (State.TAKEN, 1)
    assert found() == set()


def test_only_putting_it_back_moves_what_is_withdrawn():
    listing = ListingFactory(last_day=MONDAY)
    actions.withdraw(listing, at=FEBRUARY)
    for act in (
        lambda: actions.publish(listing, at=FEBRUARY),
        lambda: actions.pause(listing),
        lambda: actions.resume(listing, at=FEBRUARY),
        lambda: actions.confirm(listing, at=FEBRUARY),
        lambda: actions.expire(listing, day=NOON.date()),
        lambda: actions.fall_silent(listing, since=datetime.now(tz=UTC)),
        lambda: actions.renew(listing, first_day=None, last_day=None, at=FEBRUARY),
        lambda: actions.withdraw(listing, at=FEBRUARY),
    ):
        with pytest.raises(IllegalMove):
            act()

    assert state_of(listing) == State.WITHDRAWN


def test_what_is_put_back_after_its_last_day_has_expired():
    listing = ListingFactory(last_day=MONDAY)
    actions.withdraw(listing, at=FEBRUARY)

    actions.put_back(listing, at=NOON)

    assert state_of(listing) == State.EXPIRED


def test_a_request_that_was_taken_is_put_back_as_taken_and_open_if_its_helper_has_gone():
    for gone, state in ((False, State.TAKEN), (True, State.OPEN)):
        request, exchange = helped()
        actions.withdraw(request, at=FEBRUARY)
        if gone:
            exchanges.withdraw(exchange, exchange.provider, "", at=FEBRUARY)

        actions.put_back(request, at=FEBRUARY)

        assert state_of(request) == state


def test_only_what_has_expired_is_renewed():
    with pytest.raises(IllegalMove):
        actions.renew(ListingFactory(), first_day=None, last_day=None, at=NOON)


def test_an_address_never_takes_a_title_for_a_verb():
    assert ListingFactory(title="Ask").get_absolute_url().endswith("/-/")
    assert ListingFactory(title="✨").get_absolute_url().endswith("/-/")


def test_what_a_window_wrote_after_another_was_opened_is_not_written_over():
    listing = ListingFactory(revision="one")
    opened = mark_of(Listing.objects.get(pk=listing.pk))
    mine, other = copies_of(listing)
    actions.keep(written(mine, title="Later in one", revision="one"), at=NOON)

    other.title, other.revision = "In the other", "two"
    with pytest.raises(actions.Changed):
        actions.keep(actions.Written(other, None, None, opened), at=NOON)

    assert Listing.objects.get().title == "Later in one"


def copies_of(listing):
    """Read a row twice, as two windows do."""
    return [Listing.objects.get(pk=listing.pk) for _ in range(2)]
