from django.db import migrations

FILL = """
    UPDATE volunteers_person p SET last_asked_at = a.last
    FROM (SELECT person_id, max(asked_at) AS last FROM volunteers_ask GROUP BY person_id) a
    WHERE a.person_id = p.id
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0005_checks_and_last_asked")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
