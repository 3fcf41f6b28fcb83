"""What is asked of the matching and what it answers, in frozen dataclasses.

Days are dates and both ends of a window count. Carbon is in grams of CO2e, money in the
smallest unit of the edition's currency, distances in kilometres, worth in points (integers).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from grandtour.planning.written import written


class Mode(StrEnum):
    """How a leg is travelled."""

    RAIL = "rail"
    COACH = "coach"
    FERRY = "ferry"
    CAR = "car"
    PLANE = "plane"


class Reason(StrEnum):
    """Why a leg is not travelled by rail or coach."""

    NONE = ""
    SEA = "sea"
    FAR = "far"
    UNABLE = "unable"


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which somebody can, the first and the last among them."""

    first: date
    last: date

    def holds(self, first: date, last: date) -> bool:
        """Say whether all days from the first to the last are in it."""
        return self.first <= first and last <= self.last


@dataclass(frozen=True, slots=True)
class Traveller:
    """An application: where from, when, in which languages, what for, and how well judged.

    `score` is what reviewers gave, `worth` are points that hold wherever they go (fairness
    between countries), `traits` are what minimum shares count beside a first journey, `land`
    names an island that no train leaves ('' is the mainland), `nights` is how many they wish
    to stay at a stop (0: whatever the journey brings).
    """

    key: str
    country: str
    latitude: float
    longitude: float
    languages: frozenset[str]
    windows: tuple[Window, ...]
    wants: frozenset[str] = frozenset()
    brings: frozenset[str] = frozenset()
    score: float = 0
    first_time: bool = False
    traits: frozenset[str] = frozenset()
    modes: frozenset[Mode] = frozenset({Mode.RAIL, Mode.COACH, Mode.FERRY, Mode.PLANE})
    needs: frozenset[str] = frozenset()
    worth: int = 0
    land: str = ""
    nights: int = 0

    def has(self, trait: str) -> bool:
        """Say whether a minimum share counts them."""
        return self.first_time if trait == "first_time" else trait in self.traits


@dataclass(frozen=True, slots=True)
class Stay:
    """What a host offers: at most `limit` guests a night, at most `groups` groups in all.

    `night_cost` is for a guest and a night, `venue_cost` for a group. `taken` are nights with
    guests of journeys that are settled, and with how many; `groups` are those still free.
    """

    key: str
    host: str
    affiliate: str
    country: str
    latitude: float
    longitude: float
    languages: frozenset[str]
    windows: tuple[Window, ...]
    blocked: tuple[Window, ...] = ()
    shares: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    limit: int = 4
    groups: int = 1
    taken: tuple[tuple[date, int], ...] = ()
    access: frozenset[str] = frozenset()
    night_cost: int = 0
    venue_cost: int = 0
    land: str = ""

    def __post_init__(self) -> None:
        """Refuse more than four at a time."""
        if not 1 <= self.limit <= MOST_GUESTS:
            raise ValueError(f"a stay takes 1 to {MOST_GUESTS} guests, not {self.limit}")


MOST_GUESTS = 4
MOST_STOPS = 5


@dataclass(frozen=True, slots=True)
class Share:
    """At least `percent` of those who travel have a trait.

    `spare`: by how many hundredths of a traveller those whose journeys are settled exceed it.
    """

    trait: str
    percent: int
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """Points: for one point of score, one skill that fits, a trait; less for a kg and a unit.

    `carbon` is for a kilogram, `cost` for a hundred of the smallest unit of money, `nights` for
    each night more or less than somebody wishes to stay. What nights cost beyond the fewest
    that somebody wishes for takes nothing off.
    """

    score: float = 10
    fit: float = 50
    first_time: float = 100
    carbon: float = 1
    cost: float = 0.1
    nights: float = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every journey of an edition.

    Journeys begin on `first_day` or a multiple of `every` days later and end by `last_day`;
    one of before that has been moved to another day of the week can stay as it is.
    `leg_hours` is the longest way between two stops, `home_hours` the longest by land to home.
    `excepted` are travellers for whom an organiser put the rule of countries aside.
    With `one_language` a group and all its hosts share one; otherwise each traveller shares
    some language with each host. A place costs `promised` at least: what each traveller gets.
    """

    first_day: date
    last_day: date
    every: int = 7
    group_min: int = 2
    group_max: int = 4
    groups_min: int = 0
    groups_max: int | None = None
    stops_min: int = 1
    stops_max: int = 1
    nights_min: int = 3
    nights_max: int = 5
    leg_hours: float = 8
    home_hours: float = 16
    ferry_km: float = 500
    flights: bool = True
    carbon_budget: int | None = None
    money_budget: int | None = None
    shares: tuple[Share, ...] = ()
    weights: Weights = Weights()
    one_language: bool = False
    promised: int = 0
    excepted: frozenset[str] = frozenset()
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse bounds that no journey could keep."""
        if not 1 <= self.group_min <= self.group_max <= MOST_GUESTS:
            raise ValueError(f"a group has 1 to {MOST_GUESTS} travellers")
        if not 1 <= self.stops_min <= self.stops_max <= MOST_STOPS:
            raise ValueError(f"a journey has 1 to {MOST_STOPS} stops")
        if not (1 <= self.nights_min <= self.nights_max and self.every >= 1):
            raise ValueError("a stop has at least one night, a step at least one day")


@dataclass(frozen=True, slots=True)
class Pin:
    """A traveller, a stay, or a traveller at a stay."""

    traveller: str = ""
    stay: str = ""


