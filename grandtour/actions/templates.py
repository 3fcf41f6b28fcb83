"""Templates of editions: rules, days and words to begin with, one for each kind of journey.

Words are written in the language of whoever begins the edition; from then on they are the
edition's own. Days count from the first day for applications, those of phases from the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grandtour.actions.editions import Days
from grandtour.models import Criterion, Edition, Measure, Phase, Question
from grandtour.models.editions import Figure

Words = str | Promise
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Template:
    """What an edition of one kind begins with."""

    name: Words
    means: Words
    theme: Words
    about: Words
    how_chosen: Words
    success: Words
    applications: int  # days
    travel: Pair
    rules: Mapping[str, Any]
    criteria: tuple[tuple[Words, Words, int], ...]  # name, what to look for, weight
    measures: tuple[tuple[Figure, int, str, bool], ...]  # target, unit, more is better
    phases: tuple[tuple[Words, Pair, Mapping[str, Any]], ...]
    questions: tuple[Words, ...]

    def days(self, first: date) -> Days:
        """Give the days of an edition whose applications begin on this one."""
        travels = (first + timedelta(days=number) for number in self.travel)
        return Days(first, first + timedelta(days=self.applications - 1), *travels)


DECIDING = {"names_shown": True, "may_score": False, "may_decide": True, "others": "always"}
HOW_CHOSEN = _(
    "Three people read each application. They see neither name nor affiliate nor country. Each "
    "scores on their own before they see what others think; who knows an applicant does not "
    "read them.\n\n"
    "A program then plans within the rules below. For each of you it can say why: which rule "
    "or which wish decided. Everybody hears from us, whatever comes."
)
HOME = (
    _("What it changes at home"),
    _("Is there somebody it is for, and a first step that is small enough to happen?"),
    3,
)

TEMPLATES: dict[str, Template] = {
    Edition.Kind.GRAND_TOUR: Template(
        name=_("Grand Tour: several stops"),
        means=_(
            "Groups of two to four stay three to five days with each of three to five hosts, "
            "mostly by train, within nine weeks."
        ),
        theme=_("What we would all like to learn, and nobody has written down"),
        about=_(
            "Small groups visit those who do it, try it with them, and take home one thing "
            "that works. You travel for about three weeks, mostly by train, and stay three to "
            "five days with each host.\n\n"
            "**What is expected.** Before anything is booked, you and each host agree on what "
            "you want to learn and what they plan for it. You pass a short training on "
            "gathering and sharing knowledge. Afterwards you report, share it at home and do "
            "one thing you have chosen."
        ),
        how_chosen=HOW_CHOSEN,
        success=_(
            "Six months after the last day, half of the travellers use something they brought "
            "home, and at least one more person does it with them. Hosts would host again. "
            "What was learnt stands in the catalogue as practices and offers."
        ),
        applications=42,
        travel=(134, 198),
        rules={
            "smallest_group": 2,
            "largest_group": 4,
            "fewest_stops": 3,
            "most_stops": 5,
            "fewest_nights": 3,
            "most_nights": 5,
            "daily_hours": 6,
            "least_first_time": 40,
            "carbon_budget": 6000,
            "weight_review": 100,
            "weight_fit": 60,
            "weight_first_time": 30,
            "weight_fairness": 30,
            "weight_carbon": 40,
            "weight_cost": 20,
        },
        criteria=(
            HOME,
            (
                _("What they bring"),
                _(
                    "Would a host learn something as well? Small and particular is worth more "
                    "than grand."
                ),
                2,
            ),
            (
                _("New roads"),
                _("Does it reach people, places or languages that are rarely part of this?"),
                2,
            ),
        ),
        measures=(
            (Figure.FIRST_TIME, 40, "%", True),
            (Figure.LAND, 85, "%", True),
            (Figure.SHARED, 80, "%", True),
            (Figure.STUCK, 50, "%", True),
            (Figure.HOST_AGAIN, 80, "%", True),
            (Figure.CARBON, 6000, "kg", False),
        ),
        phases=(
            (_("Reading, blind"), (1, 28), {}),
            (_("Deciding"), (29, 42), DECIDING),
        ),
        questions=(
            _("What would you like to see done with your own eyes?"),
            _("Who at home is it for?"),
            _("What is the first small thing you would do afterwards?"),
        ),
    ),
    Edition.Kind.PEER_EXCHANGE: Template(
        name=_("Peer exchange: one stop, in pairs"),
        means=_(
            "One or two people visit one host for three to five days. Who has a partner "
            "already says so; for the others one is found."
        ),
        theme=_("Somebody has done what you are about to do"),
        about=_(
            "Three to five days with somebody who has done what you are about to do: one "
            "shows, one asks, and both learn. Either may travel.\n\n"
            "**What is expected.** Before anything is booked you write a joint plan with your "
            "host: ten questions beforehand, what you do on each day, and one concrete thing "
            "afterwards."
        ),
        how_chosen=HOW_CHOSEN,
        success=_(
            "Half a year later, the one thing that was agreed is done in most places, and both "
            "sides still write to each other."
        ),
        applications=30,
        travel=(90, 180),
        rules={
            "smallest_group": 1,
            "largest_group": 2,
            "fewest_stops": 1,
            "most_stops": 1,
            "fewest_nights": 3,
            "most_nights": 5,
            "daily_hours": 7,
            "least_first_time": 30,
            "carbon_budget": 3000,
            "weight_review": 80,
            "weight_fit": 100,
            "weight_first_time": 30,
            "weight_fairness": 30,
            "weight_carbon": 30,
            "weight_cost": 20,
        },
        criteria=(
            (
                _("Something about to begin"),
                _("Is there something they are about to do that a few days would change?"),
                3,
            ),
            (
                _("What the host gets"),
                _("Is there something a host would ask them, too?"),
                1,
            ),
            HOME,
        ),
        measures=(
            (Figure.ACTION, 60, "%", True),
            (Figure.REPORTED, 90, "%", True),
            (Figure.HOST_AGAIN, 80, "%", True),
            (Figure.CARBON_A_DAY, 25, "kg", False),
        ),
        phases=(
            (_("Reading, blind"), (1, 18), {}),
            (_("Deciding"), (19, 30), DECIDING),
        ),
        questions=(
            _("What are you about to do, and by when?"),
            _("What would you ask somebody who has done it?"),
            _("What could they ask you?"),
        ),
    ),
    Edition.Kind.VISITING: Template(
        name=_("Visiting Wikimedian: one stop, for weeks"),
        means=_("One person works with one host for four to sixteen weeks."),
        theme=_("A guest who stays long enough to be missed"),
        about=_(
            "One person stays with one host for four to sixteen weeks and works on one thing "
            "with them: long enough to learn how it is done on a bad day, too.\n\n"
            "**What is expected.** Before you book, you agree with your host on the one "
            "thing, on who looks after you, on days off, and on a day every four weeks on "
            "which you both look whether it still fits."
        ),
        how_chosen=HOW_CHOSEN,
        success=_(
            "Half a year later, what was begun goes on at both places, without the guest and "
            "without the host."
        ),
        applications=42,
        travel=(120, 300),
        rules={
            "smallest_group": 1,
            "largest_group": 1,
            "fewest_stops": 1,
            "most_stops": 1,
            "fewest_nights": 28,
            "most_nights": 112,
            "daily_hours": 6,
            "least_first_time": 30,
            "carbon_budget": 1500,
            "weight_review": 100,
            "weight_fit": 100,
            "weight_first_time": 20,
            "weight_fairness": 30,
            "weight_carbon": 20,
            "weight_cost": 40,
        },
        criteria=(
            (
                _("One thing that takes weeks"),
                _("Would a few days not be enough, and could it be done in the time there is?"),
                3,
            ),
            (_("What stays with the host"), _("What is there when they have left?"), 2),
            HOME,
        ),
        measures=(
            (Figure.STUCK, 80, "%", True),
            (Figure.SHARED, 100, "%", True),
            (Figure.HOST_AGAIN, 80, "%", True),
        ),
        phases=(
            (_("Reading, blind"), (1, 24), {}),
            (_("Deciding"), (25, 36), DECIDING),
        ),
        questions=(
            _("What would you work on, and why does it take weeks?"),
            _("What would be there at your host's when you have left?"),
            _("Who carries on with it at home?"),
        ),
    ),
}


@transaction.atomic
def begin(template: Template, kind: str, name: str, slug: str, days: Days) -> Edition:
    """Begin an edition as a template says, in the language that is in force."""
    words = ("theme", "about", "how_chosen", "success")
    edition = Edition.objects.create(
        kind=kind,
        name=name,
        slug=slug,
        **{word: str(getattr(template, word)) for word in words},
        **{day: getattr(days, day) for day in Days.__dataclass_fields__},
        **template.rules,
    )
    _criteria(template, edition)
    _measures(template, edition)
    _questions(template, edition)
    for called, (first, last), may in template.phases:
        Phase.objects.create(
            edition=edition,
            name=str(called),
            first_day=days.applications_last_day + timedelta(days=first),
            last_day=days.applications_last_day + timedelta(days=last),
            **may,
        )
    return edition


def _criteria(template: Template, edition: Edition) -> None:
    """Write what reviewers look for."""
    Criterion.objects.bulk_create(
        Criterion(
            edition=edition, number=number, name=str(name), meaning=str(means), weight=weight
        )
        for number, (name, means, weight) in enumerate(template.criteria, 1)
    )


def _questions(template: Template, edition: Edition) -> None:
    """Write what applicants may answer instead of writing a letter."""
    Question.objects.bulk_create(
        Question(edition=edition, number=number, words=str(words))
        for number, words in enumerate(template.questions, 1)
    )


def _measures(template: Template, edition: Edition) -> None:
    """Write what would be a success, each measure counted here."""
    Measure.objects.bulk_create(
        Measure(
            edition=edition,
            number=number,
            name=str(figure.label),
            target=target,
            unit=unit,
            least=least,
            figure=figure,
        )
        for number, (figure, target, unit, least) in enumerate(template.measures, 1)
    )
