"""Triggers: nothing is confirmed before everybody who has to has agreed, and all is ready."""

import pgtrigger

# The last version of what a traveller and a host expect, and how many sides say yes to it. What
# organisers propose takes its place once both do.
ON_THE_TABLE = """
                    SELECT words.arrive, words.leave, said.yeses
                    FROM grandtour_expectation AS words
                    CROSS JOIN LATERAL (
                        SELECT count(*) AS yeses FROM grandtour_consent
                        WHERE expectation_id = words.id
                    ) AS said
                    WHERE words.seat_id = {seat} AND words.stop_id = {stop}
                        AND (words.side <> '' OR said.yeses = 2)
                    ORDER BY words.version DESC LIMIT 1
"""


def journey_confirmed_with_enough() -> pgtrigger.Trigger:
    """Refuse to confirm a journey before enough of its travellers are confirmed."""
    return pgtrigger.Trigger(
        name="journey_confirmed_with_enough",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="confirmed"),
        func="""
            IF (
                SELECT edition.smallest_group > (
                    SELECT count(*) FROM grandtour_seat
                    WHERE journey_id = NEW.id AND state = 'confirmed'
                )
                FROM grandtour_edition AS edition WHERE edition.id = NEW.edition_id
            ) THEN
                RAISE EXCEPTION 'journey_confirmed_with_enough'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def journey_confirmed_by_its_hosts() -> pgtrigger.Trigger:
    """Refuse to confirm a journey to a host who has not said yes, or has taken it back."""
    return pgtrigger.Trigger(
        name="journey_confirmed_by_its_hosts",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="confirmed"),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_stop
                WHERE journey_id = NEW.id AND accepted_at IS NULL
            ) THEN
                RAISE EXCEPTION 'journey_confirmed_by_its_hosts'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def seat_confirmed_with_its_expectations() -> pgtrigger.Trigger:
    """Refuse to confirm a place before traveller and host agree about each of its stops.

    Where they name days, these are those of the stop.
    """
    return pgtrigger.Trigger(
        name="seat_confirmed_with_its_expectations",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="confirmed"),
        func=f"""
            IF EXISTS (
                SELECT 1 FROM grandtour_stop AS stop
                LEFT JOIN LATERAL ({ON_THE_TABLE.format(seat="NEW.id", stop="stop.id")})
                    AS said ON true
                WHERE stop.journey_id = NEW.journey_id AND NOT COALESCE(
                    said.yeses = 2 AND (
                        said.arrive IS NULL
                        OR (said.arrive, said.leave) = (stop.arrive, stop.leave)
                    ), false
                )
            ) THEN
                RAISE EXCEPTION 'seat_confirmed_with_its_expectations'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- fixed text
    )


def stop_moved_as_agreed() -> pgtrigger.Trigger:
    """Refuse other days for a stop before all who said yes to it have agreed on these.

    Its name lets it come after `stop_fits_its_journey`, which locks the journey.
    """
    return pgtrigger.Trigger(
        name="stop_moved_as_agreed",
        operation=pgtrigger.UpdateOf("arrive", "leave"),
        when=pgtrigger.Before,
        func=f"""
            IF (OLD.arrive, OLD.leave) = (NEW.arrive, NEW.leave) THEN
                RETURN NEW;
            END IF;
            PERFORM 1 FROM grandtour_seat WHERE journey_id = NEW.journey_id
            ORDER BY id FOR NO KEY UPDATE;
            IF EXISTS (
                SELECT 1 FROM grandtour_seat AS seat
                LEFT JOIN LATERAL ({ON_THE_TABLE.format(seat="seat.id", stop="NEW.id")})
                    AS said ON true
                WHERE seat.journey_id = NEW.journey_id
                    AND seat.state IN ('accepted', 'agreed', 'confirmed', 'travelling')
                    AND NOT COALESCE(
                        said.yeses = 2
                        AND (said.arrive, said.leave) = (NEW.arrive, NEW.leave), false
                    )
            ) THEN
                RAISE EXCEPTION 'stop_moved_as_agreed'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 -- fixed text
    )


def seat_confirmed_with_its_trainings() -> pgtrigger.Trigger:
    """Refuse to confirm a place before its traveller has passed what the edition asks.

    It has to hold until the last day of the journey.
    """
    return pgtrigger.Trigger(
        name="seat_confirmed_with_its_trainings",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="confirmed"),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_journey AS journey
                JOIN grandtour_requiredtraining AS asked
                    ON asked.edition_id = journey.edition_id AND asked.side = 'traveller'
                JOIN grandtour_application AS application ON application.id = NEW.application_id
                WHERE journey.id = NEW.journey_id AND NOT EXISTS (
                    SELECT 1 FROM grandtour_completion AS passed
                    JOIN grandtour_trainingversion AS version ON version.id = passed.version_id
                    WHERE passed.person_id = application.person_id
                        AND version.training_id = asked.training_id
                        AND passed.last_day >= COALESCE(upper(journey.period) - 1, current_date)
                )
            ) THEN
                RAISE EXCEPTION 'seat_confirmed_with_its_trainings'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def expectation_of_a_stop_on_the_way() -> pgtrigger.Trigger:
    """Refuse words about a stop of another journey; let the place wait for what is written."""
    return pgtrigger.Trigger(
        name="expectation_of_a_stop_on_the_way",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("route", "bigint")],
        func="""
            SELECT journey_id INTO route FROM grandtour_seat
            WHERE id = NEW.seat_id FOR NO KEY UPDATE;
            IF route IS DISTINCT FROM (
                SELECT journey_id FROM grandtour_stop WHERE id = NEW.stop_id
            ) THEN
                RAISE EXCEPTION 'expectation_of_a_stop_on_the_way'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def consent_to_what_is_complete() -> pgtrigger.Trigger:
    """Refuse a second yes to words of which a part is still missing."""
    return pgtrigger.Trigger(
        name="consent_to_what_is_complete",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_expectation
                WHERE id = NEW.expectation_id AND side <> NEW.side
                    AND (goals = '' OR programme = '' OR afterwards = '')
            ) THEN
                RAISE EXCEPTION 'consent_to_what_is_complete'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
