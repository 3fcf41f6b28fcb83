"""Write down who gave their name half a year later: of hosts, where only one has answered."""

from django.db import migrations

TRAVELLERS = """
    UPDATE grandtour_lookbackanswer AS answer SET person_id = seat.person_id
    FROM grandtour_seat AS seat WHERE seat.id = answer.seat_id
"""
HOSTS = """
    UPDATE grandtour_lookbackanswer AS answer SET person_id = asked.person_id
    FROM grandtour_lookback AS asked
    WHERE asked.stop_id = answer.stop_id AND asked.state = 'answered' AND 1 = (
        SELECT count(*) FROM grandtour_lookback
        WHERE stop_id = answer.stop_id AND state = 'answered'
    )
"""


class Migration(migrations.Migration):
    dependencies = [("grandtour", "0012_places_that_come_free")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TRAVELLERS, HOSTS)]
