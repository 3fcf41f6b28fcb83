"""One edition from its announcement to half a year after: every letter once, in order.

The clock is moved; the worker is the product's own, fed by a real broker; mail goes over SMTP.
Each moment is lived through twice, so that a letter that would come again comes here.
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection

from capx import erasure
from capx.celery import TIMETABLE, app
from capx.embedded.processes import ROOT
from grandtour.actions import (
    afterwards,
    applications,
    assignments,
    decisions,
    editions,
    eligibility,
    expectations,
    hosts,
    journeys,
    looking_back,
    reviewers,
)
from grandtour.models import (
    Assignment,
    Expectation,
    Journey,
    LookBack,
    LookBackAnswer,
    Seat,
    Sharing,
    Side,
    StopNote,
    TravelReport,
)
from grandtour.plans import accepting, running
from tests.databases import address_of
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, PlaceFactory
from tests.grandtour import tours
from tests.grandtour.rounds import CITIES
from tests.post_office import PostOffice
from volunteers.models import Notice

QUEUE = f"through-time-{os.getpid()}"
# All of the tour; then the letter box is emptied.
TASKS = [
    *sorted(
        {row["task"] for row in TIMETABLE.values() if row["task"].startswith("grandtour.")}
    ),
    "volunteers.tasks.send_notices",
]
HOME = {
    **CITIES,
    "IE": ("Cork", 51.9, -8.47),
    "PT": ("Porto", 41.15, -8.61),
    "FR": ("Lille", 50.63, 3.07),
}
HOMES = ["PL", "SK", "HU", "NL", "DK", "PT", "FR", "IE"]
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
ROUTES = (date(2026, 6, 1), date(2026, 7, 15))
A_DAY = timedelta(days=1)
# Of these there are several, each so many days before.
STAGED = {"draft-closing", "host-closing", "reviews-due", "journey-soon", "guests-soon"}
FOR_EACH = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}


class Worker:
    """The worker in a process of its own, at the moment of the test."""

    def __init__(self, folder, post):
        self.moment, self.post = folder / "moment", post
        self.listens, self.says = os.pipe()
        self.env = {
            **os.environ,
            "DATABASE_URL": address_of(connection.settings_dict["NAME"]),
            "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
            "MOVED_CLOCK": str(self.moment),
            "MOVED_CLOCK_DONE": str(self.says),
            "QUIET_HOURS": "0",
        }

    @contextmanager
    def at_work(self, now):
        """Let it work from a moment on."""
        self.moment.write_text(now.isoformat())
        words = ["-m", "celery", "--app", "tests.moved_clock", "worker", "--pool", "solo"]
        words += ["--queues", QUEUE, "--loglevel", "ERROR"]
        with subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.env, pass_fds=[self.says]
        ) as process:
            try:
                with os.fdopen(self.listens) as self.heard:
                    os.close(self.says)
                    yield
            finally:
                process.terminate()

    def do(self, now, tasks):
        """Let it do some tasks at a moment, one after the other, and wait for the last."""
        self.moment.write_text(now.isoformat())
        for task in tasks:
            app.send_task(task, queue=QUEUE)
        ended = [self.heard.readline().strip() for _task in tasks]
        assert ended == ["SUCCESS"] * len(tasks)


class Walk:
    """Goes through the days; whatever is due comes, and would come again."""

    def __init__(self, worker, clock, first):
        self.worker, self.clock, self.now = worker, clock, first
        self.came = []

    def on(self, day, every=1):
        """Go on to a day; each on the way, or one of so many, is lived through."""
        while self.now.date() < day:
            self.now = min(self.now + timedelta(days=every), noon(day))
            self.clock.move_to(self.now)
            self.tick()
        return self.now

    def tick(self):
        """Let the timetable say 'now', and say it again; note what came by mail."""
        for _again in range(2):
            self.worker.do(self.now, TASKS)
        keys = dict(Notice.objects.values_list("pk", "key"))
        for mail in self.worker.post.mails[len(self.came) :]:
            key = keys[int(mail["Message-ID"].split("@")[0].split("-")[1])]
            self.came.append((mail["To"], f"{self.now:%m-%d} {named(key)}"))

    def letters(self, person):
        """List what came to somebody: the day, and what it was."""
        return [what for to, what in self.came if to == person.email]


def named(key):
    """Say what a notice was, and which of several."""
    parts = key.split(":")
    return ":".join(parts[:3:2] if parts[0] in STAGED else parts[:1])


def noon(day):
    """Give noon of a day."""
    return datetime.combine(day, time(12), UTC)


@pytest.fixture
def post():
    with PostOffice() as made:
        yield made


@pytest.fixture
def walk(transactional_db, tmp_path, post):
    """Begin in the middle of January, with the worker at work."""
    first = noon(date(2026, 1, 15))
    worker = Worker(tmp_path, post)
    with time_machine.travel(first, tick=False) as clock, worker.at_work(first):
        yield Walk(worker, clock, first)
    addresses = {mail["Message-ID"] for mail in post.mails}
    assert len(addresses) == len(post.mails)


def announced(walk):
    """Announce an edition with three hosts whom organisers take, and one that never offers."""
    organiser = OrganiserFactory()
    edition = tours.ReviewingFactory(
        state="planned",
        applications_first_day=date(2026, 2, 1),
        applications_last_day=date(2026, 2, 28),
        travel_first_day=ROUTES[0],
        travel_last_day=ROUTES[1],
        fewest_stops=2,
        most_stops=3,
        least_first_time=0,
        phases=False,
    )
    tours.PhaseFactory(
        edition=edition,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 20),
        may_decide=True,
    )
    editions.go_on(edition, "open")
    speakers = [hosting(edition, country) for country in ("DE", "CZ", "AT", "NL")]
    for host, _speaker in speakers[:3]:
        offered = hosts.Offered([], [], [JUNE])
        hosts.keep(host, offered, offer_at=walk.now)
        hosts.decide(host, "accepted", at=walk.now)
    return edition, organiser, speakers


def hosting(edition, country):
    """Begin the offer of an affiliate; give it with who speaks for it."""
    host = tours.HostFactory(
        edition=edition, state="draft", place=city(country), languages=["en"], stays=[]
    )
    return host, MembershipFactory(affiliate=host.affiliate, role="editor").person


def city(country):
    """Give a city of a country."""
    name, latitude, longitude = HOME[country]
    return PlaceFactory(name=name, country=country, latitude=latitude, longitude=longitude)


def begins(walk, edition, country):
    """Let somebody begin an application; give it with all it says."""
    person = PersonFactory(username=f"from-{country.lower()}")
    begun = applications.begin(edition, person, day=walk.now.date())
    begun.place, begun.country, begun.purpose = city(country), country, "editor"
    begun.goals, begun.languages, begun.travels_by = "To scan.", ["en"], ["rail", "coach"]
    begun.first_time, begun.revision = True, "written-at-home"
    return begun


def sends(walk, application):
    """Let it be sent."""
    written = applications.Written(application, [], [])
    applications.send(written, [JUNE], applications.Private(), at=walk.now)


def read_and_decided(walk, edition, organiser):
    """Let one reviewer read them all at the last moment, and decide and tell in bulk."""
    editions.go_on(edition, "reviewing")
    reader = PersonFactory(username="ruth")
    asked = reviewers.ask(edition, reader, reviewers.Rights(), organiser, at=walk.now)
    walk.on(date(2026, 3, 2))
    reviewers.answer(asked, yes=True, at=walk.now)
    sent = edition.applications.filter(state="submitted").values_list("pk", flat=True)
    eligibility.begin_reading(list(sent), edition, organiser, at=walk.now)
    assignments.give_out(edition, 1, organiser, at=walk.now)
    walk.on(date(2026, 3, 12), every=5)
    walk.on(date(2026, 3, 20))
    for row in Assignment.objects.order_by("pk"):
        tours.scored(row.application, row.reviewer, 3, 3, at=walk.now)
    ruling = decisions.Ruling(organiser, walk.now, walk.now.date())
    for outcome, countries in (
        ("shortlisted", ["PL", "SK", "HU", "NL"]),
        ("waiting", ["DK"]),
        ("declined", ["PT"]),
    ):
        rows = edition.applications.filter(country__in=countries, state="in_review")
        decisions.decide(rows.values_list("pk", flat=True), edition, outcome, ruling)
    decisions.write_letters(edition, ruling)
    decisions.publish(edition, ruling)
    walk.on(date(2026, 3, 21))
    return reader


def planned_and_offered(walk, edition, organiser):
    """Let the worker plan, accept the plan, and offer its places for ten days."""
    editions.go_on(edition, "matching")
    plan = running.ask(edition, organiser, running.Wish(seconds=20), at=walk.now)
    walk.tick()
    plan.refresh_from_db()
    accepting.accept(plan, organiser, at=walk.now)
    journey = Journey.objects.get()
    until = walk.now + timedelta(days=10)
    assert journeys.offer(journey, organiser, reply_by=until, at=walk.now) == 4
    walk.on(date(2026, 3, 22))
    return journey


def seat_of(country):
    """Find the place of who lives in a country."""
    return Seat.objects.live().select_related("person", "journey").get(country=country)


def understood(walk, seat, stop, speaker):
    """Let traveller and host agree on what they expect of each other."""
    words = Expectation(seat=seat, stop=stop, **FOR_EACH)
    traveller = expectations.Speaker(seat.person, Side.TRAVELLER)
    put = expectations.propose(words, traveller, read=0, at=walk.now)
    expectations.confirm(put, expectations.Speaker(speaker, Side.HOST), at=walk.now)


def settled(walk, edition, organiser, journey, speaking):
    """Let one refuse, one answer late, the next follow, hosts say yes, and confirm."""
    journeys.accept(seat_of("PL"), at=walk.now)
    journeys.accept(seat_of("SK"), at=walk.now)
    no = seat_of("NL")
    journeys.refuse(no, journeys.Given("dates", by=no.person), at=walk.now)
    walk.on(date(2026, 3, 23))
    journeys.offer(journey, organiser, reply_by=walk.now + timedelta(days=14), at=walk.now)
    walk.on(date(2026, 3, 30))
    journeys.accept(seat_of("HU"), at=walk.now)
    journeys.accept(seat_of("DK"), at=walk.now)
    for stop in journey.stops.order_by("number"):
        journeys.welcome(stop, speaking[stop.host_id], at=walk.now)
    walk.on(date(2026, 3, 31))
    for seat in journey.seats.live().select_related("person", "edition").order_by("pk"):
        for stop in journey.stops.select_related("host__affiliate").order_by("number"):
            understood(walk, seat, stop, speaking[stop.host_id])
    walk.on(date(2026, 4, 1))
    journeys.confirm(journey, organiser, at=walk.now)
    editions.go_on(edition, "decided")
    walk.on(date(2026, 4, 2))


def travelled(walk, edition, journey, speaking):
    """Let one of them write a note after each stop, and the first host, too; then come home."""
    editions.go_on(edition, "travelling")
    stops = list(journey.stops.order_by("number"))
    for stop in stops:
        walk.on(stop.leave)
        mine = StopNote(stop=stop, seat=seat_of("PL"), good="The evening in the archive.")
        afterwards.write_note(mine, mine.seat.person, at=walk.now)
        if stop == stops[0]:
            theirs = StopNote(stop=stop, good="They asked good questions.")
            afterwards.write_note(theirs, speaking[stop.host_id], at=walk.now)
    walk.on(journey.last_day + timedelta(days=10))
    seat = seat_of("PL")
    report = TravelReport(seat=seat, learnt="To clean glass plates.")
    afterwards.report(report, [], at=walk.now)
    afterwards.share(Sharing(seat=seat, day=walk.now.date(), what="A talk"), at=walk.now)
    for days in (21, 45, 50):
        walk.on(journey.last_day + timedelta(days=days), every=12)


def asked_what_stuck(walk, edition, journey, person):
    """Go on to half a year later, let one answer at once, and go on to the end."""
    editions.go_on(edition, "evaluating")
    half = journey.last_day + timedelta(days=182)
    walk.on(half - timedelta(days=3), every=14)
    walk.on(half + A_DAY)
    question = LookBack.objects.get(person=person)
    said = LookBackAnswer(stuck="much", action="done")
    looking_back.answer(question, said, named=True, at=walk.now)
    walk.on(half + timedelta(days=13), every=6)
    walk.on(half + timedelta(days=20))
    walk.on(half + timedelta(days=90), every=14)


def test_every_letter_of_an_edition_comes_once_in_order_and_none_to_those_who_left(walk):
    edition, organiser, hosting = announced(walk)
    speaking = {host.pk: person for host, person in hosting}
    walk.on(date(2026, 2, 2), every=7)
    begun = {country: begins(walk, edition, country) for country in HOMES}
    walk.on(date(2026, 2, 10), every=8)
    for country in HOMES[:-1]:
        sends(walk, begun[country])
    walk.on(date(2026, 2, 20), every=2)
    applications.withdraw(begun["FR"], at=walk.now)
    walk.on(date(2026, 3, 1))
    reader = read_and_decided(walk, edition, organiser)
    journey = planned_and_offered(walk, edition, organiser)
    settled(walk, edition, organiser, journey, speaking)
    walk.on(date(2026, 4, 20), every=9)
    erasure.forget(begun["SK"].person, at=walk.now, keep_practices=False)
    journey.refresh_from_db()
    first, last = journey.period.lower, journey.last_day
    half = last + timedelta(days=182)
    stops = list(journey.stops.order_by("number"))
    walk.on(date(2026, 4, 21))
    walk.on(first - timedelta(days=31), every=7)
    travelled(walk, edition, journey, speaking)
    asked_what_stuck(walk, edition, journey, begun["PL"].person)

    people = {country: one.person for country, one in begun.items()}
    found = {country: walk.letters(person) for country, person in people.items()}
    sent = ["02-12 application-submitted"]
    listed = [*sent, "03-21 decision", "03-22 seat-offered"]
    late = [*listed, "03-28 seat-reply-soon"]
    followed = [*sent, "03-21 decision", "03-24 seat-offered"]
    agreed = ["03-31 seat-agreed", *["04-01 expectation-agreed"] * len(stops)]
    booked = [*agreed, "04-02 seat-confirmed"]
    on_the_way = ["04-21 companion-left", *before(first, "journey-soon")]
    reminded = [
        *(f"{stop.leave + A_DAY:%m-%d} stop-note" for stop in stops),
        *(f"{last + timedelta(days=days):%m-%d} checklist-due" for days in (7, 21, 45)),
        f"{half:%m-%d} look-back",
        f"{half + timedelta(days=14):%m-%d} look-back-again",
    ]
    assert found == {
        "PL": [*listed, *booked, *on_the_way, f"{half:%m-%d} look-back"],
        "SK": [*listed, *booked],
        "HU": [*late, *booked, *on_the_way, *reminded],
        "NL": listed,
        "DK": [*followed, *booked, *on_the_way, *reminded],
        "PT": [*sent, "03-21 decision"],
        "FR": [*sent, "02-21 application-withdrawn"],
        "IE": ["02-14 draft-closing:14", "02-25 draft-closing:3"],
    }
    for stop in stops:
        assert walk.letters(speaking[stop.host_id]) == of_a_host(stop, stops[0], half)
    assert walk.letters(hosting[3][1]) == ["02-14 host-closing:14", "02-25 host-closing:3"]
    assert walk.letters(reader) == [
        *("03-02 review-asked", "03-07 reviews-assigned"),
        *("03-13 reviews-due:7", "03-19 reviews-due:1"),
    ]
    assert walk.letters(organiser) == ["04-21 place-freed"]
    everybody = [*people.values(), *speaking.values(), reader, organiser]
    assert {to for to, _what in walk.came} <= {person.email for person in everybody}
    assert Journey.objects.get().state == "closed"


def before(first, what):
    """List the three letters before something begins."""
    return [f"{first - timedelta(days=days):%m-%d} {what}:{days}" for days in (30, 14, 3)]


def of_a_host(stop, first, half):
    """List what comes to who speaks for a host of the journey."""
    noted = [] if stop == first else [f"{stop.leave + A_DAY:%m-%d} stop-note-host"]
    return [
        *("01-22 host-accepted", "03-22 host-asked", "03-24 host-asked"),
        *["04-01 expectation-proposed", "04-01 expectation-agreed"] * 4,
        *("04-02 host-confirmed", "04-21 host-guest_left"),
        *before(stop.arrive, "guests-soon"),
        *noted,
        f"{half:%m-%d} look-back",
        f"{half + timedelta(days=14):%m-%d} look-back-again",
    ]
