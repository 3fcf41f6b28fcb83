"""Several people of an affiliate write one offer, and change its days when life happens."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from capx.marks import mark_of
from capx.templatetags.dates import period
from grandtour.actions import hosts
from grandtour.models import Edition, Host
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.tours import MAY, NOON, HostFactory, JourneyFactory, StopFactory
from tests.together import together

pytestmark = pytest.mark.usefixtures("in_february")

TO_THE_TENTH = (MAY[0], date(2026, 5, 10))
Edited = Edition.State


def speaker(host):
    """Sign somebody in who speaks for a host."""
    client = Client()
    client.force_login(MembershipFactory(affiliate=host.affiliate, role="editor").person)
    return client


def edit(host):
    return reverse("grandtour:edit_host", args=[host.pk])


def opened(client, host):
    """Open the form; give what a browser would send back."""
    context = client.get(edit(host)).context
    form = context["form"]
    sent = {field.name: field.value() for field in form}
    sent = {name: str(value) for name, value in sent.items() if value not in (None, False)}
    return sent | lines(*(pair for pair in stays(host)))


def lines(*pairs):
    """Give periods as a browser sends them."""
    sent = {"day-TOTAL_FORMS": str(len(pairs)), "day-INITIAL_FORMS": "0"}
    for number, (first, last) in enumerate(pairs):
        sent |= {f"day-{number}-first": str(first), f"day-{number}-last": str(last)}
    return sent


def stays(host):
    return [(one.period.lower, one.last_day) for one in host.stays.order_by("period")]


@pytest.mark.django_db
def test_of_two_who_edit_one_host_the_second_reads_what_the_first_wrote_and_chooses():
    host = HostFactory()
    anna, ben = speaker(host), speaker(host)
    by_anna, by_ben = opened(anna, host), opened(ben, host)
    with time_machine.travel(NOON + timedelta(seconds=3), tick=False):
        anna.post(
            edit(host), by_anna | {"programme": "A week by Anna", "access": "Lift on the left"}
        )

    page = ben.post(edit(host), by_ben | {"programme": "A day by Ben"})

    assert Host.objects.get().programme == "A week by Anna"
    words = page.content.decode()
    assert "Somebody else of your affiliate has changed this" in words
    assert "A day by Ben" in words
    assert page.context["stands"] == [
        ("Programme", "A week by Anna"),
        ("About access", "Lift on the left"),
    ]
    assert all(value in words for _label, value in page.context["stands"])

    again = by_ben | {"based_on": page.context["form"]["based_on"].value()}
    assert ben.post(edit(host), again | {"programme": "A day by Ben"}).status_code == 302
    assert Host.objects.get().programme == "A day by Ben"


@pytest.mark.django_db
def test_whoever_sends_their_own_form_twice_is_told_of_nobody_else():
    host = HostFactory()
    client = speaker(host)
    sent = opened(client, host)

    answers = [
        client.post(edit(host), sent | {"programme": words}).status_code
        for words in ("One", "Two")
    ]

    assert (answers, Host.objects.get().programme) == ([302, 302], "Two")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_save_at_once_from_one_version_one_is_kept():
    HostFactory(revision="first")
    rows = [Host.objects.get() for _ in range(4)]

    def saving(row, mark):
        read = mark_of(row)
        row.programme = row.revision = mark
        return lambda: hosts.keep(row, hosts.Offered([], [], [MAY], read))

    acts = [saving(row, f"by {n}") for n, row in enumerate(rows)]
    answers = together(*acts, refused=(hosts.Changed,))

    assert answers.count("Changed") == 3
    assert Host.objects.get().programme == f"by {answers.index(None)}"


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(hosts.DAYS_ALONE))
def test_days_are_taken_back_and_added_once_nobody_applies_any_more(state):
    host = HostFactory(state="accepted", decided_at=NOON, stays=[TO_THE_TENTH])
    Edition.objects.update(state=state)
    client = speaker(host)
    other = (date(2026, 5, 20), date(2026, 5, 24))

    sent = opened(client, host) | lines((MAY[0], date(2026, 5, 6)), other)
    answer = client.post(edit(host), sent | {"programme": "Something else"})

    assert answer.status_code == 302
    assert stays(host) == [(MAY[0], date(2026, 5, 6)), other]
    assert Host.objects.get().programme == host.programme


@pytest.mark.django_db
def test_organisers_read_in_its_history_which_days_a_host_has_changed(client):
    host = HostFactory(state="accepted", decided_at=NOON, stays=[TO_THE_TENTH])
    Edition.objects.update(state=Edited.MATCHING)
    ours = speaker(host)
    ours.post(edit(host), opened(ours, host) | lines((MAY[0], date(2026, 5, 6))))
    client.force_login(OrganiserFactory())

    page = client.get(reverse("admin:grandtour_host_history", args=[host.pk])).content.decode()

    said = "days: 2026-05-01/2026-05-10 → 2026-05-01/2026-05-06"
    assert LogEntry.objects.get().change_message == said
    assert said in page


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["proposed", "offered"])
def test_a_day_on_which_a_journey_comes_is_not_taken_back(state):
    host = HostFactory(state="accepted", decided_at=NOON, stays=[MAY])
    Edition.objects.update(state=Edited.DECIDED)
    organiser = OrganiserFactory()
    journey = JourneyFactory(edition=host.edition, state=state)
    StopFactory(journey=journey, host=host)  # from the first to the fifth
    client = speaker(host)

    sent = opened(client, host)
    page = client.post(edit(host), sent | lines((date(2026, 5, 5), MAY[1])))
    words = page.content.decode()

    assert stays(host) == [MAY]
    assert "these days cannot be taken back" in words
    assert period(MAY[0], date(2026, 5, 5)) in words
    assert str(organiser) in words
    assert (str(journey) in words) == (state == "offered")
    assert LogEntry.objects.count() == 0

    client.post(edit(host), sent | lines((MAY[0], date(2026, 5, 5))))
    assert stays(host) == [(MAY[0], date(2026, 5, 5))]


@pytest.mark.django_db
def test_a_journey_called_off_frees_its_days():
    host = HostFactory(state="accepted", decided_at=NOON, stays=[MAY])
    Edition.objects.update(state=Edited.DECIDED)
    journey = JourneyFactory(edition=host.edition)
    StopFactory(journey=journey, host=host)
    type(journey).objects.update(state="cancelled", ended_at=NOON, ended_because="other")
    client = speaker(host)

    client.post(edit(host), opened(client, host) | lines((date(2026, 5, 5), MAY[1])))

    assert stays(host) == [(date(2026, 5, 5), MAY[1])]


@pytest.mark.django_db
def test_of_two_who_change_days_the_second_reads_what_stands():
    host = HostFactory(state="accepted", decided_at=NOON, stays=[MAY])
    Edition.objects.update(state=Edited.MATCHING)
    anna, ben = speaker(host), speaker(host)
    by_anna, by_ben = opened(anna, host), opened(ben, host)
    anna.post(edit(host), by_anna | lines(TO_THE_TENTH))

    page = ben.post(edit(host), by_ben | lines((date(2026, 5, 20), MAY[1])))

    assert stays(host) == [TO_THE_TENTH]
    assert period(*TO_THE_TENTH) in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("edition", "host"),
    [("evaluating", "accepted"), ("matching", "withdrawn"), ("matching", "draft")],
)
def test_days_stand_once_nothing_is_planned_with_them(edition, host):
    row = HostFactory(state=host, stays=[MAY])
    client = speaker(row)
    sent = {"revision": "one"} | lines(TO_THE_TENTH)
    Edition.objects.update(state=edition)

    assert client.post(edit(row), sent).status_code == 302
    assert stays(row) == [MAY]


@pytest.mark.django_db
def test_a_stranger_changes_no_days(client):
    host = HostFactory(state="accepted", decided_at=NOON, stays=[MAY])
    Edition.objects.update(state=Edited.MATCHING)
    client.force_login(PersonFactory())

    answers = [client.get(edit(host)), client.post(edit(host), lines(TO_THE_TENTH))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert stays(host) == [MAY]
