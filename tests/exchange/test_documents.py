"""What can be found follows what people write, wish and do, whatever path the change takes."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from exchange.actions import documents
from exchange.models import Doubt, Listing, SearchDocument, SkillWord, Word
from tests.factories import (
    BudgetLineFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PlaceFactory,
    SkillFactory,
)
from tests.together import Beside
from volunteers import gate
from volunteers.models import Ask, Bandwidth, Commitment, Person, Rest
from volunteers.models.bandwidth import today

pytestmark = pytest.mark.django_db


def written(**fields):
    listing = ListingFactory(**fields)
    SearchDocument.objects.write(listing)
    return listing


def lexemes(vector):
    """Read a tsvector as it comes from the database."""
    return {one.strip("'").partition("'")[0] for one in vector.split()}


def facets(listing):
    return lexemes(SearchDocument.objects.get(listing=listing).facets)


def marks(listing):
    return lexemes(SearchDocument.objects.get(listing=listing).marks)


def test_a_document_has_the_words_of_its_listing():
    listing = written(title="Übersetzung", body="Wir helfen", language="de", takeaway="Glossar")

    found = lexemes(SearchDocument.objects.get(listing=listing).vector)

    assert {w for w in found if not w.startswith("/")} == {
        *("ubersetzung", "de:ubersetz", "^ubersetzung", "^de:ubersetz"),
        *("wir", "helfen", "de:helf", "glossar", "de:glossar"),
    }


def test_a_document_has_the_facets_of_its_listing():
    branch = SkillFactory(slug="languages")
    member = MembershipFactory(role="editor")
    listing = ListingFactory(
        kind="request",
        of="resource",
        resource="venue",
        author=member.person,
        affiliate=member.affiliate,
        skills=[SkillFactory(slug="translation", parent=branch)],
        countries=["DE"],
        place=PlaceFactory(country="PL"),
        mode="both",
    )
    BudgetLineFactory(listing=listing)
    SearchDocument.objects.write(listing)

    assert facets(listing) == {
        *("/kind=request", "/of=resource", "/resource=venue", "/language=en"),
        *("/mode=remote", "/mode=on_site", "/by=affiliate", "/room=yes", "/funded=yes"),
        *("/country=DE", "/country=PL", "/skill=translation", "/skill=languages"),
    }


def test_no_country_means_everywhere():
    assert "/country=*" in facets(written(countries=[], place=PlaceFactory()))


def test_writing_again_changes_the_words():
    listing = written(title="Camera")
    listing.title = "Projector"
    listing.save()
    SearchDocument.objects.write(listing)

    found = lexemes(SearchDocument.objects.get(listing=listing).title)

    assert found == {"projector", "en:projector"}


@pytest.mark.parametrize("state", ["paused", "taken", "expired", "withdrawn"])
def test_what_is_no_longer_open_is_gone_with_the_same_update(state):
    listing = written()
    listing.move(state)

    assert not SearchDocument.objects.exists()


def test_what_an_organiser_hides_is_gone_with_the_same_update():
    written()
    Listing.objects.update(hidden_at=timezone.now())

    assert not SearchDocument.objects.exists()


def test_a_draft_is_not_written():
    written(state="draft")

    assert not SearchDocument.objects.exists()


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({}, {"/see=public"}),
        ({"visibility": "members"}, {"/see=members"}),
        ({"visibility": "hidden"}, set()),
        ({"hidden_at": datetime(2026, 1, 1, tzinfo=UTC)}, set()),
        ({"is_active": False}, set()),
    ],
)
def test_who_hides_is_hidden_with_the_same_update(change, seen):
    listing = written()
    Person.objects.filter(pk=listing.author_id).update(**change or {"about": "Hello"})

    assert {mark for mark in marks(listing) if mark.startswith("/see")} == seen


def test_who_shows_again_is_found_again():
    listing = written()
    for visibility in ("hidden", "public"):
        Person.objects.update(visibility=visibility)

    found = SearchDocument.objects.get(listing=listing)
    assert "/see=public" in lexemes(found.vector)
    assert "video" in lexemes(found.vector)


def test_rest_takes_the_room_and_gives_it_back_once_it_is_noted():
    listing = written()
    now = timezone.now()
    rest = Rest.objects.create(person=listing.author, period=DateRange(now.date(), None))
    documents.settle(now)
    assert "/room=yes" not in facets(listing)

    rest.delete()
    documents.settle(now)
    assert "/room=yes" in facets(listing)


@pytest.mark.parametrize("change", ["bandwidth", "rest", "commitment", "ask", "limit", "zone"])
def test_whatever_may_change_room_leaves_a_doubt_until_it_is_noted(change):
    listing, now = written(), timezone.now()
    person = listing.author
    documents.settle(now)
    assert not Doubt.objects.exists()

    period = DateRange(now.date() + timedelta(days=40), now.date() + timedelta(days=50))
    rows = {
        "bandwidth": lambda: Bandwidth.objects.create(
            person=person, period=period, weekly_hours=2
        ),
        "rest": lambda: Rest.objects.create(person=person, period=period),
        "commitment": lambda: Commitment.objects.create(
            person=person,
            what="Board",
            source="by_hand",
            key="1",
            period=period,
            weekly_hours=1,
        ),
        "ask": lambda: Ask.objects.create(person=person, asker=PersonFactory(), asked_at=now),
        "limit": lambda: Person.objects.filter(pk=person.pk).update(open_asks=7),
        "zone": lambda: Person.objects.filter(pk=person.pk).update(time_zone="Asia/Tokyo"),
    }
    row = rows[change]()
    assert Doubt.objects.authors(now) == [person.pk]

    documents.settle(now)
    assert not Doubt.objects.exists()
    if change not in {"limit", "zone"}:
        row.delete()
        assert Doubt.objects.authors(now) == [person.pk]


def test_a_change_that_is_not_seen_yet_when_the_word_is_noted_stays_in_doubt():
    """Note the room of somebody while another transaction fills their weeks."""
    listing, now = written(), timezone.now()
    real = gate.outlooks

    def late(people, **more):
        found = real(people, **more)
        Rest.objects.create(person=listing.author, period=DateRange(now.date(), None))
        return found

    with mock.patch.object(gate, "outlooks", late):
        documents.settle(now)

    assert "/room=yes" in facets(listing)
    assert Doubt.objects.authors(now) == [listing.author_id]


def test_the_nightly_check_looks_for_what_the_days_to_come_change():
    listing, now = written(), timezone.now()
    tomorrow = today(listing.author, now) + timedelta(days=1)
    Rest.objects.create(person=listing.author, period=DateRange(tomorrow, None))

    documents.check(now)

    assert Doubt.objects.authors(now) == []
    assert Doubt.objects.authors(now + timedelta(days=1)) == [listing.author_id]


def test_who_may_not_be_asked_has_no_room():
    listing = written()
    Person.objects.update(may_be_asked=False)

    assert "/room=yes" not in facets(listing)


def test_who_is_full_or_rests_has_no_room_for_offers_and_what_they_asked_for_says_nothing():
    person = PersonFactory()
    offer, request = written(author=person), written(author=person, kind="request")
    now = timezone.now()
    period = DateRange(now.date() - timedelta(days=9), now.date() + timedelta(days=60))
    Bandwidth.objects.create(person=person, period=period, weekly_hours=Decimal(2))
    Commitment.objects.create(
        person=person,
        what="Board",
        source="by_hand",
        key="1",
        period=period,
        weekly_hours=Decimal(9),
    )

    documents.freshen(now)
    assert ("/room=yes" in facets(offer), "/room=yes" in facets(request)) == (False, True)

    Commitment.objects.all().delete()
    documents.freshen(now)
    assert "/room=yes" in facets(offer)

    Rest.objects.create(person=person, period=period)
    documents.freshen(now)
    assert ("/room=yes" in facets(offer), "/room=yes" in facets(request)) == (False, True)


def test_another_author_is_in_doubt_and_another_kind_keeps_the_word_about_the_author():
    listing, other, now = (
        written(kind="request"),
        PersonFactory(may_be_asked=False),
        timezone.now(),
    )
    Rest.objects.create(
        person=listing.author, period=DateRange(now.date() - timedelta(days=2), None)
    )
    documents.settle(now)

    listing.kind = "offer"
    listing.save()
    SearchDocument.objects.write(listing)
    assert "/room=yes" not in facets(listing)
    assert Doubt.objects.authors(now) == []

    Listing.objects.filter(pk=listing.pk).update(author=other)
    SearchDocument.objects.write(listing)
    assert Doubt.objects.authors(now) == [other.pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_note_one_after_the_other():
    """Change something while one has read and not yet written, and let another note it."""
    listing, now = written(), timezone.now()
    real, first, others = gate.outlooks, threading.get_ident(), []

    def other():
        Rest.objects.create(
            person=listing.author, period=DateRange(now.date() - timedelta(days=1), None)
        )
        documents.settle(timezone.now())

    def waits():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database"
                " = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            return cursor.rowcount > 0

    def late(people, **more):
        found = real(people, **more)
        if threading.get_ident() == first and not others:
            others.append(Beside(other))
            others[0].start()
            others[0].until(waits)
        return found

    with mock.patch.object(gate, "outlooks", late):
        documents.settle(now)
        others[0].end()

    assert "/room=yes" not in facets(listing)
    assert not Doubt.objects.due(timezone.now()).exists()


def test_the_names_of_a_skill_follow_its_labels():
    skill = SkillFactory(slug="translation", label="translation", label__es="traducción")
    label = skill.labels.get(language="es")
    assert {"traduccion", "es:traduccion"} <= set(words_of(skill))

    label.label = "interpretación"
    label.save()
    assert "traduccion" not in words_of(skill)
    assert "interpretacion" in words_of(skill)

    label.delete()
    assert set(words_of(skill)) == {"translation", "en:translat"}


def words_of(skill):
    return SkillWord.objects.filter(skill=skill).values_list("lexeme", flat=True)


def test_the_nightly_check_mends_what_is_wrong():
    right, wrong = written(title="Camera"), written(title="Camera")
    Listing.objects.filter(pk=wrong.pk).update(title="Projector", kind="request")
    missing = ListingFactory(title="Lamp")
    assert SearchDocument.objects.stale() == [wrong.pk, missing.pk]

    documents.check(timezone.now())

    assert SearchDocument.objects.stale() == []
    assert "/kind=request" in facets(wrong)
    assert Word.objects.filter(word__in=["camera", "projector", "lamp"]).count() == 3
    assert "/kind=offer" in facets(right)


def test_the_vocabulary_has_words_of_public_listings_only():
    written(title="Zeppelin")
    written(title="Submarine", author=PersonFactory(visibility="members"))
    written(title="Bathyscaphe", author=PersonFactory(visibility="hidden"))

    Word.objects.rebuild()

    titles = ["zeppelin", "submarine", "bathyscaphe"]
    assert [w.word for w in Word.objects.filter(word__in=titles)] == ["zeppelin"]


def test_many_documents_are_written_at_once(django_assert_max_num_queries):
    ListingFactory.create_batch(30)

    with django_assert_max_num_queries(8):
        SearchDocument.objects.write_all(Listing.objects.all())

    assert SearchDocument.objects.count() == 30
