"""Editions, hosts, travellers, how applications are decided, plans, journeys, money."""

from grandtour.models.afterwards import Sharing, StopNote, TravelReport
from grandtour.models.applications import Application, ApplicationEvent, Window
from grandtour.models.checklists import ChecklistItem
from grandtour.models.compensation import Compensation
from grandtour.models.conflicts import (
    Conflict,
    barred_among,
    barred_to,
    free_of,
    organisers_free_of,
)
from grandtour.models.decisions import Decision, DecisionLetter
from grandtour.models.editions import Criterion, Edition, Measure
from grandtour.models.expectations import Consent, Expectation, Side
from grandtour.models.history import ReviewEvent
from grandtour.models.hosts import Host, Stay
from grandtour.models.journeys import Journey, Leg, Stop
from grandtour.models.looking_back import LookBack, LookBackAnswer
from grandtour.models.money import BudgetLine, Cost, Fund
from grandtour.models.needs import Needs, NeedsCount
from grandtour.models.organising import (
    applied_to,
    organisers_of,
    organises,
    wishes_to_travel,
)
from grandtour.models.phases import Permissions, Phase, Reviewer
from grandtour.models.plans import Plan
from grandtour.models.questions import Answer, Question
from grandtour.models.receipts import Receipt
from grandtour.models.redactions import Redaction, Transcript
from grandtour.models.reviews import Assignment, Review, Score
from grandtour.models.seats import JourneyEvent, Seat
from grandtour.models.stop_events import SignUp, StopEvent
from grandtour.models.training import (
    Completion,
    Exercise,
    ExerciseAnswer,
    Lesson,
    LessonDone,
    RequiredTraining,
    Training,
    TrainingVersion,
)

__all__ = [
    "Answer",
    "Application",
    "ApplicationEvent",
    "Assignment",
    "BudgetLine",
    "ChecklistItem",
    "Compensation",
    "Completion",
    "Conflict",
    "Consent",
    "Cost",
    "Criterion",
    "Decision",
    "DecisionLetter",
    "Edition",
    "Exercise",
    "ExerciseAnswer",
    "Expectation",
    "Fund",
    "Host",
    "Journey",
    "JourneyEvent",
    "Leg",
    "Lesson",
    "LessonDone",
    "LookBack",
    "LookBackAnswer",
    "Measure",
    "Needs",
    "NeedsCount",
    "Permissions",
    "Phase",
    "Plan",
    "Question",
    "Receipt",
    "Redaction",
    "RequiredTraining",
    "Review",
    "ReviewEvent",
    "Reviewer",
    "Score",
    "Seat",
    "Sharing",
    "Side",
    "SignUp",
    "Stay",
    "Stop",
    "StopEvent",
    "StopNote",
    "Training",
    "TrainingVersion",
    "Transcript",
    "TravelReport",
    "Window",
    "applied_to",
    "barred_among",
    "barred_to",
    "free_of",
    "organisers_free_of",
    "organisers_of",
    "organises",
    "wishes_to_travel",
]
