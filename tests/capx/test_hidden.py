"""Whoever wishes to be left alone is nowhere: the site looks as if they had never come."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchange.actions import exchanges, reports
from exchange.models import Listing, SearchDocument, Word
from exchange.tasks import remind
from tests.addresses import address, agreed, routes, world
from tests.factories import (
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    PracticeFactory,
    SkillFactory,
)
from volunteers.actions import affiliates, rest
from volunteers.models import Notice, Person, PersonLanguage, Thanks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

# In everything the hidden person ever wrote, and in nothing else.
MARK = "verborg"
# What must differ from one page load to the next.
CHANGING = re.compile(
    r'(name="(csrfmiddlewaretoken|revision|shown)" value=|"x-csrftoken": )"[^"]*"'
)
SEARCHES = [
    "catalogue/?q=verbor",
    "catalogue/?q=keramik",
    "catalogue/?q=keramikk",
    "catalogue/?skill=pottery",
    "catalogue/?country=IS",
    "catalogue/?language=is",
    "catalogue/?by=person",
    "catalogue/suggest/?q=verbor",
    "catalogue/suggest/?q=kera",
    "practices/?q=keramik",
    "practices/?skill=pottery",
    "people/?q=verb",
    "people/?skill=pottery",
    "people/?language=is",
    "people/?country=IS",
    "affiliates/?q=test",
    "skills/?q=pottery",
    "skills/pottery/",
    "skills/crafts/",
]


@pytest.fixture
def w():
    """Make a world with a skill that nobody has yet."""
    made = world()
    SkillFactory(slug="pottery", label="pottery", parent=SkillFactory(slug="crafts"))
    return made


def somebody(w):
    """Let somebody come who writes everything that can be written."""
    pottery = w.skill.__class__.objects.get(slug="pottery")
    person = PersonFactory(
        username="verborgen",
        name="Verborgen Keramik",
        country="IS",
        place=w.affiliate.place,
        about="Keramik verborgen",
    )
    PersonSkillFactory(person=person, skill=pottery)
    PersonSkillFactory(person=person, skill=w.skill, how="teaches")
    PersonLanguage.objects.create(person=person, language="is", level="N")
    MembershipFactory(person=person, affiliate=w.affiliate, role="editor")
    long_ago = timezone.now() - timedelta(days=200)
    about = {"author": person, "language": "is", "skills": [pottery, w.skill]}
    listing = ListingFactory(title="Verborgene Keramik", countries=["IS"], **about)
    ListingFactory(title="Verborgenes Haus", affiliate=w.affiliate, **about)
    ListingFactory(title="Verborgenes Altes", published_at=long_ago, **about)
    SearchDocument.objects.write_all(Listing.objects.filter(author=person))
    Word.objects.rebuild()
    practice = PracticeFactory(author=person, title="Verborgene Übung", language="is")
    practice.skills.add(pottery)
    for other in (w.author, w.member):
        Thanks.objects.create(
            giver=person,
            receiver=other,
            key=f"about:{other.pk}",
            words="Verborgener Dank",
            giver_shows=True,
            receiver_shows=True,
        )
    return person, listing, practice


HIDING = {
    "as they wish": {"visibility": "hidden"},
    "by an organiser": {"hidden_at": "2026-05-01T00:00Z"},
    "with a closed account": {"is_active": False},
}
SHOWN = {"visibility": "public", "hidden_at": None, "is_active": True}
LISTS = {"/", "/people/", "/catalogue/", "/practices/", "/affiliates/testland/"}
VIEWERS = ["nobody", "stranger", "member", "steward"]
# A steward learns that there are more members, and nothing else about them.
UNSEEN = re.compile(r'<p class="subtle" id="unseen">[^<]*</p>')


def hide(person, changes):
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()


def client_of(w, role):
    client = Client()
    if role != "nobody":
        client.force_login(getattr(w, role))
    return client


@pytest.fixture
def paths(w):
    """List every page that shows what others posted; signed addresses change by the second."""
    apart = ("admin/", "accounts/", "health/", "sample/")
    known = [address(route, w) for route in routes() if not route.startswith(apart)]
    return [*(f"/{search}" for search in SEARCHES), *known]


def pages(w, role, paths):
    """Read these pages as somebody."""
    client = client_of(w, role)
    found = {}
    for path in paths:
        answer = client.get(path)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        words = UNSEEN.sub("", CHANGING.sub("", text.decode(errors="replace")))
        found[path] = f"{answer.status_code} {answer.headers.get('Location', '')} {words}"
    return found


def differing(before, after):
    return [path for path in before if before[path] != after[path]]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_with_a_hidden_person_the_site_is_as_without(w, paths, viewer):
    before = pages(w, viewer, paths)
    person, _listing, _practice = somebody(w)

    for how, changes in HIDING.items():
        hide(person, changes)
        after = pages(w, viewer, paths)
        hide(person, {name: SHOWN[name] for name in changes})

        named = [path for path, page in after.items() if MARK in page.lower().replace(path, "")]
        assert (how, named, differing(before, after)) == (how, [], [])


@pytest.mark.parametrize("viewer", VIEWERS)
def test_whom_the_switch_leaves_alone_is_on_no_list(w, paths, viewer):
    """What they tell stays theirs; stewards go on looking after who belongs, on other pages."""
    if viewer == "steward":
        paths = [path for path in paths if path in LISTS or "?" in path]
    before = pages(w, viewer, paths)
    person, _listing, _practice = somebody(w)
    person.practices.all().delete()
    Thanks.objects.filter(giver=person).delete()
    rest.leave_alone(person, timezone.now().date())

    assert differing(before, pages(w, viewer, paths)) == []


def test_whom_the_switch_left_alone_is_back_on_every_list_when_they_say_so(w, paths):
    person, _listing, _practice = somebody(w)
    before = pages(w, "stranger", paths)
    rest.leave_alone(person, timezone.now().date())
    gone = set(differing(before, pages(w, "stranger", paths)))
    assert {
        "/people/",
        "/people/?skill=pottery",
        "/affiliates/testland/",
        "/catalogue/",
    } <= gone

    rest.come_back(person, timezone.now().date())

    assert differing(before, pages(w, "stranger", paths)) == []


def test_who_is_left_alone_still_finds_themselves_and_their_page_stays(w):
    person, _listing, _practice = somebody(w)
    rest.leave_alone(person, timezone.now().date())
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))

    for path in ("/people/?skill=pottery", "/affiliates/testland/"):
        assert "Verborgen Keramik" in client.get(path).content.decode()
    assert client_of(w, "stranger").get(person.get_absolute_url()).status_code == 200


def test_who_shows_themselves_to_members_is_hidden_from_nobody_else(w, paths):
    before = pages(w, "nobody", paths)
    person, _listing, _practice = somebody(w)
    hide(person, {"visibility": "members"})

    assert differing(before, pages(w, "nobody", paths)) == []


def test_without_hiding_these_pages_would_show_them(w, paths):
    """Prove that the test above looks where there is something to see."""
    before = pages(w, "stranger", paths)
    somebody(w)

    shown = set(differing(before, pages(w, "stranger", paths)))

    searches = {f"/{search}" for search in SEARCHES}
    assert searches - shown == {
        "/affiliates/?q=test",  # what is shown of affiliates does not hang on one person
        "/skills/?q=pottery",  # nor what is shown of skills
        "/skills/crafts/",
        "/skills/pottery/",
    }
    assert {"/", "/catalogue/", "/people/", "/practices/", "/affiliates/testland/"} <= shown


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("how", HIDING)
def test_their_own_pages_are_as_if_there_were_none(w, viewer, how):
    person, listing, practice = somebody(w)
    hide(person, HIDING[how])
    client = client_of(w, viewer)
    pairs = [
        (person.get_absolute_url(), reverse("person", args=["no one"])),
        (listing.get_absolute_url(), reverse("exchange:listing", args=[10**9, "x"])),
        (practice.get_absolute_url(), reverse("exchange:practice", args=[10**9, "x"])),
        *(
            (reverse(name, args=[row]), reverse(name, args=[none]))
            for name, row, none in (
                ("exchange:ask", listing.pk, 10**9),
                ("exchange:edit", listing.pk, 10**9),
                ("exchange:edit_practice", practice.pk, 10**9),
                ("volunteers:block", person.username, "no one"),
            )
        ),
        *(
            (reverse("exchange:report", args=[what, row]), f"/report/{what}/1000000000/")
            for what, row in (
                ("listing", listing.pk),
                ("practice", practice.pk),
                ("person", person.username),
            )
        ),
    ]

    for theirs, none in pairs:
        answers = [client.get(path) for path in (theirs, none)]
        assert answers[0].status_code == answers[1].status_code in {302, 404}, theirs
        bodies = [CHANGING.sub("", answer.content.decode()) for answer in answers]
        assert bodies[0].replace(theirs, "") == bodies[1].replace(none, ""), theirs


def busy(w, person, listing):
    """Let them ask, agree, report and join: each tells somebody of them."""
    now = timezone.now()
    exchanges.ask(w.listing, person, exchanges.Words(message="Hello?", why="You"), at=now)
    agreed(listing, w.asker)
    reports.report(w.listing, person, reports.Concern("spam", "Verborgen sagt"), at=now)
    reports.report(listing, w.stranger, reports.Concern("spam", "Verborgen"), at=now)
    affiliates.join(person, stewarded(w), at=now)


def stewarded(w):
    return MembershipFactory(person=w.steward, role="steward").affiliate


def named_to(person):
    """List who was told of them, and by which notice."""
    others = Notice.objects.exclude(recipient=person).select_related("recipient")
    return {
        (notice.key.split(":")[0], notice.recipient.username)
        for notice in others
        if MARK in f"{notice.subject} {notice.body}".lower()
    }


def remind_for_months():
    for days_later in (4, 24, 40, 60, 100):
        with time_machine.travel(timezone.now() + timedelta(days=days_later), tick=False):
            remind()


def test_while_they_are_shown_mail_names_them(w):
    """Prove that the tests below look where there is something to see."""
    person, listing, _practice = somebody(w)
    busy(w, person, listing)

    assert named_to(person) == {
        ("asked", "author"),
        ("agreed", "asker"),
        ("proposed", "asker"),
        ("membership-asked", "steward"),
    }


@pytest.mark.parametrize("how", HIDING)
def test_no_mail_to_others_names_them(w, how):
    person, listing, _practice = somebody(w)
    busy(w, person, listing)
    Notice.objects.all().delete()
    hide(person, HIDING[how])

    affiliates.join(person, stewarded(w), at=timezone.now())
    remind_for_months()

    spoken_with = {w.author.username, w.asker.username}
    who = {name for _notice, name in named_to(person)}
    assert who - spoken_with - {w.organiser.username, w.ruler.username} == set()


def test_a_steward_learns_how_many_members_are_hidden_and_can_do_nothing_to_them(w):
    person, _listing, _practice = somebody(w)
    hide(person, {"visibility": "hidden"})
    client = client_of(w, "steward")
    membership = person.memberships.get()
    page = reverse("volunteers:affiliate_people", args=[w.affiliate.slug])
    role = reverse("volunteers:set_role", args=[w.affiliate.slug, membership.pk])

    text = client.get(page).content.decode()
    answer = client.post(role, {"role": "member"})

    assert "and one person who does not wish to be shown" in text
    assert f"/{membership.pk}/" not in text
    assert answer.status_code == 404
    membership.refresh_from_db()
    assert membership.role == "editor"


def test_a_hidden_steward_sees_themselves_in_the_list(w):
    hide(w.steward, {"visibility": "hidden"})
    page = reverse("volunteers:affiliate_people", args=[w.affiliate.slug])

    text = client_of(w, "steward").get(page).content.decode()

    assert (
        reverse("volunteers:set_role", args=[w.affiliate.slug, w.steward.memberships.get().pk])
        in text
    )
    assert "who does not wish to be shown" not in text


def test_they_still_see_themselves(w):
    person, listing, practice = somebody(w)
    hide(person, {"visibility": "hidden"})
    client = Client()
    client.force_login(Person.objects.get(pk=person.pk))

    for row in (person, listing, practice):
        assert client.get(row.get_absolute_url()).status_code == 200
