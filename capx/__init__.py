"""The project package: settings, addresses, Celery, and the few tools all apps share."""

from capx.celery import app as celery_app

__all__ = ["celery_app"]
