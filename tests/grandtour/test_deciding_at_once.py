"""Who begins to apply in the moment in which they decide about others decides nothing."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from grandtour.actions import (
    applications,
    assignments,
    decisions,
    editions,
    eligibility,
    hosts,
    journeys,
    money,
    reviewers,
)
from grandtour.actions.apart import Travels
from grandtour.models import Cost, Host, Seat
from grandtour.plans import running, succession
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_leaving import wait_for_a_lock
from tests.grandtour.tours import (
    DAY,
    NOON,
    ApplicationFactory,
    ClaimFactory,
    HostFactory,
    LineFactory,
    ReadFactory,
    ReviewerFactory,
    StopFactory,
)
from tests.together import Beside

pytestmark = pytest.mark.usefixtures("in_february")

LATER = NOON + timedelta(days=7)


@pytest.fixture
def scene(transactional_db):
    """Give an edition with something of each kind to be decided, and an organiser."""
    claim = ClaimFactory()
    edition = claim.edition
    StopFactory(journey=claim.seat.journey)
    claim.of = LineFactory(fund__edition=edition)
    claim.host = HostFactory(edition=edition)
    claim.read = ReadFactory(edition=edition)
    claim.waits = ApplicationFactory(edition=edition, state="shortlisted", **SENT)
    claim.reviewer = ReviewerFactory(edition=edition)
    claim.by = OrganiserFactory()
    return claim


SENT = {"submitted_at": NOON, "consented_at": NOON}
NO = journeys.Given("other")
ACTS = {
    "approve": lambda c: money.approve(c, money.Grant(c.of, 100), c.by, at=NOON),
    "refuse": lambda c: money.refuse(c, "No.", c.by, at=NOON),
    "pay": lambda c: money.pay(c, c.by, at=NOON),
    "pay all": lambda c: money.pay_all([c], c.by, at=NOON),
    "share": lambda c: money.share(money.Grant(c.of, 100), "Bus", DAY, c.by, at=NOON),
    "give": lambda c: money.give_stipends(
        money.Stipend(c.seat.journey, "Bed"), money.Grant(c.of, 100), c.by, at=NOON
    ),
    "give none": lambda c: money.give_none(
        money.Stipend(c.seat.journey, "Bed"), money.Grant(c.of, 1, "No."), c.by, at=NOON
    ),
    "keep": lambda c: money.keep(c.of, c.by),
    "remove": lambda c: money.remove(c.of, c.by),
    "host": lambda c: hosts.decide(c.host, "accepted", c.by, at=NOON),
    "go on": lambda c: editions.go_on(c.edition, "reviewing", c.by),
    "assign": lambda c: assignments.give(c.read, c.reviewer, c.by, at=NOON),
    "give out": lambda c: assignments.give_out(c.edition, 1, c.by, at=NOON),
    "ask to read": lambda c: reviewers.ask(
        c.edition, PersonFactory(), reviewers.Rights(), c.by, at=NOON
    ),
    "stop a reader": lambda c: reviewers.stop(c.reviewer, c.by, at=NOON),
    "plan": lambda c: running.ask(c.edition, c.by, running.Wish(), at=NOON),
    "place": lambda c: succession.by_hand(c.seat.journey, c.waits, "", c.by, at=NOON),
    "offer": lambda c: journeys.offer(c.seat.journey, c.by, reply_by=LATER, at=NOON),
    "confirm": lambda c: journeys.confirm(c.seat.journey, c.by, at=NOON),
    "take out": lambda c: journeys.cancel(c.seat, journeys.Given("other", by=c.by), at=NOON),
    "call off": lambda c: journeys.call_off(
        c.seat.journey, journeys.Given("other", by=c.by), at=NOON
    ),
    "decide": lambda c: decisions.decide([c.read.pk], c.edition, "declined", ruling(c)),
    "publish": lambda c: decisions.publish(c.edition, ruling(c)),
    "ask for more": lambda c: eligibility.ask_for_more(c.read, "Why?", c.by, at=NOON),
}


def ruling(claim):
    return decisions.Ruling(claim.by, NOON, DAY)


@pytest.mark.parametrize("act", ACTS)
def test_who_begins_to_apply_in_the_moment_of_an_act_does_not_act(scene, act):
    before = (Cost.objects.count(), Seat.objects.values_list("state", flat=True)[0])
    refused = []

    def press():
        try:
            ACTS[act](scene)
        except decisions.NotYours as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    thread = Beside(press)
    with transaction.atomic():
        applications.begin(scene.edition, scene.by, day=DAY)
        thread.start()
        wait_for_a_lock()
    thread.end()

    assert len(refused) == 1
    assert isinstance(refused[0], Travels) or act in {"decide", "publish", "ask for more"}
    assert Cost.objects.get(pk=scene.pk).state == "claimed"
    assert Host.objects.get(pk=scene.host.pk).state == "offered"
    assert before == (Cost.objects.count(), Seat.objects.values_list("state", flat=True)[0])


def test_who_acts_first_has_acted_and_then_begins_to_apply(scene):
    begun = []

    def begin():
        try:
            begun.append(applications.begin(scene.edition, scene.by, day=DAY))
        finally:
            connection.close()

    thread = Beside(begin)
    with transaction.atomic():
        ACTS["approve"](scene)
        thread.start()
        wait_for_a_lock()
    thread.end()

    assert [one.state for one in begun] == ["draft"]
    assert Cost.objects.get(pk=scene.pk).state == "committed"
