from django.db import migrations, models

# Who has a list for a journey whose days of it are still to come has the new things on it, too.
FOLLOWING = """
    INSERT INTO grandtour_checklistitem (seat_id, what, due)
    SELECT item.seat_id, added.what, item.due
    FROM grandtour_checklistitem AS item
    JOIN (VALUES ('report', 'receipts'), ('sharing', 'practice'), ('sharing', 'offer'))
        AS added (beside, what) ON added.beside = item.what
    WHERE item.due >= CURRENT_DATE
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grandtour', '0009_days_of_a_journey_count_in_the_end'),
    ]

    operations = [
        migrations.AlterField(
            model_name='checklistitem',
            name='what',
            field=models.CharField(choices=[('papers', 'Passport, and a visa if you need one'), ('insurance', 'Insurance for the journey'), ('booking', 'Tickets and beds'), ('arrival', 'Your hosts know when you arrive'), ('notes', 'A short note about each stop'), ('report', 'Your report'), ('receipts', 'What you paid, with receipts'), ('sharing', 'Share it at home'), ('practice', 'A practice: what was tried, and what worked'), ('offer', 'An offer of what you learnt')], max_length=9, verbose_name='what'),
        ),
        migrations.RunSQL(FOLLOWING, migrations.RunSQL.noop),
    ]
