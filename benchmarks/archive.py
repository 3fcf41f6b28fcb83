"""A desk with a hundred thousand of everything, and an organiser who looks through it."""

import random
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks.corpus import START, _affiliates, _listings, _people, copy
from exchange.models import Exchange, Listing, Practice, Report
from volunteers.models import Ask, Notice, Person

ROUNDS = 5
MINUTE = timedelta(minutes=1)
ORGANISER = "organiser"
LISTS = {
    "volunteers_person": ["person-77", "Person 31", "nobody-at-all"],
    "volunteers_affiliate": ["Wikimedia 7"],
    "volunteers_notice": ["person-77", "person-5"],
    "volunteers_place": ["berlin"],
    "volunteers_skill": ["traduc"],
    "exchange_listing": ["person-77", "a", "xylophon"],
    "exchange_exchange": ["person-77"],
    "exchange_practice": ["person-77", "How 5"],
    "exchange_report": [],
}


def fill(number: int, seed: int = 20) -> None:
    """Fill an empty database; every listing was answered, reported and written about."""
    call_command("reference", verbosity=0)
    draw = random.Random(seed)  # noqa: S311 -- the same desk every time
    with transaction.atomic():
        people = _people(number, draw)
        speakers = _affiliates(people[:600], draw)
        copy(Listing, list(_listings(number, people, speakers, draw)))
        rows = list(Listing.objects.order_by("pk").values_list("pk", "author", "kind"))
        copy(Ask, _asks(rows, people))
        asks = Ask.objects.order_by("pk").values_list("pk", flat=True)
        copy(Exchange, list(_exchanges(rows, people, list(asks))))
        copy(Report, _reports(rows, people))
        copy(Practice, _practices(people))
        copy(Notice, _notices(people))
        Person.objects.create_superuser(ORGANISER, password=make_password(None))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _other(people: list[int], author: int, n: int) -> int:
    """Pick somebody else."""
    one = people[n % len(people)]
    return one if one != author else people[n - 1]


def _asks(rows: list[tuple[int, int, str]], people: list[int]) -> Iterator[dict[str, object]]:
    """Ask the author of each listing."""
    for n, (_pk, author, _kind) in enumerate(rows):
        at = START + n * MINUTE
        asker = _other(people, author, n)
        yield {"person_id": author, "asker_id": asker, "asked_at": at, "answered_at": at}


def _exchanges(
    rows: list[tuple[int, int, str]], people: list[int], asks: list[int]
) -> Iterator[dict[str, object]]:
    """Let each ask become an exchange that came to nothing."""
    for n, ((pk, author, kind), ask) in enumerate(zip(rows, asks, strict=True)):
        other, at = _other(people, author, n), START + n * MINUTE
        helps, helped = (author, other) if kind == "offer" else (other, author)
        yield {
            "listing_id": pk,
            "ask_id": ask,
            "counterpart_id": other,
            "provider_id": helps,
            "receiver_id": helped,
            "state": "declined",
            "asked_at": at,
            "answered_at": at,
            "ended_at": at,
        }


def _reports(
    rows: list[tuple[int, int, str]], people: list[int]
) -> Iterator[dict[str, object]]:
    """Report each listing; half of them wait."""
    for n, (pk, author, _kind) in enumerate(rows):
        by, at = _other(people, author, n), START + n * MINUTE
        said = {"reporter_id": by, "listing_id": pk, "reason": "spam", "created_at": at}
        done = {"state": "dismissed", "decided_at": at, "decided_by_id": by, "decision": "Fine"}
        yield said | (done if n % 2 else {})


def _practices(people: list[int]) -> Iterator[dict[str, object]]:
    """Let everybody write down one."""
    for n, pk in enumerate(people):
        words = dict.fromkeys(("context", "tried", "worked"), "We tried it twice.")
        when = dict.fromkeys(("created_at", "changed_at", "published_at"), START)
        about = {"author_id": pk, "title": f"How {n}", "language": "en"}
        yield {"state": "published", **about, **words, **when}


def _notices(people: list[int]) -> Iterator[dict[str, object]]:
    """Write to everybody; every tenth mail waits."""
    for n, pk in enumerate(people):
        said = {"key": f"n:{n}", "kind": "answer", "subject": f"Subject {n}", "body": "Hello"}
        yield {"recipient_id": pk, **said, "sent_at": None if n % 10 == 0 else START}


def check() -> None:
    """Print the milliseconds of each page of the desk: lists, their ends, searches, a row."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(Person.objects.get(username=ORGANISER))
    addresses = [reverse("admin:index"), *_addresses()]
    for address in addresses * ROUNDS:
        start = time.perf_counter()
        answer = client.get(address)
        took = (time.perf_counter() - start) * 1000
        if answer.status_code not in {200, 302}:
            raise RuntimeError(f"{address}: {answer.status_code}")
        sys.stdout.write(f"{took:.1f} {address}\n")


def _addresses() -> Iterator[str]:
    """List the pages."""
    for name, searches in LISTS.items():
        there = reverse(f"admin:{name}_changelist")
        yield there
        yield f"{there}?p=100"
        for words in searches:
            yield f"{there}?q={words}"
    for name, query in (
        ("volunteers_person", "is_active__exact=1&visibility__exact=hidden"),
        ("volunteers_notice", "mail=waits"),
        ("exchange_listing", "state__exact=open&kind__exact=offer"),
        ("exchange_exchange", "standing=over"),
        ("exchange_report", "state=all"),
    ):
        yield f"{reverse(f'admin:{name}_changelist')}?{query}"
    for model in (Person, Listing, Exchange, Practice, Report, Notice):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        yield reverse(name, args=[model._base_manager.order_by("-pk").values_list("pk")[5][0]])
