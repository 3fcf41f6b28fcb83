"""What PostgreSQL checks of journeys across rows: each rule is a trigger with its own name.

Each takes the rows it counts under a lock first, always the edition before its journeys, a
journey before its hosts, hosts by their number, then the beds of their affiliates, which are
those of all editions, so that two who write at once wait for each other and nobody for
themselves. An edition is locked only where a place, a stop or a leg is added or moved: whatever
else happens to them does not wait for it.
"""

import pgtrigger

# Nights of the stops that are asked about in which the affiliate has more guests, over all
# editions, than an offer of its by which somebody is there then says it takes.
CROWDED = """
    SELECT 1
    FROM grandtour_stop AS mine
    JOIN grandtour_host AS host ON host.id = mine.host_id
    CROSS JOIN LATERAL generate_series(
        mine.arrive::timestamp, mine.leave - interval '1 day', interval '1 day'
    ) AS night
    CROSS JOIN LATERAL (
        SELECT count(*) AS guests, min(offer.most_guests) AS most
        FROM grandtour_host AS offer
        JOIN grandtour_stop AS stop ON stop.host_id = offer.id
        JOIN grandtour_seat AS seat ON seat.journey_id = stop.journey_id
        WHERE offer.affiliate_id = host.affiliate_id
            AND stop.arrive <= night AND night < stop.leave
            AND seat.number IS NOT NULL
    ) AS there
    WHERE {which} AND there.most < there.guests
"""
# The beds of an affiliate are one lock for all editions: its offers are rows of each.
LOCK_BEDS = """
    PERFORM pg_advisory_xact_lock(hashtextextended('beds of ' || one.affiliate_id, 0))
    FROM (
        SELECT DISTINCT affiliate_id FROM grandtour_host WHERE {which} ORDER BY affiliate_id
    ) AS one;
"""
THEIRS = "id IN (SELECT host_id FROM grandtour_stop WHERE journey_id = NEW.journey_id)"
LOCK_HOSTS = f"""
    PERFORM 1 FROM grandtour_host WHERE {THEIRS} ORDER BY id FOR NO KEY UPDATE;
    {LOCK_BEDS.format(which=THEIRS)}
"""
LOCK_EDITION = """
    PERFORM 1 FROM grandtour_edition
    WHERE id = (SELECT edition_id FROM grandtour_journey WHERE id = NEW.journey_id)
    FOR NO KEY UPDATE;
"""
# Somebody with a host in the country they live in; asked again once the hosts are locked.
AT_HOME = """
    SELECT 1 FROM grandtour_seat AS seat
    JOIN grandtour_stop AS stop ON stop.journey_id = seat.journey_id
    JOIN grandtour_host AS host ON host.id = stop.host_id
    JOIN volunteers_place AS place ON place.id = host.place_id
    WHERE {which} AND seat.number IS NOT NULL AND seat.same_country_because = ''
        AND place.country = seat.country
"""
HOST_HAS_ROOM = f"""
    IF EXISTS ({AT_HOME.format(which="seat.journey_id = NEW.journey_id")}) THEN
        RAISE EXCEPTION 'seat_not_with_a_host_at_home'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS ({CROWDED.format(which="mine.journey_id = NEW.journey_id")}) THEN
        RAISE EXCEPTION 'host_limit_of_each_day'
            USING ERRCODE = 'check_violation';
    END IF;
"""
ROUTE_CHANGED = """
            IF (
                SELECT host.groups < count(DISTINCT stop.journey_id)
                FROM grandtour_host AS host
                JOIN grandtour_stop AS stop ON stop.host_id = host.id
                JOIN grandtour_journey AS journey ON journey.id = stop.journey_id
                WHERE host.id = NEW.host_id AND journey.state <> 'cancelled'
                GROUP BY host.id
            ) THEN
                RAISE EXCEPTION 'host_limit_of_groups'
                    USING ERRCODE = 'check_violation';
            END IF;
            UPDATE grandtour_journey SET period = NULL WHERE id = NEW.journey_id;
            UPDATE grandtour_seat SET period = NULL WHERE journey_id = NEW.journey_id;
            RETURN NULL;
"""
# A journey lasts as long as its stops, and so do the places in it.
PERIOD = """
    SELECT daterange(min(arrive), max(leave), '[]')
    FROM grandtour_stop WHERE journey_id = {journey}
    HAVING count(*) > 0
"""


