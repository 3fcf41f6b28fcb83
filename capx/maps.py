"""A place on a map, drawn on the server from the borders of world-atlas (Natural Earth).

Projection: Lambert's azimuthal equal-area, centred on what is shown, so that no region of the
world looks larger than another (Snyder, Map Projections, 1987, equations 24-2 to 24-4).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
from math import cos, dist, hypot, radians, sin, sqrt
from typing import Any

from django.conf import settings

BORDERS = settings.MODULES / "world-atlas" / "countries-50m.json"
WIDTH, HEIGHT = 400, 320  # units of the drawing
SMALLEST = 0.9  # units; nothing smaller is drawn
EDGE = 4.0  # borders end so far outside of the frame
# Axis, where the frame is on it, and on which side of that the drawing lies.
FRAME = ((0, -EDGE, 1), (0, WIDTH + EDGE, -1), (1, -EDGE, 1), (1, HEIGHT + EDGE, -1))
GRID = 10  # degrees between the centres of the maps we keep
FINE = 10.0  # of a map around a route, those of one radian per drawing

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Window:
    """What a map shows: its centre in degrees, and how many units one radian takes."""

    latitude: float
    longitude: float
    scale: float

    def project(self, longitude: float, latitude: float) -> Point:
        """Give a point's place in the drawing."""
        across = radians(longitude - self.longitude)
        up, centre = radians(latitude), radians(self.latitude)
        nearness = 1 + sin(centre) * sin(up) + cos(centre) * cos(up) * cos(across)
        stretch = self.scale * sqrt(2 / max(nearness, 1e-9))
        north = cos(centre) * sin(up) - sin(centre) * cos(up) * cos(across)
        return (
            WIDTH / 2 + stretch * cos(up) * sin(across),
            HEIGHT / 2 - stretch * north,
        )


EUROPE = Window(latitude=53.5, longitude=12, scale=530)
WORLD = Window(latitude=20, longitude=10, scale=95)


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing: the land as one path, and where the point lies, in whole units."""

    land: str
    x: int
    y: int
    width: int = WIDTH
    height: int = HEIGHT


def around(latitude: float, longitude: float) -> Map:
    """Draw a place in Europe, or in its surroundings where that is elsewhere."""
    window = EUROPE
    x, y = window.project(longitude, latitude)
    if not _inside(x, y) or _far(window, latitude, longitude):
        window = Window(round(latitude / GRID) * GRID, round(longitude / GRID) * GRID, 700)
        x, y = window.project(longitude, latitude)
    return Map(_land(window), round(x), round(y))


@dataclass(frozen=True, slots=True)
class Scatter:
    """A drawing with many points on it, in the order in which they were given."""

    land: str
    points: list[tuple[int, int]]
    width: int = WIDTH
    height: int = HEIGHT


def scattered(places: Sequence[tuple[float, float]]) -> Scatter:
    """Draw places, each a latitude and a longitude, in the narrowest window that has all."""
    return _scattered(places, _windows(places))


def close(places: Sequence[tuple[float, float]]) -> Scatter:
    """Draw places as large as they can be seen together."""
    return _scattered(places, chain(_around(places, (1500, 900)), _windows(places)))


def _scattered(places: Sequence[tuple[float, float]], windows: Iterable[Window]) -> Scatter:
    """Draw places in the first of some windows that has all."""
    window = next((w for w in windows if _holds(w, places)), WORLD)
    drawn = [window.project(longitude, latitude) for latitude, longitude in places]
    return Scatter(_land(window), [(round(x), round(y)) for x, y in drawn])


def _around(places: Sequence[tuple[float, float]], scales: Sequence[float]) -> Iterator[Window]:
    """Give windows around the middle of places, centred on a fine grid."""
    lowest = [min(degrees) for degrees in zip(*places, strict=True)]
    highest = [max(degrees) for degrees in zip(*places, strict=True)]
    middle = [(low + high) / 2 for low, high in zip(lowest, highest, strict=True)]
    for scale in scales:
        step = FINE * WIDTH / scale
        latitude, longitude = (round(degrees / step) * step for degrees in middle)
        yield Window(latitude, longitude, scale)


def _windows(places: Sequence[tuple[float, float]]) -> Iterator[Window]:
    """Give windows to try: Europe first, then ever wider ones around the middle."""
    yield EUROPE
    if places:
        lowest, highest = (
            map(min, zip(*places, strict=True)),
            map(max, zip(*places, strict=True)),
        )
        middle = [(low + high) / 2 for low, high in zip(lowest, highest, strict=True)]
        latitude, longitude = (round(degrees / GRID) * GRID for degrees in middle)
        yield from (Window(latitude, longitude, scale) for scale in (700, 400, 240, 140))


def _holds(window: Window, places: Sequence[tuple[float, float]]) -> bool:
    """Say whether all places can be seen in a window."""
    return all(
        not _far(window, latitude, longitude) and _inside(*window.project(longitude, latitude))
        for latitude, longitude in places
    )


def _far(window: Window, latitude: float, longitude: float) -> bool:
    """Say whether a place lies on the other side of the Earth."""
    return abs(latitude - window.latitude) > 60 or abs(longitude - window.longitude) > 90  # noqa: PLR2004 -- degrees


def _inside(x: float, y: float) -> bool:
    """Say whether a point lies within the drawing, with some air around it."""
    air = 12
    return air <= x <= WIDTH - air and air <= y <= HEIGHT - air


@lru_cache(maxsize=64)
def _land(window: Window) -> str:
    """Write the land that is seen in a window as the path of an SVG."""
    arcs, polygons = _borders()
    drawn = [_simplified([window.project(*corner) for corner in arc]) for arc in arcs]
    rings = (_ring(numbers, drawn) for numbers in polygons)
    seen = (_clip(ring) for ring in rings if _on_this_side(ring, window))
    return "".join(_path(ring) for ring in seen if _shows(ring))


def _on_this_side(ring: Ring, window: Window) -> bool:
    """Say whether a ring comes near; one around the opposite of the centre turns inside out."""
    reach = 1.2 * window.scale
    middle = (WIDTH / 2, HEIGHT / 2)
    return any(dist(corner, middle) < reach for corner in ring)


def _shows(ring: Ring) -> bool:
    """Say whether anything of a ring is large enough to be seen."""
    if not ring:
        return False
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return max(xs) - min(xs) + max(ys) - min(ys) > 2 * SMALLEST


def _simplified(line: Ring) -> Ring:
    """Leave out the corners that nobody could tell apart (Douglas and Peucker 1973)."""
    kept, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        farthest, distance = 0, SMALLEST
        for n in range(first + 1, last):
            if (away := _away(line[n], line[first], line[last])) > distance:
                farthest, distance = n, away
        if farthest:
            kept.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    return [line[n] for n in sorted(kept)]


def _away(point: Point, start: Point, end: Point) -> float:
    """Measure how far a point lies from a line, or from its start where that is its end."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    length = hypot(dx, dy)
    return abs(px * dy - py * dx) / length if length > 1e-9 else hypot(px, py)  # noqa: PLR2004 -- zero


