"""Room is what the gate says: it is noted by the gate alone, and doubted wherever it may change.

No rest is read here any more: the day of UTC is not the day where somebody lives, and load was
never known here. Triggers on all that the gate reads of a person leave a doubt in the transaction
of the change; lists ask the gate anew about whoever is in doubt.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FACETS = """
CREATE OR REPLACE FUNCTION exchange_facets(
    wanted bigint,
    OUT facets tsvector, OUT marks tsvector, OUT room boolean, OUT seats_left integer
) LANGUAGE sql STABLE AS $$
    SELECT
        array_to_tsvector(array_remove(ARRAY[
            '/kind=' || l.kind,
            '/of=' || l.of,
            '/resource=' || NULLIF(l.resource, ''),
            '/language=' || l.language,
            CASE WHEN l.mode <> 'on_site' THEN '/mode=remote' END,
            CASE WHEN l.mode <> 'remote' THEN '/mode=on_site' END,
            CASE WHEN l.affiliate_id IS NULL THEN '/by=person' ELSE '/by=affiliate' END,
            CASE WHEN r.room THEN '/room=yes' END,
            CASE WHEN l.amount > 0 OR EXISTS (
                SELECT FROM exchange_budgetline b WHERE b.listing_id = l.id
            ) THEN '/funded=yes' END
        ], NULL)
        || ARRAY(
            SELECT '/country=' || country FROM (
                SELECT unnest(l.countries)
                UNION
                SELECT p.country FROM volunteers_place p
                WHERE p.id = l.place_id AND l.countries <> '{{}}'
                UNION
                SELECT '*' WHERE l.countries = '{{}}'
            ) AS c(country)
        )
        || ARRAY(
            SELECT DISTINCT '/skill=' || above.slug
            FROM exchange_listing_skills t
            JOIN volunteers_skill s ON s.id = t.skill_id
            JOIN volunteers_skill above ON above.id = ANY(s.path)
            WHERE t.listing_id = l.id
        )),
        array_to_tsvector(array_remove(ARRAY[
            CASE WHEN a.is_active AND a.hidden_at IS NULL AND a.visibility <> 'hidden'
                AND NOT EXISTS (
                    SELECT FROM volunteers_rest WHERE person_id = a.id AND alone
                    AND COALESCE(upper(period) > over_everywhere, TRUE)
                )
                THEN '/see=' || a.visibility END,
            '/author=' || a.id,
            '/week=' || to_char(h.at, 'IYYY-IW'),
            '/month=' || to_char(h.at, 'YYYY-MM'),
            '/quarter=' || to_char(h.at, 'YYYY-Q'),
            '/year=' || to_char(h.at, 'YYYY'),
            '/of4=' || (h.sum & 3),
            '/of16=' || (h.sum & 15),
            '/of64=' || (h.sum & 63),
            '/of256=' || (h.sum & 255),
            '/of1024=' || (h.sum & 1023)
        ], NULL)),
        r.room,
        r.seats_left
    FROM exchange_listing l
    JOIN volunteers_person a ON a.id = l.author_id
    CROSS JOIN LATERAL (
        SELECT l.published_at AT TIME ZONE 'UTC', hashint8extended(l.id, 0),
            (now() AT TIME ZONE 'UTC' - interval '12 hours')::date
    ) AS h(at, sum, over_everywhere)
    CROSS JOIN LATERAL (
        SELECT l.seats - (
            SELECT count(*)::integer FROM exchange_exchange e
            WHERE e.listing_id = l.id AND e.place IS NOT NULL
        )
    ) AS s(seats_left)
    CROSS JOIN LATERAL (
        SELECT a.may_be_asked
            AND COALESCE(s.seats_left > 0, TRUE)
            {rests}
            AND NOT EXISTS (
                SELECT FROM exchange_searchdocument d WHERE d.listing_id = l.id AND d.busy
            ),
            s.seats_left
    ) AS r(room, seats_left)
    WHERE l.id = wanted
$$;
"""
RESTS = """AND NOT EXISTS (
                SELECT FROM volunteers_rest
                WHERE person_id = a.id AND period @> (now() AT TIME ZONE 'UTC')::date
            )"""
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
CREATE TRIGGER exchange_{table}_changes_room AFTER {change} ON volunteers_{table}
REFERENCING {ROWS[change][0]} FOR EACH STATEMENT EXECUTE FUNCTION exchange_doubt_{change}();
""".replace(f'exchange_{table}_changes_room', f'exchange_{table}_{change}_changes_room')
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

-- Nobody has been noted by these rules.
INSERT INTO exchange_doubt (person_id) SELECT DISTINCT author_id FROM exchange_searchdocument;
"""]
UNDO = ''.join(
    f'DROP TRIGGER exchange_{table}_{change}_changes_room ON volunteers_{table};'
    for table, change in ALL
) + """
DROP TRIGGER exchange_person_changes_room ON volunteers_person;
DROP TRIGGER exchange_new_is_not_noted ON exchange_searchdocument;
DROP FUNCTION exchange_doubt_insert, exchange_doubt_update, exchange_doubt_delete,
    exchange_doubt_person, exchange_doubt_author;
"""


class Migration(migrations.Migration):

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
        migrations.RunSQL(FACETS.format(rests=''), FACETS.format(rests=RESTS)),
        migrations.RunSQL(''.join(DOUBT), UNDO),
    ]
