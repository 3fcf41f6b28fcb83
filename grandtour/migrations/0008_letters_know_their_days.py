from django.db import migrations

# Letters before a journey are known by its first day too: those that were written stay written.
TRAVELLERS = """
    UPDATE volunteers_notice AS letter
    SET key = letter.key || ':' || to_char(lower(seat.period), 'YYYY-MM-DD')
    FROM grandtour_seat AS seat
    WHERE letter.key LIKE 'journey-soon:%' AND split_part(letter.key, ':', 4) = ''
        AND split_part(letter.key, ':', 2) = seat.id::text AND NOT isempty(seat.period)
"""
HOSTS = """
    UPDATE volunteers_notice AS letter
    SET key = letter.key || ':' || to_char(stop.arrive, 'YYYY-MM-DD')
    FROM grandtour_stop AS stop
    WHERE letter.key LIKE 'guests-soon:%' AND split_part(letter.key, ':', 5) = ''
        AND split_part(letter.key, ':', 2) = stop.id::text
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grandtour', '0007_days_that_were_agreed_on'),
        ('volunteers', '0003_commitments_done'),
    ]

    operations = [
        migrations.RunSQL([TRAVELLERS, HOSTS], migrations.RunSQL.noop),
    ]
