"""Two plans side by side, and a plan beside the simple way, in figures."""

from typing import Any

from django.utils.translation import gettext as _

from grandtour.models import Plan
from grandtour.planning import problem as asked
from grandtour.planning.written import read
from grandtour.plans import sentences
from grandtour.plans.shown import shown


def baseline(plan: Plan) -> list[tuple[str, Any, Any, str]]:
    """Hold a plan against deferred acceptance: figure, plan, the simple way, kind.

    Of the simple way nothing is known before the reasons are, nor which rules it breaks.
    """
    simple = plan.baseline or {}
    broken = sum((simple.get("broken") or {}).values()) if simple else None
    return [
        (_("Worth"), plan.worth, simple.get("worth"), "number"),
        (_("Travellers"), plan.travellers, simple.get("travellers"), "number"),
        (_("Journeys"), plan.groups, simple.get("groups"), "number"),
        (_("CO₂e"), plan.grams, simple.get("grams"), "carbon"),
        (
            _("CO₂e without radiative forcing"),
            plan.grams_plain,
            simple.get("grams_plain"),
            "carbon",
        ),
        (_("Cost"), plan.cost, simple.get("cost"), "money"),
        (_("Rules broken"), 0, broken, "number"),
    ]


def side_by_side(pair: list[Plan]) -> dict[str, Any]:
    """Give the figures of two plans, and who travels in only one of them."""
    plans = [read(asked.Plan, plan.result) for plan in pair]
    words = sentences.terms()
    one, other = pair
    rows = [
        (_("Worth"), one.worth, other.worth, "number"),
        (_("Travellers"), one.travellers, other.travellers, "number"),
        (_("Journeys"), one.groups, other.groups, "number"),
        (_("CO₂e"), one.grams, other.grams, "carbon"),
        (_("CO₂e without radiative forcing"), one.grams_plain, other.grams_plain, "carbon"),
        (_("Cost"), one.cost, other.cost, "money"),
        *(
            (label, getattr(plans[0].terms, name), getattr(plans[1].terms, name), "number")
            for name, label in words.items()
        ),
    ]
    pages = [shown(plan) for plan in pair]
    who = [{str(person["name"]) for g in page.groups for person in g.people} for page in pages]
    return {
        "rows": rows,
        "pages": list(zip(pair, pages, strict=True)),
        "only": [sorted(who[0] - who[1]), sorted(who[1] - who[0])],
    }
