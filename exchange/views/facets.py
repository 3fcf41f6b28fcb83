"""How the facets of the catalogue lie on the page: counts, the tree of skills, chips."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from exchange.filters import EVERYWHERE, CatalogueFilter, Facet
from exchange.models.cards import Label
from exchange.models.finding import Found
from exchange.search import facet
from exchange.views.drawn import checkbox

SHOWN = 10
MOST = 60
OPEN = {"kind", "of", "skill", "country", "room", "funded"}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet, as a checkbox; `depth` is its place in the tree."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """One facet as it stands on the page; some of it may fold away."""

    name: str
    title: str
    options: list[Option]
    open: bool
    anywhere: int = 0

    @property
    def shown(self) -> SafeString:
        """Draw what is chosen and the first few; of skills the whole tree."""
        return self.draw(option for option in self.options if not self.folds(option))

    @property
    def more(self) -> SafeString:
        """Draw the rest."""
        return self.draw(option for option in self.options if self.folds(option))

    @property
    def more_number(self) -> int:
        """Count the rest."""
        return sum(self.folds(option) for option in self.options)

    def folds(self, option: Option) -> bool:
        """Say whether a value stands behind the fold."""
        return option.place >= SHOWN and not option.chosen and self.name != "skill"

    def draw(self, options: Iterable[Option]) -> SafeString:
        """Draw values as checkboxes of the form."""
        boxes = (
            f'<div class="cdx-checkbox facet__below-{o.depth}">'
            + checkbox(self.name, o.value, o.label, o.count, " checked" if o.chosen else "")
            + "</div>"
            for o in options
        )
        return mark_safe("".join(boxes))  # noqa: S308 -- `checkbox` escapes


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that narrows the list, with the address without it."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The skills to show: all branches, and below what is chosen the next ones."""

    below: Mapping[str | None, list[Label]]
    opened: set[str]
    chosen: list[str]
    counts: Mapping[str, int]

    @classmethod
    def of(
        cls, labels: Mapping[str, Label], chosen: list[str], counts: Mapping[str, int]
    ) -> "Tree":
        """Sort the labels by what they stand below."""
        below: dict[str | None, list[Label]] = {}
        for label in sorted(labels.values(), key=lambda label: label.label.casefold()):
            below.setdefault(label.parent, []).append(label)
        opened: set[str] = set()
        for slug in chosen:
            at = labels.get(slug)
            while at and at.slug not in opened:
                opened.add(at.slug)
                at = labels.get(at.parent or "")
        return cls(below, opened, chosen, counts)

    def options(self, parent: str | None = None, depth: int = 0) -> Iterator[Option]:
        """List what stands below `parent`, the opened with what stands below them."""
        for label in self.below.get(parent, []):
            number = self.counts.get(facet("skill", label.slug), 0)
            if number or label.slug in self.opened:
                here = label.slug in self.chosen
                yield Option(label.slug, label.label, number, here, depth=min(depth, 3))
            if label.slug in self.opened:
                yield from self.options(label.slug, depth + 1)


def groups(
    filters: CatalogueFilter, found: Found, labels: Mapping[str, Label]
) -> Iterator[Group]:
    """Lay out the facets, without those that have nothing to choose."""
    counts: dict[str, dict[str, int]] = {}
    for lexeme, number in found.counts.items():
        name, _sign, value = lexeme[1:].partition("=")
        counts.setdefault(name, {})[value] = number
    for name, one in filters.filters.items():
        chosen = filters.chosen.get(name, [])
        if name == "skill":
            options = list(Tree.of(labels, chosen, found.counts).options())
        else:
            options = _options(one, counts.get(name, {}), chosen)
        if options:
            anywhere = counts.get(name, {}).get(EVERYWHERE, 0)
            yield Group(name, str(one.label), options, bool(chosen) or name in OPEN, anywhere)


def _options(one: Facet, numbers: Mapping[str, int], chosen: list[str]) -> list[Option]:
    """List the values of a facet: as they stand in a short list, else the frequent first."""
    values = one.values() or sorted(numbers, key=lambda value: (-numbers[value], value))[:MOST]
    found = [
        value
        for value in dict.fromkeys([*values, *chosen])
        if (value in numbers or value in chosen) and value != EVERYWHERE
    ]
    return [
        Option(
            value,
            one.name(value),
            numbers.get(value, 0),
            value in chosen,
            place=place,
        )
        for place, value in enumerate(found)
    ]


def chips(filters: CatalogueFilter, labels: Mapping[str, Label]) -> list[Chip]:
    """Name everything that narrows the list, each with a way out."""
    found: list[Chip] = []
    if filters.text:
        found.append(Chip(f"“{filters.text}”", filters.address(q="")))
    for name, values in filters.chosen.items():
        for value in values:
            label = labels.get(value) if name == "skill" else None
            words = label.label if label else filters.filters[name].name(value)
            found.append(Chip(words, filters.address(without=facet(name, value))))
    if filters.every_skill and len(filters.chosen.get("skill", [])) > 1:
        found.append(Chip(_("All of these skills at once"), filters.address(skills="")))
    return found
