"""The Grand Tour app."""

from django.apps import AppConfig


class GrandTourConfig(AppConfig):
    """Editions, hosts and travellers."""

    name = "grandtour"
