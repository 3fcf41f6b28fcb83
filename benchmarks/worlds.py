"""Three worlds: how somebody who needs help comes to whom they ask; see `fair_asking`."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from benchmarks.movement import DAY, START, Member, Movement, Need
from exchange.actions import documents
from exchange.models import SearchDocument
from exchange.models.finding import Wish, find, sees
from exchange.search import facet, quote
from volunteers import gate
from volunteers.load import Span
from volunteers.models import Ask, Commitment, Person, Rest, Skill
from volunteers.models.bandwidth import days

PATIENCE = timedelta(days=7)


@dataclass(slots=True)
class Story:
    """What came of one need."""

    need: Need
    tried: list[Member] = field(default_factory=list)
    named: Member | None = None
    looked: int = 0
    answers: int = 0
    silences: int = 0
    first_answer: datetime | None = None
    helped_at: datetime | None = None
    helper: Member | None = None
    refused: bool = False
    found_nobody: bool = False


@dataclass
class Known:
    """(a) People ask whom they have heard of."""

    movement: Movement

    def begin_day(self, day: date) -> None:
        """Do what happens every morning: nothing."""

    def choose(self, story: Story, now: datetime, luck: random.Random) -> Member | None:
        """Give whom somebody asks next."""
        del now
        able = self.movement.able.get(story.need.skill, [])
        return self.heard_of(self.left(able, story), luck)

    def left(self, some: Sequence[Member], story: Story) -> list[Member]:
        """Leave out who was asked already, and who asks."""
        tried = {member.pk for member in story.tried} | {story.need.asker}
        return [member for member in some if member.pk not in tried]

    def heard_of(self, some: Sequence[Member], luck: random.Random) -> Member | None:
        """Draw one of these people by how well they are known."""
        chance = luck.random()  # drawn even where it does not matter, for the same luck
        if not some:
            return None
        if self.movement.assumed.strictly_known:
            return max(some, key=lambda member: member.fame)
        reach = chance * sum(member.fame for member in some)
        for member in some:
            reach -= member.fame
            if reach <= 0:
                return member
        return some[-1]

    def ask(self, story: Story, now: datetime, luck: random.Random) -> Member | None:
        """Ask somebody, if there is anybody."""
        member = self.choose(story, now, luck)
        if member and story.named is None and story.need.has_a_name:
            story.named = member
        return member

    def promise(self, member: Member, story: Story, span: Span, now: datetime) -> None:
        """Do what the site does with a yes: there is no site."""

    def answered(self, story: Story, now: datetime, *, declined: bool) -> None:
        """Do what the site does when an ask has its answer, or none in time."""


@dataclass
class Listed(Known):
    """(b) Some ask whom they know first; the others, and all who look on, read the list."""

    members: dict[str, Member] = field(init=False)

    def __post_init__(self) -> None:
        """Find people by their names."""
        self.members = {member.username: member for member in self.movement.members}

    def choose(self, story: Story, now: datetime, luck: random.Random) -> Member | None:
        """Give whom somebody asks next."""
        if story.need.has_a_name and not story.tried and not story.looked:
            return super().choose(story, now, luck)
        return self.pick(self.left(self.page(story, now), story), luck)

    def page(self, story: Story, now: datetime) -> list[Member]:
        """Read the first page of the catalogue, or the second where all were asked."""
        found: list[Member] = []
        for number in (1, 2):
            wish = Wish(
                see=sees(Person(pk=story.need.asker)),
                day=now.date(),
                filters={"kind": quote(facet("kind", "offer"))},
                skills=[self.movement.skills[story.need.skill]],
                page=number,
            )
            cards = find(wish).cards
            found = [self.members[card.username] for card in cards]
            if self.left(found, story):
                break
        return found

    def pick(self, some: Sequence[Member], luck: random.Random) -> Member | None:
        """Take whom one knows best of a list, or one of the upper ones."""
        by_name = luck.random() < self.movement.assumed.picks_a_name
        known = self.heard_of(some, luck)
        upper = [1 / (n + 1) for n in range(len(some))]
        if by_name or not some:
            return known
        return luck.choices(some, upper)[0]


@dataclass
class Gated(Listed):
    """(c) The same, and each ask goes through the gate."""

    asks: dict[int, Ask] = field(default_factory=dict)
    busy_until: dict[int, date] = field(default_factory=dict)

    def begin_day(self, day: date) -> None:
        """Note in the catalogue who has room, of all for whom that may have changed."""
        now = datetime.combine(day, time(), UTC)
        changed = set(
            Rest.objects.filter(period__contains=day).values_list("person", flat=True)
        )
        busy = SearchDocument.objects.filter(busy=True)
        changed |= set(busy.values_list("author", flat=True))
        changed |= {pk for pk, end in self.busy_until.items() if day <= end}
        people = Person.objects.filter(pk__in=changed).order_by("pk")
        documents.note_room(list(people), now)
        if day.day == 1 and not connection.in_atomic_block:
            tidy_up()

    def ask(self, story: Story, now: datetime, luck: random.Random) -> Member | None:
        """Ask somebody who may be asked; turn to the others that the gate names if not."""
        member = super().ask(story, now, luck)
        if member is None:
            return None
        insists = luck.random() < self.movement.assumed.insists
        try:
            return self.admit(member, story, now, why="")
        except gate.NotTakingRequests:
            story.refused = story.refused or not story.tried
            return self.turn(story, member, now, luck)
        except gate.Tight:
            other = None if insists else self.turn(story, member, now, luck)
            return other or self.admit(member, story, now, why="We know each other")

    def turn(
        self, story: Story, member: Member, now: datetime, luck: random.Random
    ) -> Member | None:
        """Ask one of the other people who are named."""
        without = [member.pk, *(one.pk for one in story.tried)]
        asker = Person(pk=story.need.asker)
        skill = Skill(pk=story.need.skill)
        named = gate.others([skill], asker=asker, now=now, without=without)
        some = [self.members[person.username] for person in named]
        while some and (one := self.pick(some, luck)):
            try:
                return self.admit(one, story, now, why="You were named")
            except gate.NotTakingRequests:
                some.remove(one)
        return None

    def admit(self, member: Member, story: Story, now: datetime, *, why: str) -> Member:
        """Put one ask before the gate."""
        wish = _wish(story, now)
        person, asker = Person(pk=member.pk), Person(pk=story.need.asker)
        with transaction.atomic():
            ask = gate.admit(person, asker=asker, now=now, wish=wish, why=why)
        self.asks[story.need.number] = ask
        self.note_busy(member, (now + PATIENCE + DAY).date())
        return member

    def note_busy(self, member: Member, until: date) -> None:
        """Remember until when somebody has to be looked at every morning."""
        self.busy_until[member.pk] = max(self.busy_until.get(member.pk, START), until)

    def promise(self, member: Member, story: Story, span: Span, now: datetime) -> None:
        """Write down what was promised; whoever promises too much has been shown the weeks."""
        last = last_of(span)
        wish = gate.Wish(span.first, last, span.weekly_hours)
        with transaction.atomic():
            gate.overfull(Person(pk=member.pk), now=now, wish=wish)
            Commitment.objects.create(
                person_id=member.pk,
                what="Help",
                source="exchange",
                key=f"need:{story.need.number}",
                period=days(span.first, last),
                weekly_hours=span.weekly_hours,
                state="running",
            )
        self.note_busy(member, last)

    def answered(self, story: Story, now: datetime, *, declined: bool) -> None:
        """Let an ask take no more room."""
        gate.settle(self.asks.pop(story.need.number), at=now, declined=declined)


def tidy_up() -> None:
    """Do what autovacuum does, at moments that are the same in each run."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _wish(story: Story, now: datetime) -> gate.Wish:
    """Say what a need takes of whoever helps, as the gate reads it."""
    span = story.need.span(now)
    return gate.Wish(span.first, last_of(span), span.weekly_hours)


def last_of(span: Span) -> date:
    """Give the last day of something that ends."""
    assert span.end  # noqa: S101 -- whatever is needed here has an end
    return span.end - DAY


WORLDS = {"known": Known, "listed": Listed, "gated": Gated}
