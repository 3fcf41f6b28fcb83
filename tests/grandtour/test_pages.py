"""The pages of editions, hosts and applications, as each kind of person meets them."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from grandtour.models import Application, Criterion, Edition, Host, Measure, Needs
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
    SkillFactory,
)
from tests.grandtour.tours import NOON, ApplicationFactory, EditionFactory, HostFactory
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
NO_LINES = {"day-TOTAL_FORMS": "0", "day-INITIAL_FORMS": "0"}
IN_MAY = {
    "day-TOTAL_FORMS": "1",
    "day-INITIAL_FORMS": "0",
    "day-0-first": "2026-05-04",
    "day-0-last": "2026-05-24",
}


@pytest.fixture(autouse=True)
def _in_february():
    """Let every test happen while one can apply."""
    with time_machine.travel(NOON, tick=False):
        yield


def whole(**others):
    """Give an application as a browser sends it."""
    place = PlaceFactory()
    skill = SkillFactory(label="Digitisation")
    fields = {
        "goals": "How others scan newspapers.",
        "wants": skill.slug,
        "brings": "I can teach sorting.",
        "place": "Gdynia",
        "place_id": str(place.pk),
        "purpose": "organiser",
        "languages": "English, pl",
        "travels_by": ["rail", "ferry"],
        "first_time": "True",
        "consent": "on",
        "diet": "No nuts",
        "step": "send",
    }
    return fields | IN_MAY | others


def test_an_edition_tells_all_before_anybody_applies(client):
    edition = EditionFactory()
    Criterion.objects.create(edition=edition, number=1, name="Reach", meaning="New people?")
    Measure.objects.create(edition=edition, number=1, name="By train", target=80, unit="%")
    host = HostFactory(edition=edition)

    page = client.get(edition.get_absolute_url()).content.decode()

    for words in ("Three people read", "Reach", "By train", "at least 80", str(host.affiliate)):
        assert words in page


def test_what_is_only_planned_is_shown_to_organisers_alone(client):
    edition = EditionFactory(state="planned")

    seen = [client.get(edition.get_absolute_url()).status_code]
    for person in (PersonFactory(), OrganiserFactory()):
        client.force_login(person)
        seen.append(client.get(edition.get_absolute_url()).status_code)

    assert seen == [404, 404, 200]


def test_a_host_is_drafted_offered_and_taken_back_by_those_who_speak_for_it(client):
    edition, affiliate = EditionFactory(), AffiliateFactory()
    editor = MembershipFactory(affiliate=affiliate, role="editor").person
    client.force_login(editor)
    begun = client.post(
        reverse("grandtour:offer_to_host", args=[edition.slug]), {"affiliate": affiliate.pk}
    )
    host = Host.objects.get()
    assert begun.url == reverse("grandtour:edit_host", args=[host.pk])

    written = {
        "place": "Gdynia",
        "place_id": str(PlaceFactory().pk),
        "programme": "Two days in the archive.",
        "languages": "Polish",
        "most_guests": "3",
        "groups": "2",
        "venue": "borrowed",
    }
    client.post(
        begun.url,
        {"programme": "Two days", "most_guests": 3, "groups": 1, "step": "keep"} | NO_LINES,
    )
    assert (Host.objects.get().state, Host.objects.get().programme) == ("draft", "Two days")

    refused = client.post(begun.url, written | {"step": "offer"} | NO_LINES)
    assert "on which days" in refused.content.decode()
    client.post(begun.url, written | {"step": "offer"} | IN_MAY)
    host.refresh_from_db()
    assert (host.state, host.most_guests, host.languages) == ("offered", 3, ["pl"])
    assert [(s.period.lower, s.last_day) for s in host.stays.all()] == [
        (date(2026, 5, 4), date(2026, 5, 24))
    ]

    client.post(reverse("grandtour:withdraw_host", args=[host.pk]))
    assert Host.objects.get().state == "withdrawn"
    client.post(reverse("grandtour:take_up_host", args=[host.pk]))
    assert Host.objects.get().state == "draft"


def test_strangers_neither_read_nor_write_a_draft_of_a_host(client):
    host = HostFactory(state="draft")
    client.force_login(PersonFactory())

    for name in ("host", "edit_host"):
        assert client.get(reverse(f"grandtour:{name}", args=[host.pk])).status_code == 404
    for name in ("withdraw_host", "take_up_host", "edit_host"):
        assert client.post(reverse(f"grandtour:{name}", args=[host.pk])).status_code == 404
    assert Host.objects.get().state == "draft"


def test_days_outside_of_travel_and_days_that_overlap_are_refused(client):
    host = HostFactory(state="draft", stays=[])
    client.force_login(MembershipFactory(affiliate=host.affiliate, role="editor").person)
    address = reverse("grandtour:edit_host", args=[host.pk])
    rest = {"most_guests": 2, "groups": 1, "programme": "Kept", "step": "keep"}

    outside = client.post(address, rest | IN_MAY | {"day-0-last": "2026-07-02"})
    twice = client.post(
        address,
        rest
        | IN_MAY
        | {
            "day-TOTAL_FORMS": "2",
            "day-1-first": "2026-05-24",
            "day-1-last": "2026-05-25",
        },
    )

    assert "outside of the days of travel" in outside.content.decode()
    assert "share a day" in twice.content.decode()
    assert "Kept" in twice.content.decode()


def test_from_a_first_look_to_an_application_that_has_arrived(client):
    edition, person = EditionFactory(), PersonFactory()
    client.force_login(person)

    begun = client.post(reverse("grandtour:apply", args=[edition.slug]))
    sent = client.post(begun.url, whole())

    application = Application.objects.get()
    assert sent.url == application.get_absolute_url()
    assert (application.state, application.country, application.languages) == (
        "submitted",
        "PL",
        ["en", "pl"],
    )
    assert (application.needs.diet, application.needs.purge_day) == (
        "No nuts",
        date(2026, 8, 29),
    )
    assert [event.state for event in application.events.all()] == ["submitted"]
    assert "has arrived" in Notice.objects.get().subject
    assert "You sent it." in client.get(sent.url).content.decode()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client):
    application = ApplicationFactory(windows=[], goals="")
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])

    page = client.post(address, whole(goals="", consent="", **NO_LINES)).content.decode()

    assert "Write what you would like to learn" in page
    assert "I can teach sorting." in page
    assert Application.objects.get().state == "draft"


def test_a_draft_is_kept_while_it_is_written(client):
    application = ApplicationFactory(goals="", windows=[])
    client.force_login(application.person)
    address = reverse("grandtour:autosave_application", args=[application.pk])

    answer = client.post(address, whole(languages="Klingonisch", access="A lift"))

    kept = Application.objects.get()
    assert answer.status_code == 200
    assert (kept.goals, kept.languages) == ("How others scan newspapers.", ["en"])
    assert kept.needs.access == "A lift"
    assert kept.windows.count() == 1


def test_nobody_reads_or_changes_the_application_of_another(client):
    application = ApplicationFactory()
    organiser = OrganiserFactory()
    for person in (PersonFactory(), organiser):
        client.force_login(person)
        for name in ("application", "edit_application"):
            address = reverse(f"grandtour:{name}", args=[application.pk])
            assert client.get(address).status_code == 404
        for name in ("autosave", "withdraw", "take_up", "discard"):
            address = reverse(f"grandtour:{name}_application", args=[application.pk])
            assert client.post(address).status_code == 404


def test_what_is_taken_back_loses_its_needs_and_can_be_taken_up(client):
    application = ApplicationFactory()
    Needs.objects.create(application=application, diet="Vegan", purge_day=date(2026, 8, 1))
    client.force_login(application.person)
    client.post(reverse("grandtour:edit_application", args=[application.pk]), whole())

    client.post(reverse("grandtour:withdraw_application", args=[application.pk]))
    assert Application.objects.get().state == "withdrawn"
    assert not Needs.objects.exists()
    client.post(reverse("grandtour:take_up_application", args=[application.pk]))
    assert Application.objects.get().state == "draft"
    client.post(reverse("grandtour:discard_application", args=[application.pk]))
    assert Application.objects.get().state == "draft"  # it has a history


def test_a_draft_that_was_never_sent_can_be_thrown_away(client):
    application = ApplicationFactory()
    client.force_login(application.person)

    client.post(reverse("grandtour:discard_application", args=[application.pk]))

    assert not Application.objects.exists()


def test_after_the_last_day_nothing_is_sent_and_the_draft_stays(client):
    application = ApplicationFactory()
    Edition.objects.update(applications_last_day=date(2026, 2, 9))
    client.force_login(application.person)

    client.post(reverse("grandtour:edit_application", args=[application.pk]), whole())

    assert Application.objects.get().state == "draft"
    assert Application.objects.get().goals == "How others scan newspapers."


@pytest.mark.parametrize("many", [1, 3])
def test_pages_ask_the_same_for_one_and_for_three(client, django_assert_num_queries, many):
    edition = EditionFactory()
    for _ in range(many):
        HostFactory(edition=edition)

    with django_assert_num_queries(8):
        client.get(edition.get_absolute_url())
