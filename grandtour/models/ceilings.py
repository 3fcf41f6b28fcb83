"""What PostgreSQL keeps within what editions and hosts allow: carbon, groups, days, beds.

Nobody can add more than is allowed, nor allow less than has been promised (see `guards`).
"""

import pgtrigger

from grandtour.models.guards import AT_HOME, CROWDED, LOCK_BEDS, LOCK_EDITION

# What all who have a place in an edition emit, in grams: on their own ways, and each of them on
# those of the group.
CARBON = """
    SELECT coalesce(
        sum(leg.grams * CASE WHEN leg.seat_id IS NULL THEN group_of.size ELSE 1 END), 0
    )
    FROM grandtour_journey AS journey
    JOIN grandtour_leg AS leg ON leg.journey_id = journey.id
    LEFT JOIN grandtour_seat AS seat ON seat.id = leg.seat_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS size FROM grandtour_seat AS there
        WHERE there.journey_id = journey.id AND there.number IS NOT NULL
    ) AS group_of
    WHERE journey.edition_id = {edition}
        AND (leg.seat_id IS NULL OR seat.number IS NOT NULL)
"""
# Every gram of an edition at once: whoever adds some holds the edition's row.
WITHIN_BUDGET = f"""
    IF EXISTS (
        SELECT 1 FROM grandtour_edition AS edition
        WHERE edition.id = {{edition}}
            AND edition.carbon_budget::bigint * 1000 < ({CARBON.format(edition="edition.id")})
    ) THEN
        RAISE EXCEPTION 'edition_within_its_carbon_budget'
            USING ERRCODE = 'check_violation';
    END IF;
"""  # noqa: S608 -- fixed text


def host_keeps_room() -> pgtrigger.Trigger:
    """Refuse to lower a host's limit below those who are coming already, by any edition."""
    crowded = CROWDED.format(which="mine.host_id = NEW.id")
    return pgtrigger.Trigger(
        name="host_keeps_room_for_who_comes",
        operation=pgtrigger.UpdateOf("most_guests", "affiliate_id"),
        when=pgtrigger.After,
        condition=pgtrigger.AnyChange("most_guests", "affiliate"),
        func=f"""
            {LOCK_BEDS.format(which="id = NEW.id")}
            IF (NEW.most_guests < OLD.most_guests OR NEW.affiliate_id <> OLD.affiliate_id)
                AND EXISTS ({crowded})
            THEN
                RAISE EXCEPTION 'host_limit_of_each_day'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )


def host_keeps_its_word() -> pgtrigger.Trigger:
    """Refuse fewer groups than are coming, and a move into the country of one who is coming."""
    return pgtrigger.Trigger(
        name="host_keeps_its_word_to_who_comes",
        operation=pgtrigger.UpdateOf("groups", "place_id"),
        when=pgtrigger.After,
        condition=pgtrigger.AnyChange("groups", "place"),
        func=f"""
            IF NEW.groups < OLD.groups AND NEW.groups < (
                SELECT count(DISTINCT stop.journey_id)
                FROM grandtour_stop AS stop
                JOIN grandtour_journey AS journey ON journey.id = stop.journey_id
                WHERE stop.host_id = NEW.id AND journey.state <> 'cancelled'
            ) THEN
                RAISE EXCEPTION 'host_limit_of_groups'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS ({AT_HOME.format(which="host.id = NEW.id")}) THEN
                RAISE EXCEPTION 'seat_not_with_a_host_at_home'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 -- fixed text
    )