@dataclass(frozen=True, slots=True)
class Locks:
    """What organisers decided beforehand.

    `keep` and `exclude` say that a traveller travels or not, a stay is visited or not, or a
    traveller visits a stay or not; `together` and `apart` name travellers of one group, or of
    different ones.
    """

    keep: tuple[Pin, ...] = ()
    exclude: tuple[Pin, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A stay from the day of arrival to the day of leaving."""

    stay: str
    arrive: date
    leave: date


@dataclass(frozen=True, slots=True)
class Leg:
    """A way from one place to the next; of one traveller (to or from home) or of the group.

    `grams` count the radiative forcing of flights, `grams_plain` don't; `factor` names the row.
    """

    traveller: str
    origin: str
    target: str
    mode: Mode
    km: float
    hours: float
    grams: int
    grams_plain: int
    factor: str
    reason: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class Terms:
    """What a traveller's place is worth, term by term."""

    score: int = 0
    fit: int = 0
    first_time: int = 0
    own: int = 0
    carbon: int = 0
    cost: int = 0
    nights: int = 0

    @property
    def total(self) -> int:
        """Give the sum of all terms."""
        return sum(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Seat:
    """A traveller's place in a journey: its worth, carbon in grams, and cost."""

    traveller: str
    terms: Terms
    grams: int
    grams_plain: int
    cost: int


@dataclass(frozen=True, slots=True)
class Journey:
    """A group's route: stops in order, who travels, every leg, and what venues cost."""

    stops: tuple[Stop, ...]
    seats: tuple[Seat, ...]
    legs: tuple[Leg, ...] = ()
    language: str = ""
    venue_cost: int = 0
    venue_worth: int = 0

    @property
    def travellers(self) -> tuple[str, ...]:
        """Name who travels."""
        return tuple(seat.traveller for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a plan depends on; `before` are journeys to change as little as possible.

    `bound` travellers keep theirs as it is, stops, days and all. `promised` ones said yes to a
    journey that cannot be as it was: they come before those who had none. `loose` are pairs
    that agreed beforehand and cannot be, each with the rules in the way. `private` are pairs of
    travellers, or of a traveller and a stay, that do not meet: of these nobody is told.
    """

    travellers: tuple[Traveller, ...]
    stays: tuple[Stay, ...]
    rules: Rules
    locks: Locks = Locks()
    before: tuple[Journey, ...] = ()
    bound: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()
    loose: tuple[tuple[Pin, tuple[str, ...]], ...] = ()
    private: tuple[frozenset[str], ...] = ()

    def fingerprint(self) -> str:
        """Give a digest that is the same only for the same problem, in any order of sets."""
        return sha256(json.dumps(written(self), sort_keys=True).encode()).hexdigest()


class Ended(StrEnum):
    """Why the search stopped."""

    PROVEN = "proven"  # within the gap that was asked for
    EFFORT = "effort"
    TIME = "time"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Prices:
    """What one more of each scarce thing would be worth, from the relaxation, in points.

    A stay's price is for a group, a night's for a guest, a group's for one more journey; carbon
    is for a gram, money for one of the smallest unit, a share's for one more of its travellers.
    """

    travellers: dict[str, float]
    stays: dict[str, float]
    nights: dict[tuple[str, date], float]
    shares: dict[str, float]
    groups: float = 0
    carbon: float = 0
    money: float = 0


@dataclass(frozen=True)
class Plan:
    """Journeys, what they are worth, and how far from the best they can be at most.

    `bound`: no plan is worth more. It holds for all routes, unless `complete` is False: then
    there were too many, and it holds for those that were looked at. With `dated` it holds for
    all dates within the rules, else for journeys that end as early as they can.
    """

    journeys: tuple[Journey, ...]
    bound: float
    seconds: float
    seed: int
    fingerprint: str
    ended: Ended
    complete: bool = True
    prices: Prices | None = None
    dated: bool = False

    @classmethod
    def of(cls, journeys: tuple[Journey, ...]) -> "Plan":
        """Make a plan of journeys that stand, to ask of it what is asked of a plan."""
        return cls(journeys, 0, 0, 1, "", Ended.PROVEN)

    def seats(self) -> Iterator[Seat]:
        """Yield every place in every journey."""
        yield from (seat for journey in self.journeys for seat in journey.seats)

    @cached_property
    def terms(self) -> Terms:
        """Give the worth of all places, term by term; venues count as cost."""
        names, seats = [field.name for field in fields(Terms)], [*self.seats()]
        sums = {name: sum(getattr(seat.terms, name) for seat in seats) for name in names}
        sums["cost"] += sum(journey.venue_worth for journey in self.journeys)
        return Terms(**sums)

    @property
    def worth(self) -> int:
        """Give the worth of the plan in points."""
        return self.terms.total

    @property
    def gap(self) -> float:
        """Give how much more the best plan could be worth, as a part of the bound."""
        return max(0.0, self.bound - self.worth) / max(1.0, abs(self.bound))

    @property
    def grams(self) -> int:
        """Give the CO2e of all legs, radiative forcing included."""
        return sum(seat.grams for seat in self.seats())

    @property
    def grams_plain(self) -> int:
        """Give the CO2e of all legs without radiative forcing."""
        return sum(seat.grams_plain for seat in self.seats())

    @property
    def cost(self) -> int:
        """Give what all places and venues cost."""
        return sum(one.venue_cost for one in self.journeys) + sum(s.cost for s in self.seats())
