"""How the database is asked which languages people speak, as quickly for many as for a few."""

# From one language to the next by the index, and of each whether anybody here speaks it.
SPOKEN = """
WITH RECURSIVE spoken(language) AS (
    (SELECT language FROM volunteers_personlanguage ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (
        SELECT l.language FROM volunteers_personlanguage l
        WHERE l.language > s.language ORDER BY l.language LIMIT 1
    ) FROM spoken s WHERE s.language IS NOT NULL
)
SELECT s.language FROM spoken s CROSS JOIN LATERAL (
    SELECT 1 FROM volunteers_personlanguage l
    WHERE l.language = s.language AND l.person_id IN ({people}) LIMIT 1
) AS somebody ORDER BY s.language
"""
