"""Editions, hosts and travellers."""

from grandtour.models.applications import Application, ApplicationEvent, Needs, Window
from grandtour.models.editions import Criterion, Edition, Measure
from grandtour.models.hosts import Host, Stay

__all__ = [
    "Application",
    "ApplicationEvent",
    "Criterion",
    "Edition",
    "Host",
    "Measure",
    "Needs",
    "Stay",
    "Window",
]
