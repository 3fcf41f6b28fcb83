"""The rules of an edition in words, each with what of the planner's rules it says.

They are read from what the planner is given (`reading.bounds`): no number stands here twice.
"""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from capx.templatetags.dates import weekday
from grandtour.models import Edition
from grandtour.planning.problem import Rules
from grandtour.plans.broken import FIGURES
from grandtour.plans.reading import bounds
from grandtour.plans.traits import FIRST_TIME, NEW_COUNTRY, NO_OFFICE

# What the planner is given, or the verifier looks at, and is no rule that anybody has to know.
ELSEWHERE = {
    "last_day": "the days of travel",
    "season": "the days of travel",
    "weights": "what the plan weighs has a list of its own",
    "promised": "what everybody who travels gets stands below",
    "groups_min": "only trials set it",
    "groups_max": "only trials set it",
    "groups": "only trials set it",
    "excepted": "an exception from the rule of countries is an organiser's, with its reason",
    "private": "of whom a block keeps apart nobody is told",
    "seed": "decides between plans that are worth the same",
    "known_traveller": "who is on the list",
    "known_stay": "who hosts",
    "once": "nobody is in two places at once",
    "chain": "nor spends a night nowhere",
    **dict.fromkeys(FIGURES, "arithmetic"),
}
Told = Iterator[tuple[tuple[str, ...], str]]
WEEK = 7


def told(edition: Edition) -> Told:
    """Give each rule of a journey as a sentence, after the names of the planner's rules."""
    rules = bounds(edition)
    yield from _groups(rules)
    yield from _days(rules)
    yield from _ways(rules)
    yield from _shares(rules)
    yield ("one_language", "language", "spoken"), _language(rules)
    yield from _budgets(rules)


def _groups(rules: Rules) -> Told:
    names = ("group_min", "group_max", "group_size", "countries", "own_country")
    if rules.group_min < rules.group_max:
        words = _(
            "Groups of %(least)s to %(most)s people, all from different countries, and none "
            "from the country of a host."
        )
        words = words % {"least": rules.group_min, "most": rules.group_max}
    elif rules.group_max > 1:
        words = _(
            "Groups of %(size)s people, all from different countries, and none from the "
            "country of a host."
        )
        words = words % {"size": rules.group_max}
    else:
        words = _("Everybody travels alone, and to no host in the country they live in.")
    by_hand = _(
        "Only organisers can make an exception about countries, by hand and with a reason."
    )
    yield names, f"{words} {by_hand}"


def _days(rules: Rules) -> Told:
    yield ("stops_min", "stops_max", "stops", "host_twice"), _stops(rules)
    words = _(
        "%(least)s to %(most)s nights with each host, never more people than the host can "
        "take, those of other editions counted."
    )
    nights = {"least": rules.nights_min, "most": rules.nights_max}
    said = [words % nights]
    if rules.stops_max == 1 and rules.nights_min < rules.nights_max:
        said.append(
            _(
                "Whoever applies says how many nights they would like; a plan keeps to it as "
                "nearly as days and beds allow."
            )
        )
    yield ("nights_min", "nights_max", "nights", "guests"), " ".join(said)
    yield from _as_they_said()
    if rules.every == WEEK:
        words = _(
            "All journeys that a plan makes anew begin on the same day of the week: %(day)s."
        )
        yield ("every", "first_day"), words % {"day": weekday(rules.first_day)}


def _as_they_said() -> Told:
    yield (
        ("window", "mode"),
        _(
            "Nobody travels on days other than those they have named or agreed on, or in ways "
            "other than those they have named."
        ),
    )
    yield (
        ("open", "stay_groups"),
        _("Hosts have guests only on days they have named, and no more groups than they wish."),
    )
    yield (
        ("access",),
        _("Whoever cannot take steps comes only to hosts who can be reached without any."),
    )
    yield (
        ("keep", "exclude", "together", "apart", "stands"),
        _(
            "Whoever has said yes to a journey keeps it. What organisers decide beforehand "
            "holds (who travels, with whom, to which host), and stands beside each plan."
        ),
    )


def _stops(rules: Rules) -> str:
    if rules.stops_min == rules.stops_max:
        words = _("Hosts on each journey: %(hosts)s.")
        return words % {"hosts": rules.stops_max}
    words = _("Each journey visits %(least)s to %(most)s hosts.")
    return words % {"least": rules.stops_min, "most": rules.stops_max}


def _ways(rules: Rules) -> Told:
    if rules.stops_max > 1:
        words = _(
            "From one host to the next it takes at most %(hours)s hours, without a plane."
        )
        yield ("leg_hours",), words % {"hours": _number(rules.leg_hours)}
    if rules.flights:
        words = _(
            "Up to %(hours)s hours from home to the first host, or from the last one home, are "
            "travelled by land. Whoever would need longer, or cannot travel so, may fly."
        )
    else:
        words = _(
            "From home to the first host, and from the last one home, it takes at most "
            "%(hours)s hours. Nobody flies."
        )
    yield ("home_hours", "flights", "flight"), words % {"hours": _number(rules.home_hours)}
    words = _("Ferries are taken for up to %(km)s kilometres over the sea.")
    yield ("ferry_km", "ferry", "sea"), words % {"km": _number(rules.ferry_km)}


def _shares(rules: Rules) -> Told:
    words = {
        FIRST_TIME: _("At least %(share)s percent travel for the first time."),
        NEW_COUNTRY: _(
            "At least %(share)s percent come from countries nobody came from before."
        ),
        NO_OFFICE: _(
            "At least %(share)s percent belong to no affiliate, or to one without an office."
        ),
    }
    for share in rules.shares:
        yield ("shares", "share"), words[share.trait] % {"share": share.percent}


def _language(rules: Rules) -> str:
    if rules.one_language:
        return _("All of a group and its hosts share one language.")
    return _("Everybody shares a language with each of their hosts.")


def _budgets(rules: Rules) -> Told:
    yield (
        ("money_budget",),
        _("All journeys together cost no more than was granted in euros, where that is so."),
    )
    words = _("All journeys together stay below %(kilos)s kilograms of CO₂e.")
    yield ("carbon_budget",), words % {"kilos": _number((rules.carbon_budget or 0) / 1000)}


def _number(value: float) -> str:
    """Write hours, kilometres or kilograms, without decimals that say nothing."""
    return number_format(round(value, 1) if value % 1 else int(value), force_grouping=True)
