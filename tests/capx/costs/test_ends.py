"""What is told to stewards has an end: in days, in lines, and in what is read for it."""

import re
from datetime import date
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from capx.views.care import PAGE
from capx.views.shown import LINES
from capx.views.spent import spent
from tests.capx.costs.test_shown import (
    DAY,
    DESK,
    SHARE,
    belonging,
    exchanged,
    gave,
    seen,
    sharing,
)
from tests.capx.test_care import TODAY
from volunteers.models import Commitment
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db


def lines_of(client, steward, path=DESK):
    """List what stands in the lines of a page, as words."""
    found = re.findall(r"<li\b[^>]*>(.*?)</li>", seen(client, steward, path))
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in found]


def took(person, affiliate, period, **about):
    about = {"state": "done", "source": "import", "weekly_hours": 3} | about
    key = str(Commitment.objects.count())
    Commitment.objects.create(
        person=person, affiliate=affiliate, what="Board", key=key, period=period, **about
    )


def test_of_what_began_earlier_only_the_last_twelve_months_are_told(client, affiliate, steward):
    person = belonging(affiliate, name="Ola")
    took(person, affiliate, days(date(2020, 11, 2), TODAY - 330 * DAY))
    sharing(affiliate, person)

    # Thirty-six days of three hours a week, and not five years of them.
    first, last = TODAY - 365 * DAY, TODAY - 330 * DAY
    assert (first, last) == (date(2025, 5, 12), date(2025, 6, 16))
    assert "Board · 12 May \u2013 16 Jun 2025 · 15 h 26 min" in lines_of(client, steward)


def test_what_was_over_before_is_not_told(client, affiliate, steward):
    person = belonging(affiliate, name="Ola")
    took(person, affiliate, days(date(2020, 11, 2), TODAY - 366 * DAY))
    sharing(affiliate, person)

    assert "Board" not in seen(client, steward)


@pytest.mark.parametrize("end", [None, TODAY + 40 * DAY], ids=["no end", "an end to come"])
def test_what_is_done_is_told_until_today_whatever_end_it_had(client, affiliate, steward, end):
    person = belonging(affiliate, name="Ola")
    took(person, affiliate, DateRange(TODAY - 27 * DAY, end))
    sharing(affiliate, person)

    assert "Board · 15 Apr \u2013 12 May 2026 · 12 h" in lines_of(client, steward)


def test_what_still_runs_is_not_told_as_given(client, affiliate, steward):
    person = belonging(affiliate, name="Ola")
    took(person, affiliate, DateRange(TODAY - 27 * DAY, None), state="running")
    sharing(affiliate, person)

    assert "Board" not in seen(client, steward)


def test_of_many_lines_the_latest_stand_there_and_how_many_more_there_are(
    client, affiliate, steward
):
    person, other = (belonging(affiliate, name=name) for name in ("Ola", "Per"))
    for number in range(LINES + 37):
        gave(person, affiliate, f"Help desk {number:02}", ago=30 + number)
    gave(other, affiliate, "Camera")
    for number in range(LINES + 2):
        exchanged(other, affiliate, f"Train {number:02}", ago=30 + number)
    sharing(affiliate, person)
    sharing(affiliate, other)

    lines, page = lines_of(client, steward), seen(client, steward)

    helped = [line[:12] for line in lines if line.startswith("Help desk")]
    assert helped == [f"Help desk {number:02}" for number in range(LINES)]
    costs = [line for line in lines if "Train" in line]
    assert len(costs) == LINES
    assert ("Train 00" in costs[0], "Train 19" in costs[-1]) == (True, True)
    assert "37 more lines are not shown here." in page
    # Per has two more sums, and three more lines: the camera and the exchanges.
    assert page.count("2 more lines are not shown here.") == 1
    assert page.count("3 more lines are not shown here.") == 1


def test_one_sees_before_sharing_as_few_lines_as_they_would(client, affiliate):
    person = belonging(affiliate, name="Ola")
    for number in range(LINES + 37):
        gave(person, affiliate, f"Help desk {number:02}", ago=30 + number)
    client.force_login(person)

    chosen = {"costs": "on", "first": TODAY.isoformat(), "last": "", "preview": ""}
    content = client.post(SHARE, chosen).content.decode()

    assert content.count("Help desk") == LINES
    assert "37 more lines are not shown here." in content


def test_only_those_on_the_page_are_read(client, affiliate, steward):
    for number in range(PAGE + 2):
        person = belonging(affiliate, name=f"Ola {number:02}")
        gave(person, affiliate, f"Help desk {number:02}")
        sharing(affiliate, person)
    client.force_login(steward)

    with patch("capx.views.shown.spent", wraps=spent) as read:
        first = client.get(DESK).content.decode()
    second = client.get(DESK, {"page": 2}).content.decode()

    assert (first.count("Help desk"), second.count("Help desk")) == (PAGE, 2)
    people, *_about = read.call_args.args
    assert sorted(who.name for who in people) == [f"Ola {n:02}" for n in range(PAGE)]


def test_thirty_with_many_lines_each_ask_as_much_as_one(client, affiliate, steward):
    def one():
        person = belonging(affiliate)
        for number in range(3):
            gave(person, affiliate, f"Help desk {number}", ago=30 + number)
            exchanged(person, affiliate, f"Train {number}", ago=30 + number)
        sharing(affiliate, person, weeks=True, check_ins=True)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(DESK)
        return len(queries)

    one()
    seen(client, steward)
    of_one = asked()
    for _more in range(PAGE - 1):
        one()

    assert asked() == of_one
    assert seen(client, steward).count("Help desk 2") == PAGE
