"""Triggers: who answers questions instead of writing a letter answers all of them."""

import pgtrigger


def application_sent_with_all_answers() -> pgtrigger.Trigger:
    """Let nobody send answers instead of a letter where one is missing, or none was asked."""
    return pgtrigger.Trigger(
        name="application_sent_with_all_answers",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="submitted", new__way="questions"),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM grandtour_question q WHERE q.edition_id = NEW.edition_id
            ) OR EXISTS (
                SELECT 1 FROM grandtour_question q
                WHERE q.edition_id = NEW.edition_id AND NOT EXISTS (
                    SELECT 1 FROM grandtour_answer a
                    WHERE a.question_id = q.id AND a.application_id = NEW.id
                )
            ) THEN
                RAISE EXCEPTION 'application_sent_with_all_answers'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