def _path(ring: Ring) -> str:
    """Write one ring in steps of whole units."""
    corners = [(round(x), round(y)) for x, y in ring]
    steps = [
        f"{x - was_x} {y - was_y}"
        for (was_x, was_y), (x, y) in pairwise(corners)
        if (x, y) != (was_x, was_y)
    ]
    if len(steps) < 2:  # noqa: PLR2004 -- no area in one line
        return ""
    return f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def _clip(ring: Ring) -> Ring:
    """Cut a ring at the frame (Sutherland and Hodgman 1974), a little outside of it."""
    for axis, limit, sign in FRAME:
        ring = list(_cut(ring, axis, limit, sign))
    return ring


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Iterator[Point]:
    """Keep what lies on one side of a line."""
    for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        was, now = (before[axis] - limit) * sign >= 0, (here[axis] - limit) * sign >= 0
        if was != now:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            yield (
                before[0] + share * (here[0] - before[0]),
                before[1] + share * (here[1] - before[1]),
            )
        if now:
            yield here


@cache
def _borders() -> tuple[list[Ring], list[list[int]]]:
    """Read the world once in the life of a process: arcs in degrees, and the rings of arcs."""
    topology: dict[str, Any] = json.loads(BORDERS.read_text(encoding="utf-8"))
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    shapes = topology["objects"]["countries"]["geometries"]
    return arcs, [polygon[0] for shape in shapes for polygon in _polygons(shape)]


def _polygons(shape: dict[str, Any]) -> list[Any]:
    if shape["type"] == "Polygon":
        return [shape["arcs"]]
    return list(shape.get("arcs", []))


def _arc(steps: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Turn steps on TopoJSON's grid into degrees."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    corners = accumulate(steps, lambda at, step: [at[0] + step[0], at[1] + step[1]])
    return [(x * sx + tx, y * sy + ty) for x, y in corners]


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs; a negative number is an arc read backwards."""
    lines = (arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers)
    return [corner for line in lines for corner in line[1:]]
