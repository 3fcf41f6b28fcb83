"""What invites answers, a request or a training, says nothing of its author's room.

Beside the word about the person it told whether they rest or are full. What the gate said is
noted about the author alone, so only another author makes it doubtful.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module('exchange.migrations.0003_room_is_the_gates_word').FACETS.format(rests='')
BUSY = """NOT EXISTS (
                SELECT FROM exchange_searchdocument d WHERE d.listing_id = l.id AND d.busy
            )"""
AFTER = BEFORE.replace(
    'SELECT a.may_be_asked\n            AND COALESCE', 'SELECT COALESCE'
).replace(BUSY, f"(l.kind <> 'offer' OR l.of = 'training' OR a.may_be_asked AND {BUSY})")
DOUBT = """
CREATE TRIGGER exchange_another_author_is_not_noted
AFTER UPDATE OF author_id ON exchange_searchdocument FOR EACH ROW
WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
EXECUTE FUNCTION exchange_doubt_author();
"""
# What was noted of them by the rules of before.
AGAIN = """
SELECT exchange_refresh(array_agg(listing_id)) FROM exchange_searchdocument WHERE NOT room;
INSERT INTO exchange_doubt (person_id)
SELECT DISTINCT author_id FROM exchange_listing
WHERE (kind <> 'offer' OR of = 'training') AND state = 'open';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0003_room_is_the_gates_word'),
    ]

    operations = [
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(
            DOUBT, 'DROP TRIGGER exchange_another_author_is_not_noted ON exchange_searchdocument;'
        ),
        migrations.RunSQL(AGAIN, AGAIN),
    ]
