from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail, signing
from django.utils import timezone

from tests.factories import NoticeFactory, PersonFactory
from tests.together import together
from volunteers import mailbox
from volunteers.models import Notice, NoticePreference, Rest
from volunteers.models.bandwidth import days
from volunteers.models.notices import NoticeKind
from volunteers.tasks import forget_checks, send_notices

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEMPLATE = "exchange/mail/declined.txt"
SITE = "http://localhost:8000"


class Thing:
    """What the template of these tests speaks of."""

    def __init__(self, title="Montage"):
        self.title = title


def post(to, *, key="a", kind=NoticeKind.ANSWER, title="Montage", **about):
    mailbox.post(
        to, key=key, kind=kind, template=TEMPLATE, link="/x/", listing=Thing(title), **about
    )


def due(**fields):
    return NoticeFactory(not_before=NOON, **fields)


def send(now=NOON):
    sent = 0
    while mailbox.send_some(now):
        sent += 1
        assert sent < 50
    return [letter.subject for letter in mail.outbox]


def test_a_notice_has_a_subject_a_body_and_a_link_that_works_in_a_mail():
    post(PersonFactory(name="Ada"), other="Bea")

    notice = Notice.objects.get()
    assert notice.subject == "It will not work out this time: “Montage”"
    assert notice.body.startswith("Hello Ada,")
    assert notice.body.endswith("http://localhost:8000/x/")
    assert (notice.link, notice.by_mail) == ("/x/", True)


def test_the_same_key_is_written_once():
    person = PersonFactory()
    for _ in range(3):
        post(person)

    assert Notice.objects.count() == 1


def test_it_is_written_in_the_language_of_who_reads_it():
    post(PersonFactory(language="ar"))

    assert Notice.objects.get().subject  # falls back to English where nobody has translated yet


@pytest.mark.parametrize("title", ["A\rB", "A\x0bB", "A\u2028B", "A\x85B", "A\r\nB"])
def test_no_title_breaks_a_subject(title):
    post(PersonFactory(), title=title)

    assert len(send(timezone.now())) == 1
    assert "\r" not in Notice.objects.get().subject
    assert mail.outbox[0].message()["Subject"]


def test_a_very_long_subject_is_cut():
    post(PersonFactory(), title="x" * 900)

    assert len(Notice.objects.get().subject) == 300


def test_words_in_a_mail_are_not_html():
    post(PersonFactory(), words="5 < 6 & “so on”")

    assert "5 < 6 & “so on”" in Notice.objects.get().body


def test_without_an_address_or_the_wish_it_stays_in_the_app():
    post(PersonFactory(email=""), key="a")
    muted = PersonFactory()
    mailbox.mute(muted, NoticeKind.ANSWER)
    mailbox.mute(muted, NoticeKind.ANSWER)
    post(muted, key="b")
    post(muted, key="c", kind=NoticeKind.ASK)

    kept = Notice.objects.order_by("key").values_list("key", "by_mail")
    assert list(kept) == [("a", False), ("b", False), ("c", True)]
    assert NoticePreference.objects.count() == 1


def test_who_left_is_written_to_no_more():
    post(PersonFactory(is_active=False))

    assert Notice.objects.count() == 0


def test_a_code_to_sign_in_waits_behind_no_letters():
    due(subject="Old")
    due(subject="Old, too")
    due(subject="Your code", at_once=True)

    assert send() == ["Your code", "Old", "Old, too"]


def test_each_notice_is_sent_once_the_oldest_first():
    due(subject="Second", key="2", created_at=NOON)
    NoticeFactory(subject="First", not_before=NOON - timedelta(hours=1))
    NoticeFactory(subject="Later", not_before=NOON + timedelta(hours=1))

    assert send() == ["First", "Second"]
    assert send() == ["First", "Second"]


def refusing(monkeypatch, address, trouble):
    send_mail = mail.EmailMessage.send

    def refuse(self, *args, **kwargs):
        if self.to == [address]:
            raise trouble
        return send_mail(self, *args, **kwargs)

    monkeypatch.setattr("volunteers.mailbox.EmailMessage.send", refuse)


