"""Writes rounds of the Grand Tour that are planned, offered and travelled, by their actions."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from django.db import transaction

from capx.sample.accounts import USERNAMES
from capx.sample.material import dice, read
from capx.sample.rows import after, training
from capx.sample.rows.after import noon
from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from capx.sample.rows.reviews import reading
from capx.sample.rows.tours import (
    AWAY,
    edition,
    edition_opened,
    host,
    people_by_country,
    period,
)
from grandtour.actions import checklists, moving, under_way
from grandtour.actions import journeys as actions
from grandtour.models import (
    Application,
    ApplicationEvent,
    ChecklistItem,
    Edition,
    Host,
    Journey,
    Plan,
    Reviewer,
    Stop,
    Window,
)
from grandtour.planning.answer import answer, explained
from grandtour.planning.limits import Limits
from grandtour.planning.problem import Locks
from grandtour.planning.solver import solve
from grandtour.planning.written import written
from grandtour.plans import accepting, private
from grandtour.plans.reading import problem_of
from grandtour.plans.running import without_private
from volunteers.models import Membership, Person

Row = dict[str, Any]
State = Application.State
LIMITS = Limits(gap=0.001, seconds=120, effort=1.5, routes=4000, workers=1)
A_DAY = timedelta(days=1)
SECONDS_FOR_REASONS = 1
WAITS = 7  # every seventh is on the waiting list
WHOLE = [(-2, 90)]


def write(there: Known, at: datetime) -> None:
    """Write each round as far as it has come."""
    organiser = Person.objects.get(username="ines")
    told = read("journeys.toml")
    others = cycle(read("tours.toml")["goals"])
    rounds = told["editions"]
    hosted(told["hosts"], there)
    people = people_by_country([{"country": code} for row in rounds for code in row["apply"]])
    for said in rounds:
        made = edition(said, there, at.date())
        training.ask(made)
        begun = at + timedelta(days=said["applications"][1])
        Host.objects.filter(edition=made).update(state="accepted", decided_at=begun)
        applied(made, said, people, iter(said["texts"]) if "texts" in said else others, there)
        read_and_told(made, said, begun)
        plan = planned(made, organiser, begun + timedelta(days=12))
        accepting.accept(plan, organiser, at=begun + timedelta(days=13))
        answered(made, organiser, begun + timedelta(days=14), said, at)


def hosted(offered: list[Row], there: Known) -> None:
    """Let affiliates be hosts of rounds that others have written."""
    for said in offered:
        made = Edition.objects.get(slug=said["edition"])
        host(made, said, there)
        decided = edition_opened(made) + timedelta(days=20)
        Host.objects.filter(edition=made).update(state="accepted", decided_at=decided)


def applied(
    made: Edition,
    said: Row,
    people: dict[str, list[Person]],
    texts: Iterator[Row],
    there: Known,
) -> None:
    """Let people of some countries have applied, and be on the short list; some wait."""
    sent = datetime.fromisoformat(f"{made.applications_last_day}T10:00:00+00:00")
    for number, country in enumerate(said["apply"]):
        named = said.get("named", {}).get(country)
        if not (named or people.get(country)):
            continue
        person = there.people[named] if named else people[country].pop()
        words = next(texts)
        spoken = person.languages.order_by("pk").values_list("language", flat=True)
        row = Application.objects.create(
            edition=made,
            person=person,
            country=country,
            place=person.place,
            purpose=words["purpose"],
            goals=words["goals"],
            brings=words["brings"],
            spreads=words["spreads"],
            languages=sorted({*spoken, "en"}),
            nights=words.get("nights"),
            travels_by=["rail", "coach", "ferry"]
            + (["flight"] if named or number % 4 == 0 else []),
            first_time=number % 3 != 1,
            state=State.IN_REVIEW,
            submitted_at=sent,
            consented_at=sent,
        )
        row.wants.set(there.skills[slug] for slug in said["skills"])
        row.shares.set(there.skills[slug] for slug in words["shares"])
        away = WHOLE if number % 3 else AWAY[number % len(AWAY)]
        if "away" in said:
            away = [tuple(said["away"][number % len(said["away"])])]
        Window.objects.bulk_create(
            Window(application=row, period=period(made, *pair)) for pair in away
        )
        ApplicationEvent.objects.create(
            application=row, person=person, state=State.SUBMITTED, at=sent
        )


def read_and_told(made: Edition, said: Row, begun: datetime) -> None:
    """Let applications be read where that is told, and all hear whether they are on a list."""
    rows = list(made.applications.order_by("pk").select_related("person", "edition"))
    if number := said.get("reviewers"):
        taken = [row.person_id for row in rows]
        others = Person.objects.here().filter(is_staff=False).exclude(pk__in=taken)
        readers = [
            Reviewer.objects.create(
                edition=made, person=one, state="reading", asked_at=begun, answered_at=begun
            )
            for one in others.exclude(username__in=USERNAMES).order_by("-pk")[:number]
        ]
        words = read("readings.toml")["words"]
        reading(rows, readers, dice(made.pk, "read"), words, begun + timedelta(days=1))
    waits = {row.pk for nth, row in enumerate(rows) if nth % WAITS == WAITS - 1}
    for nth, row in enumerate(rows):
        hears = begun + timedelta(days=9 + nth % 3)
        decided(row, State.WAITING if row.pk in waits else State.SHORTLISTED, hears)


def decided(row: Application, state: str, at: datetime, **also: Any) -> None:
    """Let somebody hear what became of their application."""
    Application.objects.filter(pk=row.pk).update(state=state, **also)
    ApplicationEvent.objects.create(application=row, person=None, state=state, at=at)


def planned(made: Edition, organiser: Person, at: datetime, seed: int = 1) -> Plan:
    """Let a round be planned, here and now."""
    problem = problem_of(made, seed, Locks(), at.date())
    found = replace(solve(problem, limits=LIMITS), seconds=2.0)
    why = explained(problem, found, replace(LIMITS, seconds=SECONDS_FOR_REASONS))
    return Plan.objects.create(
        edition=made,
        state=Plan.State.DONE,
        asked_by=organiser,
        seed=seed,
        asked_at=at,
        began_at=at,
        ended_at=at + timedelta(seconds=2),
        locks=written(Locks()),
        problem=written(without_private(problem)),
        fingerprint=private.fingerprint(problem),
        reasons_state=Plan.Reasons.KNOWN,
        **answer(problem, found),
        **why,
    )


def answered(
    made: Edition, organiser: Person, offered_at: datetime, said: Row, at: datetime
) -> None:
    """Let places be offered and answered; what waits still has some days."""
    open_still = said["answered"] == "offered"
    first = at - timedelta(days=6) if open_still else offered_at
    for journey in made.journeys.order_by("number"):
        reply_by = first + timedelta(days=16)
        post(first, partial(actions.offer, journey, organiser, reply_by=reply_by, at=first), at)
        for number, seat in enumerate(journey.seats.live().order_by("number")):
            if not open_still or number % 2:
                yes = first + timedelta(days=2 + number % 3)
                post(yes, partial(actions.accept, seat, at=yes), at)
        for stop in journey.stops.select_related("host__affiliate").order_by("number"):
            speaker = speaks(stop.host)
            if speaker and not (open_still and stop.host.affiliate.slug in said["unanswered"]):
                yes = first + timedelta(days=4)
                post(yes, partial(said_yes, stop, speaker, yes), at)
        if open_still:
            after.begin(journey, at)
            training.begin(journey, at)
        else:
            settled = first + timedelta(days=20)
            journey.refresh_from_db()
            after.agree(journey, settled, at)
            training.passed(journey, settled - timedelta(days=4))
            post(settled, partial(confirmed, journey, organiser, settled, at), at)
    if not open_still:
        for row in made.applications.filter(state__in=[State.SHORTLISTED, State.WAITING]):
            hears = first + timedelta(days=21)
            decided(row, State.DECLINED, hears, ended_at=hears)
        travelled(made, at)
        after.came_home(made, at)
        if longer := said.get("longer"):
            stayed_longer(made, organiser, longer, at)


def stayed_longer(made: Edition, organiser: Person, nights: int, at: datetime) -> None:
    """Let one guest who is there agree with their host on some nights more, and have them."""
    moment = at - timedelta(days=2)
    there = Stop.objects.filter(journey__edition=made, journey__state="travelling")
    for stop in there.select_related("journey", "host__affiliate").order_by("pk"):
        leave = stop.leave + nights * A_DAY
        wish = moving.Wish((stop.arrive, stop.leave), (stop.arrive, leave))
        move = partial(moving.move, stop.journey, {stop.pk: wish}, organiser, at=moment)
        with suppress(moving.Collides), transaction.atomic():
            after.other_days(stop, leave, moment, at)
            post(moment, move, at)
            return


def said_yes(stop: Stop, speaker: Person, at: datetime) -> None:
    """Say yes for a host."""
    actions.welcome(stop, speaker, at=at)


def speaks(host: Host) -> Person | None:
    """Find somebody who speaks for a host."""
    rows = Membership.objects.speaking().filter(affiliate=host.affiliate_id)
    member = rows.select_related("person").order_by("pk").first()
    return member.person if member else None


def confirmed(journey: Journey, organiser: Person, at: datetime, now: datetime) -> None:
    """Confirm a journey to which all have said yes, and let travellers see to what is due."""
    journey.refresh_from_db()
    if journey.seats.filter(state="agreed").count() >= journey.edition.smallest_group:
        actions.confirm(journey, organiser, at=at)
        for item in ChecklistItem.objects.filter(seat__journey=journey).order_by("pk"):
            if item.ticked_by_hand and item.due < now.date():
                checklists.tick(item, done=True, at=noon(item.due) - A_DAY)


def travelled(made: Edition, at: datetime) -> None:
    """Let the days of the journeys pass."""
    day: date = made.travel_first_day
    while day <= at.date():
        moment = datetime.combine(day, at.timetz())
        under_way.move_with_the_days(day, at=moment)
        day += timedelta(days=1)
