"""An edition with six hundred hosts and thousands of people stays light to read and to run."""

import gzip

import pytest

from grandtour.models import Host
from tests.factories import PlaceFactory
from tests.grandtour.tours import EditionFactory, EventFactory, HostFactory
from volunteers.models import Affiliate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
HOSTED = ("state", "edition", "languages", "programme", "venue", "offered_at")


def six_hundred_hosts(edition):
    """Let six hundred affiliates offer to host, at places all over Europe."""
    names = [f"Wikimedians of the city of number {number:03}" for number in range(600)]
    rows = [Affiliate(name=name, slug=name.lower().replace(" ", "-")) for name in names]
    affiliates = Affiliate.objects.bulk_create(rows)
    places = [
        PlaceFactory(latitude=40 + number % 25, longitude=number // 25) for number in range(50)
    ]
    like = HostFactory(edition=edition)
    said = {name: getattr(like, name) for name in HOSTED}
    like.delete()
    Host.objects.bulk_create(
        Host(affiliate=one, place=places[number % 50], **said)
        for number, one in enumerate(affiliates)
    )


def test_six_hundred_hosts_stand_on_pages_and_all_of_them_on_a_light_map(client):
    edition = EditionFactory()
    six_hundred_hosts(edition)

    first = client.get(edition.get_absolute_url())
    last = client.get(edition.get_absolute_url(), {"page": "25", "events": "2"})

    for page in (first, last):
        assert page.content.decode().count('aria-label="Wikimedians of') == 600
        assert page.content.decode().count("<article") == 24
        assert len(gzip.compress(page.content)) < 30_000
    assert not set(first.context["hosts"]) & set(last.context["hosts"])
    text = first.content.decode()
    assert 'href="?page=2#hosts"' in text
    # With the keyboard one need not go through six hundred points.
    order = ['href="#listed"', 'class="map"', 'id="listed"']
    assert sorted(order, key=text.index) == order


def test_the_events_of_an_edition_stand_on_pages(client):
    edition = EditionFactory()
    for _more in range(25):
        EventFactory(stop__journey__edition=edition)

    first, last = (
        client.get(edition.get_absolute_url(), {"events": number}).context["events"]
        for number in "12"
    )

    assert (len(first), len(last)) == (24, 1)
    assert not set(first) & set(last)
