"""Why there is no place, or why on these days: told to whom it concerns, and to nobody else.

It is the planner's own reason, without a score, a point or a word about others; and nothing is
told before letters are out and journeys offered.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from capx.names import listed
from grandtour.models import Application, Edition, Host, Journey, Plan
from grandtour.planning.why import Code

WITHOUT = {
    Application.State.SHORTLISTED,
    Application.State.WAITING,
    Application.State.DECLINED,
}
OUT = {
    Edition.State.DECIDED,
    Edition.State.TRAVELLING,
    Edition.State.EVALUATING,
    Edition.State.CLOSED,
}
Why = Mapping[str, Any]


def to_applicant(application: Application, *, published: bool) -> str:
    """Say why somebody has no place; nothing before their letter, or where they have one."""
    untold = not published or application.state not in WITHOUT
    if untold or application.seats.live().exists():
        return ""
    found = _reason(application.edition, "travellers", f"a{application.pk}")
    if found is None:
        planned = application.edition.plans.filter(state=Plan.State.ACCEPTED).exists()
        never = application.state != Application.State.SHORTLISTED
        return _without_a_plan() if planned and never else ""
    return "" if found["code"] == Code.PLACED else left_out(found)


def to_host(host: Host) -> str:
    """Say why nobody comes to a host, or why on these days; nothing before it is settled."""
    if host.state != Host.State.ACCEPTED:
        return ""
    stops = host.stops.filter(journey__in=Journey.objects.live())
    if stops.filter(journey__state=Journey.State.PROPOSED).exists():
        return ""
    found = _reason(host.edition, "stays", f"h{host.pk}")
    if stops.exists():
        return _these_days() if found is not None and found["code"] == Code.USED else ""
    if found is None or host.edition.state not in OUT or found["code"] == Code.USED:
        return ""
    return _unvisited(Code(found["code"]))


def _reason(edition: Edition, kind: str, key: str) -> Why | None:
    """Find what the plan that stands says about somebody or a host."""
    plans = edition.plans.filter(state=Plan.State.ACCEPTED)
    reasons = plans.order_by("-accepted_at").values_list("reasons", flat=True).first()
    return next((one for one in (reasons or {}).get(kind, ()) if one["key"] == key), None)


def _without_a_plan() -> str:
    return _(
        "Journeys were planned with the applications on the short list; yours was not on it."
    )


def left_out(why: Why) -> str:
    """Say what decided, and what would open more hosts another time."""
    fewer = _(
        "Routes would have suited you, but they have fewer places than people whom they suit. "
        "The sum of what the edition says it weighs decided."
    )
    words = {
        Code.EXCLUDED: _("An organiser left you out of the plan by hand. Ask them why."),
        Code.NO_STAY: _("No host suited what you wrote."),
        Code.NO_ROUTE: _(
            "Single hosts would have suited you, but no route of several fitted your days."
        ),
        Code.NO_GROUP: _("A route would have suited you, but there was no group to travel it."),
        Code.SHARE: _(
            "Routes would have suited you, but the shares that the edition promises needed "
            "the places."
        ),
        Code.CARBON: _(
            "A route would have suited you, but with it the edition would have exceeded its "
            "carbon budget."
        ),
        Code.MONEY: _("A route would have suited you, but the edition's money is used up."),
    }
    code = Code(why["code"])
    said = words.get(code, fewer)
    more = _more(why["rules"]) if code in {Code.NO_STAY, Code.NO_ROUTE, Code.NO_GROUP} else []
    if more:
        said += " " + _("What would open more hosts: %(things)s.") % {"things": listed(more)}
    return said


def _more(rules: Mapping[str, int]) -> list[str]:
    """Name what of an application kept hosts out, as far as somebody can change it."""
    words = {
        "window": _("more days on which you can be away"),
        "language": _("one more language"),
        "reach": _("another way of travelling"),
    }
    return [said for name, said in words.items() if rules.get(name)]


def _these_days() -> str:
    return _(
        "On these days you are open from the first to the last, everybody in the group can be "
        "away, and the stops before and after follow without a gap. Of all such days these "
        "came to the best sum that was found of what the edition weighs."
    )


def _unvisited(code: Code) -> str:
    others = _(
        "Routes to you were possible. Other routes came to a better sum of what the edition "
        "weighs; it says nothing about your programme."
    )
    words = {
        Code.EXCLUDED: _("An organiser left you out of the plan by hand. Ask them why."),
        Code.CLOSED: _(
            "None of your open days are as long as a stay within the days of travel."
        ),
        Code.NO_GROUP: _(
            "No group could be made whose route comes to you: languages, days and distances "
            "left too few who could travel it together."
        ),
    }
    return words.get(code, others)
