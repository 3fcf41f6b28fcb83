"""Before and after a journey: lists, reminders, notes, reports, sharing, what stuck."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from capx import erasure
from capx.states import IllegalMove
from grandtour import exports
from grandtour.actions import afterwards as actions
from grandtour.actions import checklists, journeys, looking_back, money, under_way
from grandtour.models import (
    Application,
    ChecklistItem,
    Journey,
    LookBack,
    LookBackAnswer,
    Seat,
    Sharing,
    StopNote,
    TravelReport,
)
from grandtour.notices.afterwards import look_back_path
from grandtour.reminders import journeys as reminders
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, SkillFactory
from tests.grandtour.tours import MAY, NOON, SeatFactory, StopFactory, settle
from volunteers.models import Notice, Origin

pytestmark = pytest.mark.django_db
FIRST = MAY[0]
LAST = FIRST + timedelta(days=4)
RECEIPT = money.File(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n", "application/pdf", "bed.pdf")
ADDED = import_module("grandtour.migrations.0010_receipts_practices_and_offers_afterwards")


def at(day):
    """Give noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def keys(start, **of):
    """List the keys of the notices that begin so."""
    rows = Notice.objects.filter(key__startswith=f"{start}:", **of)
    return sorted(rows.values_list("key", flat=True))


@pytest.fixture
def stop():
    """Give a stop from the first of May on."""
    return StopFactory(
        journey__state="offered",
        host__state="accepted",
        host__decided_at=NOON,
        accepted_at=NOON,
        accepted_by=PersonFactory(),
    )


@pytest.fixture
def host(stop):
    """Give somebody who speaks for the host."""
    return MembershipFactory(affiliate=stop.host.affiliate, role="steward").person


def seat_of(stop, number=1, country="PL", state="agreed"):
    """Give a place in its journey."""
    states = {"agreed": "placed", "returned": "travelled"}
    return SeatFactory(
        journey=stop.journey,
        number=number,
        country=country,
        application__state=states[state],
        state=state,
        accepted_at=NOON,
    )


@pytest.fixture
def home(stop):
    """Give a place of somebody who is home again."""
    Journey.objects.filter(pk=stop.journey.pk).update(state="returned")
    stop.journey.refresh_from_db()
    return seat_of(stop, state="returned")


def test_a_confirmed_traveller_has_a_list_with_days_before_and_after(client, stop):
    seats = [seat_of(stop), seat_of(stop, 2, "DE")]
    for seat in seats:
        settle(seat)
    journeys.confirm(stop.journey, OrganiserFactory(), at=NOON)

    items = seats[0].checklist
    assert dict(items.values_list("what", "due")) == {
        "papers": FIRST - timedelta(days=45),
        "insurance": FIRST - timedelta(days=30),
        "booking": FIRST - timedelta(days=21),
        "arrival": FIRST - timedelta(days=3),
        "notes": LAST + timedelta(days=7),
        "report": LAST + timedelta(days=21),
        "receipts": LAST + timedelta(days=21),
        "sharing": LAST + timedelta(days=45),
        "practice": LAST + timedelta(days=45),
        "offer": LAST + timedelta(days=45),
    }
    checklists.write(seats[0])
    assert items.count() == 10

    client.force_login(seats[0].person)
    booking = items.get(what="booking")
    client.post(reverse("grandtour:tick", args=[booking.pk]), {"done": "yes"})
    assert items.get(what="booking").done_at
    client.post(reverse("grandtour:tick", args=[booking.pk]), {"done": "no"})
    assert items.get(what="booking").done_at is None
    report = items.get(what="report")
    assert client.post(reverse("grandtour:tick", args=[report.pk])).status_code == 404
    client.force_login(seats[1].person)
    assert client.post(reverse("grandtour:tick", args=[booking.pk])).status_code == 404


def test_three_letters_come_before_the_journey_and_each_once(stop, host):
    seat = seat_of(stop)
    for days in (31, 30, 20, 14, 14, 5, 3, 2, 1):
        reminders.remind(at(FIRST - timedelta(days=days)))

    said = [f"journey-soon:{seat.pk}:{days}:{FIRST}" for days in (14, 30, 3)]
    assert keys("journey-soon") == said
    assert len(keys("guests-soon", recipient=host)) == 3
    first = Notice.objects.get(key=said[1])
    assert str(stop.host.affiliate) in first.body