def seat_fits_its_journey() -> pgtrigger.Trigger:
    """Copy edition, person and days; refuse too large a group, and a host at home."""
    return pgtrigger.Trigger(
        name="seat_fits_its_journey",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("journey", "record"), ("asked", "record"), ("largest", "integer")],
        func=f"""
            IF NEW.number IS NOT NULL AND (
                TG_OP = 'INSERT' OR OLD.number IS NULL OR OLD.journey_id <> NEW.journey_id
            ) THEN
                {LOCK_EDITION}
            END IF;
            SELECT edition_id, period INTO journey FROM grandtour_journey
            WHERE id = NEW.journey_id FOR NO KEY UPDATE;
            IF NEW.number IS NOT NULL AND (
                TG_OP = 'INSERT' OR OLD.number IS NULL OR OLD.journey_id <> NEW.journey_id
            ) THEN -- before the person: another edition's beds may wait for them
                {LOCK_HOSTS}
            END IF;
            IF TG_OP = 'INSERT' THEN
                PERFORM 1 FROM grandtour_application
                WHERE id = NEW.application_id FOR NO KEY UPDATE;
            END IF;
            SELECT edition_id, person_id, state INTO asked FROM grandtour_application
            WHERE id = NEW.application_id;
            IF asked.edition_id <> journey.edition_id THEN
                RAISE EXCEPTION 'seat_in_the_edition_applied_to'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.edition_id := journey.edition_id;
            NEW.person_id := asked.person_id;
            NEW.period := journey.period;
            IF NEW.number IS NULL THEN
                RETURN NEW;
            END IF;
            IF TG_OP = 'INSERT' AND asked.state IN ('draft', 'declined', 'withdrawn') THEN
                RAISE EXCEPTION 'seat_of_who_still_wishes_to_travel'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'INSERT' OR OLD.number IS NULL OR OLD.period IS DISTINCT FROM NEW.period
            THEN -- two of one person at once would wait for each other in 'one at a time'
                PERFORM 1 FROM volunteers_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
            END IF;
            SELECT largest_group INTO largest FROM grandtour_edition
            WHERE id = journey.edition_id;
            IF NEW.number > largest THEN
                RAISE EXCEPTION 'seat_within_the_largest_group'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.same_country_because = '' AND EXISTS (
                SELECT 1 FROM grandtour_stop AS stop
                JOIN grandtour_host AS host ON host.id = stop.host_id
                JOIN volunteers_place AS place ON place.id = host.place_id
                WHERE stop.journey_id = NEW.journey_id AND place.country = NEW.country
            ) THEN
                RAISE EXCEPTION 'seat_not_with_a_host_at_home'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- fixed text
    )


def seat_finds_room() -> pgtrigger.Trigger:
    """Refuse a traveller for whom a host of the journey has no room on one of its nights.

    Its row, and the beds of its affiliate, are locked since before the row was written.
    """
    return pgtrigger.Trigger(
        name="seat_finds_room_with_each_host",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("number", "journey_id"),
        when=pgtrigger.After,
        condition=pgtrigger.Q(new__number__isnull=False),
        func=HOST_HAS_ROOM + "RETURN NULL;",
    )


def seat_agreed_by_its_hosts() -> pgtrigger.Trigger:
    """Refuse to call a place agreed before each host has said yes."""
    return pgtrigger.Trigger(
        name="seat_agreed_by_its_hosts",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="agreed"),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_stop
                WHERE journey_id = NEW.journey_id AND accepted_at IS NULL
            ) THEN
                RAISE EXCEPTION 'seat_agreed_by_its_hosts'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def stop_stands_while_agreed() -> pgtrigger.Trigger:
    """Refuse to take a host's yes back while somebody's place is agreed on it."""
    return pgtrigger.Trigger(
        name="stop_stands_while_agreed",
        operation=pgtrigger.UpdateOf("accepted_at"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__accepted_at__isnull=False, new__accepted_at__isnull=True),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_seat
                WHERE journey_id = NEW.journey_id
                    AND state IN ('agreed', 'confirmed', 'travelling')
            ) THEN
                RAISE EXCEPTION 'stop_stands_while_agreed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def stop_fits_its_journey() -> pgtrigger.Trigger:
    """Refuse a stop out of order or season, too short or long, or in a traveller's home.

    Also one with a host that does not take part any more.
    """
    return pgtrigger.Trigger(
        name="stop_fits_its_journey",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[
            ("edition", "record"),
            ("hosting", "integer"),
            ("home", "text"),
            ("stands", "text"),
        ],
        func=f"""
            IF TG_OP = 'INSERT' OR
                (OLD.journey_id, OLD.host_id, OLD.number, OLD.arrive, OLD.leave) <>
                (NEW.journey_id, NEW.host_id, NEW.number, NEW.arrive, NEW.leave)
            THEN
                {LOCK_EDITION}
            END IF;
            PERFORM 1 FROM grandtour_journey WHERE id = NEW.journey_id FOR NO KEY UPDATE;
            SELECT one.* INTO edition FROM grandtour_edition AS one
            JOIN grandtour_journey AS journey ON journey.edition_id = one.id
            WHERE journey.id = NEW.journey_id;
            IF TG_OP = 'INSERT' OR OLD.host_id <> NEW.host_id THEN
                SELECT state INTO stands FROM grandtour_host
                WHERE id = NEW.host_id FOR NO KEY UPDATE;
                IF stands NOT IN ('offered', 'accepted') THEN
                    RAISE EXCEPTION 'stop_with_a_host_that_takes_part'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            SELECT host.edition_id, place.country INTO hosting, home
            FROM grandtour_host AS host
            LEFT JOIN volunteers_place AS place ON place.id = host.place_id
            WHERE host.id = NEW.host_id;
            IF hosting <> edition.id THEN
                RAISE EXCEPTION 'stop_with_a_host_of_the_edition'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.leave - NEW.arrive
                NOT BETWEEN edition.fewest_nights AND edition.most_nights THEN
                RAISE EXCEPTION 'stop_nights_within_the_edition'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.arrive < edition.travel_first_day OR NEW.leave > edition.travel_last_day THEN
                RAISE EXCEPTION 'stop_within_the_days_of_travel'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.number > edition.most_stops THEN
                RAISE EXCEPTION 'stop_within_the_most_stops'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS (
                SELECT 1 FROM grandtour_stop
                WHERE journey_id = NEW.journey_id AND id <> NEW.id AND (
                    (number < NEW.number AND leave > NEW.arrive)
                    OR (number > NEW.number AND arrive < NEW.leave)
                )
            ) THEN
                RAISE EXCEPTION 'stop_in_the_order_of_its_days'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS (
                SELECT 1 FROM grandtour_seat
                WHERE journey_id = NEW.journey_id AND number IS NOT NULL
                    AND country = home AND same_country_because = ''
            ) THEN
                RAISE EXCEPTION 'seat_not_with_a_host_at_home'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- fixed text
    )


