"""Offers and requests, the exchanges that grow from them, and what was learnt."""

from exchange.models.agreements import Agreement, AgreementLine, FollowUp
from exchange.models.calls import CallLetter, OpenCall
from exchange.models.conversations import Event, Message
from exchange.models.documents import SearchDocument, SkillWord, Word
from exchange.models.exchanges import Exchange
from exchange.models.hand_overs import HandOver
from exchange.models.invitations import Invitation
from exchange.models.letters import Mention
from exchange.models.listings import Listing
from exchange.models.money import BudgetLine
from exchange.models.practices import Artefact, Practice
from exchange.models.priorities import Priority
from exchange.models.reports import Decision, Report
from exchange.models.rooms import Doubt

__all__ = [
    "Agreement",
    "AgreementLine",
    "Artefact",
    "BudgetLine",
    "CallLetter",
    "Decision",
    "Doubt",
    "Event",
    "Exchange",
    "FollowUp",
    "HandOver",
    "Invitation",
    "Listing",
    "Mention",
    "Message",
    "OpenCall",
    "Practice",
    "Priority",
    "Report",
    "SearchDocument",
    "SkillWord",
    "Word",
]
