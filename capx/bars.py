"""Bars beside what they were meant to reach, as the shapes of an SVG drawn on the server.

Colours are a matter of CSS classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 360  # units of the drawing
ROW, THICK, WORDS = 54, 16, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """What one bar shows: its class, words above it, how much, and what was meant."""

    kind: str
    words: str
    value: Decimal
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar as it is drawn; `mark` is where the line of its target stands, if any."""

    bar: Bar
    x: float
    y: float
    width: float
    mark: float | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars below each other on one scale; words begin at `start`."""

    shapes: tuple[Shape, ...]
    height: int
    start: int
    width: int = WIDTH
    thick: int = THICK
    above: int = 8


def draw(bars: Sequence[Bar], *, mirrored: bool) -> Drawing:
    """Draw bars below each other; from right to left where that is how people read."""
    ends = [value for bar in bars for value in (bar.value, bar.target or Decimal(0))]
    scale = (WIDTH - 2) / float(max([*ends, Decimal(1)]))
    shapes = tuple(
        _shape(bar, nth * ROW + WORDS, scale, mirrored=mirrored) for nth, bar in enumerate(bars)
    )
    return Drawing(shapes, len(bars) * ROW, WIDTH if mirrored else 0)


def _shape(bar: Bar, y: float, scale: float, *, mirrored: bool) -> Shape:
    width = round(float(bar.value) * scale, 1)
    mark = None if bar.target is None else round(float(bar.target) * scale, 1)
    if mirrored:
        return Shape(bar, WIDTH - width, y, width, None if mark is None else WIDTH - mark)
    return Shape(bar, 0, y, width, mark)
