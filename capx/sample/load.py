"""Loads the sample into an empty database, all of it or nothing."""

from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, transaction

from capx.sample.generate import make_sample
from capx.sample.records import Sample
from capx.sample.rows import (
    after,
    bottlenecks,
    care,
    check_ins,
    events,
    exchanges,
    gratitude,
    history,
    imports,
    journeys,
    known,
    listings,
    money,
    notices,
    origins,
    people,
    planner,
    practices,
    reports,
    reviews,
    tours,
    training,
    waiting,
    weeks,
)
from exchange.actions import documents
from exchange.models import Listing, SearchDocument, Word
from volunteers.actions.organisers import appoint
from volunteers.models import Person

ORGANISERS = ("ines", "agata")


class NotEmpty(Exception):
    """There are people already; the sample never mixes with them."""


@transaction.atomic
def load(*, at: datetime, seed: int = 1) -> Sample:
    """Make the sample and write it down; raises NotEmpty where people are.

    Skills and places have to be there.
    """
    if Person.objects.exists():
        raise NotEmpty
    sample = make_sample(at.date(), seed)
    write(sample, at)
    index(at)
    return sample


def write(sample: Sample, at: datetime) -> None:
    """Write everything in the order in which it needs each other."""
    there = known.find(sample)
    people.write_affiliates(sample.affiliates, there)
    people.write_people(sample.people, there)
    people.write_memberships(sample.memberships, there)
    listings.write_listings(sample.listings, there)
    exchanges.write_exchanges(sample.exchanges, there)
    practices.write_practices(sample.practices, there)
    history.write_events(sample.exchanges, sample.practices, there)
    history.write_commitments(sample.exchanges, there)
    weeks.write_weeks(at.date(), there)
    analyze()
    bottlenecks.write_bottlenecks(sample.people, there, at.date())
    for username in ORGANISERS:
        appoint(there.people[username])
    check_ins.write_check_ins(at, there)
    check_ins.write_hand_overs(at, there)
    organiser = there.people[ORGANISERS[0]]
    reports.write_reports(sample.reports, organiser, there)
    notices.write_notices(at)
    check_ins.ask_now(at, there)
    imports.write_imports(there, at)
    gratitude.write(there, at)
    care.write(there, at)
    waiting.write_watches(there, at)
    waiting.write_calls(there, at)
    waiting.write_call_to_a_neighbour(there, at)
    waiting.write_invitations(there, at)
    tours.write(there, at)
    reviews.write(there, organiser, at)
    tours.more_hosts(there)
    analyze()
    training.write(at)
    journeys.write(there, at)
    events.write(at)
    analyze()
    after.remind(at)
    planner.write(at)
    money.write(at)
    planner.plan(2, at - timedelta(days=1))
    origins.write(at)


def index(at: datetime) -> None:
    """Make all of it findable at once, misspelt words too."""
    SearchDocument.objects.write_all(Listing.objects.all())
    Word.objects.rebuild()
    documents.freshen(at)
    analyze()


def analyze() -> None:
    """Let the database count what was written: nobody else does before this transaction ends.

    A table that was empty when it was last counted is taken for empty, and a statement that
    joins a few of them then takes minutes.
    """
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in {"volunteers", "exchange", "grandtour"}:
                cursor.execute(f"ANALYZE {model._meta.db_table}")
