"""Why there is no place, or why on these days: told to whom it concerns, and to nobody else.

It is the planner's own reason, without a score, a point or a word about others; and nothing is
told before letters are out and journeys offered.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from capx.names import listed
from grandtour.models import Application, Edition, Host, Journey, JourneyEvent, Plan, Stop
from grandtour.planning.why import VISITED, Code, code_of
from grandtour.plans.sentences import nothing_proven, weights

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
LEAST, SAID = 0.1, 2  # of all that weighs against somebody, what is said at least, and how many


def to_applicant(application: Application, *, published: bool) -> str:
    """Say why somebody has no place; nothing before their letter, or where they have one."""
    untold = not published or application.state not in WITHOUT
    if untold or application.seats.live().exists():
        return ""
    reasons = _reasons(application.edition)
    if reasons is None:
        return ""
    found = _about(reasons, "travellers", f"a{application.pk}")
    if found is None:
        never = application.state != Application.State.SHORTLISTED
        return _without_a_plan() if never else ""
    return "" if found["code"] == Code.PLACED else left_out(found)


def to_host(host: Host) -> str:
    """Say why nobody comes to a host, or why on these days; nothing before it is settled."""
    if host.state != Host.State.ACCEPTED:
        return ""
    rows = host.stops.filter(journey__in=Journey.objects.live())
    stops = list(rows.select_related("journey"))
    if any(stop.journey.state == Journey.State.PROPOSED for stop in stops):
        return ""
    found = _about(_reasons(host.edition) or {}, "stays", f"h{host.pk}")
    if found is None:
        return ""
    visited = code_of(found) in VISITED
    if stops:
        return _visited(found, stops) if visited else ""
    return "" if visited or host.edition.state not in OUT else _unvisited(found)


def _reasons(edition: Edition) -> Why | None:
    """Read the reasons of the plan that stands; None before they are known."""
    plans = edition.plans.filter(state=Plan.State.ACCEPTED)
    return plans.order_by("-accepted_at").values_list("reasons", flat=True).first()


def _about(reasons: Why, kind: str, key: str) -> Why | None:
    """Find what reasons say about somebody or a host."""
    return next((one for one in reasons.get(kind, ()) if one["key"] == key), None)


def _without_a_plan() -> str:
    return _(
        "Journeys were planned with the applications on the short list; yours was not on it."
    )


def left_out(why: Why) -> str:
    """Say what decided, and what would open more hosts another time."""
    words = {
        Code.EXCLUDED: _("An organiser left you out of the plan by hand. Ask them why."),
        Code.NO_STAY: _("No host suited what you wrote."),
        Code.LOCKED: _(
            "Hosts would have suited you, but organisers, or the hosts themselves, had settled "
            "it otherwise. Ask the organisers why."
        ),
        Code.NO_ROUTE: _("Single hosts would have suited you, but no route with its days did."),
        Code.NO_GROUP: _(
            "A route would have suited you, but no group could be made to travel it with you."
        ),
        Code.NO_PLAN: _("No plan that keeps all rules has a place for you."),
        Code.OUTBID: _(
            "Plans with you were possible. The best of them that was found came to a lower sum "
            "of what the edition says it weighs."
        ),
    }
    code = _sayable(why)
    said = [_said(code, words), _deciding(code, why) or _weighed(why)]
    if code in {Code.NO_STAY, Code.NO_ROUTE, Code.NO_GROUP} and (more := _more(why["rules"])):
        said.append(_("What would open more hosts: %(things)s.") % {"things": listed(more)})
    return " ".join(filter(None, said))


def _said(code: Code, words: Mapping[Code, str]) -> str:
    """Say what decided in the words for somebody or a host, or in those for both."""
    alike = {
        Code.STANDS: _(
            "Others had a place before, and whoever has one keeps it. Otherwise a plan with "
            "you could have been among the best."
        ),
        Code.TIE: _(
            "A plan with you would have been as good by what the edition says it weighs. "
            "Between plans that are as good a number decides that was set beforehand."
        ),
    }
    return words.get(code) or alike.get(code) or nothing_proven()


def _sayable(why: Why) -> Code:
    """Give the code of a reason; where no plan with somebody was found, nothing is proven."""
    code = code_of(why)
    return Code.UNKNOWN if code == Code.OUTBID and why["lack"][1] is None else code


def _deciding(code: Code, why: Why) -> str:
    """Name the rules that decided, without a name, and without whom a lock is about."""
    rules = list(dict.fromkeys(_rule(rule["name"]) for rule in why.get("deciding", ())))
    if not rules or code == Code.STANDS:
        return ""
    if code == Code.TIE:
        said = _(
            "If any one of these had not held, none of the best plans would have been without "
            "you: %(rules)s."
        )
    elif len(rules) == 1:
        said = _(
            "If this had not held, a plan with you could have been among the best: %(rules)s."
        )
    else:
        said = _(
            "If any one of these had not held, a plan with you could have been among the best: "
            "%(rules)s."
        )
    return said % {"rules": listed(rules)}


def _weighed(why: Why) -> str:
    """Name what weighed most against a plan with somebody, by the planner's own prices."""
    parts = {name: much for name, much in weights(why).items() if name != "brings"}
    most = [name for name, much in parts.items() if much > LEAST * sum(parts.values())][:SAID]
    named = {
        "places": _("what others' places came to"),
        "hosts": _("hosts to which others could go as well"),
    }
    rules = [named.get(name) or _rule(name.partition(":")[0]) for name in most]
    words = _("What weighed most against plans with you: %(rules)s.")
    return words % {"rules": listed(rules)} if rules else ""


