"""Writes pairs agreed beforehand, plans before and after the money, and what carbon cost."""

from datetime import datetime, timedelta
from functools import partial

from capx.sample.rows import journeys
from capx.sample.rows.notices import post
from grandtour.actions import partners
from grandtour.models import Application, Compensation, Edition, Host
from volunteers.models import Person

KINDS = Compensation.Kind
PEERS = "archives-that-open"
# What each host answers to whoever names it; None: nothing yet.
ANSWERS = [True, False, None]


def write(at: datetime) -> None:
    """Write pairs, what was done about carbon, and the plan that was asked for first."""
    edition = Edition.objects.get(slug=PEERS)
    hosts = Host.objects.filter(edition=edition, state=Host.State.ACCEPTED).order_by("pk")
    for host, agrees in zip(hosts, ANSWERS, strict=False):
        named(host, at, agrees=agrees)
    for edition in Edition.objects.filter(state="evaluating").order_by("pk"):
        compensated(edition)
    plan(1, at - timedelta(days=6))


def plan(seed: int, at: datetime) -> None:
    """Let the peer exchange be planned with the money there is; nobody has accepted it yet."""
    organiser = Person.objects.get(username="ines")
    journeys.planned(Edition.objects.get(slug=PEERS), organiser, at, seed)


def named(host: Host, at: datetime, *, agrees: bool | None) -> None:
    """Let somebody on the short list say that they have agreed with a host."""
    rows = Application.objects.filter(
        edition=host.edition, state=Application.State.SHORTLISTED, partner=None
    )
    somewhere_else = rows.exclude(country=host.place.country if host.place else "")
    found = somewhere_else.order_by("pk").first()
    if found is None:
        return
    found.partner, found.peer_role = host, Application.PeerRole.MENTEE
    found.save(update_fields=["partner", "peer_role"])
    if agrees is not None:
        when = at - timedelta(days=60)
        post(when, partial(partners.answer, host, found, agrees=agrees, at=when), at)


def compensated(edition: Edition) -> None:
    """Write what was done about the carbon of an edition that is over."""
    after = edition.travel_last_day + timedelta(days=20)
    Compensation.objects.create(
        edition=edition,
        kind=KINDS.TREES,
        amount="60 trees",
        kilograms=900,
        done_by="Wikimedia Österreich",
        link="https://meta.wikimedia.org/wiki/Sustainability_Initiative",
        day=after,
        words="Planted with the town's school, along the railway.",
    )
    journey = edition.journeys.live().order_by("number").first()
    if journey:
        Compensation.objects.create(
            edition=edition,
            journey=journey,
            kind=KINDS.NONE,
            day=after,
            words="By train all the way; nothing was bought for it.",
        )