@pytest.mark.parametrize(
    "trouble",
    [
        SMTPRecipientsRefused({}),
        ConnectionRefusedError(),
        TimeoutError(),
        UnicodeError("label too long"),
        ValueError("Invalid address"),
    ],
)
def test_one_that_cannot_go_out_waits_and_lets_the_next_pass(monkeypatch, trouble):
    bad = due(recipient__email="bad@example.org")
    due(subject="Good")
    refusing(monkeypatch, "bad@example.org", trouble)

    assert send() == ["Good"]

    bad.refresh_from_db()
    assert (bad.tries, bad.sent_at, bad.by_mail) == (1, None, True)
    assert list(Notice.objects.due(NOON + timedelta(minutes=1))) == [bad]


def test_a_mail_server_that_does_not_answer_is_asked_once_and_no_mail_has_failed(monkeypatch):
    letters = [due() for _ in range(3)]
    asked = []

    def away(_line):
        asked.append(1)
        raise TimeoutError

    with monkeypatch.context() as gone:
        gone.setattr("django.core.mail.backends.locmem.EmailBackend.open", away)
        assert send() == []
        assert len(asked) == 1

    assert set(Notice.objects.values_list("tries", "by_mail")) == {(0, True)}
    assert len(send()) == len(letters)


def test_without_mail_no_line_is_opened(monkeypatch):
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", None)

    assert mailbox.send_some(NOON) is False


def test_it_is_tried_less_and_less_often_for_five_days_and_then_stays_in_the_app(monkeypatch):
    bad = due(recipient__email="bad@example.org")
    refusing(monkeypatch, "bad@example.org", SMTPRecipientsRefused({}))
    tried = []

    while bad.by_mail:
        tried.append(bad.not_before - NOON)
        send(bad.not_before)
        bad.refresh_from_db()

    assert tried[:4] == [timedelta(minutes=n) for n in (0, 1, 3, 8)]
    assert tried[-1] - tried[-2] == timedelta(hours=6)
    assert timedelta(days=5) <= tried[-1] < timedelta(days=5, hours=6)
    assert (bad.by_mail, bad.sent_at) == (False, None)


def test_a_code_that_is_worth_nothing_any_more_stays_behind():
    soon = NOON + timedelta(minutes=15)
    for code, until in (("123456", soon), ("654321", None)):
        mailbox.post_to_address("a@example.org", subject=code, body=code, not_after=until)
    Notice.objects.update(not_before=NOON)

    assert send(soon + timedelta(seconds=1)) == ["654321"]

    stale = Notice.objects.get(subject="123456")
    assert (stale.by_mail, stale.sent_at, stale.body) == (False, None, "")


@pytest.fixture
def quiet(settings):
    settings.QUIET_HOURS = True


def sleeper(zone="Europe/Berlin"):
    return PersonFactory(time_zone=zone)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("zone", "now", "morning"),
    [
        ("Europe/Berlin", (2026, 3, 2, 21, 0), (2026, 3, 3, 7, 0)),
        ("Europe/Berlin", (2026, 3, 3, 6, 59), (2026, 3, 3, 7, 0)),
        # The clocks go forward in the night to 29 March, and back in that to 25 October.
        ("Europe/Berlin", (2026, 3, 28, 22, 0), (2026, 3, 29, 6, 0)),
        ("Europe/Berlin", (2026, 10, 24, 21, 0), (2026, 10, 25, 7, 0)),
        ("Pacific/Auckland", (2026, 3, 2, 12, 0), (2026, 3, 2, 19, 0)),
    ],
)
def test_mail_waits_for_the_morning_where_somebody_lives(zone, now, morning):
    start, end = datetime(*now, tzinfo=UTC), datetime(*morning, tzinfo=UTC)
    notice = NoticeFactory(recipient=sleeper(zone), not_before=start)

    with time_machine.travel(start, tick=False):
        send_notices()
    notice.refresh_from_db()
    assert (notice.sent_at, notice.not_before, notice.tries) == (None, end, 0)

    with time_machine.travel(end, tick=False):
        send_notices()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("quiet")
