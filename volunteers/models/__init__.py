"""People, affiliates, skills, places, what people can give, and the notices we owe them."""

from volunteers.models.abilities import PersonLanguage, PersonSkill
from volunteers.models.affiliates import Affiliate, Membership
from volunteers.models.asks import Ask, Check
from volunteers.models.bandwidth import Bandwidth, Commitment, Rest
from volunteers.models.blocks import Block
from volunteers.models.bottlenecks import BottleneckSnapshot
from volunteers.models.care import Look, SharingInvitation, StewardAccess
from volunteers.models.check_ins import CheckIn, CheckInRhythm
from volunteers.models.contacts import ImportMatch, ImportRefusal
from volunteers.models.imports import Import, ImportLine
from volunteers.models.notices import Notice, NoticePreference
from volunteers.models.origins import Origin
from volunteers.models.people import Person
from volunteers.models.places import Place
from volunteers.models.regions import Region
from volunteers.models.sessions import Session
from volunteers.models.skills import Skill, SkillLabel
from volunteers.models.strains import Strain
from volunteers.models.thanks import Thanks
from volunteers.models.watches import Watch

__all__ = [
    "Affiliate",
    "Ask",
    "Bandwidth",
    "Block",
    "BottleneckSnapshot",
    "Check",
    "CheckIn",
    "CheckInRhythm",
    "Commitment",
    "Import",
    "ImportLine",
    "ImportMatch",
    "ImportRefusal",
    "Look",
    "Membership",
    "Notice",
    "NoticePreference",
    "Origin",
    "Person",
    "PersonLanguage",
    "PersonSkill",
    "Place",
    "Region",
    "Rest",
    "Session",
    "SharingInvitation",
    "Skill",
    "SkillLabel",
    "StewardAccess",
    "Strain",
    "Thanks",
    "Watch",
]
