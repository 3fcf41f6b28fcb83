"""What PostgreSQL checks of money across rows: each rule is a trigger with its own name.

Each locks what it counts against first: a cost its line, a line its fund; so twenty who commit
the last hundred at once wait for each other, and one goes through.
"""

import pgtrigger

OVER_LINE = """
    IF (
        SELECT sum(amount) FROM grandtour_cost
        WHERE line_id = NEW.{line} AND state <> 'refused'
    ) > {granted} THEN
        RAISE EXCEPTION 'budget_line_not_exceeded' USING ERRCODE = 'check_violation';
    END IF;
"""
OVER_FUND = """
    IF (
        SELECT sum(granted) FROM grandtour_budgetline WHERE fund_id = NEW.{fund}
    ) > {most} THEN
        RAISE EXCEPTION 'budget_lines_within_their_fund' USING ERRCODE = 'check_violation';
    END IF;
"""


def cost_within_its_line() -> pgtrigger.Trigger:
    """Refuse what a line has no money left for, or holds in another currency or edition."""
    return pgtrigger.Trigger(
        name="cost_within_its_line",
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("state", "line_id", "amount", "currency", "edition_id"),
        when=pgtrigger.After,
        condition=pgtrigger.Q(new__line__isnull=False),
        declare=[("held", "record")],
        func=f"""
            SELECT line.granted, fund.currency, fund.edition_id INTO held
            FROM grandtour_budgetline AS line
            JOIN grandtour_fund AS fund ON fund.id = line.fund_id
            WHERE line.id = NEW.line_id FOR NO KEY UPDATE OF line;
            IF NEW.currency <> held.currency THEN
                RAISE EXCEPTION 'cost_in_the_currency_of_its_fund'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.edition_id <> held.edition_id THEN
                RAISE EXCEPTION 'cost_in_the_edition_of_its_fund'
                    USING ERRCODE = 'check_violation';
            END IF;
            {OVER_LINE.format(line="line_id", granted="held.granted")}
            RETURN NULL;
        """,  # noqa: S608 -- our own words
    )


def cost_in_the_edition_of_its_seat() -> pgtrigger.Trigger:
    """Copy the edition of whose cost it is."""
    return pgtrigger.Trigger(
        name="cost_in_the_edition_of_its_seat",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("seat_id", "edition_id"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__seat__isnull=False),
        func="""
            SELECT edition_id INTO NEW.edition_id FROM grandtour_seat WHERE id = NEW.seat_id;
            RETURN NEW;
        """,
    )


def cost_decided_by_somebody_else() -> pgtrigger.Trigger:
    """Let nobody decide about their own money, nor say that it was paid."""
    return pgtrigger.Trigger(
        name="cost_decided_by_somebody_else",
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("seat_id", "decided_by_id", "paid_by_id"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__seat__isnull=False),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_seat WHERE id = NEW.seat_id
                    AND person_id IN (NEW.decided_by_id, NEW.paid_by_id)
            ) THEN
                RAISE EXCEPTION 'cost_decided_by_somebody_else'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def seat_confirmed_with_its_money() -> pgtrigger.Trigger:
    """Refuse to confirm a place before what is promised to each traveller is set aside.

    Somebody who was told in words that a line has none for them needs none of that line.
    """
    return pgtrigger.Trigger(
        name="seat_confirmed_with_its_money",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="confirmed"),
        func="""
            IF EXISTS (
                SELECT 1 FROM grandtour_journey AS journey
                JOIN grandtour_fund AS fund ON fund.edition_id = journey.edition_id
                JOIN grandtour_budgetline AS line ON line.fund_id = fund.id
                WHERE journey.id = NEW.journey_id AND line.stipend > 0 AND NOT EXISTS (
                    SELECT 1 FROM grandtour_cost WHERE seat_id = NEW.id
                        AND kind = 'stipend' AND line_id = line.id
                )
            ) THEN
                RAISE EXCEPTION 'seat_confirmed_with_its_money'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def cost_paid_stays() -> pgtrigger.Trigger:
    """Let nobody change the figures of what was paid; its words may be let go of."""
    return pgtrigger.Trigger(
        name="cost_paid_stays",
        operation=pgtrigger.Delete
        | pgtrigger.UpdateOf(
            *("state", "line_id", "seat_id", "edition_id", "amount", "currency", "day"),
            *("kind", "paid_at", "paid_by_id", "decided_at", "decided_by_id"),
        ),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__state="paid"),
        func="RAISE EXCEPTION 'cost_paid_stays' USING ERRCODE = 'check_violation';",
    )


def line_within_its_fund() -> pgtrigger.Trigger:
    """Refuse to grant more than the fund has, or less than is promised already."""
    return pgtrigger.Trigger(
        name="budget_line_within_its_fund",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("granted", "fund_id"),
        when=pgtrigger.After,
        declare=[("most", "bigint")],
        func=f"""
            SELECT amount INTO most FROM grandtour_fund
            WHERE id = NEW.fund_id FOR NO KEY UPDATE;
            {OVER_FUND.format(fund="fund_id", most="most")}
            IF TG_OP = 'UPDATE' AND OLD.fund_id <> NEW.fund_id THEN
                RAISE EXCEPTION 'budget_line_stays_in_its_fund'
                    USING ERRCODE = 'check_violation';
            END IF;
            {OVER_LINE.format(line="id", granted="NEW.granted")}
            RETURN NULL;
        """,  # noqa: S608 -- our own words
    )


def fund_holds_its_lines() -> pgtrigger.Trigger:
    """Refuse to make a fund smaller than its lines; its currency stands once it has some."""
    return pgtrigger.Trigger(
        name="fund_holds_its_lines",
        operation=pgtrigger.UpdateOf("amount", "currency", "edition_id"),
        when=pgtrigger.After,
        func=f"""
            {OVER_FUND.format(fund="id", most="NEW.amount")}
            IF (OLD.currency <> NEW.currency OR OLD.edition_id <> NEW.edition_id)
                AND EXISTS (SELECT 1 FROM grandtour_budgetline WHERE fund_id = NEW.id)
            THEN
                RAISE EXCEPTION 'fund_keeps_its_currency' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 -- our own words
    )
