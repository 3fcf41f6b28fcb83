"""Why a plan is as it is: the planner's codes and worths, in words of the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capx.names import listed
from grandtour.planning.problem import Ended
from grandtour.planning.why import VISITED, Code, code_of
from grandtour.plans.traits import FIRST_TIME, NEW_COUNTRY, NO_OFFICE

Why = Mapping[str, Any]
NAMED = 20  # people whom a sentence lists


def gap(part: float, *, dated: bool) -> str:
    """Say how far a plan can be from the best one, and of which plans that is proven.

    `dated`: of all dates within the rules, not only of those that end first.
    """
    compared = (
        _("Compared were journeys on all dates that begin on the edition's day of the week.")
        if dated
        else _(
            "Compared were journeys that begin on the edition's day of the week and stay as "
            "short as they may, or as long as somebody wishes."
        )
    )
    if part <= 0:
        return f"{_('Proven: no plan within the rules is worth more.')} {compared}"
    words = _("Proven: no plan within the rules is worth more than %(percent)s %% above this.")
    return f"{words % {'percent': _number(100 * part, 2)}} {compared}"


def of_traveller(why: Why, stays: Iterable[object], rules: Sequence[str] = ()) -> str:
    """Say why somebody travels, or does not.

    `stays` are the hosts it is about, by name; `rules` those that decided, in words.
    """
    code = code_of(why)
    if code == Code.PLACED:
        return _placed(why["parts"])
    best = _("By the prices that prove the bound, the best journey with them")
    said = [_decided(why, code, listed(stays)), _enough(why, code), _deciding(code, rules)]
    said += [_weighed(why, best), _in_the_way(why["rules"])]
    return " ".join(filter(None, said))


def to_travellers(why: Why) -> str:
    """Tell somebody what counted for their journey, in no numbers: one is of their reviews."""
    counted = {
        "score": _("how your application was read"),
        "fit": _("goals that fit the programmes"),
        "first_time": _("that it is your first journey"),
        "own": _("a country that was rarely chosen"),
    }
    weighed = {
        "carbon": _("carbon"),
        "cost": _("cost"),
        "nights": _("a stay shorter or longer than you wished"),
    }
    parts = why["parts"]
    gained = [words for name, words in counted.items() if parts.get(name, 0) > 0]
    given = [words for name, words in weighed.items() if parts.get(name, 0) < 0]
    said = _("What counted for it: %(gained)s.") % {"gained": listed(gained)}
    if given:
        said += " " + _("Weighed against it: %(given)s.") % {"given": listed(given)}
    return said


def _placed(parts: Mapping[str, float]) -> str:
    gained = [_term(name, worth) for name, worth in parts.items() if worth > 0]
    given = [_term(name, -worth) for name, worth in parts.items() if worth < 0]
    words = _("Worth %(total)s: %(gained)s.")
    said = words % {"total": _number(sum(parts.values())), "gained": listed(gained)}
    if given:
        said += " " + _("Taken off: %(given)s.") % {"given": listed(given)}
    return said


def _term(name: str, worth: float) -> str:
    words = {
        "score": _("%(worth)s for how reviewers read it"),
        "fit": _("%(worth)s for goals that fit programmes"),
        "first_time": _("%(worth)s for a first journey"),
        "own": _("%(worth)s for a country that was rarely chosen"),
        "carbon": _("%(worth)s for carbon"),
        "cost": _("%(worth)s for cost"),
        "nights": _("%(worth)s for a stay shorter or longer than wished"),
    }
    return words[name] % {"worth": _number(worth)}


def nothing_proven() -> str:
    """Say what is true of every plan, where no more could be proven in the time."""
    return _("Within all rules other groups came to the best sum that was found.")


def _decided(why: Why, code: Code, stays: str) -> str:
    """Say what decided about a traveller."""
    words = {
        Code.EXCLUDED: _("Left out by an organiser for this plan."),
        Code.NO_STAY: _("No host suits."),
        Code.LOCKED: _("Hosts would suit, but a lock or a host's no is in the way of each."),
        Code.NO_ROUTE: _("Single hosts would suit, but no route with its days does."),
        Code.NO_GROUP: _("There is a route, but no group that may travel it with them."),
        Code.NO_PLAN: _("No plan that keeps all rules and locks has them in it."),
        Code.STANDS: _(
            "Whoever has a place keeps it. If that rule fell away, a plan with this traveller "
            "could be among the best."
        ),
        Code.TIE: _(
            "A plan with them (%(stays)s) is worth no less than this one: between plans that "
            "are as good the seed decides."
        ),
    }
    less = {
        "exact": _("The best plan with them (%(stays)s) is worth %(most)s less than this one."),
        "between": _(
            "The best plan with them is worth between %(least)s and %(most)s less than this "
            "one."
        ),
        "least": _("Any plan with them is worth at least %(least)s less than this one."),
        "most": _(
            "The best plan with them that was found (%(stays)s) is worth %(most)s less than "
            "this one."
        ),
    }
    if code == Code.OUTBID:
        return _lacking(why["lack"], less, stays)
    return words[code] % {"stays": stays} if code in words else nothing_proven()


def _lacking(lack: Sequence[int | None], words: Mapping[str, str], stays: str) -> str:
    """Say by how much a plan is worth less, as far as it was proven."""
    least, most = lack
    if least == most:
        kind = "exact"
    elif not least:
        kind = "most"
    else:
        kind = "least" if most is None else "between"
    numbers = {"least": _number(least or 0), "most": _number(most or 0)}
    return words[kind] % {"stays": stays, **numbers}


def _enough(why: Why, code: Code) -> str:
    """Say what would have been enough for a traveller."""
    most = why["lack"][1] if code == Code.OUTBID else None
    words = _("With %(most)s points more for them it would be worth no less.")
    return words % {"most": _number(most)} if most else ""


def weights(why: Why) -> dict[str, float]:
    """Give what a journey brings and takes, the most first: PostgreSQL keeps no order of it."""
    parts = dict(why.get("weighs", {}))
    return dict(sorted(parts.items(), key=lambda part: (-part[1], part[0])))


def _weighed(why: Why, journey: str) -> str:
    """Say what a journey brings, and for what others would give more, the most first."""
    parts = weights(why)
    brings = parts.pop("brings", 0)
    takes = [_part(name, much) for name, much in parts.items() if much > 0]
    words = _("%(journey)s brings %(brings)s and takes from others: %(takes)s.")
    said = {"journey": journey, "brings": _number(brings), "takes": listed(takes)}
    return words % said if takes else ""


def _part(name: str, points: float) -> str:
    """Name one thing that a journey takes from others, with its points."""
    kind, _colon, trait = name.partition(":")
    words = {
        "places": _("%(points)s for the places of others"),
        "hosts": _("%(points)s for hosts to which others would go"),
        "groups_max": _("%(points)s as one of the most journeys there can be"),
        "carbon_budget": _("%(points)s of the carbon budget"),
        "money_budget": _("%(points)s of the money"),
        "share": _("%(points)s by a share: %(share)s"),
        "stands": _("%(points)s as others keep the places they have"),
    }
    return words[kind] % {"points": _number(points), "share": of_share(trait) if trait else ""}


def _deciding(code: Code, rules: Sequence[str]) -> str:
    """Name the rules without which it could have been otherwise."""
    if not rules or code == Code.STANDS:
        return ""
    if code == Code.TIE:
        words = _(
            "If any one of these rules fell away, all of the best plans would be such plans: "
            "%(rules)s."
        )
    elif len(rules) == 1:
        words = _("If this rule fell away, such a plan could be among the best: %(rules)s.")
    else:
        words = _(
            "If any one of these rules fell away, such a plan could be among the best: "
            "%(rules)s."
        )
    return words % {"rules": listed(rules)}


def _in_the_way(rules: Mapping[str, int]) -> str:
    """Name the rules that leave fewer hosts, with how many each rules out."""
    said = [_rule(name, count) for name, count in rules.items()]
    return _("In the way: %(rules)s.") % {"rules": listed(said)} if said else ""


def _rule(name: str, count: int) -> str:
    hosts = ngettext("%(count)s host", "%(count)s hosts", count) % {"count": count}
    words = {
        "language": _("%(hosts)s without a shared language"),
        "own_country": _("%(hosts)s in the country they live in"),
        "access": _("%(hosts)s that cannot be reached without steps"),
        "locked": _("%(hosts)s by a lock, or because the host said no"),
        "reach": _("%(hosts)s too far for how they travel"),
        "beds": _("%(hosts)s whose beds on these days are taken or asked for"),
        "window": _(
            "%(hosts)s on days when they cannot be away, or are to travel in another edition"
        ),
    }
    return words[name] % {"hosts": hosts}


def of_stay(why: Why, stays: Iterable[object], rules: Sequence[str] = ()) -> str:
    """Say why a host is visited, or is not; `rules` are those that decided, in words."""
    code = code_of(why)
    if code in VISITED:
        return " ".join(filter(None, (_("Visited."), _without(why, code))))
    best = _("By the prices that prove the bound, the best journey that comes here")
    said = (_unvisited(why, code, listed(stays)), _deciding(code, rules), _weighed(why, best))
    return " ".join(filter(None, said))


def _without(why: Why, code: Code) -> str:
    """Say what a plan without a host is worth; '' where it was not tried, or is not told."""
    if code == Code.NEEDED:
        return _("No plan that keeps all rules, locks and places that stand is without it.")
    if "lack" not in why:
        return ""
    least, most = why["lack"]
    if most == 0:
        return _("A plan without it is worth no less than this one.")
    if not least and most is None:
        return _("What a plan without it is worth could not be proven in the time.")
    words = {
        "exact": _("The best plan without it is worth %(most)s less than this one."),
        "between": _(
            "The best plan without it is worth between %(least)s and %(most)s less than this "
            "one."
        ),
        "least": _("Any plan without it is worth at least %(least)s less than this one."),
        "most": _(
            "The best plan without it that was found is worth %(most)s less than this one."
        ),
    }
    return _lacking((least, most), words, "")


def _unvisited(why: Why, code: Code, stays: str) -> str:
    """Say what decided about a host to which nobody comes."""
    suiting = int(why["parts"].get("suiting", 0))
    suits = ngettext("It suits %(count)s traveller.", "It suits %(count)s travellers.", suiting)
    words = {
        Code.EXCLUDED: _("Left out by an organiser for this plan."),
        Code.CLOSED: _("No open days of the right length."),
        Code.FULL: _("Its beds are taken or asked for on all open days of the right length."),
        Code.NO_GROUP: _("No group can be made whose route comes here.")
        + " "
        + suits % {"count": suiting},
        Code.NO_PLAN: _("No plan that keeps all rules and locks comes here."),
        Code.STANDS: _(
            "Whoever has a place keeps it. If that rule fell away, a plan that comes here "
            "could be among the best."
        ),
        Code.TIE: _(
            "A plan that comes here (%(stays)s) is worth no less than this one: between plans "
            "that are as good the seed decides."
        ),
    }
    less = {
        "exact": _(
            "The best plan that comes here (%(stays)s) is worth %(most)s less than this one."
        ),
        "between": _(
            "The best plan that comes here is worth between %(least)s and %(most)s less than "
            "this one."
        ),
        "least": _("Any plan that comes here is worth at least %(least)s less than this one."),
        "most": _(
            "The best plan that comes here that was found (%(stays)s) is worth %(most)s less "
            "than this one."
        ),
    }
    if code == Code.OUTBID:
        return _lacking(why["lack"], less, stays)
    return words[code] % {"stays": stays} if code in words else nothing_proven()


def of_rule(name: str, about: Iterable[object]) -> str:
    """Say which rule collides with others, and whom it is about."""
    words = {
        "window": _("The days on which travellers can be away"),
        "language": _(
            "A language shared with each host, and within a group where that is asked"
        ),
        "own_country": _("No host in the country one lives in"),
        **dict.fromkeys(
            ("access", "private"),
            _("Something private, such as what travellers need to reach a host"),
        ),
        "reach": _("How far one travels by land"),
        "beds": _("Beds that are taken or asked for already"),
        "countries": _("Different countries in a group"),
        "group_size": _("The smallest size of a group"),
        "group_most": _("The largest size of a group"),
        "groups_max": _("The most journeys"),
        "groups_min": _("The fewest journeys"),
        "carbon_budget": _("The carbon budget"),
        "money_budget": _("The money"),
        "together": _("Lock: in one group: %(about)s"),
        "apart": _("Lock: in different groups: %(about)s"),
        "keep": _("Lock: must be in: %(about)s"),
        "exclude": _("Lock: must not be in: %(about)s"),
        "pair": _("Locked, or agreed beforehand: this traveller with this host: %(about)s"),
        "stands": _("Said yes to the journey they are in: %(about)s")
        if about
        else _("Whoever has a place keeps it"),
    }
    return words[name] % {"about": listed(about)}


def of_loose(pair: Iterable[object], rules: Iterable[str]) -> str:
    """Say that a pair has agreed and cannot be planned, and what is in the way."""
    about = {"pair": listed(pair), "rules": listed(of_rule(rule, ()) for rule in rules)}
    if about["rules"]:
        return _("%(pair)s. In the way: %(rules)s") % about
    return _("%(pair)s. No journey to this host can be made for them.") % about


def of_share(trait: str) -> str:
    """Name a share that an edition asks for."""
    words = {
        FIRST_TIME: _("The share of first-time travellers"),
        NEW_COUNTRY: _("The share from countries nobody came from before"),
        NO_OFFICE: _("The share without an affiliate that has an office"),
    }
    return words[trait]


def _number(points: float, digits: int = 0) -> str:
    """Write a number as it is read here, without a sign."""
    return number_format(round(points, digits), digits or 0, use_l10n=True, force_grouping=True)


def terms() -> dict[str, str]:
    """Name what a plan weighs."""
    return {
        "score": _("How reviewers read the application"),
        "fit": _("How well goals fit what hosts share"),
        "first_time": _("Travelling for the first time"),
        "own": _("Countries that were rarely chosen"),
        "carbon": _("Carbon"),
        "cost": _("Cost"),
        "nights": _("Stays shorter or longer than wished"),
    }


def ended(how: Ended, *, complete: bool) -> str:
    """Say why the search ended where it did, where that is worth a sentence."""
    words = {
        Ended.TIME: _("The time was over: more of it might find a better one."),
        Ended.EFFORT: _("More time might find a better one."),
        Ended.CANCELLED: _("Somebody stopped it: this is the best that was found by then."),
    }
    said = [words[how]] if how in words else []
    if not complete:
        said.append(_("There were too many routes to look at all of them."))
    return " ".join(said)


def passed_over(rule: str, names: list[str]) -> str:
    """Say why some who were next in line have no place; '' for a rule that says nothing."""
    words = {
        "money_budget": _("No money is left for a place for: %(people)s."),
        "carbon_budget": _("The carbon budget has no room for the ways of: %(people)s."),
        "guests": _(
            "A host's beds on these days are taken or asked for; none is left for: %(people)s."
        ),
        "keep": _("They are to stay with another host, as was agreed: %(people)s."),
        "exclude": _("An organiser or a host has said no to: %(people)s."),
        "together": _("They are to travel with somebody who is not here: %(people)s."),
        "apart": _("They are to travel apart from somebody here: %(people)s."),
    }
    shown = [*names[:NAMED], *(["…"] if len(names) > NAMED else [])]
    return words[rule] % {"people": listed(shown)} if rule in words else ""