def test_hosts_of_later_stops_hear_three_times_though_the_journey_has_begun(stop, host):
    later = StopFactory(journey=stop.journey, number=4, accepted_at=NOON, accepted_by=host)
    expects = MembershipFactory(affiliate=later.host.affiliate, role="editor").person
    seats = [seat_of(stop), seat_of(stop, 2, "DE")]
    for seat in seats:
        settle(seat)
    journeys.confirm(stop.journey, OrganiserFactory(), at=NOON)
    under_way.move_with_the_days(FIRST, at=at(FIRST))

    for days in (31, 30, 14, 4, 3, 3, 1, 0):
        reminders.remind(at(later.arrive - timedelta(days=days)))

    about = [f"guests-soon:{later.pk}:{days}:{expects.pk}" for days in (14, 30, 3)]
    said = [f"{key}:{later.arrive}" for key in about]
    assert keys("guests-soon", recipient=expects) == said
    letter = Notice.objects.get(key=said[2])
    assert all(str(seat.person) in letter.body for seat in seats)


def test_nobody_who_gave_a_place_up_hears_anything(stop, host):
    seat = seat_of(stop)
    journeys.refuse(seat, journeys.Given("dates", "", seat.person), at=NOON)
    before = Notice.objects.count()
    for days in range(-30, 300, 3):
        reminders.remind(at(FIRST + timedelta(days=days)))

    assert Notice.objects.count() == before


def test_from_the_day_after_a_stop_on_both_are_asked_for_a_note_once(stop, host, home):
    reminders.remind(at(LAST))
    assert not keys("stop-note") + keys("stop-note-host")
    for days in (1, 1, 2, 9):
        reminders.remind(at(LAST + timedelta(days=days)))

    assert keys("stop-note") == [f"stop-note:{stop.pk}:{home.pk}"]
    assert keys("stop-note-host") == [f"stop-note-host:{stop.pk}:{host.pk}"]


def test_what_is_due_afterwards_is_said_on_its_day_in_one_letter_unless_it_is_done(home):
    checklists.write(home)
    checklists.did(home, "report", at=NOON)
    for days in (6, 7, 8, 21):
        reminders.remind(at(LAST + timedelta(days=days)))
    checklists.did(home, "receipts", at=NOON)
    told_of(home, "offer")
    for days in (22, 45, 46, 59):
        reminders.remind(at(LAST + timedelta(days=days)))

    first = {"notes": "For some of your stops", "report": "receipts", "sharing": "A talk"}
    letters = {home.checklist.get(what=what).pk: words for what, words in first.items()}
    said = Notice.objects.filter(key__startswith="checklist-due")
    assert {int(one.key.split(":")[1]) for one in said} == set(letters)
    for one in said:
        assert letters[int(one.key.split(":")[1])] in one.body
        assert "Your report. A few" not in one.body
        assert "offer to help" not in one.body
    assert "as a practice" in said.get(body__contains="A talk").body


def told_of(seat, made, key=1):
    """Let an offer or a practice that others can see have come of a place in a journey."""
    Origin.objects.create(
        source="place", source_key=seat.pk, made=made, made_key=key, made_at=NOON, told_at=NOON
    )


def shown_of(client, seat):
    """Read the list on the page of a journey: its words, links and buttons, thing by thing."""
    client.force_login(seat.person)
    rows = client.get(seat.journey.get_absolute_url()).context["checklist"]
    return {
        row["item"].what: (str(row["word"]), row["href"], row["button"])
        for row in rows
        if row["item"].what in {"receipts", "practice", "offer"}
    }


