"""What each kind of listing asks its author for; pure, so that it reads as a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """What one can offer or ask for, in one row of choices."""

    SKILL = "skill", _("A skill")
    SERVICE = "service", _("A service")
    TRAINING = "training", _("A training")
    EQUIPMENT = "equipment", _("Equipment")
    VENUE = "venue", _("A venue")
    TRAVEL = "travel", _("Travel")
    MATERIALS = "materials", _("Materials")
    FUNDING = "funding", _("Funding")

    @property
    def of(self) -> str:
        """Give the column `of` for this choice."""
        return self.value if self in PLAIN else "resource"

    @property
    def resource(self) -> str:
        """Give the column `resource` for this choice."""
        return "" if self in PLAIN else self.value

    @property
    def hint(self) -> object:
        """Say what is meant, in a few words."""
        return HINTS[self]


PLAIN = (What.SKILL, What.SERVICE, What.TRAINING)

HINTS = {
    What.SKILL: _("An hour of advice, showing how, a second pair of eyes"),
    What.SERVICE: _("Doing it: a translation, a layout, a bot, a photo"),
    What.TRAINING: _("A course or workshop with dates and seats"),
    What.EQUIPMENT: _("Cameras, scanners, a projector, for a while"),
    What.VENUE: _("A room for a meeting, a workshop, a library"),
    What.TRAVEL: _("A seat, a bed, a ticket, a place in a delegation"),
    What.MATERIALS: _("Slides, templates, leaflets, scripts"),
    What.FUNDING: _("Money for an event or a project"),
}

TALK = ("mode", "place", "countries", "first_day", "last_day")
THINGS = ("place", "countries", "first_day", "last_day")
EFFORT = ("hours", "preparation_hours", "wants_help_to_share")

OFFERS: dict[str, tuple[str, ...]] = {
    What.SKILL: ("takeaway", *TALK, *EFFORT),
    What.SERVICE: ("takeaway", *TALK, *EFFORT),
    What.TRAINING: ("takeaway", *TALK, "times", "seats", *EFFORT),
    What.EQUIPMENT: (*THINGS, "preparation_hours"),
    What.VENUE: ("place", "first_day", "last_day", "times", "preparation_hours"),
    What.TRAVEL: THINGS,
    What.MATERIALS: ("takeaway", "mode", "place", "countries", *EFFORT[1:]),
    What.FUNDING: ("countries", "amount", "currency", "covers", "decided_by", "last_day"),
}
REQUESTS: dict[str, tuple[str, ...]] = {
    What.SKILL: ("mode", "place", "first_day", "last_day", "hours"),
    What.SERVICE: ("mode", "place", "first_day", "last_day", "hours"),
    What.TRAINING: ("mode", "place", "first_day", "last_day", "times"),
    What.EQUIPMENT: ("place", "first_day", "last_day"),
    What.VENUE: ("place", "first_day", "last_day", "times"),
    What.TRAVEL: ("place", "first_day", "last_day"),
    What.MATERIALS: ("mode", "place", "last_day"),
    What.FUNDING: ("amount", "currency", "covers", "last_day"),
}
# How a page groups the fields: (name, title, rows of one or two fields).
PARTS = [
    ("words", "", (("title",), ("body",), ("skills",), ("takeaway",))),
    (
        "money",
        _("How much, and what for"),
        (("amount", "currency"), ("covers",), ("decided_by",)),
    ),
    (
        "when",
        _("Where and when"),
        (
            ("mode",),
            ("place",),
            ("first_day", "last_day"),
            ("times",),
            ("seats",),
            ("countries",),
        ),
    ),
    (
        "effort",
        _("What it takes"),
        (("hours", "preparation_hours"), ("wants_help_to_share",)),
    ),
    ("name", _("Language and name"), (("language",), ("affiliate",))),
]
FOLDED = {"effort"}
OPTIONAL = frozenset(name for names in OFFERS.values() for name in names)

# What it must say before others see it; a draft may leave out anything.
MUST = {
    ("offer", What.TRAINING): ("first_day", "last_day", "seats"),
    ("offer", What.VENUE): ("place",),
    ("offer", What.FUNDING): ("amount", "currency"),
    ("request", What.FUNDING): ("amount", "currency"),
}
# Things and rooms are somewhere; money is nowhere.
MODE = {
    What.EQUIPMENT: "on_site",
    What.VENUE: "on_site",
    What.TRAVEL: "on_site",
    What.FUNDING: "remote",
}


def needs(kind: str, what: str) -> tuple[str, ...]:
    """Name the fields that a listing of this kind asks for, besides words and language."""
    return (OFFERS if kind == "offer" else REQUESTS).get(what, ())


def must(kind: str, what: str) -> tuple[str, ...]:
    """Name the fields it cannot be published without."""
    return ("title", "body", "language", *MUST.get((kind, What(what)), ()))


def has_budget(what: str) -> bool:
    """Say whether sums for helping may stand beside it; funding is a sum itself."""
    return what != What.FUNDING
