"""What organisers see and do: people, affiliates, places, mail."""

from volunteers.admin import affiliates, bottlenecks, mail, people, places

__all__ = ["affiliates", "bottlenecks", "mail", "people", "places"]