@time_machine.travel(at(LAST + timedelta(days=1)), tick=False)
def test_receipts_practices_and_offers_are_ticked_by_hand_or_by_what_came_of_it(client, home):
    checklists.write(home)
    costs = reverse("grandtour:costs", args=[home.journey_id])
    fills_in = f"{reverse('grandtour:report', args=[home.pk])}#offer"
    where = {"receipts": costs, "practice": fills_in, "offer": fills_in}
    assert shown_of(client, home) == {
        what: ("Open", href, "tick") for what, href in where.items()
    }

    offer = home.checklist.get(what="offer")
    client.post(reverse("grandtour:tick", args=[offer.pk]), {"done": "yes"})
    assert shown_of(client, home)["offer"] == ("Done", fills_in, "untick")
    client.post(reverse("grandtour:tick", args=[offer.pk]), {"done": "no"})

    Origin.objects.create(
        source="place", source_key=home.pk, made="offer", made_key=2, made_at=NOON
    )
    told_of(home, "practice")
    claim = money.Claim("The bed in Lviv", LAST, 4000, "EUR")
    cost = money.claim(home, claim, RECEIPT, at=at(LAST + timedelta(days=1)))
    assert shown_of(client, home) == {
        "receipts": ("Done", costs, ""),
        "practice": ("Done", fills_in, ""),
        "offer": ("Open", fills_in, "tick"),
    }
    money.withdraw(cost)
    assert shown_of(client, home)["receipts"] == ("Open", costs, "tick")


@time_machine.travel(at(LAST + timedelta(days=1)), tick=False)
def test_a_ticket_claimed_before_the_journey_is_not_all_that_was_paid_on_it(client, home):
    checklists.write(home)
    ticket = money.Claim("The train", FIRST, 4000, "EUR")
    money.claim(home, ticket, RECEIPT, at=at(FIRST - timedelta(days=9)))

    assert shown_of(client, home)["receipts"][0] == "Open"


def test_who_is_on_the_way_already_has_the_new_things_on_the_list(home, stop):
    long_home = seat_of(stop, 2, "DE", "returned")
    for seat in (home, long_home):
        checklists.write(seat)
        seat.checklist.filter(what__in=["receipts", "practice", "offer"]).delete()
    ChecklistItem.objects.filter(seat=home).update(due=date(2999, 5, 1))
    with connection.cursor() as cursor:
        for _twice in range(2):
            cursor.execute(ADDED.FOLLOWING)

    assert home.checklist.count() == 10
    assert long_home.checklist.count() == 7


def test_notes_are_hidden_until_both_are_in(client, stop, host, home):
    page = reverse("grandtour:write_note", args=[stop.pk])
    with time_machine.travel(at(LAST + timedelta(days=2)), tick=False):
        client.force_login(home.person)
        client.post(page, {"good": "The evening in the archive.", "again": "yes"})
        assert StopNote.objects.get().again is True
        client.force_login(host)
        assert "The evening in the archive." not in client.get(page).text
        client.post(page, {"good": "They asked good questions.", "again": ""})
        assert "The evening in the archive." in client.get(page).text
        client.force_login(home.person)
        assert "They asked good questions." in client.get(page).text


def test_after_two_weeks_what_is_there_is_shown_and_nobody_writes(client, stop, host, home):
    note = StopNote(stop=stop, seat=home, good="The evening.")
    actions.write_note(note, home.person, at=at(LAST))
    with time_machine.travel(at(LAST + timedelta(days=14)), tick=False):
        client.force_login(host)
        page = client.get(reverse("grandtour:write_note", args=[stop.pk]))

    assert "The evening." in page.text
    assert "Send the note" not in page.text
    late = StopNote(stop=stop, good="Late.")
    with pytest.raises(IllegalMove):
        actions.write_note(late, host, at=at(LAST + timedelta(days=14)))


def test_one_side_writes_one_note(stop, home):
    for_one = {"stop": stop, "seat": home, "good": "Good."}
    actions.write_note(StopNote(**for_one), home.person, at=at(LAST))
    with pytest.raises(actions.WrittenAlready):
        actions.write_note(StopNote(**for_one), home.person, at=at(LAST))
    with pytest.raises(IntegrityError, match="one_of_a_traveller"), transaction.atomic():
        StopNote.objects.create(**for_one, person=home.person, written_at=NOON)


def test_a_report_completes_the_application_and_opens_the_form_of_the_exchange(client, home):
    checklists.write(home)
    skill = SkillFactory()
    assert list(Seat.objects.owing_a_report(LAST + timedelta(days=21))) == []
    assert list(Seat.objects.owing_a_report(LAST + timedelta(days=22))) == [home]
    page = reverse("grandtour:report", args=[home.pk])
    client.force_login(home.person)
    assert "Write a few words" in client.post(page, {"learnt": ""}).text
    client.post(page, {"learnt": "How to clean glass plates.", "skills": skill.slug})

    home.refresh_from_db()
    assert home.state == "reported"
    assert home.application.__class__.objects.get(pk=home.application.pk).state == "completed"
    assert home.checklist.get(what="report").done_at
    assert not Seat.objects.owing_a_report(LAST + timedelta(days=99))
    answer = client.get(page).text
    assert reverse("learnt_offer", args=[home.pk, skill.slug]) in answer
    assert reverse("learnt_report", args=[home.pk]) in answer


