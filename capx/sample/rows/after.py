"""Writes what travellers and hosts of the sample agree on, and what they say afterwards."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from capx.sample.rows.notices import post
from grandtour.actions import afterwards, looking_back
from grandtour.actions import expectations as actions
from grandtour.models import (
    Edition,
    Expectation,
    Journey,
    LookBack,
    LookBackAnswer,
    Seat,
    Sharing,
    Side,
    Stop,
    StopNote,
    TravelReport,
)
from grandtour.models.expectations import LABELS
from grandtour.models.looking_back import FEWEST, HALF_A_YEAR
from grandtour.reminders import journeys as reminders
from volunteers.models import Membership, Person

QUESTIONS = [
    "How many of you come on an ordinary evening?",
    "Who decides what is done next, and how?",
    "What went wrong in the first year?",
    "What would you not do again?",
    "Who else should I meet while I am there?",
    "What can I bring that you need?",
]
AFTERWARDS = [
    "One open evening at home within two months, with what worked here.",
    "A page on Meta that says how it is done, in two languages.",
    "Teach one other person what I was shown, hands on.",
    "Try it with three people and a borrowed room, and write down what happened.",
]
GOOD = [
    "The second afternoon: I taught, and nobody corrected me in front of the others.",
    "Supper at the long table. More was settled there than in all meetings.",
    "They showed what went wrong, too, with the invoices.",
]
BETTER = [
    "One free afternoon more; my head was full.",
    "",
    "Tell us beforehand who has the key.",
]
HOSTS = [
    "They asked why we do it so. We did not know, and have changed it since.",
    "They stayed to wash up. Come again.",
]
LEARNT = [
    "How to welcome somebody: one chair beside the door, one person on it, no speech.",
    "That a course needs no room of its own. Ours begins in the library, on Tuesdays.",
    "How they share the work: whoever begins something writes down how it ends.",
]
SHARED = [
    "An evening at our meetup: what I saw, and what we try",
    "A page with photographs, steps and costs",
    "A workshop for six people at the town library",
]
LATE = 3  # of a group of four, one has not reported
STUCK_WORDS = (
    "We scan on every second Thursday now, with the same two lamps.",
    "The list of questions for a first meeting is in use in three towns.",
    "We still write to each other when something does not work.",
)
STUCK = ["much", "some", "some", "nothing", "much"]


def agree(journey: Journey, at: datetime, now: datetime) -> None:
    """Let everybody whose place is agreed settle with each host what they expect."""
    stops = list(journey.stops.select_related("host__affiliate").order_by("number"))
    for seat in journey.seats.filter(state="agreed").order_by("number"):
        for stop in stops:
            moment = at - timedelta(days=6, hours=seat.number or 0)
            words = written(seat, stop, moment, now)
            yes = actions.Speaker(speaker(stop) or seat.person, Side.HOST)
            post(moment + timedelta(days=2), lambda: said(words, yes, moment), now)  # noqa: B023 -- called at once


def begin(journey: Journey, now: datetime) -> None:
    """Let those who have said yes write down what they expect of their first stop."""
    stops = journey.stops.select_related("host__affiliate").order_by("number")
    for seat in journey.seats.filter(state__in=["accepted", "agreed"]).order_by("number"):
        written(seat, stops[0], now - timedelta(days=1, hours=seat.number or 0), now)


def remind(now: datetime) -> None:
    """Write what is due today, so that it is not due again when the site starts."""
    post(now, lambda: reminders.remind(now), now)


def written(seat: Seat, stop: Stop, at: datetime, now: datetime) -> Expectation:
    """Let a traveller write down what a stop is for."""
    number = (seat.number or 0) + stop.number
    words = Expectation(
        seat=seat,
        stop=stop,
        goals=seat.application.goals,
        programme=stop.host.programme,
        questions=QUESTIONS[number % 3 :],
        afterwards=AFTERWARDS[number % len(AFTERWARDS)],
    )
    by = actions.Speaker(seat.person, Side.TRAVELLER)
    post(at, lambda: actions.propose(words, by, read=0, at=at), now)
    return words


def said(words: Expectation, yes: actions.Speaker, at: datetime) -> None:
    """Let a host say yes two days later."""
    actions.confirm(words, yes, at=at + timedelta(days=2))


def other_days(stop: Stop, leave: date, at: datetime, now: datetime) -> None:
    """Let a guest and their host agree on leaving on another day."""
    seat = stop.journey.seats.live().get()
    last = Expectation.objects.on_the_table().get(seat=seat, stop=stop)
    kept = {name: getattr(last, name) for name in LABELS if name != "days"}
    words = Expectation(seat=seat, stop=stop, arrive=stop.arrive, leave=leave, **kept)
    by = actions.Speaker(seat.person, Side.TRAVELLER)
    yes = actions.Speaker(speaker(stop) or seat.person, Side.HOST)
    post(at, lambda: actions.propose(words, by, read=last.version, at=at), now)
    post(at, lambda: actions.confirm(words, yes, at=at), now)


def speaker(stop: Stop) -> Person | None:
    """Find somebody who speaks for a host."""
    rows = Membership.objects.speaking().filter(affiliate=stop.host.affiliate_id)
    member = rows.select_related("person").order_by("pk").first()
    return member.person if member else None


def came_home(edition: Edition, now: datetime) -> None:
    """Let everybody of a round whose journeys are over write what one writes afterwards."""
    for journey in edition.journeys.filter(state="returned").order_by("number"):
        last = journey.last_day or now.date()
        stops = journey.stops.select_related("host__affiliate").order_by("number")
        seats = list(
            journey.seats.filter(state="returned")
            .select_related("person", "application", "journey", "edition")
            .order_by("number")
        )
        for stop in stops:
            note(StopNote(stop=stop, good=HOSTS[stop.number % 2]), speaker(stop), now)
            for seat in seats:
                nth = ((seat.number or 0) + stop.number) % 3
                words = {"good": GOOD[nth], "better": BETTER[nth]}
                note(StopNote(stop=stop, seat=seat, **words), seat.person, now)
        for seat in seats[:LATE]:
            reported(seat, last, now)
        asked_what_stuck(last, now)


def note(row: StopNote, by: Person | None, now: datetime) -> None:
    """Let one side write a note about a stop, two days later."""
    moment = noon(row.stop.leave + timedelta(days=2))
    if by and moment < now:
        row.again = True
        afterwards.write_note(row, by, at=moment)


def reported(seat: Seat, last: date, now: datetime) -> None:
    """Let a traveller report and pass it on."""
    number = seat.number or 0
    row = TravelReport(
        seat=seat,
        learnt=LEARNT[number % 3],
        changes=AFTERWARDS[number % len(AFTERWARDS)],
        for_next="Take shoes you can stand in, and a present that is not chocolate.",
    )
    skills = list(seat.edition.skills.order_by("pk")[:2])
    moment = noon(last + timedelta(days=12 + number))
    if moment < now:
        afterwards.report(row, skills, at=moment)
    day = last + timedelta(days=30 + number)
    if noon(day) < now:
        afterwards.share(Sharing(seat=seat, day=day, what=SHARED[number % 3]), at=noon(day))


def asked_what_stuck(last: date, now: datetime) -> None:
    """Let those be asked whose half a year is over, and answer; most without their name."""
    day = last + HALF_A_YEAR
    if day >= now.date():
        return
    post(noon(day), lambda: looking_back.ask(day, at=noon(day)), now)
    asked = LookBack.objects.filter(asked_at=noon(day), state="asked").select_related(
        "seat", "stop"
    )
    rows = list(asked.order_by("pk"))
    names = {row.pk for side in (False, True) for row in _signing(rows, hosts=side)}
    for number, question in enumerate(rows):
        said = LookBackAnswer(
            stuck=STUCK[number % len(STUCK)],
            action="" if question.stop_id else ("done", "partly")[number % 2],
            offered=number % 3 == 0,
            again=number % 4 != 1,
        )
        spoken = number % 3 == 0
        said.words = STUCK_WORDS[number // 3 % len(STUCK_WORDS)] if spoken else ""
        moment = noon(day + timedelta(days=3))
        looking_back.answer(question, said, named=question.pk in names, at=moment)


def _signing(rows: list[LookBack], *, hosts: bool) -> list[LookBack]:
    """Give who of one side gives their name: enough, or nobody, or no share would be told."""
    side = [row for row in rows if (row.stop_id is not None) == hosts]
    return side[::2] if len(side) >= 2 * FEWEST else []


def noon(day: date) -> datetime:
    """Give noon of a day."""
    return datetime.combine(day, time(12), ZoneInfo("UTC"))
