"""Two years of asking: what those do who are asked, and what came of it; see `fair_asking`."""

import heapq
import json
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from statistics import median

from django.db import connection

from benchmarks.fair_asking import Assumptions
from benchmarks.figures import percentile
from benchmarks.movement import DAY, START, WEEK, Member, Movement, Need, fill
from benchmarks.worlds import PATIENCE, WORLDS, Known, Story, tidy_up
from volunteers.load import monday_of

DEADLINE = timedelta(weeks=4)
FULL_ABOVE, OVER_ABOVE = 0.8, 1.0
MOST_FELT = 3.0  # work in a week of rest is infinitely too much, and slows nobody infinitely
A_DAY = 86_400
Figures = dict[str, tuple[float, str]]


def prepare(assumed: dict[str, object]) -> None:
    """Fill an empty database.

    The search decides by the planner's estimates what it can count, so that these must not
    depend on when a vacuum happens to come by.
    """
    fill(Assumptions(**assumed))  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_searchdocument SET (autovacuum_enabled = false)")
    tidy_up()


def run(world: str, assumed: dict[str, object]) -> None:
    """Live through all the weeks in one world, and print its figures."""
    sys.stdout.write(json.dumps(figures(world, Assumptions(**assumed))))  # type: ignore[arg-type]


def figures(world: str, assumed: Assumptions) -> Figures:
    """Live through all the weeks in one world, and give its figures."""
    movement = Movement.read(assumed)
    years = Years(WORLDS[world](movement))
    years.live(movement.needs())
    return summary(movement, years.stories)


@dataclass
class Years:
    """One world, moment by moment."""

    world: Known
    stories: list[Story] = field(default_factory=list)
    due: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    @property
    def assumed(self) -> Assumptions:
        """Give what is taken to be so."""
        return self.world.movement.assumed

    def at(self, moment: datetime, what: Callable[[datetime], None]) -> None:
        """Let something happen at a moment."""
        heapq.heappush(self.due, (moment, next(self.numbers), what))

    def live(self, needs: Iterable[Need]) -> None:
        """Let everything happen, in the order of time."""
        for day in range(self.assumed.weeks * 7):
            morning = datetime.combine(START + day * DAY, time(), UTC)
            self.at(morning, lambda now: self.world.begin_day(now.date()))
        for need in needs:
            story = Story(need)
            self.stories.append(story)
            self.at(need.at, lambda now, story=story: self.look(story, now))
        while self.due:
            moment, _number, what = heapq.heappop(self.due)
            what(moment)

    def look(self, story: Story, now: datetime) -> None:
        """Look for somebody to ask; again in a week if there is nobody."""
        if len(story.tried) == self.assumed.tries or now > story.need.at + DEADLINE:
            return
        luck = random.Random(f"{self.assumed.seed}/{story.need.number}/{story.looked}")  # noqa: S311 -- the same in each world
        member = self.world.ask(story, now, luck)
        story.looked += 1
        if member is None:
            story.found_nobody = True
            self.at(now + PATIENCE, lambda then: self.look(story, then))
            return
        story.tried.append(member)
        self.await_answer(member, story, now)

    def await_answer(self, member: Member, story: Story, now: datetime) -> None:
        """Let somebody who was asked answer, or be silent until the asker looks on."""
        mood = random.Random(f"{self.assumed.seed}/{story.need.number}/{len(story.tried)}!")  # noqa: S311 -- the same in each world
        answers = mood.random() < self.will_answer(member, now)
        delay = mood.expovariate(1) * self.slowness(member, now) * timedelta(days=1)
        says = mood.random()
        member.waiting += 1
        if answers and delay < PATIENCE:
            self.at(now + delay, lambda then: self.answer(member, story, says, then))
        else:
            self.at(now + PATIENCE, lambda then: self.give_up(member, story, then))

    def answer(self, member: Member, story: Story, says: float, now: datetime) -> None:
        """Let somebody say yes or no."""
        span = story.need.span(now)
        member.waiting -= 1
        story.answers += 1
        story.first_answer = story.first_answer or now
        yes = says < self.will_agree(float(member.calendar.fullest(span)))
        self.world.answered(story, now, declined=not yes)
        if not yes:
            self.look(story, now)
            return
        self.world.promise(member, story, span, now)
        member.calendar.commitments.append(span)
        member.promised += story.need.hours
        story.helped_at, story.helper = now, member

    def give_up(self, member: Member, story: Story, now: datetime) -> None:
        """Let somebody wait no longer."""
        member.waiting -= 1
        story.silences += 1
        self.world.answered(story, now, declined=False)
        self.look(story, now)

    def how_full(self, member: Member, now: datetime) -> float:
        """Say how full somebody's week is."""
        full = member.calendar.utilisation(monday_of(now.date()))
        return min(float(full or 0), MOST_FELT)

    def will_answer(self, member: Member, now: datetime) -> float:
        """Give the chance of any answer: less with each ask that waits, and in full weeks."""
        assumed, full = self.assumed, self.how_full(member, now)
        chance = assumed.answers * assumed.one_more_waits**member.waiting
        if member.calendar.rests_on(now.date()):
            return chance * assumed.at_rest
        if full > OVER_ABOVE:
            return chance * assumed.when_over
        return chance * assumed.when_full if full > FULL_ABOVE else chance

    def slowness(self, member: Member, now: datetime) -> float:
        """Give the days that an answer takes on average."""
        return (
            self.assumed.delay_days
            * (1 + member.waiting / 2)
            * (1 + self.how_full(member, now))
        )

    def will_agree(self, full: float) -> float:
        """Give the chance of a yes, with how full the fullest week would be."""
        if full > OVER_ABOVE:
            return self.assumed.yes_if_over
        return self.assumed.yes_if_full if full > FULL_ABOVE else self.assumed.yes


