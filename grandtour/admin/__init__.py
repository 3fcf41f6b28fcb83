"""What organisers of a tour see and do."""

from grandtour.admin import (
    editions,
    hosts,
    journeys,
    looking_back,
    money,
    plans,
    training,
)

__all__ = ["editions", "hosts", "journeys", "looking_back", "money", "plans", "training"]
