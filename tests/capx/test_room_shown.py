"""Who has room is told to people who are signed in; visitors read no word of it anywhere."""

import re
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from exchange.actions import documents
from exchange.models import Listing, SearchDocument
from tests.addresses import address, routes, world
from tests.factories import ListingFactory
from volunteers.models import Bandwidth, Person, Rest

pytestmark = pytest.mark.django_db

SEARCHES = [
    *("catalogue/?q=films", "catalogue/?room=yes", "catalogue/?sort=newest&room=yes"),
    *(
        "catalogue/?q=camera&room=yes",
        "catalogue/?kind=offer",
        "catalogue/?skill=video-editing",
    ),
]
# What must differ from one page load to the next.
CHANGING = re.compile(
    r'(name="csrfmiddlewaretoken" value=|name="revision" value=|"x-csrftoken": )"[^"]*"'
)
A_DAY = timedelta(days=1)


def full(person, today):
    Bandwidth.objects.create(
        person=person, period=DateRange(today - A_DAY, today + 900 * A_DAY), weekly_hours=0
    )
    documents.freshen(timezone.now())


def rests(person, today):
    Rest.objects.create(person=person, period=DateRange(today - A_DAY, today + 90 * A_DAY))


def unwilling(person, _today):
    Person.objects.filter(pk=person.pk).update(may_be_asked=False)


@pytest.fixture
def w():
    """Make a world whose listings can be searched, and whose author has room."""
    made = world()
    Bandwidth.objects.filter(person=made.author).delete()
    for n in range(3):  # among which theirs has a place
        ListingFactory(title=f"Camera {n}", body="For films")
    SearchDocument.objects.write_all(Listing.objects.all())
    return made


@pytest.fixture
def paths(w):
    """List every page; signed addresses change by the second."""
    apart = ("admin/", "accounts/", "health/", "sample/")
    known = [address(route, w) for route in routes() if not route.startswith(apart)]
    return [*(f"/{search}" for search in SEARCHES), *known]


def pages(paths, viewer):
    """Read these pages, with the results of a search in their order."""
    client = Client()
    if viewer:
        client.force_login(viewer)
    found = {}
    for path in paths:
        answer = client.get(path)
        if not answer.streaming:
            headers = {name: answer.headers.get(name) for name in ("Location", "ETag")}
            words = CHANGING.sub("", answer.content.decode(errors="replace"))
            found[path] = (answer.status_code, headers, words)
    return found


@pytest.mark.parametrize("without_room", [full, rests, unwilling])
def test_visitors_read_the_same_whether_somebody_has_room_or_not(w, paths, without_room):
    before = pages(paths, None)

    without_room(w.author, timezone.localdate())

    after = pages(paths, None)
    assert [path for path in before if before[path] != after[path]] == []


def test_who_is_signed_in_reads_it(w, paths):
    """Prove that the test above looks where there is something to see."""
    before = pages(paths, w.stranger)

    full(w.author, timezone.localdate())

    after = pages(paths, w.stranger)
    told = {w.listing.get_absolute_url(), w.author.get_absolute_url()}
    told |= {"/catalogue/", "/catalogue/?room=yes"}
    assert told - {path for path in before if before[path] != after[path]} == set()


def test_the_facet_in_an_address_is_explained_to_visitors_and_shows_everybody(w, client):
    full(w.author, timezone.localdate())

    page = client.get("/catalogue/?room=yes&q=films").content.decode()

    assert "Who has room shows once you have signed in. Here is everybody." in page
    assert w.listing.get_absolute_url() in page
    assert 'name="room"' not in page
    assert "Has room" not in page
    client.force_login(w.stranger)
    page = client.get("/catalogue/?room=yes&q=films").content.decode()
    assert "once you have signed in" not in page
    assert w.listing.get_absolute_url() not in page
