"""Purposes: each edition has its own, applicants choose one, and PostgreSQL knows which."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grandtour.models import Application, Edition
from tests.factories import OrganiserFactory
from tests.grandtour.test_constraints import refused
from tests.grandtour.test_pages import whole
from tests.grandtour.tours import ApplicationFactory, EditionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def application():
    edition = EditionFactory(purposes=["I keep an archive", "Something else"])
    return ApplicationFactory(edition=edition, purpose="", revision="one")


def save(client, application, purpose):
    client.force_login(application.person)
    page = reverse("grandtour:edit_application", args=[application.pk])
    client.post(page, whole(purpose=purpose, revision="one", step="save"))
    application.refresh_from_db()
    return application.purpose


def test_applicants_choose_among_those_of_their_edition(client, application):
    assert save(client, application, "I organise") == ""
    assert save(client, application, "I keep an archive") == "I keep an archive"


def test_usual_words_are_read_in_ones_own_language(client, application):
    client.force_login(application.person)
    page = reverse("grandtour:edit_application", args=[application.pk])
    shown = client.get(page, headers={"accept-language": "de"}).content.decode()

    assert "Etwas anderes" in shown
    assert "I keep an archive" in shown
    assert 'value="Something else"' in shown


def test_whoever_applied_reads_in_which_part_they_travel(client, application):
    client.force_login(application.person)
    page = application.get_absolute_url()
    assert "I keep an archive" not in client.get(page).text

    save(client, application, "I keep an archive")

    assert "I keep an archive" in client.get(page).text


def test_no_application_has_a_purpose_of_another_edition(application):
    rows = Application.objects.filter(pk=application.pk)

    refused("application_purpose_of_its_edition", lambda: rows.update(purpose="I organise"))
    assert rows.update(purpose="Something else")


@pytest.mark.parametrize("purposes", [[], [f"Part {number}" for number in range(13)]])
def test_an_edition_has_one_purpose_to_twelve(purposes):
    refused("edition_purposes_to_choose_from", lambda: EditionFactory(purposes=purposes))


def test_purposes_stand_once_people_can_choose_them():
    edition = EditionFactory(state=Edition.State.PLANNED)
    rows = Edition.objects.filter(pk=edition.pk)
    assert rows.update(purposes=["I keep an archive"])
    rows.update(state=Edition.State.OPEN)

    with pytest.raises(IntegrityError, match="stand_once_announced"), transaction.atomic():
        rows.update(purposes=["I organise"])


def test_organisers_write_them_one_in_each_line(client):
    edition = EditionFactory(state=Edition.State.PLANNED)
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    form = client.get(address).context["adminform"].form
    assert "I do research\nSomething else" in str(form["purposes"])
    counts = {
        f"{one.formset.prefix}-{name}_FORMS": "0"
        for one in client.get(address).context["inline_admin_formsets"]
        for name in ("TOTAL", "INITIAL")
    }
    said = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    lines = "I keep an archive\n\n  I teach \nI teach"

    client.post(address, {**said, "skills": "", **counts, "purposes": lines})

    edition.refresh_from_db()
    assert edition.purposes == ["I keep an archive", "I teach"]
