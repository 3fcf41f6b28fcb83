"""Name the run in the keys of what people have taken on by teaching."""

from django.db import migrations

NAME_IT = """
SET LOCAL lock_timeout = '5s';
UPDATE volunteers_commitment SET key = key || ':1'
WHERE source = 'exchange' AND key ~ '^listing:[0-9]+$';
"""
FORGET_IT = """
SET LOCAL lock_timeout = '5s';
UPDATE volunteers_commitment SET key = regexp_replace(key, ':1$', '')
WHERE source = 'exchange' AND key ~ '^listing:[0-9]+:1$';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0009_runs_undo_and_divided_hand_overs"),
        ("volunteers", "0013_ask_stays_between_the_two"),
    ]

    operations = [migrations.RunSQL(NAME_IT, FORGET_IT)]
