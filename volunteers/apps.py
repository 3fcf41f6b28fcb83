"""The volunteers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """People, affiliates, skills, places, bandwidth and notices."""

    name = "volunteers"
    verbose_name = _("People, affiliates, skills")
