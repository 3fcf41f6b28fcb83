"""A listing's page, one's own listings, and the one-click changes."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from exchange.actions import listings as actions
from exchange.models import Exchange, Listing, SearchDocument
from exchange.models.listings import VERBS
from exchange.notices import listings as notices
from tests.exchange.agreeing import agreed
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    PlaceFactory,
    SkillFactory,
)
from volunteers.models import Person

pytestmark = pytest.mark.django_db

State = Listing.State
MINE = "/me/listings/"


@pytest.fixture
def person(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def words(response):
    return response.content.decode()


def test_every_word_behind_the_number_is_known_as_a_verb():
    routes = [str(entry.pattern) for entry in get_resolver("exchange.urls").url_patterns]
    start = "catalogue/<int:pk>/"
    behind = {route.removeprefix(start).strip("/") for route in routes if start in route}

    assert behind - {"", "<str:slug>"} == VERBS


def test_the_address_is_completed_and_corrected(client):
    listing = ListingFactory(title="Zażółć gęślą jaźń")
    right = f"/catalogue/{listing.pk}/{quote('zażółć-gęślą-jaźń')}/"

    for address in (f"/catalogue/{listing.pk}/", f"/catalogue/{listing.pk}/else/"):
        assert client.get(address)["Location"] == right
    assert client.get(right).status_code == 200


def test_the_page_says_what_it_is_what_it_takes_and_where(client):
    skill = SkillFactory(label="Mediation")
    listing = ListingFactory(
        title="A first day of mediation",
        of="training",
        skills=[skill],
        place=PlaceFactory(),
        mode="both",
        first_day=date(2099, 5, 1),
        last_day=date(2099, 5, 3),
        seats=12,
        hours=6,
        preparation_hours=2,
        takeaway="A protocol for hard talks",
        wants_help_to_share=True,
    )
    listing.budget.create(side="receiver", amount=5000, currency="EUR", what_for="Travel")

    page = words(client.get(listing.get_absolute_url()))

    for sentence in (
        f'href="{listing.author.get_absolute_url()}"',
        "A protocol for hard talks",
        "about 6",
        "Hours of preparation",
        "12 of 12 are free",
        "Online, or in Gdynia, Poland",
        "On the map: Gdynia, Poland",
        "€50",
        "/catalogue/?skill=" + skill.slug,
        "Take a seat",
        "would like help to make this ready to share",
        '<meta property="og:title" content="A first day of mediation">',
    ):
        assert sentence in page


def test_what_people_write_is_never_read_as_html(client):
    listing = ListingFactory(title="<b>x</b>", body="<script>alert(1)</script> https://w.wiki/")

    page = words(client.get(listing.get_absolute_url()))

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert '<a href="https://w.wiki/" rel="nofollow">' in page


@pytest.mark.parametrize(
    ("kind", "of", "label"),
    [
        ("offer", "skill", "Ask about this"),
        ("request", "skill", "I can help"),
    ],
)
def test_a_button_leads_on(client, kind, of, label):
    listing = ListingFactory(kind=kind, of=of)

    page = words(client.get(listing.get_absolute_url()))

    assert label in page
    assert reverse("exchange:ask", args=[listing.pk]) in page


@pytest.mark.parametrize(
    "closed", [{"may_be_asked": False}, {"visibility": "members", "open_asks": 1}]
)
def test_who_takes_no_requests_is_not_asked_and_others_are_named(client, person, closed):
    skill = SkillFactory()
    author = PersonFactory(**closed)
    listing = ListingFactory(author=author, skills=[skill])
    if "open_asks" in closed:
        ExchangeFactory(listing=listing)
    able = PersonSkillFactory(skill=skill).person

    page = words(client.get(listing.get_absolute_url()))

    assert "Not taking requests now" in page
    assert "Ask about this" not in page
    assert able.name in page


def test_the_author_sees_what_they_can_do_with_it(client, person):
    listing = ListingFactory(author=person)

    page = words(client.get(listing.get_absolute_url()))

    for name in ("edit", "pause", "copy", "withdraw_listing"):
        assert reverse(f"exchange:{name}", args=[listing.pk]) in page
    assert "Ask about this" not in page


SEEN = {
    (State.OPEN, "public"): {"nobody", "stranger"},
    (State.OPEN, "members"): {"stranger"},
    (State.OPEN, "hidden"): set(),
    (State.TAKEN, "public"): {"nobody", "stranger"},
    (State.EXPIRED, "public"): {"nobody", "stranger"},
    (State.PAUSED, "public"): set(),
    (State.WITHDRAWN, "public"): set(),
    (State.DRAFT, "public"): set(),
}


@pytest.mark.parametrize(("state", "visibility"), SEEN)
def test_who_sees_what(client, state, visibility):
    membership = MembershipFactory(role="editor", person__visibility=visibility)
    colleague = MembershipFactory(role="steward", affiliate=membership.affiliate).person
    listing = ListingFactory(
        author=membership.person, affiliate=membership.affiliate, state=state
    )
    readers = {
        "nobody": None,
        "stranger": PersonFactory(),
        "author": membership.person,
        "colleague": colleague,
    }
    seen = set()
    for name, reader in readers.items():
        client.logout()
        if reader:
            client.force_login(reader)
        if client.get(listing.get_absolute_url()).status_code in (200, 302):
            seen.add(name)

    here = {"author"} if visibility == "hidden" else {"author", "colleague"}
    assert seen == SEEN[state, visibility] | here


def test_what_an_organiser_hid_is_seen_by_its_author_only(client, person):
    theirs = ListingFactory(hidden_at=timezone.now())
    own = ListingFactory(author=person, hidden_at=timezone.now())

    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(own.get_absolute_url()).status_code == 200


def test_similar_ones_share_a_skill_and_are_somebody_elses(client):
    skill = SkillFactory()
    listing = ListingFactory(skills=[skill])
    similar = ListingFactory(skills=[skill], title="Much the same")
    ListingFactory(skills=[skill], author=listing.author, title="By the same person")
    ListingFactory(skills=[skill], author=PersonFactory(visibility="hidden"))
    ListingFactory(skills=[skill], kind="request")

    shown = client.get(listing.get_absolute_url()).context["similar"]

    assert list(shown) == [similar]


def test_the_catalogue_takes_the_same_statements_for_one_result_and_for_twenty(client):
    skill = SkillFactory(label="translation")
    address = reverse("exchange:catalogue", query={"q": "translation"})

    def post(number):
        for row in range(number):
            ListingFactory(skills=[skill], place=PlaceFactory(), title=f"Row {row}")
        SearchDocument.objects.write_all(Listing.objects.all())

    def look():
        client.get(address)  # what is kept for a while is read
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        return page.content.decode().count('<article class="card '), len(asked)

    post(1)
    one = look()
    post(19)

    assert (one[0], look()) == (1, (20, one[1]))
    assert one[1] <= 12


@pytest.mark.parametrize("others", [1, 3])
@pytest.mark.parametrize("state", [State.OPEN, State.TAKEN])
def test_the_page_takes_at_most_twelve_statements(
    client, person, others, state, django_assert_num_queries
):
    skills = SkillFactory.create_batch(others)
    author = PersonFactory(may_be_asked=False)
    listing = ListingFactory(
        author=author, skills=skills, place=PlaceFactory(), seats=3, state=state
    )
    for number in range(others):
        listing.budget.create(side="provider", amount=number, currency="EUR", what_for="x")
        PersonSkillFactory(skill=skills[0])
        ListingFactory(skills=skills, place=listing.place)

    with django_assert_num_queries(9 if state == State.OPEN else 5):
        client.get(listing.get_absolute_url())


@pytest.mark.parametrize("listings", [1, 3])
def test_ones_own_listings_take_the_same_statements_for_one_and_for_three(
    client, person, listings, django_assert_num_queries
):
    affiliate = MembershipFactory(person=person, role="editor").affiliate
    ListingFactory.create_batch(listings, author=person, affiliate=affiliate)

    with django_assert_num_queries(5):
        client.get(MINE)


def test_ones_own_listings_stand_in_groups_with_drafts_first(client, person):
    for state in State:
        ListingFactory(author=person, state=state, title=f"is {state}")
    ListingFactory(title="somebody else's")

    groups = client.get(MINE).context["groups"]

    assert [[row.title for row, _tone in rows] for _title, rows in groups] == [
        ["is draft"],
        ["is taken", "is open"],
        ["is paused"],
        ["is withdrawn", "is expired"],
    ]


def test_colleagues_see_what_was_posted_for_their_affiliate(client, person):
    membership = MembershipFactory(role="editor")
    MembershipFactory(person=person, affiliate=membership.affiliate, role="editor")
    ListingFactory(author=membership.person, affiliate=membership.affiliate, title="Ours")
    ListingFactory(author=membership.person, title="Theirs alone")

    page = words(client.get(MINE))

    assert "Ours" in page
    assert "Theirs alone" not in page


def test_an_empty_list_invites_to_post(client, person):
    assert "Post your first offer" in words(client.get(MINE))


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "\0"])
def test_any_number_of_a_page_shows_a_page(client, person, page):
    assert client.get(MINE, {"page": page}).status_code == 200


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("pause", State.OPEN, State.PAUSED),
        ("resume", State.PAUSED, State.OPEN),
        ("resume", State.TAKEN, State.OPEN),
        ("confirm_listing", State.OPEN, State.OPEN),
        ("withdraw_listing", State.OPEN, State.WITHDRAWN),
        ("put_back", State.WITHDRAWN, State.PAUSED),
        ("renew", State.EXPIRED, State.OPEN),
    ],
)
def test_one_click_changes_the_state(client, person, name, before, after):
    listing = ListingFactory(author=person, state=before)

    client.post(reverse(f"exchange:{name}", args=[listing.pk]))

    assert Listing.objects.get().state == after


def test_what_is_taken_is_posted_again_not_opened_again(client, person):
    request = ListingFactory(author=person, kind="request", title="A film about us")
    agreed(exchange=ExchangeFactory(listing=request))

    for page in (words(client.get(MINE)), words(client.get(request.get_absolute_url()))):
        assert "Post it again" in page
        assert "Open it again" not in page
    response = client.post(reverse("exchange:resume", args=[request.pk]), follow=True)
    assert "All its places are taken. Post it again to find somebody else." in words(response)

    client.post(reverse("exchange:copy", args=[request.pk]))
    states = Listing.objects.order_by("pk").values_list("title", "state")
    assert list(states) == [("A film about us", State.TAKEN), ("A film about us", State.DRAFT)]


@pytest.mark.parametrize("name", ["pause", "resume", "confirm_listing", "discard", "put_back"])
def test_a_click_that_comes_too_late_says_so(client, person, name):
    listing = ListingFactory(author=person, state=State.EXPIRED)

    response = client.post(reverse(f"exchange:{name}", args=[listing.pk]), follow=True)

    assert "It has changed in the meantime. Nothing was done." in words(response)
    assert Listing.objects.get().state == State.EXPIRED


VERB_NAMES = [
    *("edit", "preview", "publish", "pause", "resume", "confirm_listing", "renew"),
    *("withdraw_listing", "put_back", "discard", "copy", "autosave"),
]


@pytest.mark.parametrize("name", VERB_NAMES)
def test_strangers_find_none_of_the_buttons(client, person, name):
    listing = ListingFactory()
    before = Listing.objects.values().get()
    address = reverse(f"exchange:{name}", args=[listing.pk])

    allowed = {404, 405}
    assert {client.get(address).status_code, client.post(address).status_code} <= allowed
    client.logout()
    assert "/accounts/login/" in client.post(address)["Location"]
    assert Listing.objects.values().get() == before


def test_withdrawing_asks_once_more_and_says_what_happens_to_those_who_asked(client, person):
    listing = ListingFactory(author=person)
    exchange = ExchangeFactory(listing=listing)
    address = reverse("exchange:withdraw_listing", args=[listing.pk])

    assert "Those who have asked and wait for an answer hear" in words(client.get(address))
    assert Listing.objects.get().state == State.OPEN

    client.post(address)
    exchange.refresh_from_db()
    assert exchange.state == Exchange.State.EXPIRED


@pytest.mark.parametrize(
    ("name", "undo", "before"),
    [
        ("pause", "resume", State.OPEN),
        ("withdraw_listing", "put_back", State.OPEN),
        ("withdraw_listing", "put_back", State.PAUSED),
        ("withdraw_listing", "put_back", State.EXPIRED),
    ],
)
def test_the_message_after_a_change_has_a_button_that_takes_it_back(
    client, person, name, undo, before
):
    listing = ListingFactory(author=person, state=before)

    page = client.post(reverse(f"exchange:{name}", args=[listing.pk]), follow=True)
    back = reverse(f"exchange:{undo}", args=[listing.pk])
    assert f'<form action="{back}" method="post">' in words(page)
    client.post(back)

    assert Listing.objects.get().state == before
    assert Listing.objects.get().withdrawn_from == ""


def test_a_title_that_runs_the_other_way_stays_apart_in_the_sentence(client, person):
    listing = ListingFactory(author=person, title="A room")

    page = client.post(reverse("exchange:pause", args=[listing.pk]), follow=True)

    assert "“\u2068A room\u2069” is paused" in words(page)


def test_what_was_withdrawn_can_be_put_back_from_ones_own_list_and_found_again(client, person):
    listing = ListingFactory(author=person)
    actions.withdraw(listing, at=timezone.now())
    assert not SearchDocument.objects.exists()
    assert "Put it back" in words(client.get(MINE))

    client.post(reverse("exchange:put_back", args=[listing.pk]))

    assert SearchDocument.objects.get().listing == listing


def test_discarding_asks_once_more(client, person):
    listing = ListingFactory(author=person, state=State.DRAFT, published_at=None)
    address = reverse("exchange:discard", args=[listing.pk])

    assert "Discard this draft?" in words(client.get(address))
    client.post(address)

    assert not Listing.objects.exists()


def test_a_copy_opens_as_a_draft_to_be_changed(client, person):
    listing = ListingFactory(author=person, state=State.WITHDRAWN)

    response = client.post(reverse("exchange:copy", args=[listing.pk]))

    copied = Listing.objects.get(state=State.DRAFT)
    assert response["Location"] == reverse("exchange:edit", args=[copied.pk])
    assert copied.title == listing.title


def test_renewing_a_training_asks_for_its_new_days(client, person):
    day = timezone.localdate()
    listing = ListingFactory(
        author=person,
        of="training",
        seats=3,
        first_day=day - timedelta(days=9),
        last_day=day - timedelta(days=8),
        state=State.EXPIRED,
    )
    address = reverse("exchange:renew", args=[listing.pk])

    for wrong in ({}, {"first_day": day, "last_day": "2020-01-01"}, {"first_day": "\0"}):
        assert client.post(address, wrong).context["form"].errors
    client.post(address, {"first_day": day, "last_day": day})

    row = Listing.objects.get()
    assert (row.state, row.first_day, row.last_day) == (State.OPEN, day, day)


@pytest.mark.parametrize(("zone", "state"), [("Honolulu", "open"), ("Auckland", "expired")])
def test_what_is_renewed_until_today_is_open_today(client, person, zone, state):
    Person.objects.filter(pk=person.pk).update(time_zone=f"Pacific/{zone}")
    listing = ListingFactory(author=person, state=State.EXPIRED)
    hour = {"Honolulu": 32, "Auckland": 20}[zone]
    with time_machine.travel(datetime(2026, 5, 12, tzinfo=UTC) + timedelta(hours=hour)):
        client.force_login(person)
        client.post(reverse("exchange:renew", args=[listing.pk]), {"last_day": "2026-05-12"})

    assert Listing.objects.get().state == state


def test_one_button_of_a_mail_says_that_it_is_still_true_without_signing_in(client):
    long_ago = timezone.now() - timedelta(days=90)
    listing = ListingFactory(published_at=long_ago)
    address = notices.still_true_path(listing)

    assert "Yes, it is still true" in words(client.get(address))
    assert Listing.objects.get().confirmed_at == long_ago

    assert "That was all." in words(client.post(address))
    assert Listing.objects.get().confirmed_at > long_ago


def test_the_same_button_opens_what_silence_had_paused(client):
    listing = ListingFactory(published_at=timezone.now() - timedelta(days=120))
    address = notices.still_true_path(listing)
    actions.fall_silent(listing, since=timezone.now() - timedelta(days=90))

    assert "It is paused." in words(client.get(address))
    client.post(address)

    assert Listing.objects.get().state == State.OPEN


def test_a_mail_opens_nothing_that_its_author_has_paused(client):
    listing = ListingFactory(published_at=timezone.now() - timedelta(days=90))
    address = notices.still_true_path(listing)
    actions.pause(listing)

    for page in (client.get(address), client.post(address)):
        assert "You have paused it yourself." in words(page)

    assert Listing.objects.get().state == State.PAUSED


def test_a_mail_is_answered_once(client):
    long_ago = timezone.now() - timedelta(days=90)
    listing = ListingFactory(published_at=long_ago)
    address = notices.still_true_path(listing)
    client.post(address)
    answered = Listing.objects.get().confirmed_at

    for page in (client.get(address), client.post(address)):
        assert "That was all." in words(page)

    assert Listing.objects.get().confirmed_at == answered
    actions.fall_silent(listing, since=answered)
    client.post(address)
    assert Listing.objects.get().state == State.PAUSED


def test_a_mail_of_two_months_ago_leads_to_ones_own_listings(client):
    listing = ListingFactory(published_at=timezone.now() - timedelta(days=90))
    address = notices.still_true_path(listing)

    with time_machine.travel(timezone.now() + timedelta(days=61)):
        response = client.post(address)

    assert (response.status_code, response["Location"]) == (302, MINE)
    assert Listing.objects.get().confirmed_at == listing.confirmed_at


def test_the_button_of_an_old_mail_says_that_it_has_ended(client):
    listing = ListingFactory(state=State.WITHDRAWN)

    page = words(client.post(notices.still_true_path(listing)))

    assert "It has ended in the meantime." in page
    assert Listing.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("token", ["x", "1:2:3", "\0", "x" * 3000])
def test_a_forged_mail_opens_nothing(client, token):
    assert client.get(reverse("exchange:still_true", args=[token])).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**30])
def test_no_number_of_a_listing_breaks_the_page(client, pk):
    assert client.get(f"/catalogue/{pk}/x/").status_code == 404


def test_a_country_counts_those_that_name_it_and_says_how_many_are_for_any(client):
    for countries in (["PL"], ["PL", "DE"], [], [], []):
        SearchDocument.objects.write(ListingFactory(countries=countries))

    [group] = [
        group
        for group in client.get(reverse("exchange:catalogue")).context["page"].groups
        if group.name == "country"
    ]

    assert {option.value: option.count for option in group.options} == {"PL": 2, "DE": 1}
    assert group.anywhere == 3
    narrowed = client.get(reverse("exchange:catalogue"), {"country": "DE"})
    assert "and 3 for any country" in narrowed.content.decode()
    assert narrowed.context["page"].found.total == 4


def test_a_page_that_cannot_be_shown_is_not_another_one_in_silence(client):
    address = reverse("exchange:catalogue")
    for _ in range(21):
        SearchDocument.objects.write(ListingFactory())

    assert client.get(address, {"page": "4"}).url == f"{address}?page=2"
    assert client.get(address, {"page": "80"}).url == f"{address}?page=2"
    for _ in range(80):
        SearchDocument.objects.write(ListingFactory())
    content = client.get(address, {"page": "80"}).content.decode()
    assert "Page 5 is the last that can be shown." in content
    assert "is the last" not in client.get(address, {"page": "5"}).content.decode()


def test_where_nothing_is_found_there_are_ways_on_and_no_empty_facets(client):
    content = client.get(
        reverse("exchange:catalogue"), {"q": "zither vespers", "kind": "offer"}
    ).content.decode()

    assert 'href="?q=zither&amp;kind=offer"' in content or (
        'href="?kind=offer&amp;q=zither"' in content
    )
    assert "?q=zither+vespers" in content
    assert "Clear the filters" in content
    assert (
        'class="facets__go"'
        not in client.get(reverse("exchange:catalogue"), {"q": "zither"}).content.decode()
    )
