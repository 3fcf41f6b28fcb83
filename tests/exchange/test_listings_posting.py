"""Writing a listing, with Django's client: no JavaScript anywhere."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exchange.actions import listings as actions
from exchange.models import Listing
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    PlaceFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db

State = Listing.State
NEW = "/catalogue/new/"
WORDS = {
    "kind": "offer",
    "of": "skill",
    "title": "An hour on Wikidata",
    "body": "I show you how to ask it questions.",
    "language": "en",
    "mode": "remote",
    "revision": "form",
    "based_on": "",
    "line-TOTAL_FORMS": "0",
    "line-INITIAL_FORMS": "0",
}


def line(number, **fields):
    blank = {"what_for": "", "amount": "", "currency": "EUR", "side": "provider", "payer": ""}
    return {f"line-{number}-{name}": value for name, value in (blank | fields).items()}


@pytest.fixture
def person(client):
    person = PersonFactory(language="en")
    client.force_login(person)
    return person


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_posting_begins_with_what_it_is(client, person):
    page = client.get(NEW).content.decode()

    assert "kind=offer&amp;of=skill" in page
    assert "kind=request&amp;of=funding" in page


def test_words_from_elsewhere_are_handed_on_to_every_choice(client, person):
    page = client.get(NEW, {"title": "montage vidéo"}).content.decode()

    assert page.count("&amp;title=montage+vid%C3%A9o") == 16


def test_the_first_offer_is_suggested_from_the_profile(client, person):
    PersonSkillFactory(person=person, skill=SkillFactory(label="mediation"), how="teaches")
    posted = PersonSkillFactory(person=person, skill=SkillFactory(label="maps")).skill
    ListingFactory(author=person, skills=[posted])

    suggested = client.get(NEW).context["suggestions"]

    assert [s.words for s in suggested] == [
        "You said you can teach mediation: offer an hour of it?"
    ]
    form = client.get(suggested[0].href).context["form"]
    assert form["title"].value() == "An hour of mediation"
    assert form["skills"].value().text == "mediation"


@pytest.mark.parametrize(
    ("kind", "of", "asked"),
    [
        ("offer", "skill", {"mode", "hours", "preparation_hours", "wants_help_to_share"}),
        (
            "offer",
            "training",
            {"mode", "seats", "times", "hours", "preparation_hours", "wants_help_to_share"},
        ),
        ("offer", "equipment", {"place", "first_day", "last_day", "preparation_hours"}),
        ("offer", "funding", {"amount", "currency", "covers", "decided_by", "last_day"}),
        ("request", "skill", {"mode", "place", "hours"}),
        ("request", "funding", {"amount", "currency", "covers", "last_day"}),
    ],
)
def test_each_kind_asks_only_what_it_needs(client, person, kind, of, asked):
    fields = set(client.get(NEW, {"kind": kind, "of": of}).context["form"].fields)

    everything = {
        *("mode", "hours", "preparation_hours", "wants_help_to_share", "seats", "times"),
        *("amount", "currency", "covers", "decided_by"),
    }
    assert asked <= fields
    assert not (everything - asked) & fields


def test_a_venue_may_be_named_as_a_resource_too(client, person):
    page = client.get(NEW, {"kind": "offer", "of": "resource", "resource": "venue"})

    assert page.context["listing"].resource == "venue"


def test_defaults_come_from_the_profile_and_the_site(client):
    place = PlaceFactory()
    client.force_login(PersonFactory(country="PL", place=place))

    form = client.get(NEW, {"kind": "offer", "of": "skill"}).context["form"]
    lines = client.get(NEW, {"kind": "offer", "of": "skill"}).context["desk"].lines

    assert form["language"].value() == "en"
    assert form["place"].value().text == "Gdynia, Poland"
    assert lines.forms[0]["currency"].value() == "PLN"
    assert "affiliate" not in form.fields


def test_an_offer_is_posted_in_one_go(client, person):
    skill, place = SkillFactory(label="Wikidata"), PlaceFactory()
    words = WORDS | {
        "skills": "wikidata",
        "mode": "both",
        "place": "Gdynia",
        "countries": "Poland, de",
        "hours": "1.5",
        "wants_help_to_share": "on",
        "line-TOTAL_FORMS": "2",
        **line(0, what_for="Train", amount="12,50", payer="Our chapter"),
        **line(1),
    }

    response = client.post(NEW, words)

    listing = Listing.objects.get()
    assert response.status_code == 302
    assert response["Location"] == listing.get_absolute_url()
    assert (listing.state, listing.author, listing.place) == (State.OPEN, person, place)
    assert (listing.countries, float(listing.hours)) == (["PL", "DE"], 1.5)
    assert list(listing.skills.all()) == [skill]
    assert [(s.amount, s.what_for, s.payer) for s in listing.budget.all()] == [
        (1250, "Train", "Our chapter")
    ]


def test_publishing_twice_with_one_form_posts_once(client, person):
    client.post(NEW, WORDS)
    response = client.post(NEW, WORDS)

    assert Listing.objects.count() == 1
    assert response.status_code == 302


def test_a_draft_may_be_empty_and_is_only_its_authors(client, person):
    client.post(NEW, WORDS | {"title": "", "body": "", "step": "keep"})

    listing = Listing.objects.get()
    assert (listing.state, listing.title) == (State.DRAFT, "")
    assert "(no title yet)" in client.get(reverse("exchange:mine")).content.decode()
    client.force_login(PersonFactory())
    for name in ("edit", "preview", "discard"):
        assert client.get(reverse(f"exchange:{name}", args=[listing.pk])).status_code == 404


def test_an_error_keeps_all_that_is_right_as_a_draft(client, person):
    response = client.post(NEW, WORDS | {"skills": "no such thing", "title": ""})

    assert set(errors(response)) == {"title", "skills"}
    draft = Listing.objects.get()
    assert (draft.state, draft.body) == (State.DRAFT, WORDS["body"])
    page = response.content.decode()
    assert "no such thing" in page
    assert "kept as a draft" in page

    SkillFactory(label="Wikidata")
    client.post(NEW, WORDS | {"skills": "Wikidata"})
    assert [row.state for row in Listing.objects.all()] == [State.OPEN]


def test_autosave_makes_a_draft_and_says_where_the_next_one_goes(client, person):
    answer = client.post(reverse("exchange:autosave"), WORDS | {"body": ""})

    draft = Listing.objects.get()
    assert answer.json() == {"url": reverse("exchange:autosave", args=[draft.pk])}
    client.post(answer.json()["url"], WORDS | {"body": "More", "hours": "many"})
    draft.refresh_from_db()
    assert (draft.body, draft.hours, draft.state) == ("More", None, State.DRAFT)

    client.post(NEW, WORDS | {"body": "All of it"})
    assert [(row.state, row.body) for row in Listing.objects.all()] == [
        (State.OPEN, "All of it")
    ]


def test_autosave_never_touches_what_others_see(client, person):
    listing = ListingFactory(author=person)

    answer = client.post(reverse("exchange:autosave", args=[listing.pk]), WORDS)

    assert answer.status_code == 409
    assert Listing.objects.get().title == listing.title


def test_choosing_something_else_keeps_what_was_typed(client, person):
    words = WORDS | {"of": "training", "times": "Tuesdays", "step": "choose", "hours": "2"}

    response = client.post(NEW, words)

    form = response.context["form"]
    assert (form["title"].value(), form["times"].value()) == (WORDS["title"], "Tuesdays")
    assert "seats" in form.fields
    assert not form.errors
    assert not Listing.objects.exists()


def test_one_more_line_keeps_what_was_typed(client, person):
    words = WORDS | {"step": "row", "line-TOTAL_FORMS": "1", **line(0, what_for="Train")}

    lines = client.post(NEW, words).context["desk"].lines

    assert [form["what_for"].value() for form in lines] == ["Train", None]


def test_htmx_gets_only_the_fields(client, person):
    response = client.post(NEW, WORDS | {"step": "choose"}, headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert b"Write your offer" in response.content


def test_preview_shows_it_and_publish_publishes_it(client, person):
    response = client.post(NEW, WORDS | {"step": "preview"})
    draft = Listing.objects.get()
    assert response["Location"] == reverse("exchange:preview", args=[draft.pk])
    assert WORDS["body"] in client.get(response["Location"]).content.decode()

    client.post(reverse("exchange:publish", args=[draft.pk]))

    assert Listing.objects.get().state == State.OPEN


def test_an_unfinished_draft_is_not_published_and_says_why(client, person):
    draft = ListingFactory(author=person, state=State.DRAFT, published_at=None, body="")

    response = client.post(reverse("exchange:publish", args=[draft.pk]), follow=True)

    assert "It needs a title, a description and a language." in response.content.decode()
    assert response.redirect_chain[0][0] == reverse("exchange:edit", args=[draft.pk])


def test_too_many_a_day_stay_drafts_with_a_sentence(client, person, monkeypatch):
    monkeypatch.setattr(actions, "PUBLISHED_A_DAY", 0)

    response = client.post(NEW, WORDS, follow=True)

    assert "You have posted very much today." in response.content.decode()
    assert Listing.objects.get().state == State.DRAFT


def test_hidden_people_learn_that_nobody_finds_what_they_post(client):
    client.force_login(PersonFactory(visibility="hidden"))

    page = client.post(NEW, WORDS, follow=True).content.decode()

    assert "nobody finds it" in page


def test_editing_an_open_listing_keeps_it_open(client, person):
    listing = ListingFactory(author=person)
    form = client.get(reverse("exchange:edit", args=[listing.pk])).context["form"]
    words = WORDS | {"revision": form["revision"].value(), "based_on": ""}

    client.post(reverse("exchange:edit", args=[listing.pk]), words | {"kind": "request"})

    row = Listing.objects.get()
    assert (row.state, row.title, row.kind) == (State.OPEN, WORDS["title"], "offer")


def test_an_open_listing_is_changed_as_a_whole_or_not_at_all(client, person):
    listing = ListingFactory(author=person)
    words = WORDS | {"title": "New", "body": ""}

    response = client.post(reverse("exchange:edit", args=[listing.pk]), words)

    assert set(errors(response)) == {"body"}
    assert Listing.objects.get().title == listing.title


def test_the_later_of_two_edits_is_told_and_loses_no_word(client, person):
    listing = ListingFactory(author=person)
    edit = reverse("exchange:edit", args=[listing.pk])
    client.post(edit, WORDS | {"title": "First", "revision": "one"})

    response = client.post(edit, WORDS | {"title": "Second", "revision": "two"})

    page = response.content.decode()
    assert "Somebody else has changed this" in page
    assert 'value="Second"' in page
    assert Listing.objects.get().title == "First"


def test_what_is_withdrawn_can_only_be_copied(client, person):
    listing = ListingFactory(author=person, state=State.WITHDRAWN)

    response = client.get(reverse("exchange:edit", args=[listing.pk]))

    assert response["Location"] == listing.get_absolute_url()


def test_an_affiliate_is_offered_only_to_those_who_speak_for_it(client, person):
    mine = MembershipFactory(person=person, role="editor").affiliate
    MembershipFactory(person=person, role="member")
    AffiliateFactory()

    form = client.get(NEW, {"kind": "offer", "of": "skill"}).context["form"]

    assert [label for _key, label in form.fields["affiliate"].choices] == [
        str(person),
        mine.name,
    ]


def test_an_affiliate_may_be_given_in_the_address(client, person):
    mine = MembershipFactory(person=person, role="editor").affiliate

    query = {"kind": "offer", "of": "skill", "affiliate": mine.slug}
    form = client.get(NEW, query).context["form"]

    assert form["affiliate"].value() == mine.pk


def test_posting_for_a_strange_affiliate_is_refused_beside_the_field(client, person):
    MembershipFactory(person=person, role="editor")
    strange = AffiliateFactory()

    response = client.post(NEW, WORDS | {"affiliate": strange.pk})

    assert set(errors(response)) == {"affiliate"}


def test_who_has_left_an_affiliate_goes_on_writing_in_their_own_name(client, person):
    membership = MembershipFactory(person=person, role="editor")
    draft = ListingFactory(
        author=person, affiliate=membership.affiliate, state=State.DRAFT, published_at=None
    )
    membership.delete()

    response = client.post(reverse("exchange:edit", args=[draft.pk]), WORDS)

    assert response.status_code == 302
    assert Listing.objects.get().affiliate is None


def test_a_colleague_edits_what_an_affiliate_posted(client, person):
    author = MembershipFactory(role="editor")
    MembershipFactory(person=person, affiliate=author.affiliate, role="steward")
    listing = ListingFactory(author=author.person, affiliate=author.affiliate)

    response = client.post(reverse("exchange:edit", args=[listing.pk]), WORDS)

    row = Listing.objects.get()
    assert response.status_code == 302
    assert (row.title, row.author, row.affiliate) == (
        WORDS["title"],
        author.person,
        author.affiliate,
    )


TRAINING = WORDS | {"of": "training", "seats": "12"}


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (WORDS | {"title": "x" * 121}, {"title"}),
        (WORDS | {"title": "with\0NUL"}, {"title"}),
        (WORDS | {"body": "y" * 8001}, {"body"}),
        (WORDS | {"language": "klingon"}, {"language"}),
        (WORDS | {"mode": "telepathy"}, {"mode"}),
        (WORDS | {"hours": "-1"}, {"hours"}),
        (WORDS | {"hours": "NaN"}, {"hours"}),
        (WORDS | {"hours": "99999"}, {"hours"}),
        (WORDS | {"first_day": "2026-02-31"}, {"first_day"}),
        (WORDS | {"last_day": "9999-12-31"}, {"last_day"}),
        (WORDS | {"last_day": "2020-01-01"}, {"last_day"}),
        (WORDS | {"first_day": "2027-02-02", "last_day": "2027-02-01"}, {"last_day"}),
        (WORDS | {"countries": "Atlantis"}, {"countries"}),
        (WORDS | {"countries": "\0"}, {"countries"}),
        (WORDS | {"skills": "\0"}, {"skills"}),
        (WORDS | {"skills": "'; DROP TABLE volunteers_skill; --"}, {"skills"}),
        (WORDS | {"place": "Nowhere at all"}, {"place"}),
        (WORDS | {"place": "\0"}, {"place"}),
        (WORDS | {"affiliate": "x"}, set()),
        (WORDS | {"revision": "z" * 300}, {"revision"}),
        (TRAINING, {"first_day", "last_day"}),
        (TRAINING | {"seats": "0"}, {"first_day", "last_day", "seats"}),
        (TRAINING | {"seats": "501"}, {"first_day", "last_day", "seats"}),
        (TRAINING | {"seats": "9" * 30}, {"first_day", "last_day", "seats"}),
        (WORDS | {"of": "funding"}, {"amount", "currency"}),
        (WORDS | {"of": "funding", "amount": "much", "currency": "EUR"}, {"amount"}),
        (WORDS | {"of": "funding", "amount": "0", "currency": "EUR"}, {"amount"}),
        (WORDS | {"of": "funding", "amount": "1", "currency": "XXX"}, {"currency"}),
        (WORDS | {"of": "venue"}, {"place"}),
        (WORDS | {"title": "<script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE} 👩‍🚀"}, set()),
    ],
)
def test_whatever_is_typed_gets_a_message_beside_its_field(client, person, words, wrong):
    response = client.post(NEW, words, follow=True)

    assert response.status_code == 200
    found = response.context.get("form")
    assert set(found.errors if found else {}) == wrong
    assert b"<script>alert" not in response.content
    assert Listing.objects.filter(state=State.OPEN).exists() is not bool(wrong)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"amount": "much", "what_for": "Train"}, {"amount"}),
        ({"amount": "12"}, {"what_for"}),
        ({"what_for": "Train"}, {"amount"}),
        ({"amount": "12", "what_for": "x" * 201}, {"what_for"}),
        ({"amount": "12", "what_for": "Train", "currency": "XYZ"}, {"currency"}),
        ({"amount": "12", "what_for": "Train", "side": "both"}, {"side"}),
        ({"amount": "\0", "what_for": "Train"}, {"amount"}),
    ],
)
def test_a_wrong_sum_is_marked_and_the_rest_is_kept(client, person, fields, wrong):
    response = client.post(NEW, WORDS | {"line-TOTAL_FORMS": "1", **line(0, **fields)})

    assert set(response.context["desk"].lines.errors[0]) == wrong
    assert Listing.objects.get().title == WORDS["title"]


@pytest.mark.parametrize("total", ["", "-1", "x", "99999999", "9" * 40])
def test_a_forged_number_of_lines_breaks_nothing(client, person, total):
    for step in ("publish", "row", "choose"):
        answer = client.post(NEW, WORDS | {"line-TOTAL_FORMS": total, "step": step})
        assert answer.status_code in (200, 302)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "gift", "of": "skill"},
        {"kind": "offer", "of": "\0"},
        {"kind": "offer", "of": "resource", "resource": "x" * 5000},
        {"kind": "offer", "of": "skill", "title": "\0" * 9, "skills": "\0,\0", "body": "\0"},
        {"kind": "offer", "of": "skill", "title": "x" * 100_000, "affiliate": "\0"},
    ],
)
def test_no_address_breaks_the_form(client, person, query):
    assert client.get(NEW, query).status_code == 200


def test_seats_that_are_taken_cannot_be_taken_away(client, person):
    day = timezone.localdate() + timedelta(days=9)
    listing = ListingFactory(author=person, of="training", seats=5, first_day=day, last_day=day)
    seated(listing, place=3)

    words = TRAINING | {"seats": "2", "first_day": day, "last_day": day}
    response = client.post(reverse("exchange:edit", args=[listing.pk]), words)

    assert errors(response) == {"seats": ["More people than that have a seat already."]}
    assert Listing.objects.get().seats == 5


def seated(listing, *, place):
    return ExchangeFactory(
        listing=listing,
        state="agreed",
        version=1,
        agreed_version=1,
        provider_version=1,
        receiver_version=1,
        agreed_at=timezone.now(),
        starts_day=date(2026, 1, 1),
        ends_day=date(2026, 1, 1),
        place=place,
    )


def test_the_form_takes_the_same_statements_for_one_sum_and_for_three(
    client, person, django_assert_max_num_queries
):
    listing = ListingFactory(author=person)
    for number in range(3):
        listing.budget.create(side="provider", amount=number, currency="EUR", what_for="x")

    with django_assert_max_num_queries(12):
        client.get(reverse("exchange:edit", args=[listing.pk]))


def test_countries_are_suggested_by_any_word_of_their_name(client, person):
    answer = client.get(reverse("exchange:suggest_countries"), {"q": "herz"})

    assert answer.json() == {"countries": [{"id": "BA", "label": "Bosnia & Herzegovina"}]}


def test_a_draft_keeps_each_part_that_is_right(client, person):
    skill = SkillFactory(label="Wikidata")
    first = timezone.localdate() + timedelta(days=30)
    words = WORDS | {
        "of": "training",
        "skills": ["Wikidata", "no such thing"],
        "countries": "Poland, Nowhereland",
        "first_day": first.isoformat(),
        "last_day": (first - timedelta(days=3)).isoformat(),
        "line-TOTAL_FORMS": "1",
        **line(0, what_for="Train", amount="a lot", payer="Our chapter"),
    }

    client.post(NEW, words)

    draft = Listing.objects.get()
    assert (list(draft.skills.all()), draft.countries) == ([skill], ["PL"])
    assert (draft.first_day, draft.last_day) == (first, None)
    again = client.get(reverse("exchange:edit", args=[draft.pk])).context["desk"].lines.forms[0]
    assert [again[name].value() for name in ("what_for", "amount", "payer")] == [
        *("Train", "", "Our chapter")
    ]


def test_a_sum_without_its_amount_is_not_published(client, person):
    words = WORDS | {"line-TOTAL_FORMS": "1", **line(0, what_for="Train", amount="a lot")}
    client.post(NEW, words)
    draft = Listing.objects.get()

    answer = client.post(reverse("exchange:publish", args=[draft.pk]), follow=True)

    assert "One of the sums still needs its amount." in answer.content.decode()
    assert Listing.objects.get().state == State.DRAFT


def test_a_sum_is_removed_by_its_button(client, person):
    words = WORDS | {"step": "drop-0", "line-TOTAL_FORMS": "2"}
    words |= line(0, what_for="Train") | line(1, what_for="Hotel")

    lines = client.post(NEW, words).context["desk"].lines

    assert [form["what_for"].value() for form in lines] == ["Hotel"]


def test_a_sum_that_a_script_removed_does_not_come_back(client, person):
    words = WORDS | {"title": "", "line-TOTAL_FORMS": "2", **line(1, what_for="Hotel")}

    lines = client.post(NEW, words).context["desk"].lines

    assert [form["what_for"].value() for form in lines.standing] == ["Hotel"]


def test_what_is_wrong_is_listed_above_the_form_with_a_way_to_each_field(client, person):
    page = client.post(NEW, WORDS | {"title": "", "skills": "no such thing"}).content.decode()

    summary = page[page.index('id="errors"') : page.index('id="id_title"')]
    assert 'href="#id_title"' in summary
    assert 'href="#id_skills"' in summary
