"""Writes thanks on behalf of affiliates, and the priorities of their years."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from capx.sample.material import read
from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from exchange.models import Exchange, Mention, Priority
from exchange.notices.follow_ups import thanked_for
from volunteers.models import Membership, Person, Thanks

Row = dict[str, Any]
LAST_YEAR = 0.75  # of what is meant for this one


def write(there: Known, at: datetime) -> None:
    """Write all of it, and let Hanna have chosen what letters may name."""
    told = read("gratitude.toml")
    stewards = dict(Membership.objects.stewards().values_list("affiliate__slug", "person"))
    for said in told["thanks"]:
        thank(said, stewards[said["affiliate"]], there, at)
    Priority.objects.bulk_create(
        row for meant in told["priorities"] for row in priorities(meant, there, at.year)
    )
    hanna = there.people["hanna"]
    done = Exchange.objects.filter(provider=hanna, state__in=["done", "closed"])
    Mention.objects.bulk_create(Mention(person=hanna, exchange=one) for one in done)


def thank(said: Row, steward: int, there: Known, at: datetime) -> None:
    """Let a steward thank somebody, and the mail go out."""
    moment = at - timedelta(days=said["ago"], hours=3)
    row = Thanks.objects.create(
        giver_id=steward,
        receiver=there.people[said["to"]] if "to" in said else somebody(said["affiliate"]),
        affiliate=there.affiliates[said["affiliate"]],
        key=f"affiliate:{said['affiliate']}:{said['ago']}",
        words=said["words"],
        giver_shows=said["shows"][0],
        receiver_shows=said["shows"][1],
        created_at=moment,
    )
    post(moment, partial(thanked_for, row), at)


def somebody(affiliate: str) -> Person:
    """Find a member of an affiliate who does not look after its people."""
    members = Membership.objects.confirmed().filter(affiliate__slug=affiliate)
    others = members.exclude(role=Membership.Role.STEWARD).select_related("person")
    return others.earliest("pk").person


def priorities(meant: Row, there: Known, year: int) -> Iterator[Priority]:
    """Give what an affiliate means to put into this year, and meant to put into the last."""
    for kind in Priority.Kind.values:
        said = meant[kind]
        for which, part in ((year, 1), (year - 1, LAST_YEAR)):
            amount = int(said["amount"] * part) if "amount" in said else None
            yield Priority(
                affiliate=there.affiliates[meant["affiliate"]],
                year=which,
                kind=kind,
                hours=int(said["hours"] * part),
                amount=amount,
                currency=meant["currency"] if amount else "",
                words=said.get("words", ""),
            )