def test_a_report_of_a_journey_is_not_called_a_complaint(client, home):
    client.force_login(home.person)
    address = reverse("grandtour:report", args=[home.pk])

    for language, words in (("de", "Dein Bericht"), ("es", "Tu informe"), ("ar", "تقريرك")):
        client.cookies["django_language"] = language
        shown = " ".join(client.get(address).text.split())
        assert f"<h1> {words} </h1>" in shown


def test_a_report_that_is_sent_twice_is_one(home):
    first = TravelReport(seat=home, learnt="Glass plates.")
    second = TravelReport(seat=Seat.objects.get(pk=home.pk), learnt="Glass plates!")
    actions.report(first, [], at=NOON)
    actions.report(second, [], at=NOON + timedelta(seconds=1))

    kept = TravelReport.objects.get()
    assert (kept.learnt, kept.submitted_at) == ("Glass plates!", NOON)


def test_others_of_the_journey_read_a_report_and_write_nothing(client, stop, host, home):
    page = reverse("grandtour:report", args=[home.pk])
    TravelReport.objects.create(seat=home, submitted_at=NOON, learnt="Glass plates.")
    client.force_login(host)
    client.post(page, {"learnt": "Something else."})
    assert "Glass plates." in client.get(page).text
    assert client.post(f"{page}share/", {"what": "A talk"}).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(page).status_code == 404


def test_sharing_at_home_is_noted_and_taken_back(client, home):
    checklists.write(home)
    client.force_login(home.person)
    share = reverse("grandtour:share", args=[home.pk])
    assert client.post(share, {"what": "A talk", "day": "2999-01-01"}).status_code == 200
    client.post(share, {"what": "A talk", "day": "2020-01-02"})
    assert home.checklist.get(what="sharing").done_at
    client.post(reverse("grandtour:unshare", args=[Sharing.objects.get().pk]))
    assert home.checklist.get(what="sharing").done_at is None


def test_after_half_a_year_both_are_asked_again_once_and_then_left_in_peace(stop, host, home):
    half = LAST + timedelta(days=182)
    for days in (-1, 0, 1, 13, 14, 15, 40, 70, 100):
        reminders.remind(at(half + timedelta(days=days)))

    assert LookBack.objects.count() == 2
    assert len(keys("look-back")) == 2
    assert len(keys("look-back-again")) == 2


def test_who_could_not_be_asked_is_asked_the_next_day_and_stops_no_other(
    monkeypatch, stop, host, home
):
    also = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
    half, write = LAST + timedelta(days=182), looking_back.notices.look_back

    def broken(question, edition, **more):
        if question.person_id == host.pk:
            raise RuntimeError("The power is gone.")
        write(question, edition, **more)

    monkeypatch.setattr(looking_back.notices, "look_back", broken)
    looking_back.ask(half, at=at(half))
    assert {one.person for one in LookBack.objects.all()} == {home.person, also}

    monkeypatch.undo()
    looking_back.ask(half + timedelta(days=1), at=at(half + timedelta(days=1)))
    assert {one.person for one in LookBack.objects.all()} == {home.person, also, host}
    assert len(keys("look-back")) == 3


def test_an_anonymous_answer_stores_nobody_and_counts_once(client, home):
    looking_back.ask(LAST + timedelta(days=182), at=at(LAST + timedelta(days=182)))
    question = LookBack.objects.get(seat=home)
    said = LookBackAnswer(stuck="some", action="done", words="The kettle.")
    when = at(LAST + timedelta(days=190))
    looking_back.answer(question, said, named=False, at=when)
    again = LookBackAnswer(stuck="much", action="done")
    with pytest.raises(looking_back.Answered):
        looking_back.answer(question, again, named=True, at=when)

    kept = LookBackAnswer.objects.get()
    assert (kept.seat, kept.stop, kept.side, kept.stuck) == (None, None, "traveller", "some")
    assert {field.name for field in LookBackAnswer._meta.fields} == {
        *("id", "edition", "side", "seat", "stop", "person", "stuck", "action"),
        *("offered", "again", "words"),
    }
    assert kept.person is None


