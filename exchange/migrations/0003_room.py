"""Room is what the gate says: it is noted by the gate alone, and doubted wherever it may change.

No rest is read here any more: the day of UTC is not the day where somebody lives, and load was
never known here. Triggers on all that the gate reads of a person leave a doubt in the transaction
of the change; lists ask the gate anew about whoever is in doubt.

What invites answers, a request or a training, says nothing of its author's room: beside the word
about the person it told whether they rest or are full.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from exchange.migrations._facets import BY_REST, BY_THE_GATE, facets

READ = ('bandwidth', 'rest', 'commitment', 'ask')
ROWS = {
    'insert': ('NEW TABLE AS here', 'SELECT person_id FROM here'),
    'update': (
        'OLD TABLE AS gone NEW TABLE AS here',
        'SELECT person_id FROM gone UNION SELECT person_id FROM here',
    ),
    'delete': ('OLD TABLE AS gone', 'SELECT person_id FROM gone'),
}
ALL = [(table, change) for table in READ for change in ROWS]
DOUBT = [
    f"""
CREATE FUNCTION exchange_doubt_{change}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange_doubt (person_id) SELECT DISTINCT person_id FROM ({people}) AS people;
    RETURN NULL;
END $$;
"""
    for change, (_tables, people) in ROWS.items()
] + [
    f"""
CREATE TRIGGER exchange_{table}_{change}_changes_room AFTER {change} ON volunteers_{table}
REFERENCING {ROWS[change][0]} FOR EACH STATEMENT EXECUTE FUNCTION exchange_doubt_{change}();
"""
    for table, change in ALL
] + ["""
CREATE FUNCTION exchange_doubt_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange_doubt (person_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_doubt_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exchange_doubt (person_id) VALUES (NEW.author_id);
    RETURN NULL;
END $$;

CREATE TRIGGER exchange_person_changes_room AFTER UPDATE ON volunteers_person FOR EACH ROW
WHEN ((OLD.visibility, OLD.hidden_at, OLD.is_active, OLD.may_be_asked, OLD.open_asks, OLD.time_zone)
    IS DISTINCT FROM
    (NEW.visibility, NEW.hidden_at, NEW.is_active, NEW.may_be_asked, NEW.open_asks, NEW.time_zone))
EXECUTE FUNCTION exchange_doubt_person();

CREATE TRIGGER exchange_new_is_not_noted AFTER INSERT ON exchange_searchdocument FOR EACH ROW
EXECUTE FUNCTION exchange_doubt_author();

CREATE TRIGGER exchange_another_author_is_not_noted
AFTER UPDATE OF author_id ON exchange_searchdocument FOR EACH ROW
WHEN (OLD.author_id IS DISTINCT FROM NEW.author_id)
EXECUTE FUNCTION exchange_doubt_author();

-- Nobody has been noted by these rules, and what had no room may have some by them.
SELECT exchange_refresh(array_agg(listing_id)) FROM exchange_searchdocument WHERE NOT room;
INSERT INTO exchange_doubt (person_id) SELECT DISTINCT author_id FROM exchange_searchdocument;
"""]
UNDO = ''.join(
    f'DROP TRIGGER exchange_{table}_{change}_changes_room ON volunteers_{table};'
    for table, change in ALL
) + """
DROP TRIGGER exchange_person_changes_room ON volunteers_person;
DROP TRIGGER exchange_new_is_not_noted ON exchange_searchdocument;
DROP TRIGGER exchange_another_author_is_not_noted ON exchange_searchdocument;
DROP FUNCTION exchange_doubt_insert, exchange_doubt_update, exchange_doubt_delete,
    exchange_doubt_person, exchange_doubt_author;
"""


class Migration(migrations.Migration):

    replaces = [
        ('exchange', '0003_room_is_the_gates_word'),
        ('exchange', '0004_what_invites_says_nothing_of_room'),
    ]
    dependencies = [
        ('exchange', '0002_search'),
        ('volunteers', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(db_index=True, help_text='Empty: at once.', null=True)),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RemoveIndex(model_name='searchdocument', name='document_without_room'),
        migrations.RunSQL(facets(BY_THE_GATE), facets(BY_REST)),
        migrations.RunSQL(''.join(DOUBT), UNDO),
    ]
