"""An import whose workers are killed again and again comes to the same as one left alone."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from capx.embedded.processes import ROOT
from tests.databases import address_of
from tests.factories import AffiliateFactory, MembershipFactory
from tests.volunteers.civicrm import messy
from volunteers.imports import reading, work, writing
from volunteers.models import Commitment, Import, Notice

LINES = 1500
WORKER = """
import os, signal, sys, django
django.setup()
from volunteers.imports import reading, writing
from volunteers.tasks import go_on_with_imports

def dying(act, last):
    calls = []
    def dies(*args, **kwargs):
        calls.append(act)
        made = act(*args, **kwargs)
        if len(calls) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return made
    return dies

reading.CHUNK, writing.CHUNK, writing.PEOPLE = 200, 200, 2
# In the middle of a chunk: its rows are written, and nobody has noted that they are.
reading._stage = dying(reading._stage, 3)
reading.judge = dying(reading.judge, int(sys.argv[1]))
writing._write = dying(writing._write, 3)
writing.notices.imported = dying(writing.notices.imported, 3)
go_on_with_imports()
"""
DEATHS = 40
LONGEST = 300  # seconds of one worker
# The worker that is killed while it judges all lines at once.
JUDGING = 3


def run_until_killed(judging):
    """Let a worker go on; say whether it was killed."""
    env = {**os.environ, "DATABASE_URL": address_of(connection.settings_dict["NAME"])}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, str(judging)],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


def kept():
    fields = ("person", "key", "what", "period", "weekly_hours", "state")
    return sorted(Commitment.objects.values_list(*fields), key=str)


def arrive(affiliate, steward, content):
    arrival = reading.Arrival(steward, affiliate, "a.csv", content)
    return reading.arrive(arrival, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_comes_to_the_same():
    affiliate = AffiliateFactory(languages=["pl"])
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    members = [MembershipFactory(affiliate=affiliate).person for _n in range(8)]
    contacts = [(str(n), one.name, one.email, "") for n, one in enumerate(members)]
    made = messy(contacts, lines=LINES)
    one = arrive(affiliate, steward, made.content)
    deaths = 0
    while run_until_killed(judging=1 if deaths == JUDGING else 99):
        deaths += 1
        assert deaths < DEATHS
    one.refresh_from_db()
    assert (one.state, one.counts()["new"]) == ("read", len(made.hours))

    writing.confirm(one, partly=True)
    while run_until_killed(judging=99):
        deaths += 1
        assert deaths < DEATHS

    one.refresh_from_db()
    assert one.state == "done"
    assert deaths > 6
    killed = kept()
    assert Notice.objects.filter(key__startswith="imported:").count() == len(members)
    Commitment.objects.all().delete()
    again = arrive(affiliate, steward, made.content)
    while work.go_on(again.pk, at=timezone.now()):
        pass
    writing.confirm(Import.objects.get(pk=again.pk), partly=True)
    while work.go_on(again.pk, at=timezone.now()):
        pass
    assert kept() == killed
