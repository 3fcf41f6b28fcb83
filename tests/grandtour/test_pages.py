"""The pages of editions, hosts and applications, as each kind of person meets them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from capx.states import IllegalMove
from capx.templatetags.controls import optional
from capx.templatetags.dates import period
from grandtour.actions import hosts
from grandtour.actions.applications import purge_needs
from grandtour.models import Application, Criterion, Edition, Host, Measure, Needs
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
    SkillFactory,
)
from tests.grandtour.tours import (
    NOON,
    ApplicationFactory,
    EditionFactory,
    EventFactory,
    HostFactory,
    LineFactory,
    ReadFactory,
)
from volunteers.models import Notice
from volunteers.models.bandwidth import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
State = Application.State
DAYS = (
    *("applications_first_day", "applications_last_day"),
    *("travel_first_day", "travel_last_day"),
)
NO_LINES = {"day-TOTAL_FORMS": "0", "day-INITIAL_FORMS": "0"}
IN_MAY = {
    "day-TOTAL_FORMS": "1",
    "day-INITIAL_FORMS": "0",
    "day-0-first": "2026-05-04",
    "day-0-last": "2026-05-24",
}


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
        "revision": "first",
        "purpose": "I organise",
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
        "revision": "one",
    }
    client.post(
        begun.url,
        {"programme": "Two days", "most_guests": 3, "groups": 1, "step": "keep"}
        | {"revision": "one"}
        | NO_LINES,
    )
    assert (Host.objects.get().state, Host.objects.get().programme) == ("draft", "Two days")

    refused = client.post(
        begun.url, written | {"step": "offer", "most_guests": "7"} | NO_LINES
    ).content.decode()
    assert "on which days" in refused
    assert "one to four travellers" in refused
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


@pytest.mark.parametrize(("state", "again"), [("open", True), ("matching", False)])
def test_who_takes_an_offer_back_reads_whether_there_is_a_way_back(client, state, again):
    host = HostFactory(state="accepted", decided_at=NOON, edition__state=state)
    client.force_login(MembershipFactory(affiliate=host.affiliate, role="editor").person)
    address = reverse("grandtour:withdraw_host", args=[host.pk])

    asked = client.get(host.get_absolute_url()).content.decode()
    said = client.post(address, follow=True).content.decode()

    assert ("there is no way back" not in asked) is again
    assert ("You can take it up again" in said) is again
    assert ("for this edition for good" not in said) is again


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
    rest |= {"revision": "one"}

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
    assert application.needs.diet == "No nuts"
    assert [event.state for event in application.events.all()] == ["submitted"]
    assert "has arrived" in Notice.objects.get().subject
    assert "You sent it." in client.get(sent.url).content.decode()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client):
    application = ApplicationFactory(windows=[], goals="")
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])

    page = client.post(address, whole(goals="", consent="", **NO_LINES)).content.decode()

    assert "Write what you would like to learn" in page
    assert "Say on which days you could be away." in page
    assert "I can teach sorting." in page
    assert Application.objects.get().state == "draft"


def test_a_draft_is_kept_while_it_is_written(client):
    application = ApplicationFactory(goals="", windows=[])
    client.force_login(application.person)
    address = reverse("grandtour:autosave_application", args=[application.pk])

    half = whole(languages="Klingonisch", access="A lift", shares="unheard-of art")
    answer = client.post(address, half)

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
    Needs.objects.create(application=application, diet="Vegan")
    client.force_login(application.person)
    client.post(reverse("grandtour:edit_application", args=[application.pk]), whole())

    client.post(reverse("grandtour:withdraw_application", args=[application.pk]))
    assert Application.objects.get().state == "withdrawn"
    assert not Needs.objects.exists()
    assert client.get(application.get_absolute_url()).context["steps"] == []
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
        LineFactory(fund__edition=edition, stipend=100)
        EventFactory(stop__journey__edition=edition)

    with django_assert_num_queries(8):
        client.get(edition.get_absolute_url())


def test_an_overlong_need_leaves_what_was_said_before(client):
    application = ApplicationFactory()
    Needs.objects.create(application=application, access="A lift")
    client.force_login(application.person)
    address = reverse("grandtour:autosave_application", args=[application.pk])

    answer = client.post(address, whole(access="x" * 2001, diet=""))

    assert answer.status_code == 200
    assert Needs.objects.get().access == "A lift"


def test_what_is_right_is_kept_where_something_is_wrong(client):
    application = ApplicationFactory(goals="Before")
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])

    page = client.post(address, whole(languages="Klingonisch", step="keep"))

    assert page.status_code == 200
    assert Application.objects.get().goals == "How others scan newspapers."


def test_days_that_were_emptied_are_gone(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])
    emptied = {
        "day-TOTAL_FORMS": "1",
        "day-INITIAL_FORMS": "1",
        "day-0-first": "",
        "day-0-last": "",
    }

    answer = client.post(address, whole(step="keep", **emptied))

    assert answer.status_code == 302
    assert not application.windows.exists()


def test_two_windows_do_not_write_over_each_other(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])
    client.post(address, whole(step="keep", revision="one", goals="In one"))

    page = client.post(address, whole(step="keep", revision="two", goals="In the other"))
    saved = client.post(
        reverse("grandtour:autosave_application", args=[application.pk]),
        whole(revision="two", goals="In the other"),
    )
    again = client.post(address, whole(step="keep", revision="one", goals="In one, later"))

    assert "in another window" in page.content.decode()
    assert (saved.status_code, again.status_code) == (409, 302)
    assert Application.objects.get().goals == "In one, later"


def test_what_has_been_sent_is_written_no_more(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    client.post(reverse("grandtour:edit_application", args=[application.pk]), whole())

    late = client.post(
        reverse("grandtour:autosave_application", args=[application.pk]), whole(goals="Late")
    )

    assert late.status_code == 409
    assert Application.objects.get().goals == "How others scan newspapers."


def test_what_needs_something_more_can_have_gaps_until_it_is_sent_again(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])
    client.post(address, whole())
    Application.objects.update(state="incomplete")

    kept = client.post(address, whole(step="keep", goals=""))
    client.post(address, whole(goals="Now with all"))

    assert kept.status_code == 302
    application.refresh_from_db()
    assert (application.state, application.goals) == ("submitted", "Now with all")


def test_needs_are_deleted_two_months_after_the_last_day_of_travel():
    been = {"state": "travelled", "submitted_at": NOON, "consented_at": NOON}
    needs = [
        Needs.objects.create(
            application=ApplicationFactory(edition=edition, **been), diet="Vegan"
        )
        for edition in (EditionFactory(), EditionFactory(travel_last_day=date(2026, 7, 1)))
    ]

    gone = purge_needs(date(2026, 8, 30))

    assert (gone, list(Needs.objects.all())) == (1, needs[1:])


def test_a_host_is_not_offered_once_the_edition_is_read(client):
    host = HostFactory(state="draft", offered_at=None)
    client.force_login(MembershipFactory(affiliate=host.affiliate, role="editor").person)
    Edition.objects.update(state="reviewing")
    address = reverse("grandtour:edit_host", args=[host.pk])

    answers = [client.get(address), client.post(address, IN_MAY | {"step": "offer"})]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Host.objects.get().state == "draft"


def test_what_organisers_decided_is_not_written_over():
    host = HostFactory()
    read = Host.objects.get()
    hosts.decide(host, "accepted", OrganiserFactory(), at=NOON)
    read.programme = "Written meanwhile"

    with pytest.raises(IllegalMove):
        hosts.keep(read, hosts.Offered([], [], []))

    assert (Host.objects.get().state, Host.objects.get().programme) == (
        "accepted",
        host.programme,
    )


def test_pressing_twice_takes_an_edition_on_by_one_state(client):
    edition = EditionFactory()
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_edition_go_on", args=[edition.pk])

    for _ in range(2):
        client.post(address, {"to": "reviewing"})

    assert Edition.objects.get().state == "reviewing"


def test_the_rules_of_an_announced_edition_stand(client):
    edition = EditionFactory()
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    page = client.get(address).content.decode()

    assert 'name="name"' in page
    assert 'name="carbon_budget"' not in page
    assert 'name="criteria-0-weight"' not in page


def test_nobody_guesses_through_a_host_what_people_need(client):
    client.force_login(OrganiserFactory())
    page = reverse("admin:grandtour_host_changelist")

    for guess in (
        "edition__applications__needs__diet__icontains",
        "edition__applications__person__password__startswith",
        "edition__slug",
    ):
        assert client.get(page, {guess: "x"}).status_code == 400
    assert client.get(page, {"edition__id__exact": "1"}).status_code == 200


def test_organisers_read_a_hosts_days_and_languages_in_words(client):
    host = HostFactory(languages=["de", "hsb"])
    first, last = host.edition.travel_first_day, host.edition.travel_last_day
    host.stays.all().delete()
    host.stays.create(period=days(first, last))
    client.force_login(OrganiserFactory())

    page = client.get(reverse("admin:grandtour_host_change", args=[host.pk])).content.decode()

    assert "German, Upper Sorbian" in page
    assert period(first, last) in page
    assert f"[{first}" not in page


def test_what_must_be_said_before_sending_is_not_called_optional(client):
    application = ApplicationFactory(state="draft")
    client.force_login(application.person)

    page = client.get(reverse("grandtour:edit_application", args=[application.pk]))

    form = page.context["form"]
    assert not any(optional(form[name]) for name in ("place", "purpose", "goals", "travels_by"))
    assert optional(form["brings"])


def test_a_form_without_its_mark_writes_nothing(client):
    application = ApplicationFactory(revision="one")
    client.force_login(application.person)
    blank = whole(revision="", goals="", **NO_LINES)

    saved = client.post(reverse("grandtour:autosave_application", args=[application.pk]), blank)
    pages = [
        client.post(reverse("grandtour:edit_application", args=[application.pk]), sent)
        for sent in (blank | {"step": "keep"}, {})
    ]

    assert [saved.status_code, *(page.status_code for page in pages)] == [409, 200, 200]
    assert Application.objects.get().goals == application.goals


def test_a_window_does_not_write_over_what_another_wrote_after_it_was_opened(client):
    application = ApplicationFactory(revision="one")
    client.force_login(application.person)
    address = reverse("grandtour:edit_application", args=[application.pk])
    form = client.get(address).context["form"]
    with time_machine.travel(NOON + timedelta(seconds=3), tick=False):
        client.post(address, whole(step="keep", revision="one", goals="Later in one"))

    marks = {name: form[name].value() for name in ("revision", "based_on")}
    page = client.post(address, whole(step="keep", goals="In the other", **marks))

    assert "in another window" in page.content.decode()
    assert Application.objects.get().goals == "Later in one"


def test_too_late_in_a_window_that_is_out_of_date_is_said_kindly(client):
    application = ApplicationFactory(revision="one")
    client.force_login(application.person)
    Edition.objects.update(applications_last_day=date(2026, 2, 9))
    address = reverse("grandtour:edit_application", args=[application.pk])

    assert client.post(address, whole(based_on="long ago")).status_code == 200
    assert Application.objects.get().goals == application.goals


def test_no_host_writes_any_more_once_applications_are_read():
    host = HostFactory()
    Edition.objects.update(state="reviewing")

    with pytest.raises(hosts.NotOpen):
        hosts.keep(Host.objects.get(pk=host.pk), hosts.Offered([], [], []))

    assert host.stays.count() == 1


def test_an_announced_edition_is_saved_at_the_desk_with_its_rules_as_they_were(client):
    edition = EditionFactory()
    Criterion.objects.create(edition=edition, number=1, name="Reach", weight=2)
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    said = {
        **{name: getattr(edition, name) for name in ("name", "theme", "about", "success")},
        **{name: getattr(edition, name) for name in DAYS},
        "how_chosen": "By lot.",
        "carbon_budget": "1",
        "criteria-TOTAL_FORMS": "1",
        "criteria-INITIAL_FORMS": "1",
        "criteria-0-weight": "9",
        "measures-TOTAL_FORMS": "0",
        "measures-INITIAL_FORMS": "0",
        "phases-TOTAL_FORMS": "0",
        "phases-INITIAL_FORMS": "0",
        "compensations-TOTAL_FORMS": "0",
        "compensations-INITIAL_FORMS": "0",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
        "required_trainings-TOTAL_FORMS": "0",
        "required_trainings-INITIAL_FORMS": "0",
    }

    emptied = client.post(address, said | {"about": ""})
    saved = client.post(address, said)

    assert "leave some words in it" in emptied.content.decode()
    assert saved.status_code == 302
    edition.refresh_from_db()
    assert (edition.how_chosen, edition.carbon_budget) == ("By lot.", 4000)
    assert Criterion.objects.get().weight == 2


def test_a_closed_edition_changes_no_more_but_can_be_copied(client):
    edition = EditionFactory(state="closed")
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_edition_change", args=[edition.pk])
    copy = reverse("admin:grandtour_edition_copy", args=[edition.pk])

    assert copy in client.get(address).content.decode()
    assert client.post(address, {"name": "Another"}).status_code == 403
    made = client.post(
        copy,
        {
            "name": "The next",
            "slug": "the-next",
            "applications_first_day": "2027-02-01",
            "applications_last_day": "2027-02-28",
            "travel_first_day": "2027-05-01",
            "travel_last_day": "2027-06-30",
        },
    )
    assert made.status_code == 302
    assert Edition.objects.get(slug="the-next").state == "planned"


def test_the_list_of_ones_applications_says_where_each_stands_as_far_as_it_is_told(
    client,
):
    chosen = ReadFactory(state="shortlisted")
    ApplicationFactory(person=chosen.person, state="withdrawn", ended_at=NOON)
    decision = chosen.decisions.create(
        outcome="shortlisted", by=OrganiserFactory(), decided_at=NOON
    )
    client.force_login(chosen.person)

    before = client.get(reverse("grandtour:editions")).context["mine"]
    chosen.decisions.filter(pk=decision.pk).update(published_at=NOON)
    after = client.get(reverse("grandtour:editions")).context["mine"]

    assert {line["word"] for line in before} == {State.IN_REVIEW.label, State.WITHDRAWN.label}
    assert {line["word"] for line in after} == {State.SHORTLISTED.label, State.WITHDRAWN.label}
