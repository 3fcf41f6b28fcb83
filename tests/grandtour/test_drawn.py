"""What is drawn says what its table says: lengths and places are read from the SVG itself."""

import re
from datetime import timedelta
from decimal import Decimal
from math import acos, atan2, cos, dist, radians, sin
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from capx.bars import WIDTH
from grandtour.models import Leg, Measure, Seat
from tests.factories import AffiliateFactory, MembershipFactory, PlaceFactory
from tests.grandtour.test_evaluation import FACTOR, applied, travelled
from tests.grandtour.tours import (
    NOON,
    EditionFactory,
    HostFactory,
    JourneyFactory,
    SeatFactory,
    StopFactory,
)
from volunteers.models import Region

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"-?[\d,]*\.?\d+")
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


class Strip(NamedTuple):
    """One bar as it is drawn; its mark by its middle."""

    words: str
    kind: str
    x: Any
    length: Any
    mark: Any


def section(page, title):
    """Give the part of a page below a title of this key."""
    found = [part for part in page.split("<section") if f'id="{title}"' in part]
    assert len(found) == 1
    return found[0].partition("</section>")[0]


def drawing(part):
    """Read the one drawing of a part of a page; None where there is none."""
    found = re.findall(r"<svg\s+class=\"(?:bars|map).*?</svg>", part, re.DOTALL)
    assert len(found) < 2
    return ET.fromstring(found[0]) if found else None  # noqa: S314 -- our own page


def of(shape, name):
    return float(shape.attrib[name])


def bars(svg):
    """Read all bars of a drawing, each with its words, its ground and the mark beside it."""
    assert [float(one) for one in svg.attrib["viewBox"].split()][:3] == [0, 0, WIDTH]
    strips = []
    for shape in svg:
        kind = shape.attrib["class"]
        if kind == "bars__words":
            strips.append(Strip(shape.text, "", None, None, None))
        elif kind == "bars__ground":
            assert (of(shape, "x"), of(shape, "width")) == (0, WIDTH)
        elif kind == "bars__mark":
            strips[-1] = strips[-1]._replace(mark=of(shape, "x") + of(shape, "width") / 2)
        else:
            bar = {"x": of(shape, "x"), "length": of(shape, "width")}
            strips[-1] = strips[-1]._replace(kind=kind.partition("--")[2], **bar)
    tops = [of(one, "y") for one in svg if one.attrib["class"] == "bars__ground"]
    assert tops == sorted(set(tops))
    assert tops[-1] < float(svg.attrib["viewBox"].split()[3])
    return strips


