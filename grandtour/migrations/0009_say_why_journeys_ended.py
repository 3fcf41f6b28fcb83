from django.db import migrations

# What was written as a code or in English becomes a reason that each reads in their language.
FORWARDS = """
    UPDATE grandtour_journey SET ended_for = 'plan', ended_because = ''
    WHERE ended_because = 'Another plan was accepted.';
    UPDATE grandtour_journey SET ended_for = ended_because, ended_because = ''
    WHERE ended_because IN (
        'dates', 'route', 'health', 'papers', 'force_majeure', 'host', 'organisers', 'silence',
        'other'
    );
"""


class Migration(migrations.Migration):
    """Turns codes and English sentences into reasons."""

    dependencies = [("grandtour", "0008_what_stands_keeps_its_limits")]
    operations = [migrations.RunSQL(FORWARDS, migrations.RunSQL.noop)]
