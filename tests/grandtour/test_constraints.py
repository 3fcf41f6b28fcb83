"""What PostgreSQL refuses of a tour, whoever asks for it and however."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from grandtour.models import Application, ApplicationEvent, Edition, Host, Stay, Window
from tests.factories import PersonFactory
from tests.grandtour.tours import DAY, NOON, ApplicationFactory, EditionFactory, HostFactory
from tests.together import together
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
AT_ONCE = 20


def refused(name, act):
    """Assert that the database refuses this by the constraint of this name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("edition_days_in_order", {"applications_last_day": date(2026, 5, 1)}),
        ("edition_days_in_order", {"applications_first_day": date(2026, 3, 1)}),
        ("edition_days_in_order", {"travel_last_day": date(2026, 4, 30)}),
        ("edition_groups_of_2_to_4_or_one_alone", {"largest_group": 5}),
        ("edition_groups_of_2_to_4_or_one_alone", {"smallest_group": 1}),
        ("edition_groups_of_2_to_4_or_one_alone", {"smallest_group": 4, "largest_group": 3}),
        ("edition_stops_one_to_five", {"most_stops": 6}),
        ("edition_stops_one_to_five", {"fewest_stops": 0}),
        ("edition_stops_one_to_five", {"kind": "peer_exchange"}),
        ("edition_nights_within_its_kind", {"fewest_nights": 2}),
        ("edition_nights_within_its_kind", {"most_nights": 14}),
        ("edition_share_is_a_percentage", {"least_first_time": 101}),
        ("edition_programme_of_1_to_11_hours_a_day", {"daily_hours": 0}),
        ("edition_programme_of_1_to_11_hours_a_day", {"daily_hours": 12}),
        ("edition_announced_with_its_rules", {"how_chosen": ""}),
        ("edition_announced_with_its_rules", {"success": ""}),
    ],
)
def test_an_edition_keeps_its_own_rules(name, fields):
    edition = EditionFactory()

    refused(name, lambda: Edition.objects.filter(pk=edition.pk).update(**fields))


def test_a_visiting_wikimedian_travels_alone_and_stays_for_weeks():
    visit = {"kind": "visiting", "fewest_stops": 1, "most_stops": 1}
    alone = {"smallest_group": 1, "largest_group": 1}
    weeks = {"fewest_nights": 14, "most_nights": 120}

    EditionFactory(**visit, **alone, **weeks)

    refused("edition_groups_of_2_to_4_or_one_alone", lambda: EditionFactory(**visit, **weeks))
    refused("edition_nights_within_its_kind", lambda: EditionFactory(**visit, **alone))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("host_one_to_four_guests", {"most_guests": 5}),
        ("host_one_to_four_guests", {"most_guests": 0}),
        ("host_one_to_twenty_groups", {"groups": 0}),
        ("host_offers_a_place_a_programme_and_languages", {"programme": ""}),
        ("host_offers_a_place_a_programme_and_languages", {"languages": []}),
        ("host_offers_a_place_a_programme_and_languages", {"place": None}),
        ("host_offers_a_place_a_programme_and_languages", {"venue": ""}),
        ("host_rents_for_a_sum_in_euros", {"venue_cost": 20_000}),
    ],
)
def test_a_host_keeps_its_own_rules(name, fields):
    host = HostFactory()

    refused(name, lambda: Host.objects.filter(pk=host.pk).update(**fields))


def test_the_days_of_a_host_do_not_overlap_and_are_not_empty():
    host = HostFactory()

    refused(
        "stay_periods_of_a_host_do_not_overlap",
        lambda: Stay.objects.create(
            host=host, period=days(date(2026, 5, 31), date(2026, 6, 3))
        ),
    )
    Stay.objects.create(host=host, period=days(date(2026, 6, 1), date(2026, 6, 3)))
    refused(
        "stay_period_not_empty",
        lambda: Stay.objects.create(host=host, period=(DAY, DAY)),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"goals": ""},
        {"languages": []},
        {"country": ""},
        {"purpose": ""},
        {"travels_by": []},
        {"first_time": None},
        {"place": None},
        {"consented_at": None},
        {"submitted_at": None},
    ],
)
def test_nothing_is_sent_that_cannot_be_read(fields):
    draft = ApplicationFactory()
    sent = {"state": "submitted", "submitted_at": NOON, "consented_at": NOON}

    refused(
        "application_sent_with_goals_languages_and_a_home",
        lambda: Application.objects.filter(pk=draft.pk).update(**sent | fields),
    )


def test_a_recording_can_stand_in_for_written_goals():
    draft = ApplicationFactory(goals="", voice_note="https://example.org/goals.ogg")

    draft.move("submitted", submitted_at=NOON, consented_at=NOON)

    assert Application.objects.get().state == "submitted"


def test_nothing_is_sent_without_days():
    draft = ApplicationFactory(windows=[])
    sent = {"state": "submitted", "submitted_at": NOON, "consented_at": NOON}

    refused(
        "application_sent_with_days",
        lambda: Application.objects.filter(pk=draft.pk).update(**sent),
    )


def test_the_days_of_an_applicant_do_not_overlap():
    draft = ApplicationFactory()

    refused(
        "window_periods_do_not_overlap",
        lambda: Window.objects.create(
            application=draft, period=days(date(2026, 5, 10), date(2026, 5, 12))
        ),
    )


def test_nobody_edits_the_history_of_an_application():
    draft = ApplicationFactory()
    event = ApplicationEvent.objects.create(application=draft, state="submitted", at=NOON)

    for act in (
        lambda: ApplicationEvent.objects.filter(pk=event.pk).update(state="declined"),
        lambda: ApplicationEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(Exception, match="application_event_stays"), transaction.atomic():
            act()


def at_once(act):
    """Do this in twenty threads at the same moment; count what went through."""
    acts = (partial(act, number) for number in range(AT_ONCE))
    came = together(*acts, refused=IntegrityError)
    return AT_ONCE - came.count("IntegrityError")


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_application_of_one_person():
    edition, person = EditionFactory(), PersonFactory()

    through = at_once(lambda _n: Application.objects.create(edition=edition, person=person))

    assert (through, Application.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_host_of_one_affiliate():
    host = HostFactory()
    edition = EditionFactory()

    through = at_once(lambda _n: Host.objects.create(edition=edition, affiliate=host.affiliate))

    assert (through, edition.hosts.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_two_stays_on_one_day():
    host = HostFactory(stays=[])
    first = date(2026, 5, 1)

    through = at_once(
        lambda n: Stay.objects.create(
            host=host,
            period=days(first + timedelta(days=n % 3), first + timedelta(days=n % 3 + 2)),
        )
    )

    assert (through, host.stays.count()) == (1, 1)
