import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests.factories import PersonFactory
from tests.post_office import LINK
from tests.together import together
from volunteers import mailbox, notices
from volunteers.actions import check_ins as actions
from volunteers.models import CheckIn, CheckInRhythm, Notice, Rest
from volunteers.models.bandwidth import days
from volunteers.models.notices import NoticeKind
from volunteers.reminders import check_ins as reminders

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
MONDAY, TODAY = date(2026, 3, 2), date(2026, 3, 4)
DAY = timedelta(days=1)


def wishing(every="month", *, at=NOON, **about):
    """Make somebody who wishes to be asked."""
    person = PersonFactory(**about)
    actions.choose(person, every, at=at)
    return person


def asked(person, at=NOON):
    reminders.ask(at)
    return person.check_ins.order_by("-week").first()


def links(person):
    """Give the addresses in the question to somebody, without the site's name."""
    body = Notice.objects.filter(recipient=person, kind="check_in").latest("pk").body
    return [link.split("8000", 1)[1] for link in LINK.findall(body)]


def rhythm_of(person):
    return CheckInRhythm.objects.get(person=person)


def test_one_whose_question_cannot_be_written_keeps_nobody_else_from_being_asked(
    caplog, monkeypatch
):
    people = [wishing() for _ in range(3)]
    write = notices.ask_how_they_are

    def fail_for_one(asked):
        rows = list(asked)
        if people[1] in [question.person for question, _rhythm in rows]:
            raise ValueError("No words for them")
        write(rows)

    monkeypatch.setattr(notices, "ask_how_they_are", fail_for_one)

    reminders.ask(NOON + 40 * DAY)

    assert [person.check_ins.count() for person in people] == [1, 0, 1]
    rhythm = rhythm_of(people[1])
    assert f"volunteers.CheckInRhythm {rhythm.pk}" in caplog.text
    assert rhythm.next_day <= TODAY + 40 * DAY


