"""Numbers to the shapes of an SVG, drawn on the server; colours are a matter of CSS classes.

A chart is a row of columns, each a stack of parts, with a step line for what there is room for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

WIDTH, HEIGHT = 360, 190  # units of the drawing
TOP, BOTTOM = 8, 24
GUTTER = 30  # where the scale stands
GAP = 0.24  # of a column's width
STEPS = (1, 2, 4, 5, 8, 10)
LETTER = 6.5  # units, of the scale and of what stands below the columns


@dataclass(frozen=True, slots=True)
class Column:
    """What one column shows: its parts from below by class, a limit, a word below it."""

    parts: tuple[tuple[str, Decimal], ...]
    limit: Decimal | None = None
    shaded: bool = False
    word: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, with the class that says what it is."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word, where it stands, and to which side it grows."""

    text: str
    x: float
    y: float
    anchor: str = "middle"


@dataclass(slots=True)
class Chart:
    """A drawing: shaded columns, lines of the scale, boxes, the limit as a path, and words."""

    width: int = WIDTH
    height: int = HEIGHT
    shades: list[Box] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    limit: str = ""
    words: list[Word] = field(default_factory=list)
    left: float = GUTTER
    right: float = WIDTH


def chart(columns: Sequence[Column], *, mirrored: bool) -> Chart:
    """Draw columns beside each other, from right to left where that is how people read."""
    top = _top(columns)
    drawn = _Frame(len(columns), top, mirrored=mirrored).draw(columns)
    drawn.left, drawn.right = (0, WIDTH - GUTTER) if mirrored else (GUTTER, WIDTH)
    return drawn


def _top(columns: Sequence[Column]) -> Decimal:
    """Find the round number at which the scale ends."""
    sums = [sum((size for _kind, size in column.parts), Decimal(0)) for column in columns]
    limits = [column.limit for column in columns if column.limit is not None]
    most = max([*sums, *limits, Decimal(1)])
    power = Decimal(10) ** most.adjusted()
    return next(step * power for step in STEPS if step * power >= most)


@dataclass(slots=True)
class _Frame:
    """Where things lie: so many columns, and a scale up to `top`."""

    number: int
    top: Decimal
    mirrored: bool

    @property
    def step(self) -> float:
        return (WIDTH - GUTTER) / max(self.number, 1)

    def x(self, left: float, width: float = 0) -> float:
        """Give the left edge of something that is so wide, on the side where it belongs."""
        return round(WIDTH - left - width if self.mirrored else left, 2)

    def y(self, value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - float(value / self.top) * (HEIGHT - TOP - BOTTOM), 2)

    def draw(self, columns: Sequence[Column]) -> Chart:
        drawn = Chart(limit=self.limit(columns))
        for nth, column in enumerate(columns):
            left = GUTTER + nth * self.step
            if column.shaded:
                height = HEIGHT - TOP - BOTTOM
                drawn.shades.append(self.box("rest", left, TOP, self.step, height))
            drawn.boxes += self.stack(left, column)
        drawn.words = [*self.scale(), *self.below(columns)]
        drawn.lines = [self.y(self.top), self.y(self.top / 2), self.y(Decimal(0))]
        return drawn

    def box(self, kind: str, left: float, y: float, width: float, height: float) -> Box:
        return Box(kind, self.x(left, width), y, round(width, 2), round(height, 2))

    def stack(self, left: float, column: Column) -> Iterator[Box]:
        below = Decimal(0)
        air = self.step * GAP
        for kind, size in column.parts:
            if size:
                y, floor = self.y(below + size), self.y(below)
                yield self.box(kind, left + air / 2, y, self.step - air, floor - y)
            below += size

    def limit(self, columns: Sequence[Column]) -> str:
        """Write the limit as steps of a path; where it is unknown there is a gap."""
        path, was = "", None
        for nth, column in enumerate(columns):
            if column.limit is not None:
                start = self.x(GUTTER + nth * self.step)
                end = self.x(GUTTER + (nth + 1) * self.step)
                y = self.y(column.limit)
                path += f"V{y}H{end}" if was is not None else f"M{start} {y}H{end}"
            was = column.limit
        return path

    def scale(self) -> Iterator[Word]:
        anchor = "start" if self.mirrored else "end"
        for value in (self.top, self.top / 2, Decimal(0)):
            yield Word(f"{value.normalize():f}", self.x(GUTTER - 5), self.y(value) + 4, anchor)

    def below(self, columns: Sequence[Column]) -> Iterator[Word]:
        """Give the words below, leaving out those that would run into the next."""
        wordy = [
            (GUTTER + n * self.step, one.word) for n, one in enumerate(columns) if one.word
        ]
        ends = [*(left - LETTER / 2 for left, _word in wordy[1:]), float(WIDTH)]
        anchor = "end" if self.mirrored else "start"
        for (left, word), end in zip(wordy, ends, strict=True):
            if left + len(word) * LETTER <= end:
                yield Word(word, self.x(left), HEIGHT - 7, anchor)


LENGTH = 100  # units of a strip


@dataclass(frozen=True, slots=True)
class Strip:
    """One bar that lies beside its words: its class, where it begins, how long it is."""

    kind: str
    x: float
    length: float


def strips(sizes: Sequence[tuple[str, float]], *, most: float, mirrored: bool) -> list[Strip]:
    """Draw a strip for each class and size; they grow the way people read."""
    lengths = [(kind, round(LENGTH * min(size, most) / most, 2)) for kind, size in sizes]
    return [Strip(kind, LENGTH - long if mirrored else 0, long) for kind, long in lengths]
