"""The Grand Tour app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrandTourConfig(AppConfig):
    """Editions, hosts and travellers."""

    name = "grandtour"
    verbose_name = _("Grand Tour")