def test_nobody_is_asked_who_has_not_said_so():
    PersonFactory()
    wishing("never")

    reminders.ask(NOON + 400 * DAY)

    assert (CheckIn.objects.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize(("every", "later"), [("2w", 14), ("month", 30), ("quarter", 91)])
def test_they_are_asked_at_once_and_then_as_often_as_they_wish(every, later):
    person = wishing(every)

    for days_later in (0, 1, later - 1, later, later + 1):
        reminders.ask(NOON + days_later * DAY)

    moments = list(person.check_ins.order_by("pk").values_list("asked_at", flat=True))
    assert moments == [NOON, NOON + later * DAY]
    assert [one.state for one in person.check_ins.order_by("pk")] == ["lapsed", "asked"]


def test_asked_twice_in_a_run_is_asked_once():
    person = wishing()
    for _ in range(3):
        reminders.ask(NOON)

    assert person.check_ins.get().week == MONDAY
    assert Notice.objects.get().kind == NoticeKind.CHECK_IN


def test_who_changes_their_wish_is_not_asked_again_the_same_week():
    person = wishing()
    asked(person)
    actions.choose(person, "2w", at=NOON + DAY)

    assert rhythm_of(person).next_day == TODAY + 14 * DAY


def test_the_day_is_that_of_the_person():
    late = datetime(2026, 3, 4, 23, tzinfo=UTC)
    east, west = (wishing(at=late, time_zone=zone) for zone in ("Asia/Tokyo", "America/Lima"))
    CheckInRhythm.objects.update(next_day=date(2026, 3, 5))

    reminders.ask(late)

    assert (east.check_ins.count(), west.check_ins.count()) == (1, 0)


@pytest.mark.parametrize(
    "left_alone",
    [{"is_active": False}, {"unconfirmed": True}, {"hidden_at": NOON}],
)
def test_who_is_not_here_is_not_asked(left_alone):
    wishing(**left_alone)

    reminders.ask(NOON)

    assert (CheckIn.objects.count(), Notice.objects.count()) == (0, 0)


def test_who_rests_is_asked_when_they_are_back():
    person = wishing()
    Rest.objects.create(person=person, period=days(TODAY, TODAY + 5 * DAY))

    reminders.ask(NOON + 5 * DAY)
    assert person.check_ins.count() == 0
    reminders.ask(NOON + 6 * DAY)
    assert person.check_ins.count() == 1


def test_silence_halves_the_asking_and_then_ends_it():
    person = wishing()
    moments, subjects = [], []
    for n in range(0, 500, 10):
        before = Notice.objects.count()
        reminders.ask(NOON + n * DAY)
        if Notice.objects.count() > before:
            moments.append(n)
            subjects.append(Notice.objects.latest("pk"))

    assert moments == [0, 30, 60, 90, 150, 210, 270]
    told = ["half as often" in notice.body for notice in subjects]
    assert told == [False, False, False, True, False, False, False]
    assert subjects[-1].subject == "We do not ask you any more how you are doing"
    assert person.check_ins.count() == 6
    assert rhythm_of(person).silenced


def test_an_answer_brings_the_wished_rhythm_back():
    person = wishing()
    for n in (0, 30, 60, 90):
        check_in = asked(person, NOON + n * DAY)
    assert rhythm_of(person).slower

    actions.answer(check_in, "well", at=NOON + 91 * DAY)

    assert rhythm_of(person).unanswered == 0


def test_a_link_of_the_mail_chooses_the_answer_and_one_button_sends_it(client):
    person = wishing()
    asked(person)
    with time_machine.travel(NOON + DAY):
        page = client.get(links(person)[1]).content.decode()
        assert 'value="stretched"' in page
        assert page.count(" checked") == 1
        assert CheckIn.objects.get().state == "asked"  # a scanner of mail has looked, no more

        answer = client.post(links(person)[1], {"answer": "stretched"})

    check_in = CheckIn.objects.get()
    assert (check_in.state, check_in.answer) == ("answered", "stretched")
    assert answer.status_code == 302


def test_heads_and_looks_of_mail_programs_write_nothing(client):
    person = wishing()
    asked(person)
    with time_machine.travel(NOON + DAY):
        for link in links(person):
            assert client.get(link).status_code == client.head(link).status_code == 200

    assert CheckIn.objects.get().state == "asked"


def test_the_links_of_a_mail_answer_once_and_say_where_that_is_changed(client):
    """A program that looks through mail pressed the first link; then the person comes."""
    person = wishing()
    asked(person)
    with time_machine.travel(NOON + DAY, tick=False):
        client.post(links(person)[0], {"answer": "well"})
        for page in (
            client.get(links(person)[2]),
            client.post(links(person)[2], {"answer": "too_much"}),
        ):
            words = page.content.decode()
            assert "You have answered this already" in words
            assert "data-chosen" not in words
            assert "<form" not in words[words.index("<main") : words.index("</main")]
        assert CheckIn.objects.get().answer == "well"

        client.force_login(person)
        page = client.get(links(person)[2]).content.decode()
        assert "There is an answer already." in page
        assert "data-chosen" not in page
        assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["too_much"]
        client.post(links(person)[2], {"answer": "too_much"})

    assert CheckIn.objects.get().answer == "too_much"


def test_no_link_of_a_mail_says_what_was_answered(client):
    pages = []
    person = wishing()
    asked(person)
    path = links(person)[1].partition("?")[0]
    with time_machine.travel(NOON + DAY, tick=False):
        client.post(path, {"answer": "well"})
        for how in ("well", "too_much"):
            CheckIn.objects.update(answer=how)
            pages.append(client.get(path).content.decode())

    assert without_tokens(pages[0]) == without_tokens(pages[1])


def without_tokens(page):
    return re.sub(r'csrf\w*"[^>]*|"x-csrftoken": "[^"]*"', "", page)


def test_who_is_signed_in_changes_their_answer_whatever_was_added(client):
    check_in = answered(wishing(), "well")
    actions.add(check_in, still_right=True, words="Somebody else wrote this")
    path = notices.check_in_path(check_in)
    with time_machine.travel(NOON + 20 * DAY, tick=False):
        client.force_login(PersonFactory())
        client.post(path, {"answer": "stretched"})
        assert CheckIn.objects.get().answer == "well"
        client.force_login(check_in.person)
        client.post(path, {"answer": "stretched"})

    assert CheckIn.objects.get().answer == "stretched"


@pytest.mark.parametrize(("later", "led"), [(27, True), (29, False)])
def test_ones_own_page_leads_to_where_the_last_answer_is_changed(client, later, led):
    check_in = answered(wishing())
    client.force_login(check_in.person)

    with time_machine.travel(NOON + later * DAY, tick=False):
        page = client.get(reverse("volunteers:check_ins")).content.decode()

    assert ("Change my last answer" in page) == led


@pytest.mark.parametrize("days_later", [27, 29])
def test_a_link_works_for_four_weeks(client, days_later):
    person = wishing()
    with time_machine.travel(NOON, tick=False):
        asked(person)
    with time_machine.travel(NOON + days_later * DAY, tick=False):
        page = client.get(links(person)[0]).content.decode()
        client.post(links(person)[0], {"answer": "well"})

    assert ("This question is over" in page) == (days_later > 28)
    assert CheckIn.objects.answered().exists() == (days_later < 28)


def test_the_next_question_ends_the_one_before(client):
    person = wishing("2w")
    with time_machine.travel(NOON, tick=False):
        first = asked(person)
        old = links(person)[0]
    with time_machine.travel(NOON + 14 * DAY, tick=False):
        asked(person, NOON + 14 * DAY)
        page = client.post(old, {"answer": "well"}).content.decode()

    first.refresh_from_db()
    assert (first.state, "You have answered" in page) == ("lapsed", False)
    assert "This question is over" in page


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", "%F0%9F%90%99", "x" * 900])
@pytest.mark.parametrize("name", ["check_in", "check_in_more"])
def test_a_token_we_did_not_make_opens_nothing(client, token, name):
    path = reverse(f"volunteers:{name}", args=[token])

    assert client.get(path).status_code == client.post(path).status_code == 404


def test_no_other_signature_of_ours_answers(client):
    person = wishing()
    asked(person)
    forged = signing.dumps([person.pk, MONDAY.isoformat()], salt=mailbox.SALT)

    assert client.get(reverse("volunteers:check_in", args=[forged])).status_code == 404


def answered(person, how="too_much"):
    check_in = asked(person)
    actions.answer(check_in, how, at=NOON)
    check_in.refresh_from_db()
    return check_in


def test_after_an_answer_one_may_add_once_whether_the_hours_are_right_and_words(client):
    check_in = answered(wishing())
    path = notices.more_path(check_in)

    page = client.get(path).content.decode()
    assert "Pass something on" in page
    for words in ("The conference eats my evenings", "Something else"):
        client.post(path, {"still_right": "no", "words": words})

    check_in.refresh_from_db()
    assert (check_in.still_right, check_in.words) == (False, "The conference eats my evenings")


def test_who_is_well_is_not_offered_to_put_anything_down(client):
    page = client.get(notices.more_path(answered(wishing(), "well"))).content.decode()

    assert "Pass something on" not in page


def test_what_was_added_is_shown_to_nobody_who_finds_the_address(client):
    check_in = answered(wishing())
    actions.add(check_in, still_right=True, words="A secret")

    assert "A secret" not in client.get(notices.more_path(check_in)).content.decode()


def test_after_an_hour_nothing_can_be_added(client):
    check_in = answered(wishing())
    with time_machine.travel(NOON, tick=False):
        path = notices.more_path(check_in)
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        page = client.post(path, {"words": "Late"}).content.decode()

    check_in.refresh_from_db()
    assert (check_in.words, "You have answered this already" in page) == ("", True)


def test_too_many_words_come_back_with_what_is_wrong(client):
    check_in = answered(wishing())
    page = client.post(notices.more_path(check_in), {"words": "x" * 1001}).content.decode()

    assert "x" * 1001 in page
    assert 'aria-invalid="true"' in page


def test_an_answer_before_the_mail_went_out_takes_the_mail_back():
    person = wishing()
    check_in = asked(person)
    actions.answer(check_in, "well", at=NOON)

    assert Notice.objects.get().by_mail is False


def test_never_takes_back_the_mail_that_waits():
    person = wishing()
    asked(person)
    actions.choose(person, "never", at=NOON)

    assert Notice.objects.get().by_mail is False
    assert rhythm_of(person).next_day is None


def test_mail_that_waited_too_long_is_not_sent():
    asked(wishing())

    assert Notice.objects.get().not_after == NOON + CheckIn.ANSWERABLE


def test_each_reads_it_in_their_language_and_mutes_it_for_themselves():
    muted, arab, plain = (
        wishing(language=code, name=name)
        for code, name in (("en", "Ada"), ("ar", "Nour"), ("en", "Bea"))
    )
    mailbox.mute(muted, NoticeKind.CHECK_IN)
    reminders.ask(NOON)

    sent = {notice.recipient: notice for notice in Notice.objects.all()}
    assert [sent[one].by_mail for one in (muted, arab, plain)] == [False, True, True]
    assert [name in sent[one].body for one, name in ((arab, "Nour"), (plain, "Bea"))] == [
        True
    ] * 2
    assert sent[arab].body.count("?answer=") == 3


def test_a_page_shows_what_one_has_answered_and_how_often_one_is_asked(client):
    person = wishing()
    check_in = answered(person, "stretched")
    actions.add(check_in, still_right=True, words="It was a long month")
    client.force_login(person)

    page = client.get(reverse("volunteers:check_ins")).content.decode()

    assert "Stretched" in page
    assert "It was a long month" in page


def test_only_oneself_sees_ones_answers(client):
    actions.add(answered(wishing()), still_right=None, words="A secret")
    client.force_login(PersonFactory())

    assert "A secret" not in client.get(reverse("volunteers:check_ins")).content.decode()


@pytest.mark.parametrize("answers", [1, 3])
def test_the_page_asks_the_same_for_one_and_three(client, answers, django_assert_num_queries):
    person = wishing()
    for n in range(answers):
        check_in = asked(person, NOON + 30 * n * DAY)
        actions.answer(check_in, "well", at=NOON + 30 * n * DAY)
    client.force_login(person)

    with django_assert_num_queries(8):
        client.get(reverse("volunteers:check_ins"))


def test_all_answers_can_be_deleted(client):
    person, other = wishing(), wishing()
    answered(person)
    answered(other)
    client.force_login(person)

    assert (
        "cannot be undone"
        in client.get(reverse("volunteers:delete_check_ins")).content.decode()
    )
    client.post(reverse("volunteers:delete_check_ins"))

    assert CheckIn.objects.get().person == other
    assert rhythm_of(person).every == "month"


def test_a_wish_that_is_none_comes_back(client):
    client.force_login(PersonFactory())
    page = client.post(reverse("volunteers:rhythm"), {"every": "hourly"})

    assert page.status_code == 200
    assert not CheckInRhythm.objects.exists()


def test_the_last_answer_of_each():
    people = [wishing(), wishing()]
    for n, how in enumerate(("well", "stretched")):
        for person in people:
            actions.answer(asked(person, NOON + 30 * n * DAY), how, at=NOON + 30 * n * DAY)

    last = CheckIn.objects.last_of_each(people, NOON + 31 * DAY)

    assert [(one.person, one.answer) for one in last] == [(p, "stretched") for p in people]


@pytest.mark.parametrize(
    "wrong",
    [
        {"week": TODAY},
        {"state": "answered"},
        {"answer": "well"},
        {"state": "answered", "answered_at": NOON, "answer": "so so"},
        {"words": "Without an answer"},
    ],
)
def test_database_refuses_what_is_no_check_in(wrong):
    right = {"person": PersonFactory(), "week": MONDAY, "asked_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(**right | wrong)


def test_database_refuses_a_second_question_in_a_week():
    person = PersonFactory()
    CheckIn.objects.create(person=person, week=MONDAY, asked_at=NOON)
    with pytest.raises(IntegrityError, match="check_in_one_per_person_and_week"):
        CheckIn.objects.create(person=person, week=MONDAY, asked_at=NOON)


def at_once(*acts):
    return together(*acts, refused=actions.Answered)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_answer():
    check_in = asked(wishing())

    came = at_once(
        *(
            lambda how=how: actions.answer(check_in, how, at=NOON)
            for how in ("well", "too_much")
        )
    )

    assert sorted(map(str, came)) == ["Answered", "None"]
    assert CheckIn.objects.get().state == "answered"


@pytest.mark.django_db(transaction=True)
def test_four_workers_ask_each_person_once(monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 7)
    people = [wishing() for _ in range(60)]

    at_once(*[lambda: reminders.ask(NOON)] * 4)

    assert CheckIn.objects.count() == Notice.objects.count() == len(people)
    assert set(CheckInRhythm.objects.values_list("unanswered", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_two_wishes_at_once_are_one():
    person = PersonFactory()

    at_once(*[lambda: actions.choose(person, "month", at=NOON)] * 4)

    assert CheckInRhythm.objects.count() == 1


def test_who_clicks_needs_no_cookie_to_look(client):
    person = wishing()
    asked(person)
    with time_machine.travel(NOON + DAY):
        assert Client(enforce_csrf_checks=True).get(links(person)[0]).status_code == 200


def test_an_answer_can_be_changed_until_something_is_added(client):
    check_in = answered(wishing())
    path = notices.more_path(check_in)
    client.post(path, {"answer": "too_much"})
    check_in.refresh_from_db()
    assert check_in.answer == "too_much"

    client.post(path, {"answer": "well", "words": "It is fine after all"})
    client.post(path, {"answer": "too_much", "words": "No"})

    check_in.refresh_from_db()
    assert (check_in.answer, check_in.words) == ("well", "It is fine after all")


def test_only_a_link_that_chose_an_answer_is_sent_by_itself(client):
    check_in = asked(wishing())
    path = notices.check_in_path(check_in)

    with time_machine.travel(NOON, tick=False):
        for chosen, sends in (("?answer=well", True), ("?answer=maybe", False), ("", False)):
            page = client.get(f"{path}{chosen}").content.decode()
            assert ("answer.js" in page, "data-chosen" in page) == (sends, sends)
        assert "data-chosen" not in client.post(path, {"answer": "maybe"}).content.decode()
    assert "answer.js" not in client.get(f"{path}?answer=well").content.decode()  # it is over