# Which stop of an edition a rule of it would not allow any more.
STOP_OUTSIDE = """
    SELECT 1 FROM grandtour_stop AS stop
    JOIN grandtour_journey AS journey ON journey.id = stop.journey_id
    WHERE journey.edition_id = NEW.id AND journey.state <> 'cancelled' AND ({rule})
"""
TIGHTER = """
    IF ({tighter}) AND EXISTS ({broken}) THEN
        RAISE EXCEPTION '{name}'
            USING ERRCODE = 'check_violation';
    END IF;
"""
STANDS = (
    (
        "seat_within_the_largest_group",
        "NEW.largest_group < OLD.largest_group",
        "SELECT 1 FROM grandtour_seat WHERE edition_id = NEW.id AND number > NEW.largest_group",
    ),
    (
        "journey_confirmed_with_enough",
        "NEW.smallest_group > OLD.smallest_group",
        """
            SELECT 1 FROM grandtour_journey AS journey
            WHERE journey.edition_id = NEW.id AND journey.state IN ('confirmed', 'travelling')
                AND NEW.smallest_group > (
                    SELECT count(*) FROM grandtour_seat AS seat
                    WHERE seat.journey_id = journey.id AND seat.number IS NOT NULL
                )
        """,
    ),
    (
        "stop_within_the_most_stops",
        "NEW.most_stops < OLD.most_stops",
        STOP_OUTSIDE.format(rule="stop.number > NEW.most_stops"),
    ),
    (
        "stop_nights_within_the_edition",
        "NEW.fewest_nights > OLD.fewest_nights OR NEW.most_nights < OLD.most_nights",
        STOP_OUTSIDE.format(
            rule="stop.leave - stop.arrive NOT BETWEEN NEW.fewest_nights AND NEW.most_nights"
        ),
    ),
    (
        "stop_within_the_days_of_travel",
        """
            NEW.travel_first_day > OLD.travel_first_day
            OR NEW.travel_last_day < OLD.travel_last_day
        """,
        STOP_OUTSIDE.format(
            rule="stop.arrive < NEW.travel_first_day OR stop.leave > NEW.travel_last_day"
        ),
    ),
)


def edition_keeps_what_stands() -> pgtrigger.Trigger:
    """Refuse rules of an edition that are tighter than its journeys and places allow."""
    checks = "".join(
        TIGHTER.format(name=name, tighter=tighter, broken=broken)
        for name, tighter, broken in STANDS
    )
    return pgtrigger.Trigger(
        name="edition_keeps_what_stands",
        operation=pgtrigger.UpdateOf(
            *("largest_group", "smallest_group", "most_stops", "fewest_nights", "most_nights"),
            *("travel_first_day", "travel_last_day", "carbon_budget"),
        ),
        when=pgtrigger.After,
        func=f"""
            {checks}
            IF NEW.carbon_budget < OLD.carbon_budget THEN
                {WITHIN_BUDGET.format(edition="NEW.id")}
            END IF;
            RETURN NULL;
        """,
    )


def seat_within_the_carbon_budget() -> pgtrigger.Trigger:
    """Refuse one more on the ways of a group where they would exceed the carbon budget."""
    return pgtrigger.Trigger(
        name="seat_within_the_carbon_budget",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("number", "journey_id"),
        when=pgtrigger.After,
        condition=pgtrigger.Q(new__number__isnull=False),
        func=WITHIN_BUDGET.format(edition="NEW.edition_id") + "RETURN NULL;",
    )


def legs_within_the_carbon_budget() -> pgtrigger.Trigger:
    """Refuse ways with which an edition would exceed its carbon budget."""
    return pgtrigger.Trigger(
        name="legs_within_the_carbon_budget",
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="added"),
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        declare=[("one", "record")],
        func=f"""
            FOR one IN
                SELECT DISTINCT journey.edition_id AS edition FROM added
                JOIN grandtour_journey AS journey ON journey.id = added.journey_id
                ORDER BY 1
            LOOP
                PERFORM 1 FROM grandtour_edition WHERE id = one.edition FOR NO KEY UPDATE;
                {WITHIN_BUDGET.format(edition="one.edition")}
            END LOOP;
            RETURN NULL;
        """,  # noqa: S608 -- fixed text
    )


def leg_stays_within_the_budget() -> pgtrigger.Trigger:
    """Refuse to change a way so that an edition would exceed its carbon budget."""
    edition = "(SELECT edition_id FROM grandtour_journey WHERE id = NEW.journey_id)"
    return pgtrigger.Trigger(
        name="leg_stays_within_the_carbon_budget",
        operation=pgtrigger.UpdateOf("grams", "journey_id", "seat_id"),
        when=pgtrigger.After,
        func=f"""
            {LOCK_EDITION}
            {WITHIN_BUDGET.format(edition=edition)}
            RETURN NULL;
        """,
    )
