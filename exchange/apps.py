"""The exchange app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Listings, the exchanges between people, and practices."""

    name = "exchange"
