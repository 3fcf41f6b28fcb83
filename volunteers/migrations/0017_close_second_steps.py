"""Close the secrets of second steps that were written before they were closed."""

from allauth.mfa.adapter import get_adapter
from django.db import migrations

CLOSED = "gAAAA"  # how everything begins that the site's key has closed


def close(apps, _editor):
    """Close what stands open; what is closed already stays."""
    rows = apps.get_model("mfa", "Authenticator").objects.select_for_update()
    for row in rows.filter(type__in=["totp", "recovery_codes"]):
        for name in {"secret", "seed"} & set(row.data):
            if not row.data[name].startswith(CLOSED):
                row.data[name] = get_adapter().encrypt(row.data[name])
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Run once: from here on everything is written closed."""

    dependencies = [
        ("volunteers", "0016_codes_go_first"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