def _rule(name: str) -> str:
    """Name a rule; a lock by nothing but that there was one."""
    settled = _("what organisers and hosts had settled beforehand")
    words = {
        "countries": _("that in a group everybody comes from another country"),
        "group_size": _("how small a group may be"),
        "group_most": _("how large a group may be"),
        "groups_max": _("how many journeys there are at most"),
        "groups_min": _("how many journeys there are at least"),
        "beds": _("that beds on these days are taken or asked for"),
        "carbon_budget": _("the carbon budget"),
        "money_budget": _("the money that there is"),
        "share": _("the shares that the edition promises"),
        "stands": _("that whoever has a place keeps it"),
    }
    return words.get(name, settled)


def _more(rules: Mapping[str, int]) -> list[str]:
    """Name what of an application kept hosts out, as far as somebody can change it."""
    words = {
        "window": _("more days on which you can be away, and travel in no other edition"),
        "language": _("one more language"),
        "reach": _("another way of travelling"),
    }
    way = {"window" if name == "beds" else name for name, count in rules.items() if count}
    return [said for name, said in words.items() if name in way]


def _visited(why: Why, stops: list[Stop]) -> str:
    """Say why people come to a host on these days, and what there would be without it."""
    return " ".join(filter(None, [*_these_days(stops), _without(why)]))


def _these_days(stops: list[Stop]) -> Iterator[str]:
    """Say why people come on these days: as planned, or as they were moved since."""
    moves = JourneyEvent.objects.filter(what=JourneyEvent.What.MOVED)
    rows = moves.filter(journey__in=[stop.journey_id for stop in stops])
    moved = {
        (journey, number)
        for journey, before in rows.values_list("journey", "before")
        for number, *_days in before
    }
    now = {(stop.journey_id, stop.number) for stop in stops}
    if now - moved:
        yield _(
            "On these days you are open from the first to the last, everybody in the group can "
            "be away, and the stops before and after follow without a gap. Of all such days "
            "these came to the best sum that was found of what the edition weighs."
        )
    if now & moved:
        yield _(
            "Organisers have moved a stay to other days than were planned. Whoever had said "
            "yes before has agreed on them."
        )


def _without(why: Why) -> str:
    """Say what plans without a host came to, as far as it was proven."""
    least, most = why.get("lack", (None, None))
    if code_of(why) == Code.NEEDED:
        return _("No plan that keeps all rules is without you.")
    if least:
        return _("Every plan without you comes to a lower sum of what the edition weighs.")
    if most:
        return _(
            "The best plan without you that was found comes to a lower sum of what the edition "
            "weighs."
        )
    if most == 0:
        return _(
            "A plan without you would have been as good by what the edition says it weighs."
        )
    return ""


def _unvisited(why: Why) -> str:
    """Say why nobody comes to a host."""
    nothing = _("It says nothing about your programme.")
    words = {
        Code.EXCLUDED: _("An organiser left you out of the plan by hand. Ask them why."),
        Code.CLOSED: _(
            "None of your open days are as long as a stay within the days of travel."
        ),
        Code.FULL: _(
            "Your beds are taken or asked for on all open days that are as long as a stay."
        ),
        Code.NO_GROUP: _("No group could be made whose route comes to you.")
        if why.get("parts", {}).get("suiting", 1)
        else _(
            "Nobody on the short list could come to you: by country, language, days or the "
            "ways they travel."
        ),
        Code.NO_PLAN: _("No plan that keeps all rules comes to you."),
        Code.OUTBID: _(
            "Routes to you were possible. The best plan with one that was found came to a "
            "lower sum of what the edition weighs."
        ),
    }
    code = _sayable(why)
    said = [_said(code, words), _deciding(code, why) or _weighed(why)]
    if code not in {Code.EXCLUDED, Code.CLOSED, Code.FULL}:
        said.append(nothing)
    return " ".join(filter(None, said))
