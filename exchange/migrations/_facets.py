"""How the database reads the facets of a listing; what says that there is room has changed."""

FACETS = """
CREATE OR REPLACE FUNCTION exchange_facets(
    wanted bigint,
    OUT facets tsvector, OUT marks tsvector, OUT room boolean, OUT seats_left integer
) LANGUAGE sql STABLE AS $$
    SELECT
        array_to_tsvector(array_remove(ARRAY[
            '/kind=' || l.kind,
            '/of=' || l.of,
            '/resource=' || NULLIF(l.resource, ''),
            '/language=' || l.language,
            CASE WHEN l.mode <> 'on_site' THEN '/mode=remote' END,
            CASE WHEN l.mode <> 'remote' THEN '/mode=on_site' END,
            CASE WHEN l.affiliate_id IS NULL THEN '/by=person' ELSE '/by=affiliate' END,
            CASE WHEN r.room THEN '/room=yes' END,
            CASE WHEN l.amount > 0 OR EXISTS (
                SELECT FROM exchange_budgetline b WHERE b.listing_id = l.id
            ) THEN '/funded=yes' END
        ], NULL)
        || ARRAY(
            SELECT '/country=' || country FROM (
                SELECT unnest(l.countries)
                UNION
                SELECT p.country FROM volunteers_place p
                WHERE p.id = l.place_id AND l.countries <> '{}'
                UNION
                SELECT '*' WHERE l.countries = '{}'
            ) AS c(country)
        )
        || ARRAY(
            SELECT DISTINCT '/skill=' || above.slug
            FROM exchange_listing_skills t
            JOIN volunteers_skill s ON s.id = t.skill_id
            JOIN volunteers_skill above ON above.id = ANY(s.path)
            WHERE t.listing_id = l.id
        )),
        array_to_tsvector(array_remove(ARRAY[
            CASE WHEN a.is_active AND a.hidden_at IS NULL AND a.visibility <> 'hidden'
                AND NOT EXISTS (
                    SELECT FROM volunteers_rest WHERE person_id = a.id AND alone
                    AND COALESCE(upper(period) > over_everywhere, TRUE)
                )
                THEN '/see=' || a.visibility END,
            '/author=' || a.id,
            '/week=' || to_char(h.at, 'IYYY-IW'),
            '/month=' || to_char(h.at, 'YYYY-MM'),
            '/quarter=' || to_char(h.at, 'YYYY-Q'),
            '/year=' || to_char(h.at, 'YYYY'),
            '/of4=' || (h.sum & 3),
            '/of16=' || (h.sum & 15),
            '/of64=' || (h.sum & 63),
            '/of256=' || (h.sum & 255),
            '/of1024=' || (h.sum & 1023)
        ], NULL)),
        r.room,
        r.seats_left
    FROM exchange_listing l
    JOIN volunteers_person a ON a.id = l.author_id
    CROSS JOIN LATERAL (
        SELECT l.published_at AT TIME ZONE 'UTC', hashint8extended(l.id, 0),
            (now() AT TIME ZONE 'UTC' - interval '12 hours')::date
    ) AS h(at, sum, over_everywhere)
    CROSS JOIN LATERAL (
        SELECT l.seats - (
            SELECT count(*)::integer FROM exchange_exchange e
            WHERE e.listing_id = l.id AND e.place IS NOT NULL
        )
    ) AS s(seats_left)
    CROSS JOIN LATERAL (
        SELECT {room},
            s.seats_left
    ) AS r(room, seats_left)
    WHERE l.id = wanted
$$;
"""
# Until the gate's word was noted: rests by the day in UTC, and what was noted of load.
BY_REST = """a.may_be_asked
            AND COALESCE(s.seats_left > 0, TRUE)
            AND NOT EXISTS (
                SELECT FROM volunteers_rest
                WHERE person_id = a.id AND period @> (now() AT TIME ZONE 'UTC')::date
            )
            AND NOT EXISTS (
                SELECT FROM exchange_searchdocument d WHERE d.listing_id = l.id AND d.busy
            )"""
# By the gate's word alone; of what invites answers, a request or a training, it says nothing.
BY_THE_GATE = """COALESCE(s.seats_left > 0, TRUE)
            AND (l.kind <> 'offer' OR l.of = 'training' OR a.may_be_asked AND NOT EXISTS (
                SELECT FROM exchange_searchdocument d WHERE d.listing_id = l.id AND d.busy
            ))"""


def facets(room: str) -> str:
    """Write the function that reads them."""
    return FACETS.replace("{room}", room)
