"""Whoever was asked to take on what was over before the database minded is not asked any more.

The reminders tell them so, as they tell everybody whose question goes (`gone_since`).
"""

from django.db import migrations

END_WHAT_IS_OVER = """
WITH gone AS (
    UPDATE exchange_handover AS asked SET state = 'gone', ended_at = now()
    WHERE asked.state = 'offered' AND (
        EXISTS (
            SELECT FROM exchange_exchange AS thing WHERE thing.id = asked.exchange_id
            AND (thing.state <> 'agreed' OR thing.happened_at IS NOT NULL)
        )
        OR EXISTS (
            SELECT FROM volunteers_commitment AS thing WHERE thing.id = asked.commitment_id
            AND thing.state NOT IN ('planned', 'running')
        )
    )
    RETURNING ask_id
)
UPDATE volunteers_ask SET answered_at = now()
WHERE id IN (SELECT ask_id FROM gone) AND answered_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_what_is_over_is_not_handed_over")]

    operations = [migrations.RunSQL(END_WHAT_IS_OVER, migrations.RunSQL.noop)]
