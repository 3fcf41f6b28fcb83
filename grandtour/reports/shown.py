"""An application on a page: whole, or without what tells whose it is."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grandtour.models import Application
from grandtour.reports.blind import Blind, common
from volunteers.models import Skill

HEADINGS = {
    "goals": _("What they would like to learn"),
    "brings": _("What they bring"),
    "spreads": _("How they will pass it on"),
}


def shown(application: Application, *, named: bool) -> dict[str, Any]:
    """Gather what a page shows of an application; not `named`, nothing in it names anybody."""
    blind = None if named else Blind(application)
    skills = _skills(application)
    return {
        "code": application.code,
        "named": named,
        "applicant": application.person if named else None,
        "home": application.place if named else None,
        "affiliate": application.affiliate if named else None,
        "recording": application.voice_note if named else "",
        "spoken": blind.transcript() if blind else "",
        "unheard": bool(not named and application.voice_note),
        "texts": [
            {
                "name": name,
                "heading": heading,
                "text": blind.text(name) if blind else getattr(application, name),
                "held": bool(blind and blind.held(getattr(application, name))),
                "skills": [{"label": one.label} for one in skills.get(name, [])],
            }
            for name, heading in HEADINGS.items()
        ]
        + [
            {
                "name": "answer",
                "heading": answer.question.words,
                "text": blind.clean(answer.words) if blind else answer.words,
                "held": bool(blind and blind.held(answer.words)),
                "skills": [],
            }
            for answer in application.answers.in_order()
        ],
        "facts": {
            "purpose": gettext(application.purpose) if application.purpose else "",
            **languages(application, named=named),
            "travels_by": [Application.Travel(way).label for way in application.travels_by],
            "first_time": application.first_time,
            "nights": application.nights,
            "windows": application.windows.order_by("period"),
        },
    }


def _skills(application: Application) -> dict[str, list[Skill]]:
    """Read what somebody wishes to learn, and what they bring."""
    wants, shares = (
        Exists(of.filter(application=application.pk, skill=OuterRef("pk")))
        for of in (Application.wants.through.objects, Application.shares.through.objects)
    )
    rows = Skill.objects.by_label().annotate(wanted=wants, shared=shares)
    both: list[Any] = list(rows.filter(Q(wanted=True) | Q(shared=True)))
    return {
        "goals": [one for one in both if one.wanted],
        "brings": [one for one in both if one.shared],
    }


def languages(application: Application, *, named: bool) -> dict[str, Any]:
    """Give the languages one may read of, and how many more there are."""
    wide, more = (application.languages, 0) if named else common(application.languages)
    return {"languages": wide, "more_languages": more}
