"""Editions, hosts, travellers, and how applications are read and decided."""

from grandtour.models.applications import Application, ApplicationEvent, Needs, Window
from grandtour.models.decisions import Decision, DecisionLetter
from grandtour.models.editions import Criterion, Edition, Measure
from grandtour.models.history import ReviewEvent
from grandtour.models.hosts import Host, Stay
from grandtour.models.phases import Permissions, Phase, Reviewer
from grandtour.models.redactions import Redaction, Transcript
from grandtour.models.reviews import Assignment, Conflict, Review, Score

__all__ = [
    "Application",
    "ApplicationEvent",
    "Assignment",
    "Conflict",
    "Criterion",
    "Decision",
    "DecisionLetter",
    "Edition",
    "Host",
    "Measure",
    "Needs",
    "Permissions",
    "Phase",
    "Redaction",
    "Review",
    "ReviewEvent",
    "Reviewer",
    "Score",
    "Stay",
    "Transcript",
    "Window",
]
