"""Check-ins of two thousand people: of two workers one is killed at the worst moment."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from select import select

import pytest
from django.db import connection
from django.utils import timezone

from capx.embedded.processes import ROOT
from tests.databases import address_of
from tests.factories import NoticeFactory, PersonFactory
from tests.post_office import PostOffice
from volunteers.models import CheckIn, CheckInRhythm, Notice, Person, Rest
from volunteers.models.bandwidth import days

PEOPLE, RESTS = 2000, 10
DAY = timedelta(days=1)
LONGEST = 300  # seconds of one worker
WORKER = """
import os, signal, django
django.setup()
from django.utils import timezone
from volunteers import mailbox, notices
from volunteers.models import Notice
from volunteers.reminders import check_ins
from volunteers.tasks import send_notices

def dying(act, last):
    calls = []
    def dies(*args, **kwargs):
        calls.append(act)
        if len(calls) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args, **kwargs)
    return dies

check_ins.AT_ONCE = 50
{moment}
print("ready", flush=True)
input()
{work}
"""
ASK = "check_ins.ask(timezone.now())"
SEND = "send_notices()"
# The questions are written, their mails are not.
WHILE_ASKING = "notices.ask_how_they_are = dying(notices.ask_how_they_are, 5)"
# The mail server has the mail, and nobody has noted it.
WHILE_SENDING = "Notice.save = dying(Notice.save, 50)"


@pytest.fixture
def due(transactional_db):
    """Let all wish to be asked today, and one in ten rest."""
    day = timezone.now().date()
    Person.objects.bulk_create(PersonFactory.build_batch(PEOPLE))
    people = list(Person.objects.order_by("pk"))
    CheckInRhythm.objects.bulk_create(
        CheckInRhythm(person=one, every="month", next_day=day) for one in people
    )
    resting = people[::RESTS]
    Rest.objects.bulk_create(
        Rest(person=one, period=days(day - DAY, day + DAY)) for one in resting
    )
    return {one.pk for one in people} - {one.pk for one in resting}


@contextmanager
def started(work, moment="", **env):
    """Start a worker, and wait until it waits for its start."""
    database = address_of(connection.settings_dict["NAME"])
    words = WORKER.format(work=work, moment=moment)
    worker = subprocess.Popen(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "QUIET_HOURS": "0", **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        try:
            assert select([worker.stdout], [], [], LONGEST)[0]
            assert worker.stdout.readline() == "ready\n"
            yield worker
        finally:
            worker.kill()


def work_and_die(work, moment, **env):
    """Let two work at once, of which one dies; then one more, as the timetable does."""
    with started(work, moment, **env) as dying, started(work, **env) as other:
        for worker in (dying, other):
            worker.stdin.write("\n")
            worker.stdin.flush()
        for worker in (dying, other):
            worker.communicate(timeout=LONGEST)
    with started(work, **env) as next_one:
        next_one.communicate("\n", timeout=LONGEST)
    return [worker.returncode for worker in (dying, other, next_one)]


def test_all_who_do_not_rest_are_asked_once_and_get_their_mail(due):
    came = work_and_die(ASK, WHILE_ASKING)

    assert came == [-signal.SIGKILL, 0, 0]
    asked = list(CheckIn.objects.values_list("person", flat=True))
    told = list(Notice.objects.values_list("recipient", flat=True))
    assert (sorted(asked), sorted(told)) == (sorted(due), sorted(due))
    unanswered = CheckInRhythm.objects.filter(person__in=due).values_list("unanswered")
    assert set(unanswered) == {(1,)}

    with PostOffice() as post:
        came = work_and_die(SEND, WHILE_SENDING, EMAIL_URL=f"smtp://127.0.0.1:{post.port}")
        mails = list(post.mails)

    assert came == [-signal.SIGKILL, 0, 0]
    times = Counter(mail["To"] for mail in mails)
    assert len(times) == len(due)
    assert sorted(times.values())[-2:] == [
        1,
        2,
    ]  # the one under way; its Message-ID is the same
    assert len({mail["Message-ID"] for mail in mails}) == len(due)
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_what_waited_for_many_comes_as_one_letter_each_though_a_worker_is_killed(
    transactional_db,
):
    Person.objects.bulk_create(PersonFactory.build_batch(200))
    people = list(Person.objects.order_by("pk"))
    Notice.objects.bulk_create(
        NoticeFactory.build(recipient=person, held=True) for person in people for _ in range(3)
    )

    with PostOffice() as post:
        came = work_and_die(SEND, WHILE_SENDING, EMAIL_URL=f"smtp://127.0.0.1:{post.port}")
        mails = list(post.mails)

    assert came == [-signal.SIGKILL, 0, 0]
    assert {mail["Subject"] for mail in mails} == {"3 messages that waited for you"}
    assert sorted(Counter(mail["To"] for mail in mails).values())[-2:] == [1, 2]
    assert len({mail["Message-ID"] for mail in mails}) == len(people)
    assert Notice.objects.filter(sent_at=None).count() == 0
