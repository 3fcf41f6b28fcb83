"""One edition from its announcement to half a year after: every letter once, in order.

The clock is moved day by day; the worker is the product's own, fed by a real broker; mail goes
over SMTP. Somebody lets a place lapse, somebody is taken out, somebody is forgotten; money is
promised, refused and paid, a training expires, an event moves and is called off. Beside it a
peer exchange begins: a host answers who names it, and its journey is called off.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from capx import erasure
from grandtour.actions import (
    afterwards,
    applications,
    assignments,
    checklists,
    decisions,
    editions,
    eligibility,
    events,
    expectations,
    hosts,
    journeys,
    looking_back,
    money,
    partners,
    reviewers,
    unready,
)
from grandtour.models import (
    Application,
    Assignment,
    Expectation,
    LookBack,
    LookBackAnswer,
    RequiredTraining,
    Seat,
    Sharing,
    Side,
    SignUp,
    StopEvent,
    StopNote,
    TravelReport,
)
from grandtour.plans import accepting, running
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, PlaceFactory
from tests.grandtour import tours, trained
from tests.grandtour.rounds import CITIES
from tests.grandtour.through_time import A_DAY, Walk, Worker, noon
from tests.post_office import PostOffice
from volunteers.models import Person

HOME = {
    **CITIES,
    "IE": ("Cork", 51.9, -8.47),
    "PT": ("Porto", 41.15, -8.61),
    "FR": ("Lille", 50.63, 3.07),
    "CH": ("Basel", 47.56, 7.59),
    "BE": ("Gent", 51.05, 3.72),
    "SE": ("Lund", 55.7, 13.19),
}
HOMES = ["PL", "SK", "HU", "NL", "DK", "CH", "PT", "FR", "IE"]
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
ROUTES = (date(2026, 6, 1), date(2026, 7, 15))
FOR_EACH = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}
RECEIPT = money.File(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n", "application/pdf", "ticket.pdf")


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
    """Announce an edition: organisers take three hosts, decline one, and one never offers."""
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
    editions.go_on(edition, "open", organiser)
    speakers = [hosting(edition, country) for country in ("DE", "CZ", "AT", "NL", "BE")]
    for number in (0, 1, 2, 4):
        host = speakers[number][0]
        offered = hosts.Offered([], [], [JUNE])
        host.revision = "form"
        hosts.keep(host, offered, offer_at=walk.now)
        to = "declined" if number == 4 else "accepted"
        hosts.decide(host, to, organiser, at=walk.now)
    return edition, organiser, speakers


def asked_for_money_and_training(edition):
    """Promise each traveller a stipend, and ask them for a training that holds three months."""
    much = 3_000_000  # plans keep within it
    line = tours.LineFactory(
        fund__edition=edition,
        fund__amount=much + 1,
        requested=much,
        granted=much,
        stipend=10_000,
    )
    version = trained.published(months=3, at=noon(date(2026, 1, 2)))
    RequiredTraining.objects.create(edition=edition, training=version.training)
    return line, version


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
    begun.place, begun.country, begun.purpose = city(country), country, "I write or edit"
    begun.goals, begun.languages, begun.travels_by = "To scan.", ["en"], ["rail", "coach"]
    begun.first_time, begun.revision = True, "written-at-home"
    return begun


def sends(walk, application):
    """Let it be sent."""
    written = applications.Written(application, [], [])
    applications.send(written, [JUNE], applications.Private(), at=walk.now)


def incomplete_and_sent_again(walk, application, organiser):
    """Let organisers ask for more, and the applicant send it again."""
    walk.on(date(2026, 2, 12))
    words = "When could you be away?"
    eligibility.ask_for_more(application, words, organiser, at=walk.now)
    walk.on(date(2026, 2, 14))
    sends(walk, application)


def read_and_decided(walk, edition, organiser):
    """Let one reviewer read them all at the last moment, and decide and tell in bulk.

    Another who is asked never answers.
    """
    editions.go_on(edition, "reviewing", organiser)
    reader, silent = PersonFactory(username="ruth"), PersonFactory(username="rita")
    asked, _other = (
        reviewers.ask(edition, one, reviewers.Rights(), organiser, at=walk.now)
        for one in (reader, silent)
    )
    walk.on(date(2026, 3, 2))
    reviewers.answer(asked, yes=True, at=walk.now)
    sent = edition.applications.filter(state="submitted").values_list("pk", flat=True)
    eligibility.begin_reading(list(sent), edition, organiser, at=walk.now)
    assignments.give_out(edition, 1, organiser, at=walk.now)
    walk.on(date(2026, 3, 20))
    for row in Assignment.objects.order_by("pk"):
        tours.scored(row.application, row.reviewer, 3, 3, at=walk.now)
    ruling = decisions.Ruling(organiser, walk.now, walk.now.date())
    for outcome, countries in (
        ("shortlisted", ["PL", "SK", "HU", "NL"]),
        ("waiting", ["DK", "CH"]),
        ("declined", ["PT"]),
    ):
        rows = edition.applications.filter(country__in=countries, state="in_review")
        decisions.decide(rows.values_list("pk", flat=True), edition, outcome, ruling)
    decisions.write_letters(edition, ruling)
    decisions.publish(edition, ruling)
    walk.on(date(2026, 3, 21))
    return reader, silent


def planned_and_offered(walk, edition, organiser):
    """Let the worker plan, accept the plan, and offer its places for ten days."""
    editions.go_on(edition, "matching", organiser)
    plan = running.ask(edition, organiser, running.Wish(seconds=20), at=walk.now)
    walk.tick()
    plan.refresh_from_db()
    accepting.accept(plan, organiser, at=walk.now)
    journey = edition.journeys.get()
    until = walk.now + timedelta(days=10)
    assert journeys.offer(journey, organiser, reply_by=until, at=walk.now) == 4
    walk.on(date(2026, 3, 22))
    return journey


def among_peers(walk, organiser):
    """Let somebody name the host of a peer exchange, and have their journey called off."""
    edition = tours.EditionFactory(
        kind="peer_exchange",
        fewest_stops=1,
        most_stops=1,
        smallest_group=1,
        applications_last_day=date(2026, 3, 15),
    )
    host, speaker = hosting(edition, "AT")
    host.revision = "form"
    hosts.keep(host, hosts.Offered([], [], [JUNE]), offer_at=walk.now)
    hosts.decide(host, "accepted", organiser, at=walk.now)
    begun = begins(walk, edition, "SE")
    begun.partner, begun.peer_role = host, "mentee"
    sends(walk, begun)
    walk.on(date(2026, 2, 3))
    partners.answer(host, begun, agrees=True, at=walk.now)
    walk.on(date(2026, 2, 4))
    Application.objects.filter(pk=begun.pk).update(state="shortlisted")
    stop = tours.StopFactory(journey__edition=edition, host=host, arrive=JUNE[0])
    tours.SeatFactory(journey=stop.journey, application=begun, country="SE")
    until = walk.now + timedelta(days=10)
    journeys.offer(stop.journey, organiser, reply_by=until, at=walk.now)
    walk.on(date(2026, 2, 5))
    given = journeys.Given("organisers", "The archive is closed.", organiser)
    journeys.call_off(stop.journey, given, at=walk.now)
    walk.on(date(2026, 2, 6))
    begun.refresh_from_db()
    applications.withdraw(begun, at=walk.now)
    return begun.person, speaker


def seat_of(country):
    """Find the place of who lives in a country."""
    return Seat.objects.live().select_related("person", "journey").get(country=country)


def understood(walk, seat, stop, speaker):
    """Let traveller and host agree on what they expect of each other."""
    words = Expectation(seat=seat, stop=stop, **FOR_EACH)
    traveller = expectations.Speaker(seat.person, Side.TRAVELLER)
    put = expectations.propose(words, traveller, read=0, at=walk.now)
    expectations.confirm(put, expectations.Speaker(speaker, Side.HOST), at=walk.now)


def answered(walk, organiser, journey):
    """Let one refuse and one never answer; each time the next in line is offered the place.

    Give the countries of the two who follow.
    """
    journeys.accept(seat_of("PL"), at=walk.now)
    journeys.accept(seat_of("SK"), at=walk.now)
    no = seat_of("NL")
    journeys.refuse(no, journeys.Given("dates", by=no.person), at=walk.now)
    walk.on(date(2026, 3, 23))
    followed = [proposed(walk, organiser, journey)]
    walk.on(date(2026, 3, 30))
    journeys.accept(seat_of(followed[0]), at=walk.now)
    walk.on(date(2026, 4, 1))
    followed.append(proposed(walk, organiser, journey))
    walk.on(date(2026, 4, 2))
    journeys.accept(seat_of(followed[1]), at=walk.now)
    return followed


def proposed(walk, organiser, journey):
    """Offer the place that is proposed to the next in line; give their country."""
    country = journey.seats.get(state="proposed").country
    until = walk.now + timedelta(days=14)
    assert journeys.offer(journey, organiser, reply_by=until, at=walk.now) == 1
    return country


def welcomed(walk, organiser, journey, speaking):
    """Let all hosts say yes; one says no in between, of which only organisers hear."""
    first, *others = journey.stops.order_by("number")
    journeys.welcome(first, speaking[first.host_id], at=walk.now)
    no = journeys.Given("host", "The archive is flooded.", speaking[first.host_id])
    journeys.host_refuses(first, no, at=walk.now)
    for stop in [first, *others]:
        stop.refresh_from_db()
        journeys.welcome(stop, speaking[stop.host_id], at=walk.now)
    walk.on(date(2026, 4, 3))


def settled(walk, journey, people, line, version):
    """Let them agree, pass what they have to, be promised money, or told why not; then confirm.

    `people`: who organises, and who speaks for each host.
    """
    organiser, speaking = people
    seats = list(journey.seats.live().select_related("person", "edition").order_by("pk"))
    for seat in seats:
        for stop in journey.stops.select_related("host__affiliate").order_by("number"):
            understood(walk, seat, stop, speaking[stop.host_id])
        if seat.country != "PL":
            trained.passed(version, seat.person, at=walk.now)
    walk.on(date(2026, 4, 4))
    with pytest.raises(
        unready.Untrained
    ) as untrained:  # what was passed in January has expired
        journeys.confirm(journey, organiser, at=walk.now)
    assert [person for person, _trainings in untrained.value.people] == [seat_of("PL").person]
    trained.passed(version, seat_of("PL").person, at=walk.now)
    with pytest.raises(unready.Unfunded):
        journeys.confirm(journey, organiser, at=walk.now)
    whom, grant = money.Stipend(journey, "Train and bed"), money.Grant(line, 10_000)
    assert money.give_stipends(whom, grant, organiser, at=walk.now) == 4
    visa = tours.LineFactory(fund=line.fund, requested=1, granted=1, stipend=1)
    with pytest.raises(unready.Unfunded):
        journeys.confirm(journey, organiser, at=walk.now)
    none = money.Stipend(journey, "Visa"), money.Grant(visa, 1, "Nobody needs one.")
    assert money.give_none(*none, organiser, at=walk.now) == 4
    journeys.confirm(journey, organiser, at=walk.now)
    editions.go_on(journey.edition, "decided", organiser)
    walk.on(date(2026, 4, 5))
    money.pay(seat_of("PL").costs.get(state="committed"), organiser, at=walk.now)


def left(walk, begun, organiser, country):
    """Let one be forgotten, and one be taken out."""
    walk.on(date(2026, 4, 20))
    erasure.forget(begun["SK"].person, at=walk.now, keep_practices=False)
    walk.on(date(2026, 4, 25))
    given = journeys.Given("papers", "The visa did not come.", organiser)
    journeys.cancel(seat_of(country), given, at=walk.now)


def invited(walk, stop, speaker):
    """Announce two events: one moves and its seat changes hands, one is called off."""
    walk.on(date(2026, 5, 1))
    ann, ben = PersonFactory(username="ann"), PersonFactory(username="ben")
    evening, morning = (announced_at(walk, stop, speaker, hour) for hour in (18, 9))
    for person in (ann, ben):
        for event in (evening, morning):
            events.sign_up(event, person, at=walk.now)
    walk.on(date(2026, 5, 2))
    evening.where = "The town hall"
    events.change(evening, at=walk.now)
    walk.on(date(2026, 5, 3))
    events.call_off(morning, "The roof leaks.", at=walk.now)
    walk.on(date(2026, 5, 5))
    events.sign_off(evening, ann)
    return ann, ben


def announced_at(walk, stop, speaker, hour):
    """Announce an event of one seat on the day after the guests arrive."""
    begins = datetime.combine(stop.arrive + A_DAY, time(hour), UTC)
    event = StopEvent(
        stop=stop,
        title=f"At {hour}",
        words="Come.",
        where="The library",
        begins_at=begins,
        ends_at=begins + timedelta(hours=2),
        zone="UTC",
        seats=1,
        languages=["en"],
    )
    events.announce(event, speaker, at=walk.now)
    return event


def travelled(walk, edition, journey, speaking):
    """Let one of them write a note after each stop, and the first host, too; then come home."""
    editions.go_on(edition, "travelling", Person.objects.organisers().get())
    stops = list(journey.stops.order_by("number"))
    for stop in stops:
        walk.on(stop.leave)
        mine = StopNote(stop=stop, seat=seat_of("PL"), good="The evening in the archive.")
        afterwards.write_note(mine, mine.seat.person, at=walk.now)
        if stop == stops[0]:
            theirs = StopNote(stop=stop, good="They asked good questions.")
            afterwards.write_note(theirs, speaking[stop.host_id], at=walk.now)


def home_again(walk, journey, organiser, line, country):
    """Let one report, share it and have no receipts; let the other claim, and be paid, one."""
    walk.on(journey.last_day + timedelta(days=10))
    seat = seat_of("PL")
    report = TravelReport(seat=seat, learnt="To clean glass plates.")
    afterwards.report(report, [], at=walk.now)
    afterwards.share(Sharing(seat=seat, day=walk.now.date(), what="A talk"), at=walk.now)
    checklists.tick(seat.checklist.get(what="receipts"), done=True, at=walk.now)
    ticket, taxi = (
        money.claim(
            seat_of(country),
            money.Claim(what, journey.last_day, 4_000, "EUR"),
            RECEIPT,
            at=walk.now,
        )
        for what in ("A ticket", "A taxi")
    )
    money.approve(ticket, money.Grant(line, 4_000), organiser, at=walk.now)
    money.refuse(taxi, "There was a bus.", organiser, at=walk.now)
    walk.on(journey.last_day + timedelta(days=11))
    money.pay(ticket, organiser, at=walk.now)
    walk.on(journey.last_day + timedelta(days=50))


def asked_what_stuck(walk, edition, journey, person):
    """Go on to half a year later, let one answer at once, and go on to the end."""
    editions.go_on(edition, "evaluating", Person.objects.organisers().get())
    half = journey.last_day + timedelta(days=182)
    walk.on(half + A_DAY)
    question = LookBack.objects.get(person=person)
    said = LookBackAnswer(stuck="much", action="done")
    looking_back.answer(question, said, named=True, at=walk.now)
    walk.on(half + timedelta(days=90))


def test_every_letter_of_an_edition_comes_once_in_order_and_none_to_those_who_left(walk):
    edition, organiser, hosting = announced(walk)
    line, version = asked_for_money_and_training(edition)
    speaking = {host.pk: person for host, person in hosting}
    walk.on(date(2026, 2, 2))
    begun = {country: begins(walk, edition, country) for country in HOMES}
    trained.passed(version, begun["PL"].person, at=walk.now)
    peer, partner = among_peers(walk, organiser)
    walk.on(date(2026, 2, 10))
    for country in HOMES[:-1]:
        sends(walk, begun[country])
    incomplete_and_sent_again(walk, begun["PT"], organiser)
    walk.on(date(2026, 2, 20))
    applications.withdraw(begun["FR"], at=walk.now)
    walk.on(date(2026, 3, 1))
    reader, silent = read_and_decided(walk, edition, organiser)
    journey = planned_and_offered(walk, edition, organiser)
    second, third = answered(walk, organiser, journey)
    welcomed(walk, organiser, journey, speaking)
    settled(walk, journey, (organiser, speaking), line, version)
    left(walk, begun, organiser, third)
    edition.refresh_from_db()
    journey.refresh_from_db()
    first, last = journey.period.lower, journey.last_day
    half = last + timedelta(days=182)
    stops = list(journey.stops.order_by("number"))
    ann, ben = invited(walk, stops[0], speaking[stops[0].host_id])
    travelled(walk, edition, journey, speaking)
    home_again(walk, journey, organiser, line, second)
    asked_what_stuck(walk, edition, journey, begun["PL"].person)

    people = {country: one.person for country, one in begun.items()}
    found = {country: walk.letters(person) for country, person in people.items()}
    sent = ["02-11 application-submitted"]
    listed = [*sent, "03-21 decision", "03-22 seat-offered"]
    agreed = ["04-03 seat-agreed", *["04-04 expectation-agreed"] * len(stops)]
    booked = [*agreed, "04-05 cost-approved", "04-05 cost-refused", "04-05 seat-confirmed"]
    alone = ["04-21 companion-left", "04-26 companion-left", *before(first, "journey-soon")]
    reminded = [
        *(f"{stop.leave + A_DAY:%m-%d} stop-note" for stop in stops),
        after(last, 7, "checklist-due"),
        *(after(last, 11, f"cost-{what}") for what in ("approved", "refused")),
        after(last, 12, "cost-paid"),
        *(after(last, days, "checklist-due") for days in (21, 45)),
        *(after(half, days, f"look-back{again}") for days, again in ((0, ""), (14, "-again"))),
    ]
    offered = [*sent, "03-21 decision", "03-24 seat-offered"]
    late = [*sent, "03-21 decision", "04-02 seat-offered"]
    assert found == {
        "PL": [
            *(*listed, *booked, "04-06 cost-paid", *alone),
            after(last, 45, "checklist-due"),  # a practice and an offer
            after(half, 0, "look-back"),
        ],
        "SK": [*listed, *booked],
        "HU": [*listed, "03-28 seat-reply-soon", "04-01 seat-lapsed"],
        "NL": listed,
        second: [*offered, *booked, *alone, *reminded],
        third: [*late, *booked, "04-21 companion-left", "04-26 seat-cancelled"],
        "PT": [
            *(*sent, "02-13 application-incomplete", "02-15 application-submitted"),
            "03-21 decision",
        ],
        "FR": [*sent, "02-21 application-withdrawn"],
        "IE": ["02-14 draft-closing:14", "02-25 draft-closing:3"],
    }
    for stop in stops:
        assert walk.letters(speaking[stop.host_id]) == of_a_host(stop, stops[0], half)
    others = [one for _host, one in hosting[3:]] + [reader, silent, organiser, ann, ben]
    letters_of_others(walk, others, f"{stops[0].arrive:%m-%d} event-tomorrow")
    assert walk.letters(peer) == [
        *("02-03 application-submitted", "02-04 partner-answered", "02-05 seat-offered"),
        *("02-06 seat-cancelled", "02-07 application-withdrawn"),
    ]
    assert walk.letters(partner) == [
        *("02-03 host-accepted", "02-03 partner-asked"),
        *("02-05 host-asked", "02-06 host-called_off"),
    ]
    everybody = [*people.values(), *speaking.values(), *others, peer, partner]
    assert {to for to, _what in walk.came} <= {person.email for person in everybody}
    assert not SignUp.objects.exists()
    journey.refresh_from_db()
    assert journey.state == "closed"


def letters_of_others(walk, people, tomorrow):
    """Hold what came to hosts without guests, readers, organisers and neighbours."""
    never, declined, reader, silent, organiser, ann, ben = people
    assert walk.letters(never) == ["02-14 host-closing:14", "02-25 host-closing:3"]
    assert walk.letters(declined) == ["01-16 host-declined"]
    assert walk.letters(reader) == [
        *("03-02 review-asked", "03-03 reviews-assigned"),
        *("03-13 reviews-due:7", "03-19 reviews-due:1"),
    ]
    assert walk.letters(silent) == ["03-02 review-asked", "03-04 review-waits"]
    assert walk.letters(organiser) == [
        *("03-08 review-not-answered", "04-03 stop-refused", "04-21 place-freed"),
    ]
    changed = ["05-03 event-moved", "05-04 event-called_off"]
    assert walk.letters(ann) == changed
    assert walk.letters(ben) == [*changed, "05-06 event-seated", tomorrow]


def after(day, days, what):
    """Say on which day so many later something comes."""
    return f"{day + timedelta(days=days):%m-%d} {what}"


def before(first, what):
    """List the three letters before something begins."""
    return [f"{first - timedelta(days=days):%m-%d} {what}:{days}" for days in (30, 14, 3)]


def of_a_host(stop, first, half):
    """List what comes to who speaks for a host of the journey."""
    noted = [] if stop == first else [f"{stop.leave + A_DAY:%m-%d} stop-note-host"]
    return [
        *("01-16 host-accepted", "03-22 host-asked", "03-24 host-asked", "04-02 host-asked"),
        *["04-04 expectation-proposed", "04-04 expectation-agreed"] * 4,
        *("04-05 host-confirmed", "04-21 host-guest_left", "04-26 host-guest_left"),
        *before(stop.arrive, "guests-soon"),
        *noted,
        f"{half:%m-%d} look-back",
        f"{half + timedelta(days=14):%m-%d} look-back-again",
    ]
