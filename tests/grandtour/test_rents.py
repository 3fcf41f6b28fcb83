"""Rents of venues that hosts ask for: where organisers decide about money, and nowhere else."""

from datetime import date

import pytest
from django.urls import reverse

from grandtour.models import Host, Journey
from grandtour.reports.rents import Rent, rents, sums
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.tours import (
    NOON,
    EditionFactory,
    HostFactory,
    JourneyFactory,
    ReviewerFactory,
    ReviewingFactory,
    StopFactory,
)

pytestmark = pytest.mark.django_db


def asks(edition, cents, **more):
    """Give a host that would rent a venue for so much."""
    rented = {"venue": "rented", "venue_cost": cents, "venue_currency": "EUR"}
    return HostFactory(edition=edition, **rented | more)


def money(client, edition):
    """Read the page about the money of an edition."""
    return client.get(reverse("admin:grandtour_cost_of", args=[edition.pk])).content.decode()


def test_each_rent_counts_once_for_each_group_that_comes(client):
    edition = EditionFactory(state="matching")
    visited, waits = asks(edition, 40_000, groups=4), asks(edition, 12_350)
    asks(edition, 77_700, state="withdrawn")
    asks(edition, 88_800, state="draft")
    HostFactory(edition=edition)
    asks(EditionFactory(), 99_900)
    for state in ("proposed", "offered", "travelling", "returned"):
        StopFactory(journey=JourneyFactory(edition=edition, state=state), host=visited)
    ended = {"state": "cancelled", "ended_at": NOON, "ended_because": "other"}
    StopFactory(journey=JourneyFactory(edition=edition, **ended), host=visited)

    found = {
        row.host: (row.groups, row.together, row.planned, row.at_most) for row in rents(edition)
    }
    assert found == {visited: (2, 80_000, 2, 160_000), waits: (0, 0, 0, 0)}

    client.force_login(OrganiserFactory())
    page = money(client, edition)
    assert all(sum_ in page for sum_ in ("€400", "€123.50", "€800", "€1,600"))
    assert not any(sum_ in page for sum_ in ("€777", "€888", "€999"))
    assert reverse("admin:grandtour_host_change", args=[visited.pk]) in page


def test_a_host_that_has_gone_is_owed_the_rent_for_groups_that_came():
    edition = EditionFactory(state="evaluating")
    gone, refused, early, late = (asks(edition, 10_000, groups=2) for _ in range(4))
    StopFactory(journey=JourneyFactory(edition=edition, state="returned"), host=gone)
    offered = JourneyFactory(edition=edition, state="offered")
    StopFactory(journey=offered, host=refused, refused_at=NOON)
    on_the_way = JourneyFactory(edition=edition, state="travelling")
    StopFactory(journey=on_the_way, host=early, number=1, arrive=date(2026, 5, 1))
    StopFactory(journey=on_the_way, host=late, number=2, arrive=date(2026, 5, 10))
    on_the_way.events.create(what="left", at=NOON)
    Journey.objects.filter(pk=on_the_way.pk).update(
        state="cancelled", ended_at=NOON.replace(month=5, day=3), ended_for="nobody"
    )
    Host.objects.filter(pk__in=[gone.pk, refused.pk]).update(state="withdrawn")

    found = {row.host: (row.groups, row.planned) for row in rents(edition)}
    assert found == {gone: (1, 0), early: (1, 0), late: (0, 0)}


def test_sums_are_told_currency_by_currency():
    host = HostFactory()
    rows = [Rent(host, 100, "PLN", 3), Rent(host, 40, "EUR", 2, 1), Rent(host, 5, "EUR", 1)]

    assert sums(rows) == [("EUR", 85, 125), ("PLN", 300, 300)]


def test_where_nobody_asks_for_rent_the_page_says_nothing_of_it(client):
    edition = EditionFactory()
    HostFactory(edition=edition)
    client.force_login(OrganiserFactory())

    assert "Rents that hosts ask for" not in money(client, edition)


def test_who_reads_blind_and_who_is_no_organiser_reads_no_rent(client):
    edition = ReviewingFactory()
    host = asks(edition, 12_350, state="accepted")
    StopFactory(journey=JourneyFactory(edition=edition), host=host)
    reader = ReviewerFactory(edition=edition, person=OrganiserFactory()).person
    for person in (reader, PersonFactory(), PersonFactory(is_staff=True)):
        client.force_login(person)
        assert "€123.50" not in money(client, edition)
    client.force_login(OrganiserFactory())
    assert "€123.50" in money(client, edition)


def test_who_answers_a_host_reads_what_it_asks_for(client):
    client.force_login(OrganiserFactory())
    asks_for, asks_nothing = (
        client.get(reverse("admin:grandtour_host_answer", args=[host.pk])).content.decode()
        for host in (asks(EditionFactory(), 12_350), HostFactory())
    )

    assert "For the venue they ask for €123.50 for each group." in asks_for
    assert "For the venue" not in asks_nothing


def test_on_its_page_only_the_affiliate_reads_what_it_asks_for(client):
    host = asks(EditionFactory(state="open"), 12_350, state="accepted", decided_at=None)
    ours = MembershipFactory(affiliate=host.affiliate, role="editor").person
    address = reverse("grandtour:host", args=[host.pk])
    anybody = client.get(address).content.decode()
    client.force_login(PersonFactory())
    somebody = client.get(address).content.decode()
    client.force_login(ours)

    assert "You ask for €123.50 for each group." in client.get(address).content.decode()
    assert "€123.50" not in anybody + somebody