def table(part):
    """Read the table of a part of a page, as rows of words."""
    assert part.count("<table") == 1
    body = part.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [CELL.findall(row) for row in body.split("</tr>") if "<t" in row]
    return [[" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


def number(words):
    return Decimal(NUMBER.search(words)[0].replace(",", ""))


def close_to(value):
    """Take what is drawn in whole units, a mark of two units by its middle."""
    return pytest.approx(float(value), abs=1)


def evaluated(client, edition, language="en"):
    address = reverse("grandtour:evaluation", args=[edition.slug])
    return client.get(address, headers={"accept-language": language}).text


MEASURES = [  # name, target, more is better, what happened; of a hundred what is drawn
    ("Evenings", 4, True, 6, 150, "sharing"),
    ("Workshops", 8, True, 2, 25, "building"),
    ("Talks", 10, True, 10, 100, "sharing"),
    ("Costs", 50, False, 75, 150, "building"),
    ("Flights", 40, False, 10, 25, "sharing"),
    ("Nothing", 5, True, 0, 0, "building"),
    ("Far beyond", 1, True, 9, 200, "sharing"),  # twice as much is as far as a bar goes
]


def measured(edition, rows):
    for nth, (name, target, least, reached) in enumerate(rows, 1):
        Measure.objects.create(
            edition=edition, number=nth, name=name, target=target, least=least, reached=reached
        )


@pytest.fixture
def edition():
    """Give an edition that is evaluated; of some of what was stated nothing is drawn."""
    made = EditionFactory(state="evaluating")
    stated = [row[:4] for row in MEASURES]
    measured(made, [*stated, ("Not known", 7, True, None), ("None at all", 0, False, 2)])
    return made


def test_bars_are_as_long_as_what_happened_and_marked_where_it_was_meant_to_be(client, edition):
    part = section(evaluated(client, edition), "measures")
    scale = WIDTH / 200  # the longest is twice what was meant

    assert bars(drawing(part)) == [
        Strip(f"{name}: {happened}", kind, 0, close_to(share * scale), close_to(100 * scale))
        for name, _target, _least, happened, share, kind in MEASURES
    ]
    assert [(name, number(meant)) for name, meant, _happened in table(part)] == [
        *((name, target) for name, target, *_more in MEASURES),
        ("Not known", 7),
        ("None at all", 0),
    ]
    happened = {name: words for name, _meant, words in table(part)}
    assert [number(happened[row[0]]) for row in MEASURES] == [row[3] for row in MEASURES]
    assert happened["Not known"].startswith("—")


def test_from_right_to_left_bars_grow_from_the_right(client, edition):
    plain, mirrored = (
        bars(drawing(section(evaluated(client, edition, language), "measures")))
        for language in ("en", "ar")
    )

    assert [one.length for one in mirrored] == [one.length for one in plain]
    assert [one.x + one.length for one in mirrored] == [WIDTH] * len(plain)
    assert [WIDTH - one.mark for one in mirrored] == [one.mark for one in plain]


def test_a_bar_that_only_just_misses_is_no_longer_than_its_mark(client):
    edition = EditionFactory(state="evaluating")
    measured(edition, [("Talks", 100, True, 99)])

    (only,) = bars(drawing(section(evaluated(client, edition), "measures")))

    assert (only.kind, only.length) == ("building", close_to(WIDTH * 0.99))
    assert only.mark == close_to(WIDTH)


def test_where_nothing_was_stated_or_happened_nothing_is_drawn(client):
    edition = EditionFactory(state="evaluating")
    page = evaluated(client, edition)
    assert drawing(section(page, "measures")) is None
    assert "Nothing was stated before." in section(page, "measures")
    assert drawing(section(page, "over")) is None
    assert 'id="regions"' not in page

    measured(edition, [("Talks", 10, True, None)])

    part = section(evaluated(client, edition), "measures")
    assert drawing(part) is None
    assert table(part) == [["Talks", "at least 10", "— Not known yet"]]


def years_before(edition, years):
    """Give an edition whose travel began so many years earlier."""
    back = timedelta(days=365 * years)
    days = {
        name: getattr(edition, name) - back
        for name in ("applications_first_day", "applications_last_day", "travel_first_day")
    }
    return EditionFactory(state="closed", **days)


def test_over_the_editions_bars_are_this_one_and_marks_the_mean_of_those_before(client):
    edition = EditionFactory(state="evaluating")
    one, other = years_before(edition, 1), years_before(edition, 2)
    for those, ways in ((edition, ()), (one, (100,)), (other, (300, 900))):
        travelled(those)
        journey = those.journeys.get()
        for km, seat in zip(
            ways, journey.seats.order_by("number"), strict=False
        ):  # home by train
            Leg.objects.create(
                journey=journey,
                seat=seat,
                origin=journey.stops.get(),
                mode="rail",
                km=km,
                grams=1,
                grams_plain=1,
                **FACTOR,
            )
    for _one in range(3):
        applied(edition)

    part = section(evaluated(client, edition), "over")
    rows = {name: cells for name, *cells in table(part)}
    strips = bars(drawing(part))

    # A bar for each share that this edition has, and one before it.
    shares = {
        name: [None if cell == "—" else number(cell) for cell in cells]
        for name, cells in rows.items()
        if any("%" in cell for cell in cells)
    }
    means = {
        name: sum(known, Decimal(0)) / len(known)
        for name, (*before, _now) in shares.items()
        if (known := [one for one in before if one is not None])
    }
    drawn = {
        name: now for name, (*_b, now) in shares.items() if now is not None and name in means
    }
    assert len(drawn) >= 4
    assert len({*shares["Kilometres by train, coach or ferry"]}) == 3
    scale = WIDTH / max(*drawn.values(), *(means[name] for name in drawn))
    assert strips == [
        Strip(
            f"{name}: {rows[name][-1]}",
            "sharing",
            0,
            close_to(now * scale),
            close_to(means[name] * scale),
        )
        for name, now in drawn.items()
    ]


def test_regions_are_drawn_as_long_as_the_part_that_travels(client):
    edition = EditionFactory(state="evaluating")
    for name, countries in (("Eastern Europe", ["PL"]), ("Northern Europe", ["SE"])):
        slug = name.lower().replace(" ", "-")
        Region.objects.create(slug=slug, names={"en": name}, countries=countries)
    for country, travels, stays in (("PL", 6, 6), ("SE", 5, 15)):
        for nth in range(travels):
            journey = JourneyFactory(edition=edition, state="returned")
            SeatFactory(
                journey=journey,
                country=country,
                state="returned",
                accepted_at=NOON,
                application__state="travelled",
                number=1 + nth % 4,
            )
        for _one in range(stays):
            applied(edition, country)

    part = section(evaluated(client, edition), "regions")

    assert table(part) == [
        ["Eastern Europe", "12", "6", "50 %"],
        ["Northern Europe", "20", "5", "25 %"],
    ]
    assert bars(drawing(part)) == [
        Strip(
            f"{name}: {share} %", "sharing", 0, close_to(WIDTH * share / 100), close_to(WIDTH)
        )
        for name, share in (("Eastern Europe", 50), ("Northern Europe", 25))
    ]


CITIES = {
    "Berlin": ("DE", 52.52, 13.41),
    "Lisboa": ("PT", 38.72, -9.14),
    "Trondheim": ("NO", 63.43, 10.40),
    "Αθήνα": ("GR", 37.98, 23.73),
}
EUROPE = (53.5, 12, 530)  # the centre, and how many units a radian takes there


def on_the_map(latitude, longitude):
    """Say where a place lies: as far from the centre as the chord is long, seen from there."""
    up, across = radians(latitude), radians(longitude - EUROPE[1])
    centre = radians(EUROPE[0])
    cosine = sin(centre) * sin(up) + cos(centre) * cos(up) * cos(across)
    chord = 2 * sin(acos(cosine) / 2) * EUROPE[2]
    east = cos(up) * sin(across)
    north = cos(centre) * sin(up) - sin(centre) * cos(up) * cos(across)
    way = atan2(east, north)
    return 200 + chord * sin(way), 160 - chord * cos(way)


def host_in(city, edition, **more):
    country, latitude, longitude = CITIES[city]
    place = PlaceFactory(name=city, country=country, latitude=latitude, longitude=longitude)
    affiliate = AffiliateFactory(name=f"Wikimedia {city}")
    return HostFactory(edition=edition, affiliate=affiliate, place=place, **more)


def test_hosts_stand_on_the_map_where_they_are_and_in_the_list_below(client):
    edition = EditionFactory()
    hosts = {city: host_in(city, edition) for city in CITIES}
    nowhere = HostFactory(
        edition=edition,
        place=None,
        affiliate__name="Wikimedia Nowhere",
        state="draft",
        offered_at=None,
    )

    part = section(client.get(edition.get_absolute_url()).text, "hosts")
    svg = drawing(part)
    points = {link.attrib["href"]: link.find("circle").attrib for link in svg.findall("a")}

    assert svg.attrib["viewBox"] == "0 0 400 320"
    assert points.keys() == {host.get_absolute_url() for host in hosts.values()}
    for city, host in hosts.items():
        at = points[host.get_absolute_url()]
        x, y = on_the_map(*CITIES[city][1:])
        assert (float(at["cx"]), float(at["cy"])) == (close_to(x), close_to(y)), city
    below = part.partition("</svg>")[2]
    assert all(f"Wikimedia {city}" in below and city in below for city in CITIES)
    assert str(nowhere.affiliate) not in part


def test_without_hosts_there_is_no_map(client):
    part = section(client.get(EditionFactory().get_absolute_url()).text, "hosts")

    assert drawing(part) is None
    assert "No affiliate has offered to host yet." in part


def kilometres(one, other):
    """Measure the great circle between two places."""
    (up, across), (up_too, across_too) = (map(radians, place) for place in (one, other))
    cosine = sin(up) * sin(up_too) + cos(up) * cos(up_too) * cos(across - across_too)
    return 6371 * acos(min(1, cosine))


ROUTE = ["Berlin", "Trondheim", "Lisboa"]
HOME = "Αθήνα"


@pytest.fixture
def journey():
    """Give a journey to three cities, and somebody in it who lives in a fourth."""
    edition = EditionFactory(state="decided")
    made = JourneyFactory(edition=edition, state="offered")
    accepted = {"state": "accepted", "decided_at": NOON}
    for nth, city in enumerate(ROUTE, 1):
        StopFactory(journey=made, number=nth, host=host_in(city, edition, **accepted))
    country, latitude, longitude = CITIES[HOME]
    home = PlaceFactory(name=HOME, country=country, latitude=latitude, longitude=longitude)
    SeatFactory(
        journey=made,
        country=country,
        application__place=home,
        application__state="placed",
        state="accepted",
        accepted_at=NOON,
    )
    return made


def centre(shape):
    return of(shape, "cx"), of(shape, "cy")


def corners(path):
    """Read the corners of a path, line by line."""
    return [
        [tuple(map(float, at.split())) for at in line.split("L")]
        for line in path.split("M")
        if line
    ]


def test_the_route_goes_from_stop_to_stop_where_they_are_and_home_again(client, journey):
    client.force_login(Seat.objects.get().person)

    part = section(client.get(journey.get_absolute_url()).text, "route")
    svg = drawing(part)
    shapes = {}
    for shape in svg:
        shapes.setdefault(shape.attrib["class"], []).append(shape)
    stops = [centre(one) for one in shapes["route__stop"]]
    (home,) = [centre(one) for one in shapes["route__home"]]

    assert [one.text for one in shapes["route__number"]] == ["1", "2", "3"]
    assert [(of(one, "x"), of(one, "y")) for one in shapes["route__number"]] == stops
    assert corners(shapes["route__line"][0].attrib["d"]) == [stops]
    assert corners(shapes["route__way"][0].attrib["d"]) == [[home, stops[0]], [home, stops[-1]]]
    # One scale for all: as far on the map as on the globe, north above and east to the right.
    there = [CITIES[city][1:] for city in (*ROUTE, HOME)]
    drawn = [*stops, home]
    pairs = [(one, two) for one in range(4) for two in range(one)]
    units = [
        dist(drawn[one], drawn[two]) / kilometres(there[one], there[two]) for one, two in pairs
    ]
    assert max(units) / min(units) < 1.1
    by_latitude = sorted(range(4), key=lambda nth: -there[nth][0])
    assert sorted(range(4), key=lambda nth: drawn[nth][1]) == by_latitude
    assert drawn[2][0] < drawn[0][0] < drawn[3][0]
    width, height = (float(one) for one in svg.attrib["viewBox"].split()[2:])
    assert all(0 < x < width and 0 < y < height for x, y in drawn)
    below = part.partition("</svg>")[2]
    listed = re.findall(r'itinerary__number"[^>]*>(\d)<.*?<bdi>(.*?)</bdi>', below, re.DOTALL)
    assert listed == [(str(nth), f"Wikimedia {city}") for nth, city in enumerate(ROUTE, 1)]


def test_a_host_sees_the_route_without_the_homes_of_travellers(client, journey):
    affiliate = journey.stops.first().host.affiliate
    client.force_login(MembershipFactory(affiliate=affiliate, role="editor").person)

    svg = drawing(section(client.get(journey.get_absolute_url()).text, "route"))

    kinds = [shape.attrib["class"] for shape in svg]
    assert kinds.count("route__stop") == 3
    assert not {"route__home", "route__way"} & {*kinds}


def test_without_a_city_there_is_a_list_and_no_map(client):
    stop = StopFactory(journey__state="offered", host__state="accepted", host__decided_at=NOON)
    seat = SeatFactory(
        journey=stop.journey, application__state="placed", state="accepted", accepted_at=NOON
    )
    type(stop.host).objects.filter(pk=stop.host_id).update(place=None, state="draft")
    client.force_login(seat.person)

    part = section(client.get(stop.journey.get_absolute_url()).text, "route")

    assert drawing(part) is None
    assert str(stop.host.affiliate) in part
