"""Whoever is asked to take something on is not asked any more once it is over.

The database does it itself, as things end in places that know nothing of hand-overs: somebody
puts down what they noted, a file says that it is done, an exchange is let go of.
"""

from django.db import migrations, models

STATES = [
    ("offered", "Asked"),
    ("waiting", "Waits for who is helped"),
    ("taken", "Taken over"),
    ("kept", "Stays as it was"),
    ("declined", "Declined"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
    ("gone", "No longer needed"),
]


def follows(thing: str, table: str, ends: str) -> str:
    """Write the trigger that lets the question go when a thing ends."""
    return f"""
CREATE FUNCTION exchange_{thing}_is_over_for_its_taker() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (
        UPDATE exchange_handover SET state = 'gone', ended_at = now()
        WHERE {thing}_id = NEW.id AND state = 'offered'
        RETURNING ask_id
    )
    UPDATE volunteers_ask SET answered_at = now()
    WHERE id IN (SELECT ask_id FROM gone) AND answered_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER exchange_{thing}_is_over_for_its_taker
AFTER UPDATE ON {table} FOR EACH ROW WHEN ({ends})
EXECUTE FUNCTION exchange_{thing}_is_over_for_its_taker();
"""


EXCHANGE_ENDS = """
    OLD.state = 'agreed' AND OLD.happened_at IS NULL
    AND (NEW.state <> 'agreed' OR NEW.happened_at IS NOT NULL)
"""
COMMITMENT_ENDS = """
    OLD.state IN ('planned', 'running') AND NEW.state NOT IN ('planned', 'running')
"""
UNDO = """
DROP TRIGGER exchange_commitment_is_over_for_its_taker ON volunteers_commitment;
DROP TRIGGER exchange_exchange_is_over_for_its_taker ON exchange_exchange;
DROP FUNCTION exchange_commitment_is_over_for_its_taker, exchange_exchange_is_over_for_its_taker;
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_invitations"), ("volunteers", "0004_given_shown")]

    operations = [
        migrations.AlterField(
            model_name="handover",
            name="state",
            field=models.CharField(choices=STATES, default="offered", max_length=9),
        ),
        migrations.RunSQL(
            follows("exchange", "exchange_exchange", EXCHANGE_ENDS)
            + follows("commitment", "volunteers_commitment", COMMITMENT_ENDS),
            UNDO,
        ),
    ]