# A stop that is moved goes to days its host offers, once nobody can change these any more.
MOVED_WITHIN = """
    IF TG_OP = 'UPDATE' AND (OLD.arrive, OLD.leave) <> (NEW.arrive, NEW.leave) AND NOT EXISTS (
        SELECT 1 FROM grandtour_stay WHERE host_id = NEW.host_id
        HAVING range_agg(period) @> daterange(NEW.arrive, NEW.leave, '[]')
    ) THEN
        RAISE EXCEPTION 'stop_moved_to_days_its_host_offers'
            USING ERRCODE = 'check_violation';
    END IF;
"""


def stop_finds_room() -> pgtrigger.Trigger:
    """Refuse a stop for which the host has no room, or no group left; keep the days in step.

    Also one that is moved to days on which its host takes nobody.
    """
    return pgtrigger.Trigger(
        name="stop_finds_room_with_its_host",
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("journey_id", "host_id", "number", "arrive", "leave"),
        when=pgtrigger.After,
        func=LOCK_HOSTS + HOST_HAS_ROOM.rstrip() + MOVED_WITHIN + ROUTE_CHANGED,
    )


def stop_gone() -> pgtrigger.Trigger:
    """Keep the days of a journey in step when a stop is taken out of it."""
    return pgtrigger.Trigger(
        name="stop_gone_from_its_journey",
        operation=pgtrigger.Delete,
        when=pgtrigger.After,
        func="""
            UPDATE grandtour_journey SET period = NULL WHERE id = OLD.journey_id;
            UPDATE grandtour_seat SET period = NULL WHERE journey_id = OLD.journey_id;
            RETURN NULL;
        """,
    )


def journey_lasts_as_its_stops() -> pgtrigger.Trigger:
    """Let nobody write other days than those of the stops."""
    return pgtrigger.Trigger(
        name="journey_lasts_as_its_stops",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("period"),
        when=pgtrigger.Before,
        func=f"""
            NEW.period := ({PERIOD.format(journey="NEW.id")});
            RETURN NEW;
        """,
    )
