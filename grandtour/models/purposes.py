"""Purposes: in which parts people travel. Each edition has its own; rules are alike for all."""

import pgtrigger
from django.utils.translation import gettext_noop

MOST_PURPOSES = 12
LONGEST_PURPOSE = 60

# What an edition begins with; these words are translated where they are shown.
USUAL = (
    gettext_noop("I write or edit"),
    gettext_noop("I organise"),
    gettext_noop("I am on a board"),
    gettext_noop("I work for an affiliate"),
    gettext_noop("I do research"),
    gettext_noop("Something else"),
)


def usual_purposes() -> list[str]:
    """Give what an edition begins with."""
    return [*USUAL]


def application_purpose_of_its_edition() -> pgtrigger.Trigger:
    """Refuse a purpose that the edition does not have."""
    return pgtrigger.Trigger(
        name="application_purpose_of_its_edition",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("purpose", "edition_id"),
        when=pgtrigger.Before,
        condition=~pgtrigger.Q(new__purpose=""),
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM grandtour_edition
                WHERE id = NEW.edition_id AND NEW.purpose = ANY(purposes)
            ) THEN
                RAISE EXCEPTION 'application_purpose_of_its_edition'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def edition_purposes_stand_once_announced() -> pgtrigger.Trigger:
    """Refuse other purposes from the day on which people can choose one."""
    return pgtrigger.Trigger(
        name="edition_purposes_stand_once_announced",
        operation=pgtrigger.UpdateOf("purposes"),
        when=pgtrigger.Before,
        condition=~pgtrigger.Q(old__state="planned")
        & pgtrigger.Q(old__purposes__df=pgtrigger.F("new__purposes")),
        func="""
            RAISE EXCEPTION 'edition_purposes_stand_once_announced'
                USING ERRCODE = 'check_violation';
        """,
    )
