"""Editions that begin from a template: days, rules and words in the organiser's language."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from grandtour.actions import editions, templates
from grandtour.models import Edition
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import EditionFactory

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 2)


def begun(kind):
    template = templates.TEMPLATES[kind]
    return templates.begin(template, kind, f"One {kind}", kind, template.days(FIRST))


@pytest.mark.parametrize("kind", Edition.Kind.values)
def test_each_kind_has_a_template_whose_edition_opens_as_it_is(kind):
    edition = begun(kind)

    editions.go_on(edition, Edition.State.OPEN, OrganiserFactory())

    assert edition.kind == kind
    assert edition.applications_first_day == FIRST
    assert edition.criteria.count() >= 2
    assert edition.measures.exclude(figure="").count() >= 3
    assert edition.questions.count() == 3


def test_phases_follow_the_last_day_for_applications():
    edition = begun("grand_tour")
    reading, deciding = edition.phases.order_by("first_day")

    assert edition.applications_last_day == date(2026, 4, 12)
    assert (reading.first_day, reading.last_day) == (date(2026, 4, 13), date(2026, 5, 10))
    assert (reading.names_shown, reading.may_decide) == (False, False)
    assert (deciding.first_day, deciding.last_day) == (date(2026, 5, 11), date(2026, 5, 24))
    assert (deciding.names_shown, deciding.may_decide) == (True, True)


def test_its_words_are_written_in_the_language_of_who_begins_it():
    with translation.override("de"):
        told = str(templates.TEMPLATES["visiting"].about)
        edition = begun("visiting")

    assert edition.about == told
    assert Edition.objects.get().about == told


def at_the_desk(client, **said):
    client.force_login(OrganiserFactory())
    given = {"kind": "peer_exchange", "name": "Peers", "slug": "peers", "first_day": FIRST}
    return client.post(reverse("admin:grandtour_edition_begin"), given | said)


def test_an_organiser_begins_one_at_the_desk(client):
    made = at_the_desk(client)

    edition = Edition.objects.get()
    assert made.url == reverse("admin:grandtour_edition_change", args=[edition.pk])
    assert (edition.state, edition.most_stops, edition.largest_group) == ("planned", 1, 2)
    link = reverse("admin:grandtour_edition_begin")
    assert link in client.get(reverse("admin:grandtour_edition_changelist")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "holiday"}, "Select a valid choice"),
        ({"first_day": "9999-12-01"}, "too far away"),
        ({"name": "Taken"}, "is called so already"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(client, wrong, words):
    EditionFactory(name="Taken")

    page = at_the_desk(client, **wrong)

    assert words in page.content.decode()
    assert Edition.objects.count() == 1


def test_a_stranger_begins_none(client):
    client.force_login(PersonFactory())

    assert client.post(reverse("admin:grandtour_edition_begin")).status_code == 302
    assert not Edition.objects.exists()
