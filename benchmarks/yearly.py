"""What came of a year: how quickly it is summed among a hundred thousand exchanges.

It makes a database of its own beside the site's, and fills it once.
"""

import os
import sys
from collections.abc import Iterator

from benchmarks import clock
from benchmarks.catalogue import beside_called, connect
from benchmarks.figures import Figure, at_most, percentile
from benchmarks.gate import manage

EXCHANGES, PEOPLE, AFFILIATES, LISTINGS = 100_000, 10_000, 100, 2_000
SLOWEST_MS = 50
OFTEN, WARM = 60, 10
# The first affiliate has a tenth of all, twenty others share the rest; of two years.
FILL = """
INSERT INTO volunteers_affiliate (kind, name, slug, about, website, countries, languages,
    has_office)
SELECT 'chapter', 'Affiliate ' || n, 'affiliate-' || n, '', '', '{{}}', '{{}}', false
FROM generate_series(1, {affiliates}) n;
INSERT INTO volunteers_person (username, password, is_superuser, is_staff, is_active, name,
    wiki_name, email, pronouns, about, country, time_zone, language, ways, contact, visibility,
    may_be_asked, open_asks, date_joined, unconfirmed)
SELECT 'person-' || n, '!', false, false, true, '', '', '', '', '', '', 'UTC', 'en', '{{}}',
    'here', 'public', true, 3, now(), false
FROM generate_series(1, {people}) n;
INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
SELECT p.id, a.id, 'editor', now() FROM volunteers_person p
JOIN volunteers_affiliate a ON a.slug = 'affiliate-' || CASE WHEN p.id % 50 = 0 THEN 1
    ELSE 1 + p.id % {affiliates} END;
INSERT INTO exchange_listing (state, kind, of, resource, author_id, affiliate_id, title, body,
    takeaway, language, countries, mode, times, wants_help_to_share, currency, covers,
    decided_by, created_at, changed_at, published_at, confirmed_at, revision)
SELECT 'open', CASE WHEN n % 2 = 0 THEN 'offer' ELSE 'request' END, 'skill', '', m.person_id,
    m.affiliate_id, 'Listing ' || n, 'Words', '', 'en', '{{}}', 'remote', '', false, '', '', '',
    now(), now(), now(), now(), ''
FROM (SELECT *, row_number() OVER (ORDER BY person_id) AS n FROM volunteers_membership) m
WHERE n % ({people} / {listings}) = 0;
CREATE TEMPORARY TABLE meant AS
SELECT n, l.id AS listing_id, l.kind, l.author_id, p.id AS other_id,
    date '2025-01-01' + n % 700 AS day
FROM generate_series(1, {exchanges}) n
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS row FROM exchange_listing) l
    ON l.row = 1 + n % {listings}
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS row FROM volunteers_person) p
    ON p.row = 1 + (n * 7919) % {people}
WHERE p.id <> l.author_id;
INSERT INTO volunteers_ask (id, person_id, asker_id, asked_at, answered_at, declined, invited,
    why) OVERRIDING SYSTEM VALUE
SELECT n, author_id, other_id, day, day, false, true, '' FROM meant;
INSERT INTO exchange_exchange (id, state, listing_id, provider_id, receiver_id, counterpart_id,
    ask_id, asked_at, answered_at, version, provider_version, receiver_version, agreed_version,
    knowingly_full, agreed_at, starts_day, ends_day, provider_happened, receiver_happened,
    unconfirmed, done_at, ended_at) OVERRIDING SYSTEM VALUE
SELECT n, 'closed', listing_id, CASE kind WHEN 'offer' THEN author_id ELSE other_id END,
    CASE kind WHEN 'offer' THEN other_id ELSE author_id END, other_id, n, day, day, 1, 1, 1, 1,
    false, day, day, day, true, true, false, day, day
FROM meant;
INSERT INTO exchange_agreement (exchange_id, version, proposed_by_id, proposed_at, what, hours,
    first_day, last_day, "where", outcome)
SELECT n, 1, author_id, day, 'Words', 1 + n % 20, day, day, '', '' FROM meant;
INSERT INTO exchange_followup (exchange_id, person_id, happened, worked, did_not, paid,
    currency, created_at)
SELECT n, author_id, true, '', '', 100 * (n % 50), 'EUR', day FROM meant WHERE n % 2 = 0;
"""


def prepare() -> dict[str, str]:
    """Make and fill the database where that has not been done; return the environment."""
    address = beside_called(os.environ["DATABASE_URL"], f"yearly_{EXCHANGES}")
    env = {**os.environ, "DATABASE_URL": address}
    manage(env, "migrate")
    with connect(env["DATABASE_URL"], autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM exchange_followup LIMIT 1").fetchone():
            sizes = {"affiliates": AFFILIATES, "people": PEOPLE, "listings": LISTINGS}
            connection.execute(FILL.format(exchanges=EXCHANGES, **sizes))  # type: ignore[arg-type]  # made of our own numbers
            connection.execute("VACUUM ANALYZE")
    return env


def ask() -> None:
    """Sum the year of the largest affiliate, and of others; print milliseconds."""
    from exchange import reports  # noqa: PLC0415 -- in the site's shell
    from volunteers.models import Affiliate  # noqa: PLC0415 -- the same

    ours = Affiliate.objects.filter(listings__isnull=False).distinct().order_by("pk")
    affiliates = list(ours)
    for nth in range(OFTEN):
        affiliate = affiliates[nth % len(affiliates)] if nth % 2 else affiliates[0]
        start = clock.now()
        sums = reports.came_of(affiliate, 2026)
        reports.practices_of(affiliate, 2026)
        took = (clock.now() - start) * 1000
        assert sums  # noqa: S101 -- there is much to sum
        sys.stdout.write(f"{took}\n")


def measure() -> Iterator[Figure]:
    """Give the time of a year for the largest affiliate and for another."""
    call = "from benchmarks import yearly; yearly.ask()"
    said = manage(prepare(), "shell", "-v", "0", "-c", call)
    times = [float(line) for line in said.split()][WARM:]
    what = f"a year of an affiliate, {EXCHANGES} exchanges"
    yield at_most(
        SLOWEST_MS, f"{what}, a tenth of them its own, p95", percentile(times[::2], 95), "ms"
    )
    yield Figure(f"{what}, a twentieth, p95", percentile(times[1::2], 95), "ms")