def asked_half_a_year_later():
    """Let everybody be asked what stuck; give the questions."""
    looking_back.ask(LAST + timedelta(days=182), at=at(LAST + timedelta(days=182)))
    return LookBack.objects.order_by("pk")


@pytest.mark.parametrize("side", ["traveller", "host"])
def test_who_gives_their_name_is_read_by_organisers_given_it_and_forgotten(
    client, host, home, side
):
    asked = asked_half_a_year_later()
    question = asked.get(seat=home) if side == "traveller" else asked.get(person=host)
    said = LookBackAnswer(stuck="much", words="The kettle of the archive.")
    when = at(LAST + timedelta(days=190))
    looking_back.answer(question, said, named=True, at=when)
    person = question.person

    assert LookBackAnswer.objects.get().person == person
    client.force_login(OrganiserFactory())
    page = client.get(reverse("admin:grandtour_lookbackanswer_changelist")).text
    assert "The kettle of the archive." in page
    assert str(person) in page
    assert [row["words"] for row in exports.sheets(person)["what-stuck"]] == [said.words]
    erasure.forget(person, at=when, keep_practices=False)
    kept = LookBackAnswer.objects.get()
    assert (kept.person, kept.seat, kept.stop, kept.words) == (None, None, None, "")


@time_machine.travel(at(LAST + timedelta(days=190)), tick=False)
def test_organisers_read_what_five_said_without_a_name_and_of_fewer_nothing(client, home):
    question = asked_half_a_year_later().get(seat=home)
    assert "Few people are asked" in client.get(look_back_path(question)).text
    said = LookBackAnswer(stuck="some", action="done", words="The evenings.")
    looking_back.answer(question, said, named=False, at=at(LAST + timedelta(days=190)))
    edition = LookBackAnswer.objects.get().edition
    others = {"edition": edition, "side": "traveller", "stuck": "some"}
    client.force_login(OrganiserFactory())
    desk = reverse("admin:grandtour_lookbackanswer_changelist")

    LookBackAnswer.objects.create(**others, person=home.person, seat=home, words="My name.")
    for _other in range(3):
        LookBackAnswer.objects.create(**others)
    LookBackAnswer.objects.create(**others | {"side": "host"})
    assert "The evenings." not in client.get(desk).text
    assert "My name." in client.get(desk).text

    LookBackAnswer.objects.create(**others)
    LookBackAnswer.objects.exclude(person=None).delete()
    page = client.get(desk).text
    assert "The evenings." in page
    assert str(home.person) not in page


@time_machine.travel(at(LAST + timedelta(days=190)), tick=False)
def test_where_five_travelled_nobody_is_told_that_they_are_few(client, home):
    edition = home.journey.edition
    for number in range(4):
        SeatFactory(
            journey__edition=edition,
            journey__number=90 + number,
            state="reported",
            accepted_at=NOON,
        )
    question = asked_half_a_year_later().get(seat=home)

    assert "Few people are asked" not in client.get(look_back_path(question)).text


def test_the_link_of_the_mail_needs_no_sign_in_and_looking_writes_nothing(client, home):
    question = LookBack.objects.create(
        person=home.person, seat=home, asked_at=datetime.now(tz=UTC)
    )
    settle(home)
    page = look_back_path(question)
    assert "Scan at home." in client.get(page).text
    assert not LookBackAnswer.objects.exists()
    said = {"stuck": "much", "action": "done", "named": "yes", "words": "All of it."}
    assert "Thank you" in client.post(page, said).text
    assert LookBackAnswer.objects.get().seat == home
    assert "This question is over" in client.get(page).text
    assert client.get(f"{page[:-3]}/").status_code == 404


def test_in_the_end_journeys_close_and_who_owes_a_report_still_does(stop, home):
    reported = seat_of(stop, 2, "DE", "returned")
    Seat.objects.filter(pk=reported.pk).update(state="reported")
    assert actions.close(LAST + timedelta(days=200)) == 0
    assert actions.close(LAST + timedelta(days=260)) == 1

    states = dict(Seat.objects.values_list("number", "state"))
    assert states == {1: "returned", 2: "closed"}
    assert Application.objects.filter(state="travelled").exists()