def summary(movement: Movement, stories: list[Story]) -> Figures:
    """Give what came of it."""
    return {
        **_weeks(movement),
        **_shares(movement),
        **_answers(stories),
        **_first_choices(stories),
        **_times("the first answer", [(s.need.at, s.first_answer) for s in stories]),
        **_times("a yes", [(s.need.at, s.helped_at) for s in stories]),
    }


def _weeks(movement: Movement) -> Figures:
    """Count the weeks of people that hold more than they can give."""
    weeks = movement.assumed.weeks
    mondays = [START + n * WEEK for n in range(weeks)]
    over = {
        member.pk: sum((member.calendar.utilisation(day) or 0) > 1 for day in mondays)
        for member in movement.members
        if member.promised
    }
    all_weeks = len(movement.members) * weeks
    told = {member.pk for member in movement.members if member.tells}
    in_told = sum(number for pk, number in over.items() if pk in told)
    return {
        "weeks over capacity": (100 * sum(over.values()) / all_weeks, "%"),
        "weeks over capacity, of those who tell the site": (
            100 * in_told / (max(len(told), 1) * weeks),
            "%",
        ),
        "weeks over capacity, of those who tell it nothing": (
            100
            * (sum(over.values()) - in_told)
            / (max(len(movement.members) - len(told), 1) * weeks),
            "%",
        ),
        "weeks over capacity, in all": (sum(over.values()), "weeks"),
        "people ever over capacity": (sum(map(bool, over.values())), "people"),
        "most weeks over capacity of one person": (max(over.values(), default=0), "weeks"),
    }


def _shares(movement: Movement) -> Figures:
    """Say on how many shoulders it lies."""
    hours = sorted((member.promised for member in movement.members), reverse=True)
    busiest = sum(hours[: max(len(hours) // 100, 1)], Decimal(0))
    return {
        "hours carried by the busiest 1 %": (float(100 * busiest / (sum(hours) or 1)), "%"),
        "people who helped": (sum(map(bool, hours)), "people"),
    }


def _answers(stories: list[Story]) -> Figures:
    """Say how many asks were answered, and how many needs were helped."""
    asks = sum(len(story.tried) for story in stories)
    needs = len(stories)
    return {
        "needs": (needs, "needs"),
        "asks": (asks, "asks"),
        "asks answered": (100 * sum(s.answers for s in stories) / (asks or 1), "%"),
        "needs that found help": (100 * sum(bool(s.helper) for s in stories) / needs, "%"),
        "needs that once found nobody to ask": (
            100 * sum(s.found_nobody for s in stories) / needs,
            "%",
        ),
    }


def _first_choices(stories: list[Story]) -> Figures:
    """Say how often it was whom the asker wanted."""
    named = [story for story in stories if story.named]
    whole = len(named) or 1
    return {
        "first choices that could not be asked": (
            100 * sum(story.refused for story in stories) / len(stories),
            "%",
        ),
        "names in mind that could not be asked": (
            100 * sum(story.refused for story in named) / whole,
            "%",
        ),
        "names in mind that were not asked": (
            100 * sum(story.named not in story.tried for story in named) / whole,
            "%",
        ),
        "names in mind that helped": (
            100 * sum(story.helper is story.named for story in named) / whole,
            "%",
        ),
    }


def _times(what: str, pairs: list[tuple[datetime, datetime | None]]) -> Figures:
    """Give the days until something happened, where it did."""
    passed = [(end - start).total_seconds() / A_DAY for start, end in pairs if end]
    if len(passed) < 2:  # noqa: PLR2004 -- a percentile needs two
        return {}
    return {
        f"time to {what}, median": (median(passed), "days"),
        f"time to {what}, p90": (percentile(passed, 90), "days"),
    }
