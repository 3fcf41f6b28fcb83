"""Bars beside what they were meant to reach, as the shapes of an SVG drawn on the server.

Colours are a matter of CSS classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 360  # units of the drawing
ROW, THICK, WORDS, LINE = 54, 16, 18, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """What one bar shows: its class, words above it, how much, and what was meant."""

    kind: str
    words: str
    value: Decimal
    target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar as it is drawn, in whole units; `mark` is where the line of its target stands."""

    bar: Bar
    x: int
    y: int
    width: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars below each other on one scale; words begin at `start`."""

    shapes: tuple[Shape, ...]
    height: int
    start: int
    width: int = WIDTH
    thick: int = THICK
    line: int = LINE


def draw(bars: Sequence[Bar], *, mirrored: bool) -> Drawing:
    """Draw bars below each other; from right to left where that is how people read."""
    ends = [value for bar in bars for value in (bar.value, bar.target or Decimal(0))]
    scale = WIDTH / max([*ends, Decimal(1)])
    shapes = tuple(
        _shape(bar, nth * ROW + WORDS, scale, mirrored=mirrored) for nth, bar in enumerate(bars)
    )
    return Drawing(shapes, len(bars) * ROW, WIDTH if mirrored else 0)


def _shape(bar: Bar, y: int, scale: Decimal, *, mirrored: bool) -> Shape:
    width = round(bar.value * scale)
    reach = None if bar.target is None else round(bar.target * scale)
    mark = None if reach is None else min(max(reach - LINE // 2, 0), WIDTH - LINE)
    if not mirrored:
        return Shape(bar, 0, y, width, mark)
    return Shape(bar, WIDTH - width, y, width, None if mark is None else WIDTH - LINE - mark)
