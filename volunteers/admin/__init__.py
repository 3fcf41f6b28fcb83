"""What organisers see and do: people, affiliates, places, mail."""

from volunteers.admin import affiliates, mail, people, places

__all__ = ["affiliates", "mail", "people", "places"]
