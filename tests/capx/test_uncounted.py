"""Nothing is ever counted beside a name: neither thanks, nor hours, nor what somebody did.

Somebody gives and hears many thank-yous and helps a great deal. To everybody else every page is
as if they had not, to the letter: so no page tells a number, a rank, or an order that comes of
it. Where both wish a thank-you to be shown, its words stand there, and no number does.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tests.addresses import address, world
from tests.capx.test_care import done
from tests.capx.test_hidden import CHANGING
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from tests.walking import client_of, pages, questions, read, understood
from volunteers.models import Ask, Commitment, Thanks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

READERS = ["nobody", "stranger", "asker", "member", "steward", "organiser"]
# Numbers that stand on no page by chance: thanks heard, thanks given, exchanges, hours.
HEARD, GIVEN, HELPED, HOURS = 37, 43, 29, 59
LONG_AGO = timedelta(days=200)
TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.:/-])\d+(?![\w:/-])")


@pytest.fixture
def w():
    """Make the world; its clock stands still, so that nothing differs but what is done."""
    with time_machine.travel(timezone.now(), tick=False):
        yield world()


def thank(person, *, shown):
    """Let somebody hear many thank-yous and give more, long ago, to people who may be seen."""
    seen = "public" if shown else "hidden"
    others = PersonFactory.create_batch(HEARD + GIVEN, name="Somebody", visibility=seen)
    pairs = [(other, person) for other in others[:HEARD]]
    pairs += [(person, other) for other in others[HEARD:]]
    Thanks.objects.bulk_create(
        Thanks(
            giver=giver,
            receiver=receiver,
            key=f"walk:{number}",
            words="Dankwort",
            giver_shows=shown,
            receiver_shows=shown,
            created_at=timezone.now() - LONG_AGO,
        )
        for number, (giver, receiver) in enumerate(pairs)
    )


def help_much(person):
    """Let somebody have helped often, and have taken on much, which is over."""
    then = timezone.now() - LONG_AGO
    listing = ListingFactory(author=person, state="withdrawn")
    for _ in range(HELPED):
        receiver = PersonFactory(name="Somebody", visibility="hidden")
        done(ExchangeFactory(listing=listing, counterpart=receiver, asked_at=then), then)
    Ask.objects.filter(person=person, asked_at=then).update(answered_at=then)
    Commitment.objects.create(
        person=person,
        what="Helping",
        source="by_hand",
        key="walk",
        period=DateRange(then.date(), then.date() + timedelta(days=7)),
        weekly_hours=HOURS,
        state="done",
    )


def walk(w, role, asked):
    """Read all that somebody can ask for, without what changes from one look to the next."""
    client = client_of(w, role)
    return {
        (route, query): CHANGING.sub("", read(client, "get", f"{address(route, w)}?{query}"))
        for route, query in asked
    }


def numbers(page):
    """List the numbers that somebody reads on a page."""
    return {int(one) for one in NUMBER.findall(TAGS.sub(" ", page)) if len(one) < len("10000")}


def test_thanks_and_help_leave_no_trace_for_others(w):
    plain = [(route, "") for route in pages()]
    lists = [*questions(*understood(w, ["author", "steward"]))]
    asked = {role: plain + (lists if role == "stranger" else []) for role in READERS}
    before = {role: walk(w, role, asked[role]) for role in READERS}

    thank(w.author, shown=False)
    help_much(w.author)

    for role in READERS:
        after = walk(w, role, asked[role])
        differs = [where for where, page in after.items() if page != before[role][where]]
        assert (role, differs) == (role, [])


def test_where_thanks_are_shown_their_words_stand_and_no_number(w):
    roles = [*READERS, "author"]
    asked = [(route, "") for route in pages()]
    before = {role: walk(w, role, asked) for role in roles}
    thank(w.author, shown=True)

    thanked = set()
    for role in roles:
        for where, page in walk(w, role, asked).items():
            new = numbers(page) - numbers(before[role][where])
            counted = new & {HEARD, GIVEN, HEARD + GIVEN}
            assert (role, where, counted) == (role, where, set())
            thanked |= {(role, where[0])} if "Dankwort" in page else set()

    assert {role for role, route in thanked if route == "people/<name:username>/"} == {*roles}
