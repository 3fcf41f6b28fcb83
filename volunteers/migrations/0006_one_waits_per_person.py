"""For one person one waits for one thing: of what somebody began before, the newest stays."""

from django.db import migrations, models

END_THE_OLDER = """
UPDATE volunteers_watch AS older SET told_at = now()
WHERE told_at IS NULL AND EXISTS (
    SELECT FROM volunteers_watch AS newer
    WHERE newer.watcher_id = older.watcher_id AND newer.person_id = older.person_id
    AND newer.told_at IS NULL
    AND (newer.begun_at, newer.id) > (older.begun_at, older.id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0005_answers_that_were_invited")]

    operations = [
        migrations.RemoveConstraint("watch", "watch_one_waits_per_wish"),
        migrations.RunSQL(END_THE_OLDER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "watch",
            models.UniqueConstraint(
                name="watch_one_waits_per_person",
                fields=["watcher", "person"],
                condition=models.Q(told_at=None),
            ),
        ),
    ]
