"""What pages show of a plan: journeys with names, legs, figures and reasons, drawn on a map."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from capx import maps
from capx.names import country_name, listed
from capx.templatetags.dates import period
from grandtour.models import (
    Application,
    Edition,
    Host,
    Journey,
    Leg,
    Plan,
    Seat,
    barred_to,
)
from grandtour.planning import problem as asked
from grandtour.planning.written import read
from grandtour.plans import sentences
from grandtour.plans.accepting import Changes
from grandtour.plans.reading import located
from volunteers.models import Person

COLOURS = 8
NEEDS = "access"  # the rule that tells of what somebody needs
TERMS = ("score", "fit", "first_time", "own", "carbon", "cost", "nights")


@dataclass(frozen=True)
class Known:
    """The rows behind the keys of a plan."""

    people: dict[str, Application]
    hosts: dict[str, Host]

    def name(self, key: str) -> object:
        """Name somebody or a host; a key of a row that is gone stays a key."""
        if key in self.people:
            return self.people[key].person
        return self.hosts[key].affiliate if key in self.hosts else key

    def names(self, keys: Iterable[str]) -> list[object]:
        """Name several."""
        return [self.name(key) for key in keys]

    def at(self, key: str) -> tuple[float, float]:
        """Say where somebody lives, or a host is."""
        place = located(self.people[key] if key in self.people else self.hosts[key])
        return place.latitude, place.longitude


def known(edition: Edition, keys: Iterable[str]) -> Known:
    """Read the rows behind keys."""
    wanted = {int(key[1:]) for key in keys if key.startswith("a")}
    people = edition.applications.filter(pk__in=wanted).select_related("person", "place")
    hosts = edition.hosts.select_related("affiliate", "place").exclude(place=None)
    return Known({f"a{row.pk}": row for row in people}, {f"h{row.pk}": row for row in hosts})


@dataclass
class Group:
    """One journey of a plan as a page shows it; carbon in kilograms, cost in cents."""

    number: int
    colour: int
    first: Any
    last: Any
    language: str
    stops: list[dict[str, Any]]
    people: list[dict[str, Any]]
    legs: list[dict[str, Any]]
    kilograms: float
    kilograms_plain: float
    cost: int
    km: float = 0


@dataclass
class Shown:
    """A plan as a page shows it."""

    groups: list[Group] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    hosts: list[dict[str, Any]] = field(default_factory=list)
    terms: list[tuple[str, int]] = field(default_factory=list)
    map: dict[str, Any] | None = None
    gap: str = ""
    ended: str = ""
    grams_left: int | None = None
    money_left: int | None = None


def shown(plan: Plan, closed: Container[int] = (), *, needs: bool = False) -> Shown:
    """Gather all that the page of a plan shows.

    Before its reasons are known it says who goes where, and no more. `closed`: the applications
    of which the reader is told no reason, and so no points. `needs`: whether they may read what
    somebody needs.
    """
    result = read(asked.Plan, plan.result)
    reasons = plan.reasons or {"travellers": [], "stays": []}
    about = {why["key"] for why in reasons["travellers"]}
    names = known(plan.edition, about | {seat.traveller for seat in result.seats()})
    told = [one for one in reasons["travellers"] if int(one["key"][1:]) not in closed]
    told = told if needs else [_without_needs(one) for one in told]
    why = {one["key"]: one for one in told}
    groups = [
        _group(number, journey, names, why) for number, journey in enumerate(result.journeys, 1)
    ]
    return Shown(
        groups,
        [_left(one, names) for one in told if one["code"] != "placed"],
        [_host(one, names, result.journeys) for one in _hosts(reasons, result, closed)],
        _terms(result.terms),
        drawn(result.journeys, names),
        sentences.gap(plan.gap or 0, dated=result.dated),
        sentences.ended(result.ended, complete=result.complete),
        *_left_over(plan),
    )


def _hosts(
    reasons: dict[str, Any], result: asked.Plan, closed: Container[int]
) -> list[dict[str, Any]]:
    """Give the reasons of hosts, without points where they are of somebody who is `closed`."""
    barred = {
        stop.stay
        for journey in result.journeys
        if any(int(key[1:]) in closed for key in journey.travellers)
        for stop in journey.stops
    }
    return [
        {name: said for name, said in one.items() if name != "lack" or one["key"] not in barred}
        for one in reasons["stays"]
    ]


def _without_needs(why: dict[str, Any]) -> dict[str, Any]:
    """Give a reason without what somebody needs to reach a host."""
    return why | {
        "rules": {name: count for name, count in why.get("rules", {}).items() if name != NEEDS}
    }


def _left_over(plan: Plan) -> tuple[int | None, int | None]:
    """Give what a plan leaves of carbon and money; None where it was made without a budget."""
    rules = (plan.problem or {}).get("rules", {})
    pairs = (rules.get("carbon_budget"), plan.grams), (rules.get("money_budget"), plan.cost)
    grams, cents = (None if most is None else most - (used or 0) for most, used in pairs)
    return grams, cents


def _group(
    number: int, journey: asked.Journey, names: Known, why: dict[str, dict[str, Any]]
) -> Group:
    shared = [leg for leg in journey.legs if not leg.traveller]
    people = [_person(seat, journey, names, why) for seat in journey.seats]
    return Group(
        number,
        (number - 1) % COLOURS + 1,
        journey.stops[0].arrive,
        journey.stops[-1].leave,
        journey.language,
        [
            {"host": names.hosts.get(stop.stay), "arrive": stop.arrive, "leave": stop.leave}
            | {"nights": (stop.leave - stop.arrive).days}
            for stop in journey.stops
        ],
        people,
        [leg_shown(leg, names) for leg in shared],
        sum(seat.grams for seat in journey.seats) / 1000,
        sum(seat.grams_plain for seat in journey.seats) / 1000,
        journey.venue_cost + sum(seat.cost for seat in journey.seats),
        sum(leg.km for leg in shared),
    )


def _person(
    seat: asked.Seat, journey: asked.Journey, names: Known, why: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    row = names.people.get(seat.traveller)
    stays = [stop.stay for stop in journey.stops]
    own = [leg for leg in journey.legs if leg.traveller == seat.traveller]
    reason = why.get(seat.traveller)
    return {
        "name": names.name(seat.traveller),
        "country": country_name(row.country) if row else "",
        "first_time": row and row.first_time,
        "kilograms": seat.grams / 1000,
        "kilograms_plain": seat.grams_plain / 1000,
        "cost": seat.cost,
        "legs": [leg_shown(leg, names) for leg in own],
        "why": sentences.of_traveller(reason, names.names(stays)) if reason else "",
    }


def leg_shown(leg: asked.Leg, names: Known) -> dict[str, Any]:
    """Give one way with the names of its ends."""
    return {
        "origin": _end(leg.origin, names),
        "target": _end(leg.target, names),
        "mode": Leg.Way(leg.mode).label,
        "because": Leg.Why(leg.reason).label if leg.reason else "",
        "km": leg.km,
        "kilograms": leg.grams / 1000,
        "kilograms_plain": leg.grams_plain / 1000,
    }


def _end(key: str, names: Known) -> object:
    """Name the city at the end of a leg."""
    rows: dict[str, Any] = {**names.people, **names.hosts}
    return rows[key].place if key in rows else key


def _left(why: dict[str, Any], names: Known) -> dict[str, Any]:
    row = names.people.get(why["key"])
    return {
        "name": names.name(why["key"]),
        "country": country_name(row.country) if row else "",
        "why": sentences.of_traveller(why, names.names(why["stays"]), _deciding(why, names)),
    }


def _host(
    why: dict[str, Any], names: Known, journeys: Sequence[asked.Journey]
) -> dict[str, Any]:
    return {
        "name": names.name(why["key"]),
        "host": names.hosts.get(why["key"]),
        "journeys": [
            number
            for number, journey in enumerate(journeys, 1)
            if any(stop.stay == why["key"] for stop in journey.stops)
        ],
        "why": sentences.of_stay(why, names.names(why["stays"]), _deciding(why, names)),
    }


def _deciding(why: dict[str, Any], names: Known) -> list[str]:
    """Name the rules that decided; a reason that was kept before there were any has none."""
    return [_rule(rule, names) for rule in why.get("deciding", ())]


def _terms(terms: asked.Terms) -> list[tuple[str, int]]:
    words = sentences.terms()
    return [(words[name], getattr(terms, name)) for name in TERMS if getattr(terms, name)]


def drawn(journeys: Sequence[asked.Journey], names: Known) -> dict[str, Any] | None:
    """Draw the routes: where each group goes, and from where its travellers come."""
    keys = {
        key
        for journey in journeys
        for key in (*(stop.stay for stop in journey.stops), *journey.travellers)
        if key in names.people or key in names.hosts
    }
    order = sorted(keys)
    if not order:
        return None
    drawing = maps.close([names.at(key) for key in order])
    point = dict(zip(order, drawing.points, strict=True))
    routes = [_route(number, journey, point) for number, journey in enumerate(journeys, 1)]
    return {"drawn": drawing, "routes": routes}


def _route(
    number: int, journey: asked.Journey, point: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    stops = [stop.stay for stop in journey.stops if stop.stay in point]
    homes = [key for key in journey.travellers if key in point]
    ways = [(key, stops[0]) for key in homes] + [(stops[-1], key) for key in homes]
    return {
        "number": number,
        "colour": (number - 1) % COLOURS + 1,
        "stops": [point[key] for key in stops],
        "homes": [point[key] for key in homes],
        "path": "M" + "L".join(f"{x} {y}" for x, y in (point[key] for key in stops)),
        "ways": "".join(
            f"M{point[a][0]} {point[a][1]}L{point[b][0]} {point[b][1]}" for a, b in set(ways)
        ),
    }


def rules_that_collide(plan: Plan) -> list[str]:
    """Say which rules collide, in sentences."""
    rules = plan.collisions or []
    names = known(plan.edition, [key for rule in rules for key in rule["about"] if key])
    return list(dict.fromkeys(_rule(rule, names) for rule in rules))


def _rule(rule: dict[str, Any], names: Known) -> str:
    if rule["name"] == "share":
        return sentences.of_share(rule["about"][0])
    return sentences.of_rule(_named(rule), names.names(filter(None, rule["about"])))


def _named(rule: dict[str, Any]) -> str:
    """Call a rule by its name; a traveller who is to visit a certain host is a pair."""
    return "pair" if rule["name"] == "keep" and all(rule["about"]) else str(rule["name"])


def loose_shown(plan: Plan, closed: Container[int] = ()) -> list[str]:
    """Say which pairs agreed beforehand and are not planned as such, and why.

    `closed`: the applications of which the reader is told nothing.
    """
    rows = (plan.problem or {}).get("loose", [])
    told = [(pin, rules) for pin, rules in rows if int(pin["traveller"][1:]) not in closed]
    if not told:
        return []
    names = known(plan.edition, [pin["traveller"] for pin, _rules in told])
    return [
        sentences.of_loose(names.names([pin["traveller"], pin["stay"]]), rules)
        for pin, rules in told
    ]


def locks_shown(plan: Plan) -> list[str]:
    """Say in sentences which locks a plan was asked with."""
    locks = read(asked.Locks, plan.locks) if plan.locks else asked.Locks()
    keys = [key for pin in (*locks.keep, *locks.exclude) for key in (pin.traveller, pin.stay)]
    parties = [*locks.together, *locks.apart]
    names = known(plan.edition, [*keys, *(key for party in parties for key in party)])
    said = []
    for rule, pins in (("keep", locks.keep), ("exclude", locks.exclude)):
        for pin in pins:
            about = names.names(filter(None, (pin.traveller, pin.stay)))
            pair = rule == "keep" and len(about) > 1
            said.append(sentences.of_rule("pair" if pair else rule, about))
    for rule, sets in (("together", locks.together), ("apart", locks.apart)):
        said += [sentences.of_rule(rule, names.names(sorted(party))) for party in sets]
    return said


def changes_shown(found: Changes, edition: Edition) -> list[str]:
    """Say in sentences what accepting a plan would change."""
    names = known(edition, [*found.come, *found.move, *found.stay])
    left = [seat for seat in found.leave if f"a{seat.application_id}" not in found.move]
    lists: list[tuple[str, list[Any]]] = [
        (_("Journeys that no plan touches any more: %(names)s"), _called(found.settled)),
        (_("Journeys that stay as they are: %(names)s"), _called(found.kept)),
        (_("Journeys that end: %(names)s"), _called(found.ended)),
        (_("New journeys: %(names)s"), [_days(one) for one in found.begun]),
        (_("New in a journey: %(names)s"), names.names(found.come)),
        (_("In another journey than before: %(names)s"), names.names(found.move)),
        (_("Without a place from now on: %(names)s"), [seat.person for seat in left]),
    ]
    return [words % {"names": listed(rows)} for words, rows in lists if rows]


def _called(journeys: Iterable[Journey]) -> list[str]:
    """Call journeys by number and days: a plan counts its own from one."""
    return [
        f"{one} ({period(one.period.lower, one.last_day)})"
        if one.period and one.last_day
        else str(one)
        for one in journeys
    ]


def _days(journey: asked.Journey) -> str:
    return period(journey.stops[0].arrive, journey.stops[-1].leave)


def passed_over_for(freed: list[Seat], by: Person) -> list[Seat]:
    """Say on places that were given up who was passed over for them, and why.

    About whom somebody has a conflict of interest with, they read nothing.
    """
    keys = {int(key[1:]) for seat in freed for key in seat.passed_over}
    if not keys:
        return freed
    rows = Application.objects.filter(pk__in=keys).select_related("person").order_by("pk")
    names = {
        f"a{row.pk}": str(row.person)
        for row in rows.without(barred_to(by, freed[0].journey.edition))
    }
    for seat in freed:
        known = {key: rule for key, rule in seat.passed_over.items() if key in names}
        seat.passed = [  # type: ignore[attr-defined]  # for the page
            sentences.passed_over(
                rule, [names[key] for key, why in known.items() if why == rule]
            )
            for rule in dict.fromkeys(known.values())
        ]
    return freed
