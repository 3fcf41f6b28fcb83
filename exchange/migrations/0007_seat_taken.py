from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_decisions_stay")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="verb",
            field=models.CharField(
                choices=[
                    ("asked", "asked"),
                    ("answered", "answered"),
                    ("seated", "took a seat"),
                    ("proposed", "wrote down what to agree on"),
                    ("confirmed", "confirmed the agreement"),
                    ("agreed", "both agreed"),
                    ("kept", "kept what was agreed"),
                    ("declined", "declined"),
                    ("withdrawn", "withdrew"),
                    ("expired", "expired"),
                    ("happened", "said that it happened"),
                    ("did_not", "said that it did not happen"),
                    ("done", "done"),
                    ("not_done", "did not happen"),
                    ("thanked", "said thanks"),
                    ("wrote_down", "wrote down a practice"),
                    ("closed", "closed"),
                ],
                max_length=10,
            ),
        ),
    ]
