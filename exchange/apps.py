"""The exchange app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Listings, the exchanges between people, and practices."""

    name = "exchange"
    verbose_name = _("What is offered and asked")
