"""Questions over many rows, answered in SQL."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from capx.parts import part
from capx.sums import HOURS, Sum
from exchange.models import Listing, Practice, Priority
from volunteers.models import Affiliate, Person, PersonSkill
from volunteers.models.skills import label_of

How = PersonSkill.How
MOST = 3
# An affiliate speaks on the author's side by the listing, on the other by who answered.
# Seats of one training are one promise of its hours. Of money counts what our own side said.
# OFFSET 0 keeps PostgreSQL on the indexes, row by row from the affiliate's own: what it takes
# hangs on how much one affiliate did, and not on how much everybody does.
CAME_OF = """
WITH ours AS (
    SELECT e.*, l.of, l.kind, e.receiver_id = e.counterpart_id AS shared
    FROM exchange_listing l CROSS JOIN LATERAL (
        SELECT id, provider_id, receiver_id, counterpart_id, agreed_version, listing_id
        FROM exchange_exchange WHERE listing_id = l.id AND state IN ('done', 'closed')
        AND ends_day BETWEEN %(first)s AND %(last)s OFFSET 0
    ) e
    WHERE l.affiliate_id = %(affiliate)s
    UNION ALL
    SELECT e.id, e.provider_id, e.receiver_id, e.counterpart_id, e.agreed_version,
        e.listing_id, l.of, l.kind, e.provider_id = e.counterpart_id
    FROM exchange_exchange e CROSS JOIN LATERAL (
        SELECT of, kind FROM exchange_listing WHERE id = e.listing_id OFFSET 0
    ) l
    WHERE e.counterpart_affiliate_id = %(affiliate)s AND e.state IN ('done', 'closed')
        AND e.ends_day BETWEEN %(first)s AND %(last)s
), seen AS MATERIALIZED (
    SELECT * FROM ours o
    WHERE EXISTS (SELECT FROM ({people}) p WHERE p.id = o.provider_id OFFSET 0)
        AND EXISTS (SELECT FROM ({people}) p WHERE p.id = o.receiver_id OFFSET 0)
), promised AS (
    SELECT DISTINCT ON (s.shared, s.listing_id, single) s.shared, s.provider_id, a.hours,
        CASE WHEN s.of = 'training' AND s.kind = 'offer' THEN 0 ELSE s.id END AS single
    FROM seen s CROSS JOIN LATERAL (
        SELECT hours FROM exchange_agreement
        WHERE exchange_id = s.id AND version = s.agreed_version OFFSET 0
    ) a
    WHERE a.hours > 0 ORDER BY s.shared, s.listing_id, single, a.hours DESC
), paid AS (
    SELECT s.shared, s.provider_id, f.currency, f.paid
    FROM seen s CROSS JOIN LATERAL (
        SELECT currency, paid FROM exchange_followup WHERE exchange_id = s.id AND paid > 0
        ORDER BY (person_id = CASE WHEN s.shared THEN s.provider_id ELSE s.receiver_id END)
            DESC LIMIT 1
    ) f
)
SELECT shared, '', provider_id, sum(hours) FROM promised GROUP BY shared, provider_id
UNION ALL
SELECT shared, currency, provider_id, sum(paid) FROM paid
GROUP BY shared, currency, provider_id
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A listing that somebody could post: the sentence, and the form filled in for it."""

    words: str
    href: str


def first_listings(person: Person) -> list[Suggestion]:
    """Suggest offers of what a person can do, and requests of what they wish to learn.

    A skill about which they have a listing already is left out.
    """
    posted = Listing.objects.filter(author=person, skills=OuterRef("skill"))
    order = Case(When(how=How.TEACHES, then=0), When(how=How.HAS, then=1), default=Value(2))
    said = (
        PersonSkill.objects.filter(~Exists(posted), person=person, skill__retired=False)
        .annotate(name=label_of("skill_id"), rank=order)
        .select_related("skill")
        .order_by("rank", "pk")
    )
    once: dict[int, PersonSkill] = {}
    for row in said[:20]:
        once.setdefault(row.skill_id, row)
    return [_suggest(row, row.name) for row in once.values()][:MOST]  # type: ignore[attr-defined]  # annotated


def _suggest(row: PersonSkill, name: str) -> Suggestion:
    """Write the sentence for one skill."""
    skill = {"skill": name}
    if row.how == How.TEACHES:
        words = _("You said you can teach %(skill)s: offer an hour of it?")
        title = _("An hour of %(skill)s")
    elif row.how == How.HAS:
        words = _("You said you can do %(skill)s: offer an hour of it?")
        title = _("An hour of help with %(skill)s")
    else:
        words = _("You said you want to learn %(skill)s: ask for an hour of it?")
        title = _("An introduction to %(skill)s")
    kind = "request" if row.how == How.WANTS else "offer"
    query = {"kind": kind, "of": "skill", "skills": row.skill.slug, "title": title % skill}
    return Suggestion(words % skill, f"{reverse('exchange:post')}?{urlencode(query)}")


def came_of(affiliate: Affiliate, year: int) -> list[Sum]:
    """Add up what was done with an affiliate in exchanges that ended in a year.

    Hours as agreed, money as said afterwards, of people whom everybody sees or who left; each
    sum knows how much each gave. All readers get the same: two sums would tell of somebody.
    """
    people, named = part(Person.objects.told_in_sums().values("id"))
    about: dict[str, Any] = {"affiliate": affiliate.pk}
    about |= {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    with connection.cursor() as cursor:
        cursor.execute(CAME_OF.format(people=people), about | named)
        rows = cursor.fetchall()
    given: dict[tuple[bool, str], dict[int, Decimal]] = defaultdict(dict)
    for shared, unit, helper, amount in rows:
        given[shared, unit or HOURS][helper] = Decimal(amount)
    return [Sum(_kind(shared=shared), unit, each) for (shared, unit), each in given.items()]


def _kind(*, shared: bool) -> str:
    return Priority.Kind.SHARING if shared else Priority.Kind.BUILDING


def practices_of(affiliate: Affiliate, year: int) -> int:
    """Count the practices for everybody that were written for an affiliate in a year."""
    found = Practice.objects.found_by(AnonymousUser())
    return found.filter(affiliate=affiliate, published_at__year=year).count()
