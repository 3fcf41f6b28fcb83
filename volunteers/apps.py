"""The volunteers app."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """People, affiliates, skills, places, bandwidth and notices."""

    name = "volunteers"