def test_by_day_mail_does_not_wait():
    NoticeFactory(recipient=sleeper("America/Los_Angeles"), not_before=NOON)
    due(subject="By day", recipient=sleeper())

    assert send() == ["By day"]


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("more", [{"at_once": True}, {"kind": NoticeKind.ACCOUNT}])
def test_what_answers_somebodys_own_step_waits_for_no_morning(more):
    night = datetime(2026, 3, 2, 23, tzinfo=UTC)
    resting = sleeper()
    Rest.objects.create(person=resting, period=days(night.date(), None))
    with time_machine.travel(night, tick=False):
        post(resting, **more)

    assert len(send(night)) == 1


def test_mail_waits_for_the_morning_after_a_rest():
    resting = sleeper()
    Rest.objects.create(
        person=resting, period=days(NOON.date(), NOON.date() + timedelta(days=2))
    )
    due(subject="Later", recipient=resting)
    hours = [NOON + timedelta(hours=n) for n in range(24 * 4)]

    assert [hour for hour in hours if send(hour)][:1] == [datetime(2026, 3, 5, 7, tzinfo=UTC)]


def test_a_notice_always_has_the_same_message_id_and_a_way_out():
    notice = due()

    first, second = mailbox.letter(notice), mailbox.letter(notice)

    headers = first.extra_headers
    assert headers == second.extra_headers
    assert headers["Message-ID"] == f"<notice-{notice.pk}@localhost>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in first.body


def test_mail_about_the_account_has_no_way_out_and_leaves_no_code_behind():
    mailbox.post_to_address("new@example.org", subject="Your\ncode", body="123456")
    notice = Notice.objects.get()
    notice.not_before = NOON
    notice.save()

    assert "List-Unsubscribe" not in mailbox.letter(notice).extra_headers
    send()

    notice.refresh_from_db()
    assert (notice.body, mail.outbox[0].to) == ("", ["new@example.org"])
    assert mail.outbox[0].subject == "Your code"
    assert "123456" in mail.outbox[0].body


def test_the_way_out_names_who_and_what_and_cannot_be_forged():
    person = PersonFactory()
    path = mailbox.unsubscribe_path(person, NoticeKind.ASK)
    token = path.rstrip("/").rsplit("/", maxsplit=1)[-1]

    assert mailbox.unsubscribed(token) == (person, [NoticeKind.ASK])
    with pytest.raises(signing.BadSignature):
        mailbox.unsubscribed(token[:-1] + ("a" if token[-1] != "a" else "b"))


