"""Nobody deletes what was agreed on, nor changes its sums."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("exchange", "0011_practices_found_by_their_words"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="agreement",
            name="agreement_words_stay",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(name='agreement_words_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d6038a2bcb1094824b9344d53e8e376d4da0e861', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_words_stay_fac02', table='exchange_agreement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreementline",
            trigger=pgtrigger.compiler.Trigger(name='agreement_sums_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbc54b76cb4962c93a7b707ed2175c2c38a50050', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_sums_stay_e2bec', table='exchange_agreementline', when='BEFORE')),
        ),
    ]
