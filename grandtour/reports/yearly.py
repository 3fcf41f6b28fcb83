"""What came of an affiliate's year in journeys: hours of programme, travelled and hosted."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from capx.parts import part
from capx.sums import BUILDING, PROGRAMME, SHARING, Sum
from volunteers.models import Affiliate, Person

# A day of programme for each night at a stop. The end of a period is the day after its last.
CAME_OF = """
SELECT %(building)s, %(programme)s, s.person_id, sum((t.leave - t.arrive) * e.daily_hours)
FROM grandtour_application a
JOIN grandtour_seat s ON s.application_id = a.id AND s.number IS NOT NULL
JOIN grandtour_journey j ON j.id = s.journey_id AND j.state IN ('returned', 'closed')
JOIN grandtour_edition e ON e.id = j.edition_id
JOIN grandtour_stop t ON t.journey_id = j.id
WHERE a.affiliate_id = %(affiliate)s AND s.person_id IN ({people})
    AND upper(s.period) > %(first)s AND upper(s.period) <= %(last)s::date + 1
GROUP BY s.person_id
UNION ALL
SELECT %(sharing)s, %(programme)s, NULL, sum((t.leave - t.arrive) * e.daily_hours)
FROM grandtour_host h
JOIN grandtour_stop t ON t.host_id = h.id AND t.leave BETWEEN %(first)s AND %(last)s
JOIN grandtour_journey j ON j.id = t.journey_id AND j.state IN ('returned', 'closed')
JOIN grandtour_edition e ON e.id = j.edition_id
WHERE h.affiliate_id = %(affiliate)s HAVING count(*) > 0
UNION ALL
SELECT %(sharing)s, f.currency, NULL, sum(c.amount)
FROM grandtour_fund f
JOIN grandtour_budgetline l ON l.fund_id = f.id
JOIN grandtour_cost c ON c.line_id = l.id AND c.state = 'paid'
WHERE f.affiliate_id = %(affiliate)s
    AND c.paid_at >= %(first)s::date AND c.paid_at < %(last)s::date + 1
GROUP BY f.currency
ORDER BY 1, 2
"""


def came_of(affiliate: Affiliate, year: int) -> list[Sum]:
    """Add up the hours of programme of journeys that are over: nights times hours a day.

    Built is what people travelled for the affiliate, in the year of their last day; told by
    the rule of small numbers. Shared is what it hosted, once for a group, and what was paid of
    its own money: that tells of nobody.
    """
    people, named = part(Person.objects.told_in_sums().values("id"))
    about: dict[str, Any] = {"affiliate": affiliate.pk}
    about |= {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    about |= {"building": BUILDING, "sharing": SHARING, "programme": PROGRAMME}
    with connection.cursor() as cursor:
        cursor.execute(CAME_OF.format(people=people), about | named)
        rows = cursor.fetchall()
    given: dict[tuple[str, str], dict[int | None, Decimal]] = defaultdict(dict)
    for kind, unit, person, amount in rows:
        given[kind, unit][person] = Decimal(amount)
    return [
        Sum(kind, unit, _of_people(each), each.get(None, Decimal(0)))
        for (kind, unit), each in given.items()
    ]


def _of_people(each: dict[int | None, Decimal]) -> dict[int, Decimal]:
    return {person: amount for person, amount in each.items() if person is not None}
