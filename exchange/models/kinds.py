"""What a listing can be: its sides, what it is about, where it happens, how it stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The two sides of the exchange."""

    OFFER = "offer", _("Offer")
    REQUEST = "request", _("Request")


class Of(models.TextChoices):
    """What it is about."""

    SKILL = "skill", _("Skill")
    SERVICE = "service", _("Service")
    RESOURCE = "resource", _("Resource")
    TRAINING = "training", _("Training")


class Resource(models.TextChoices):
    """Kinds of resource."""

    EQUIPMENT = "equipment", _("Equipment")
    VENUE = "venue", _("Venue")
    TRAVEL = "travel", _("Travel")
    MATERIALS = "materials", _("Materials")
    FUNDING = "funding", _("Funding")


class Mode(models.TextChoices):
    """Where it happens."""

    REMOTE = "remote", _("Online")
    ON_SITE = "on_site", _("On site")
    BOTH = "both", _("Online or on site")


class State(models.TextChoices):
    """The life of a listing."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    TAKEN = "taken", _("Taken")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def invites(kind: str, of: str) -> bool:
    """Say whether a listing invites to answer it: a request or a training does."""
    return kind != Kind.OFFER or of == Of.TRAINING