def test_the_task_empties_the_letter_box():
    for number in range(3):
        NoticeFactory(subject=f"{number}")

    send_notices()
    send_notices()

    assert [letter.subject for letter in mail.outbox] == ["0", "1", "2"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_nothing_twice():
    for number in range(12):
        due(subject=f"{number:02}")

    def work():
        while mailbox.send_next(NOON):
            pass

    together(work, work)

    assert sorted(letter.subject for letter in mail.outbox) == [f"{n:02}" for n in range(12)]


def test_a_mail_is_found_in_one_statement_and_noted_in_another(django_assert_num_queries):
    due(recipient=PersonFactory(name="Ada"))
    due()

    with django_assert_num_queries(2 + 2):  # and a savepoint
        assert mailbox.send_next(NOON)


def test_a_mail_to_an_address_that_became_nobodys_is_forgotten_after_a_month():
    person = PersonFactory()
    for address in ("old@example.org", "new@example.org"):
        mailbox.post_to_address(address, subject="A code", body="Here it is.")
    mailbox.post_to_address("hers@example.org", subject="A code", body="Yours.", about=person)
    long_ago = timezone.now() - timedelta(days=31)
    Notice.objects.exclude(to="new@example.org").update(created_at=long_ago)

    forget_checks()

    left = Notice.objects.order_by("to").values_list("to", flat=True)
    assert list(left) == ["hers@example.org", "new@example.org"]


MORNING = datetime(2026, 3, 3, 7, tzinfo=UTC)


def held(person, **fields):
    """Make a notice that was put off until the morning."""
    return NoticeFactory(recipient=person, not_before=MORNING, held=True, **fields)


@pytest.mark.usefixtures("quiet")
def test_what_waited_for_the_morning_comes_as_one_letter():
    ada, bea = sleeper(), sleeper()
    night = datetime(2026, 3, 2, 22, tzinfo=UTC)
    for number, person in enumerate([ada, bea, ada, ada]):
        kind = NoticeKind.ASK if number else NoticeKind.ANSWER
        NoticeFactory(
            recipient=person,
            not_before=night,
            subject=f"Nr {number}",
            body=f"Words {number} <3",
            kind=kind,
        )
    assert send(night) == []

    assert send(MORNING) == ["3 messages that waited for you", "Nr 1"]

    together, alone = mail.outbox
    assert (together.to, alone.to) == ([ada.email], [bea.email])
    order = [together.body.index(f"Words {n} <3") for n in (0, 2, 3)]
    assert order == sorted(order)
    assert Notice.objects.filter(sent_at=MORNING, tries=1).count() == 4
    assert Notice.objects.values("key").distinct().count() == 4
    assert send(MORNING + timedelta(minutes=1)) == [letter.subject for letter in mail.outbox]


@pytest.mark.usefixtures("quiet")
def test_what_is_written_by_day_does_not_join_what_waited():
    person = sleeper()
    held(person, subject="From the night")
    NoticeFactory(recipient=person, subject="Of today", not_before=MORNING)

    assert send(MORNING) == ["From the night", "Of today"]


def test_one_click_ends_all_kinds_of_a_letter_and_each_has_its_own_way_out(client):
    person = PersonFactory()
    notices = [held(person, kind=kind) for kind in ("ask", "call", "ask")]

    letter = mailbox.letter(*notices)

    one_click = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert letter.body.count("No more mail about") == 2
    assert "Open calls" in client.get(one_click).content.decode()
    assert client.post(one_click).status_code == 200
    assert sorted(person.muted.values_list("kind", flat=True)) == ["ask", "call"]
    keys = "-".join(str(one.pk) for one in notices)
    assert letter.extra_headers["Message-ID"] == f"<notice-{keys}@localhost>"


def test_what_is_not_worth_sending_any_more_is_left_out_of_the_letter():
    person = PersonFactory()
    for number in range(3):
        late = NOON if number != 1 else MORNING + timedelta(hours=1)
        held(person, subject=f"Nr {number}", not_after=late if number else None)

    assert send(MORNING) == ["2 messages that waited for you"]
    assert Notice.objects.get(subject="Nr 2").by_mail is False


def test_a_letter_that_cannot_go_out_waits_as_a_whole(monkeypatch):
    person = PersonFactory(email="bad@example.org")
    for number in range(2):
        held(person, subject=f"Nr {number}")
    refusing(monkeypatch, "bad@example.org", TimeoutError())
    send(MORNING)
    monkeypatch.undo()

    states = Notice.objects.values_list("tries", "sent_at", "not_before", "by_mail")
    assert set(states) == {(1, None, MORNING + timedelta(minutes=1), True)}
    assert send(MORNING + timedelta(minutes=1)) == ["2 messages that waited for you"]


def test_each_notice_of_a_letter_has_its_own_tries(monkeypatch):
    person = PersonFactory(email="bad@example.org")
    held(person, subject="Old", tries=mailbox.TRIES - 1)
    held(person, subject="New")
    refusing(monkeypatch, "bad@example.org", TimeoutError())

    send(MORNING)

    states = Notice.objects.order_by("pk").values_list("subject", "tries", "by_mail")
    assert list(states) == [("Old", mailbox.TRIES, False), ("New", 1, True)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_what_waited_as_one_letter_each():
    people = PersonFactory.create_batch(4)
    for number in range(16):
        held(people[number % 4], subject=f"{number:02}")

    def work():
        while mailbox.send_next(MORNING):
            pass

    together(work, work)

    assert [letter.subject for letter in mail.outbox] == ["4 messages that waited for you"] * 4
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one.email for one in people)
