"""What a plan would break by now: the verifier's rules in words, with whom and where."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from capx.names import listed
from capx.templatetags.dates import written_day
from grandtour.models import Plan, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks
from grandtour.planning.verify import Broken, broken
from grandtour.planning.written import read
from grandtour.plans.reading import problem_of
from grandtour.plans.shown import NEEDS, Known, known
from grandtour.reports.viewers import known_to
from volunteers.models import Person

MOST = 10  # that a page names
WINDOW = "window"  # days on which somebody cannot be away, also for a place elsewhere
PRIVATE = "private"  # who does not meet whom: no page says so
# Figures of a plan that follow from where people and hosts are, and what that costs.
FIGURES = {
    *("legs", "kilometres", "carbon", "carbon_plain", "reason", "bound"),
    *("seat_carbon", "seat_cost", "seat_worth", "venue_cost", "venue_worth"),
}


def now(plan: Plan, day: date, by: Person, *, needs: bool) -> list[str]:
    """Say which rules a plan would break if it were accepted on a day, each with whom.

    Who is away by nothing but a place elsewhere of which the reader may not know has no name.
    `needs`: whether they may know what somebody needs.
    """
    found = _broken(plan, day, Seat.objects.live())
    if any(one.rule == WINDOW for one in found):
        sayable = {*_broken(plan, day, known_to(by, Seat.objects.live()))}
        found = [one if one in sayable else replace(one, where=()) for one in found]
    told = [one for one in found if one.rule != PRIVATE and (needs or one.rule != NEEDS)]
    names = known(plan.edition, [key for one in told for key in one.where])
    said = list(dict.fromkeys(_said(one, names) for one in told))
    more = len(said) - MOST
    if more > 0:
        said = [*said[:MOST], _("More like these: %(count)s") % {"count": more}]
    return said


def _broken(plan: Plan, day: date, places: QuerySet[Seat]) -> list[Broken]:
    """Give the rules that a plan would break where people have these places elsewhere."""
    locks = read(Locks, plan.locks)
    problem = problem_of(plan.edition, plan.seed, locks, day, places)
    return broken(problem, read(asked.Plan, plan.result))


def _said(one: Broken, names: Known) -> str:
    """Write one broken rule: its words, then travellers, hosts and days."""
    if one.rule in FIGURES:
        return of_rule("figures")
    about = listed(_named(one.where, names))
    return f"{of_rule(one.rule)}: {about}" if about else of_rule(one.rule)


def _named(where: Iterable[str], names: Known) -> list[str]:
    """Name what a rule is about; a number says nothing to anybody."""
    said = []
    for key in where:
        if key[:1] in {"a", "h"}:
            said.append(str(names.name(key)))
        elif "-" in key:
            said.append(written_day(date.fromisoformat(key)))
    return said


def of_rule(name: str) -> str:
    """Say what is wrong where a rule of the verifier is broken."""
    words = {
        "figures": _("Where somebody lives or a host is, or what that costs, has changed"),
        "known_traveller": _("Not on the short list any more"),
        "known_stay": _("A host that takes no group any more"),
        "once": _("In two journeys at once"),
        "group_size": _("Too few or too many in a group"),
        "stops": _("Too few or too many stops"),
        "groups": _("Too few or too many journeys"),
        "countries": _("Two of a group from one country"),
        "own_country": _("A host in the country one lives in"),
        "language": _("No language shared with a host"),
        "one_language": _("No language shared by a group and its hosts"),
        "spoken": _("A language of a journey that not all of it speak"),
        "access": _("A host who cannot be reached without steps"),
        "window": _("Days on which somebody cannot be away, or travels in another edition"),
        "open": _("A day on which a host takes nobody"),
        "first_day": _("A journey that begins on another day of the week"),
        "season": _("A journey outside of the days on which one can still travel"),
        "nights": _("Too few or too many nights with a host"),
        "chain": _("Stops that do not follow each other without a gap"),
        "stay_groups": _("More groups than a host takes"),
        "host_twice": _("One host twice in a journey"),
        "guests": _("More people in a night than a host takes"),
        "keep": _("Locked, or agreed beforehand, and not in it"),
        "exclude": _("Left out by a lock, or by a host's no"),
        "stands": _("Said yes to the journey they are in, and is moved"),
        "together": _("Not in one group, as was locked"),
        "apart": _("In one group, against a lock"),
        "share": _("Fewer than a share of the edition asks for"),
        "carbon_budget": _("More carbon than is left"),
        "money_budget": _("More money than is left"),
        "mode": _("A way that somebody does not travel so"),
        "flight": _("A flight where none is allowed"),
        "sea": _("No land between two places"),
        "ferry": _("A ferry that is too long, or over no sea"),
        "leg_hours": _("Too long a way between two stops"),
        "home_hours": _("Too long a way from home, or back"),
    }
    return words[name]
