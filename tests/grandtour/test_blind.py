"""In a blind phase nothing that is open to a reviewer says whose application it is."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from capx.blinding import blind, pieces
from grandtour.actions import assignments
from grandtour.models import Edition, Phase, Redaction, Transcript
from grandtour.reports.blind import Blind
from tests.addresses import address, routes, world
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
)
from tests.grandtour.tours import NOON, ReadFactory, ReviewerFactory, scored
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
WORDS = (
    "I am Zyxandra Quorrelyn (zyxquorra, also user:zyxquorra), write to zyx@quorra.example. "
    "At Wikiklubb Vestmannaeyjar we teach in Vestmannaeyjar, Iceland; in Island sagt man, "
    "Islandia, in آيسلندا and Islandés. Quorrelyn's way; https://is.wikipedia.org/wiki/User:X"
)
NAMES = [
    *("Zyxandra", "Quorrelyn", "zyxquorra", "zyx@quorra.example", "Wikiklubb"),
    *("Vestmannaeyjar", "Iceland", "Islandia", "آيسلندا", "quorra.example"),
]


def applicant(edition):
    """Let somebody apply who says everywhere who they are; nobody finds them elsewhere."""
    town = PlaceFactory(name="Vestmannaeyjar", country="IS")
    affiliate = AffiliateFactory(name="Wikiklubb Vestmannaeyjar", slug="wv", countries=[])
    person = PersonFactory(
        username="zyxquorra",
        name="Zyxandra Quorrelyn",
        email="zyx@quorra.example",
        country="IS",
        place=town,
        visibility="hidden",
    )
    MembershipFactory(person=person, affiliate=affiliate)
    return ReadFactory(
        edition=edition,
        person=person,
        place=town,
        country="IS",
        affiliate=affiliate,
        goals=WORDS,
        brings=WORDS.upper(),
        spreads=WORDS.lower(),
        voice_note="https://commons.wikimedia.org/wiki/File:Zyxandra_Quorrelyn.ogg",
    )


# The affiliate has a page of its own, where it stands without any application.
ELSEWHERE = ("affiliates/", "admin/volunteers/", "admin/exchange/")
# Boxes in which one chooses a country list all there are.
LISTING_ALL = re.compile(r"<option[^>]*>.*?</option>", re.DOTALL)


@pytest.mark.parametrize("role", ["reviewer", "reviewer at the desk"])
@pytest.mark.usefixtures("pages_only")
def test_every_page_open_to_a_reviewer_is_blind(client, role):
    w = world()
    edition = w.assignment.application.edition
    application = applicant(edition)
    Transcript.objects.create(application=application, words=WORDS)
    reviewer = w.assignment.reviewer
    if role == "reviewer at the desk":
        reviewer = ReviewerFactory(edition=edition, person=w.organiser)
        assignments.give(w.assignment.application, reviewer, w.ruler, at=timezone.now())
    assignments.give(application, reviewer, w.ruler, at=timezone.now())
    client.force_login(reviewer.person)
    own = reverse("grandtour:read", args=[reviewer.assignments.latest("pk").pk])
    desk = [
        reverse("admin:grandtour_edition_application", args=[edition.pk, application.pk]),
        reverse("admin:grandtour_edition_review", args=[edition.pk]) + "?sort=spread",
        reverse("admin:grandtour_edition_compare", args=[edition.pk]) + f"?of={application.pk}",
    ]
    known = [address(route, w) for route in routes() if not route.startswith(ELSEWHERE)]

    found, read = [], 0
    for path in [own, *desk, *known]:
        answer = client.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        page = LISTING_ALL.sub("", content.decode(errors="replace"))
        read += answer.status_code == 200
        found += [(path, name) for name in NAMES if name.lower() in page.lower()]

    assert found == []
    assert read > 40
    assert "▇▇▇" in client.get(own).content.decode()
    letters = Notice.objects.filter(recipient=reviewer.person)
    assert letters.exists()
    written = " ".join(f"{one.subject} {one.body} {one.link}" for one in letters)
    assert [name for name in NAMES if name.lower() in written.lower()] == []


def test_with_names_shown_the_same_page_names_them(client):
    application = applicant(ReadFactory().edition)
    reviewer = ReviewerFactory(edition=application.edition)
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    client.force_login(reviewer.person)
    now = timezone.localdate()
    Phase.objects.update(names_shown=True, first_day=now, last_day=now)

    page = client.get(
        reverse("grandtour:read", args=[reviewer.assignments.get().pk])
    ).content.decode()

    assert "Zyxandra Quorrelyn" in page
    assert "▇▇▇" not in page


def test_organisers_who_read_nothing_see_names_all_the_time(client):
    application = applicant(ReadFactory().edition)
    client.force_login(OrganiserFactory())

    page = client.get(
        reverse("admin:grandtour_edition_review", args=[application.edition_id])
    ).content.decode()

    assert "Zyxandra Quorrelyn" in page


def test_who_has_read_blind_sees_names_at_the_desk_once_reading_is_over(client):
    application = applicant(ReadFactory().edition)
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    client.force_login(reviewer.person)
    address = reverse("admin:grandtour_edition_letters", args=[application.edition_id])
    assert "You read blind" in client.get(address).content.decode()

    Edition.objects.update(state="matching")

    assert "You read blind" not in client.get(address).content.decode()


def test_others_scores_are_closed_at_the_desk_too_until_one_has_given_ones_own(client):
    application = ReadFactory()
    other = ReviewerFactory(edition=application.edition)
    scored(application, other, 4, 4, words="Marvellous idea")
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    now = timezone.localdate()
    Phase.objects.update(names_shown=True, others="own", first_day=now, last_day=now)
    client.force_login(reviewer.person)
    where = [application.edition_id, application.pk]
    address = reverse("admin:grandtour_edition_application", args=where)
    seen = ["Marvellous" in client.get(address).content.decode()]
    scored(application, reviewer, 1, 1, at=timezone.now())

    seen.append("Marvellous" in client.get(address).content.decode())

    assert seen == [False, True]


@pytest.mark.parametrize(
    ("text", "phrases", "left"),
    [
        ("Ada Lovelace's notes", ["Ada Lovelace"], "▇▇▇'s notes"),
        ("ÁDA LÓVELACE", ["Ada Lovelace"], "▇▇▇"),
        ("with Brückners help", ["Brückner"], "with ▇▇▇ help"),
        ("w Warszawie", ["Warszawa"], "w ▇▇▇"),
        ("Mark it, says Mark.", ["Mark"], "▇▇▇ it, says ▇▇▇."),
        ("to mark it", ["Mark"], "to mark it"),
        ("Adam in Canada", ["Ada"], "Adam in Canada"),
        ("mail a.b@example.org now", [], "mail ▇▇▇ now"),
        ("see user:Somebody now", [], "see ▇▇▇ now"),
        ("https://de.wikipedia.org/wiki/User:Ada ok", [], "▇▇▇ ok"),
        ("في تونس اليوم", ["تونس"], "في ▇▇▇ اليوم"),
        ("nothing", [], "nothing"),
        ("", ["x"], ""),
    ],
)
def test_names_are_taken_out_however_they_are_written(text, phrases, left):
    assert blind(text, phrases) == left


def test_a_text_in_pieces_is_the_whole_text():
    cut = pieces(WORDS, ["Iceland", "Zyxandra Quorrelyn"])

    assert "".join(one.text for one in cut) == WORDS


def test_what_organisers_left_in_is_read():
    application = ReadFactory(person__name="Rosa Berg", goals="A rosa is a Rosa on a Berg.")
    Redaction.objects.create(application=application, kind="name", phrase="rosa", left_in=True)

    assert Blind(application).text("goals") == "A rosa is a Rosa on a ▇▇▇."
