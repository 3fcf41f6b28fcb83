"""A text in which nobody can look for the name is read by an organiser before reviewers do."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grandtour.actions import assignments, eligibility, redactions
from grandtour.models import Application, Phase, ReviewEvent
from grandtour.reports.unread import waiting
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.tours import (
    NOON,
    ApplicationFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    scored,
)

pytestmark = pytest.mark.django_db
THAI = "ผมชื่อมินห์ สอนการเขียนบทความ"
MARK = re.compile(r'name="mark" value="(\w+)"')
HELD = "An organiser reads this text first"


def sent(edition, goals=THAI, **words):
    application = ApplicationFactory(
        edition=edition, person__name="Minh Thu", goals=goals, **words
    )
    application.move("submitted", submitted_at=NOON, consented_at=NOON)
    return application


def desk(edition, *keys):
    name = "application" if keys else "review"
    return reverse(f"admin:grandtour_edition_{name}", args=[edition.pk, *keys])


def look_through(edition, organiser):
    """Let an organiser note that they have read all that waits."""
    seen = waiting(edition.applications.all())
    return redactions.look_through(seen, edition, organiser, at=NOON)


def as_read(client, application):
    """Open an application as a reviewer does, blind and today."""
    reviewer = ReviewerFactory(edition=application.edition)
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    now = timezone.localdate()
    Phase.objects.update(names_shown=False, first_day=now, last_day=now)
    client.force_login(reviewer.person)
    return client.get(reverse("grandtour:read", args=[reviewer.assignments.get().pk]))


def test_it_is_not_taken_up_before_somebody_has_read_it():
    edition, organiser = ReviewingFactory(), OrganiserFactory()
    first, other = sent(edition), sent(edition, goals="I teach.")
    keys = [first.pk, other.pk]

    assert eligibility.begin_reading(keys, edition, organiser, at=NOON) == 1
    assert look_through(edition, organiser) == 1
    assert eligibility.begin_reading(keys, edition, organiser, at=NOON) == 1

    noted = ReviewEvent.objects.get(verb="looked")
    assert (noted.application, noted.person) == (first, organiser)


def test_read_with_names_all_the_time_nothing_waits():
    edition = ReviewingFactory()
    edition.phases.update(names_shown=True)
    application = sent(edition)

    assert (
        eligibility.begin_reading([application.pk], edition, OrganiserFactory(), at=NOON) == 1
    )


def test_reviewers_read_nothing_of_it_until_an_organiser_has(client):
    application = ReadFactory(person__name="Minh Thu", goals=THAI, brings="I bring a camera.")
    page = as_read(client, application).content.decode()
    assert HELD in page
    assert "บทความ" not in page
    assert "I bring a camera." in page

    look_through(application.edition, OrganiserFactory())

    page = as_read(client, application).content.decode()
    assert HELD not in page
    assert "บทความ" in page


def test_a_text_that_changes_or_another_name_is_read_again():
    application = ReadFactory(person__name="Minh Thu", goals=THAI)
    edition, organiser = application.edition, OrganiserFactory()
    look_through(edition, organiser)
    assert waiting(edition.applications.all()) == {}

    Application.objects.update(goals=THAI + THAI)
    assert waiting(edition.applications.all()).keys() == {application.pk}
    look_through(edition, organiser)
    application.person.name = "Minh Thư"
    application.person.save()

    assert waiting(edition.applications.all()).keys() == {application.pk}


def test_ones_own_is_read_by_others():
    edition, organiser = ReviewingFactory(), OrganiserFactory()
    application = sent(edition)
    ours = MembershipFactory(person=organiser).affiliate
    MembershipFactory(person=application.person, affiliate=ours)

    assert look_through(edition, organiser) == 0
    assert waiting(edition.applications.all()).keys() == {application.pk}


def press_looked(client, application):
    """Open an application, and say that what stands there was read."""
    address = desk(application.edition, application.pk)
    marks = MARK.findall(client.get(address).content.decode())
    return client.post(address, {"do": "looked", "mark": marks}, follow=True).content.decode()


def test_the_desk_lists_what_waits_and_each_is_read_where_it_stands(client):
    edition = ReviewingFactory()
    rows = [sent(edition), sent(edition), sent(edition, goals="I teach.")]
    client.force_login(OrganiserFactory())
    keys = [one.pk for one in rows]

    page = client.get(desk(edition) + "?stage=first").content.decode()
    assert "To read first" in page
    assert [one.code in page for one in rows] == [True, True, False]
    page = client.post(desk(edition), {"do": "begin", "of": keys}, follow=True).content.decode()
    assert "1 application can be read now." in page
    assert "2 wait: they are in a script" in page
    client.post(desk(edition), {"do": "looked", "of": keys})
    assert waiting(edition.applications.all()).keys() == {*keys[:2]}
    for one in rows[:2]:
        press_looked(client, one)
    assert "To read first" not in client.get(desk(edition)).content.decode()
    client.post(desk(edition), {"do": "begin", "of": keys})

    assert Application.objects.filter(state="in_review").count() == 3


def test_the_page_of_an_application_warns_and_takes_the_warning_back(client):
    application = sent(ReviewingFactory())
    address = desk(application.edition, application.pk)
    client.force_login(OrganiserFactory())
    warning = "Read this before reviewers do."

    assert warning in client.get(address).content.decode()
    page = press_looked(client, application)

    assert warning not in page
    assert "texts read before reviewers read them" in page


def test_what_was_sent_since_the_page_was_opened_is_not_marked_as_read(client):
    application = sent(ReviewingFactory())
    address = desk(application.edition, application.pk)
    client.force_login(OrganiserFactory())
    marks = MARK.findall(client.get(address).content.decode())
    Application.objects.update(goals=THAI + THAI)

    for seen in (marks, []):
        page = client.post(address, {"do": "looked", "mark": seen}, follow=True)
        assert "has changed since you opened it" in page.content.decode()

    assert not ReviewEvent.objects.filter(verb="looked").exists()
    assert waiting(application.edition.applications.all()).keys() == {application.pk}


def blind_organiser(edition):
    """Let an organiser read an edition without names."""
    return ReviewerFactory(edition=edition, person=OrganiserFactory()).person


def test_who_reads_blind_is_told_what_waits_and_who_can_read_it(client):
    edition = ReviewingFactory()
    application, other = sent(edition), sent(edition, goals="I teach.")
    free, knows = OrganiserFactory(name="Free Reader"), OrganiserFactory(name="Knows Them")
    ours = MembershipFactory(person=knows).affiliate
    MembershipFactory(person=application.person, affiliate=ours)
    client.force_login(blind_organiser(edition))
    keys = [application.pk, other.pk]

    page = client.get(desk(edition)).content.decode()
    begun = client.post(desk(edition), {"do": "begin", "of": keys}, follow=True)
    told = [str(one) for one in begun.context["messages"]]

    waits = f"reads it first: {application.code}. These can do it: {free}, {knows}."
    assert waits in page
    assert "1 application can be read now." in told[0]
    assert waits in told[1]
    assert application.person.name not in page


def test_where_everybody_reads_blind_one_is_told_whom_to_ask(client):
    edition = ReviewingFactory()
    sent(edition)
    client.force_login(blind_organiser(edition))

    assert (
        "Ask whoever runs this site to make somebody"
        in client.get(desk(edition)).content.decode()
    )

    keeper = ReviewerFactory(
        edition=edition, person=OrganiserFactory(name="Site Keeper", is_superuser=True)
    ).person
    assert f"Ask {keeper} to make somebody" in client.get(desk(edition)).content.decode()


def test_who_reads_blind_marks_nothing_as_read(client):
    application = ReadFactory(person__name="Minh Thu", goals=THAI)
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    client.force_login(reviewer.person)

    address = desk(application.edition)
    client.post(address, {"do": "looked", "of": application.pk})
    client.post(desk(application.edition, application.pk), {"do": "looked"})

    assert not ReviewEvent.objects.filter(verb="looked").exists()


def test_words_of_others_in_such_a_script_are_hidden_whole(client):
    application = ReadFactory(person__name="Minh Thu", goals="I teach.")
    other = ReviewerFactory(edition=application.edition)
    scored(application, other, 4, 4, words=THAI)
    Phase.objects.update(others="always")

    page = as_read(client, application).content.decode()

    assert "บทความ" not in page
    assert "I teach." in page


def statements(number):
    edition = ReviewingFactory()
    for _one in range(number):
        sent(edition)
    with CaptureQueriesContext(connection) as captured:
        assert len(waiting(edition.applications.all())) == number
    return len(captured)


def test_many_are_found_with_as_many_statements_as_one():
    assert statements(1) == statements(5) == 3
