"""What refers to people, and what the database refuses."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('exchange', '0001_initial'),
        ('volunteers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='agreement',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='agreementline',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='exchange.agreement'),
        ),
        migrations.AddField(
            model_name='decision',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='event',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='ask',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.ask'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='counterpart',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answered'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='counterpart_affiliate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.affiliate'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='provider',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who helps'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is helped'),
        ),
        migrations.AddField(
            model_name='event',
            name='exchange',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='exchange.exchange'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='exchange',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='exchange.exchange'),
        ),
        migrations.AddField(
            model_name='followup',
            name='exchange',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='exchange.exchange'),
        ),
        migrations.AddField(
            model_name='followup',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='listing',
            name='affiliate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='volunteers.affiliate', verbose_name='on behalf of'),
        ),
        migrations.AddField(
            model_name='listing',
            name='author',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='listing',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='volunteers.place', verbose_name='city'),
        ),
        migrations.AddField(
            model_name='listing',
            name='skills',
            field=models.ManyToManyField(blank=True, related_name='listings', to='volunteers.skill', verbose_name='skills'),
        ),
        migrations.AddField(
            model_name='exchange',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='exchange.listing', verbose_name='listing'),
        ),
        migrations.AddField(
            model_name='budgetline',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget', to='exchange.listing'),
        ),
        migrations.AddField(
            model_name='message',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='message',
            name='exchange',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='exchange.exchange'),
        ),
        migrations.AddField(
            model_name='practice',
            name='affiliate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practices', to='volunteers.affiliate', verbose_name='on behalf of'),
        ),
        migrations.AddField(
            model_name='practice',
            name='author',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='practices', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='practice',
            name='exchange',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='practices', to='exchange.exchange'),
        ),
        migrations.AddField(
            model_name='practice',
            name='skills',
            field=models.ManyToManyField(blank=True, related_name='practices', to='volunteers.skill', verbose_name='skills'),
        ),
        migrations.AddField(
            model_name='artefact',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='artefacts', to='exchange.practice'),
        ),
        migrations.AddField(
            model_name='report',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='listing',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.listing'),
        ),
        migrations.AddField(
            model_name='report',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.message'),
        ),
        migrations.AddField(
            model_name='report',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='report',
            name='practice',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.practice'),
        ),
        migrations.AddField(
            model_name='report',
            name='reporter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who reported it'),
        ),
        migrations.AddField(
            model_name='decision',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='exchange.report'),
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='author',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='searchdocument',
            name='listing',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='document', to='exchange.listing'),
        ),
        migrations.AddField(
            model_name='skillword',
            name='label',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.skilllabel'),
        ),
        migrations.AddField(
            model_name='skillword',
            name='skill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.skill'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=models.Index(django.db.models.functions.text.Left('word', 1), django.db.models.functions.text.Length('word'), models.F('word'), name='word_alike'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', 'gin_trgm_ops'), name='word_trigrams'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementline',
            trigger=pgtrigger.compiler.Trigger(name='agreement_sums_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbc54b76cb4962c93a7b707ed2175c2c38a50050', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_sums_stay_e2bec', table='exchange_agreementline', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['exchange', 'at', 'id'], name='event_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b245485dd3d688234021a6651733411de99bf54', operation='UPDATE OR DELETE', pgid='pgtrigger_event_stays_c9b2c', table='exchange_event', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('exchange', 'version'), name='agreement_numbered'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='agreement_days_in_order', violation_error_message='The first day must not be after the last.'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), name='agreement_hours_not_negative', violation_error_message='Hours cannot be less than 0.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='agreement_words_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d6038a2bcb1094824b9344d53e8e376d4da0e861', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_words_stay_fac02', table='exchange_agreement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.UniqueConstraint(fields=('exchange', 'person'), name='follow_up_once'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('paid', None), models.Q(('currency', ''), _negated=True), _connector='OR'), name='follow_up_paid_in_a_currency', violation_error_message='Say in which currency.'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), 'gin_trgm_ops'), name='listing_title_trigrams'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['author', 'state'], name='listing_by_author'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['confirmed_at'], name='listing_open_by_age'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['-published_at', '-id'], name='listing_newest'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day')), ('first_day', None), ('last_day', None), _connector='OR'), name='listing_days_in_order', violation_error_code='days_in_order', violation_error_message='The first day must not be after the last.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('of', 'resource'), models.Q(('resource', ''), _negated=True)), models.Q(models.Q(('of', 'resource'), _negated=True), ('resource', '')), _connector='OR'), name='listing_resource_has_a_kind', violation_error_code='resource_has_a_kind', violation_error_message='Say which kind of resource it is.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resource', 'funding'), _negated=True), ('state', 'draft'), models.Q(('amount__gt', 0), ('amount__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='listing_funding_has_amount_and_currency', violation_error_code='funding_has_amount', violation_error_message='Funding needs an amount and a currency.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('of', 'training'), _negated=True), models.Q(('kind', 'offer'), _negated=True), ('state', 'draft'), models.Q(('first_day__isnull', False), ('last_day__isnull', False), ('seats__gte', 1), ('seats__isnull', False)), _connector='OR'), name='listing_training_has_days_and_seats', violation_error_code='training_has_days_and_seats', violation_error_message='A training needs its days and its number of seats.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(models.Q(('title', ''), _negated=True), models.Q(('body', ''), _negated=True), models.Q(('language', ''), _negated=True)), _connector='OR'), name='listing_open_has_words', violation_error_code='open_has_words', violation_error_message='It needs a title, a description and a language.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('confirmed_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='listing_published_unless_draft'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), models.Q(('preparation_hours', None), ('preparation_hours__gte', 0), _connector='OR')), name='listing_hours_not_negative', violation_error_message='Hours cannot be less than 0.'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.UniqueConstraint(condition=models.Q(('revision', ''), _negated=True), fields=('author', 'revision'), name='listing_one_per_form'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('seats', None), ('seats__range', (1, 500)), _connector='OR'), name='listing_at_most_500_seats', violation_error_code='at_most_500_seats', violation_error_message='The number of seats is between 1 and 500.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='listing_author_speaks_for_affiliate', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."affiliate_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM volunteers_membership\n                        WHERE person_id = NEW.author_id AND affiliate_id = NEW.affiliate_id\n                        AND role <> 'member' AND confirmed_at IS NOT NULL\n                    ) THEN\n                        RAISE EXCEPTION 'listing_author_speaks_for_affiliate'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='5c29f50e087b336152f953bc6b15869b0af8ce4c', operation='INSERT OR UPDATE OF "author_id", "affiliate_id"', pgid='pgtrigger_listing_author_speaks_for_affiliate_6570a', table='exchange_listing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='listing_seats_not_below_taken', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."seats" IS NOT NULL)', func="\n                    IF EXISTS (\n                        SELECT 1 FROM exchange_exchange\n                        WHERE listing_id = NEW.id AND place > NEW.seats\n                    ) THEN\n                        RAISE EXCEPTION 'listing_seats_not_below_taken'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='763814313716320a44c23e97c35b87c6e775c4b6', operation='UPDATE OF "seats"', pgid='pgtrigger_listing_seats_not_below_taken_c1c60', table='exchange_listing', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='exchange',
            index=models.Index(fields=['provider', 'state'], name='exchange_by_provider'),
        ),
        migrations.AddIndex(
            model_name='exchange',
            index=models.Index(fields=['receiver', 'state'], name='exchange_by_receiver'),
        ),
        migrations.AddIndex(
            model_name='exchange',
            index=models.Index(condition=models.Q(('answered_at', None), ('state', 'asked')), fields=['asked_at'], name='exchange_unanswered'),
        ),
        migrations.AddIndex(
            model_name='exchange',
            index=models.Index(condition=models.Q(('state', 'agreed')), fields=['ends_day'], name='exchange_agreed_by_end'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'agreed'])), fields=('listing', 'counterpart'), name='exchange_one_live_per_listing_and_counterpart'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.UniqueConstraint(condition=models.Q(('place__isnull', False)), fields=('listing', 'place'), name='exchange_one_per_seat'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('provider', models.F('receiver')), _negated=True), name='exchange_between_two'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('counterpart', models.F('provider')), ('counterpart', models.F('receiver')), _connector='OR'), name='exchange_counterpart_is_a_side'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'done', 'closed', 'not_done']), _negated=True), models.Q(('agreed_at__isnull', False), ('agreed_version__gt', 0), ('agreed_version__isnull', False), ('ends_day__isnull', False), ('provider_version__gte', models.F('agreed_version')), ('provider_version__isnull', False), ('receiver_version__gte', models.F('agreed_version')), ('receiver_version__isnull', False), ('starts_day__isnull', False), ('version__gte', models.F('agreed_version'))), _connector='OR'), name='exchange_agreed_by_both'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_day', None), ('starts_day', None)), models.Q(('ends_day__isnull', False), ('starts_day__isnull', False), ('starts_day__lte', models.F('ends_day'))), _connector='OR'), name='exchange_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'closed']), _negated=True), models.Q(('provider_happened', True), ('provider_happened__isnull', False), ('receiver_happened', True), ('receiver_happened__isnull', False), ('unconfirmed', False)), models.Q(('provider_happened', True), ('provider_happened__isnull', False), ('receiver_happened', None), ('unconfirmed', True)), models.Q(('provider_happened', None), ('receiver_happened', True), ('receiver_happened__isnull', False), ('unconfirmed', True)), _connector='OR'), name='exchange_done_by_both_or_unconfirmed'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('place', None), models.Q(('place__gte', 1), ('state__in', ['agreed', 'done', 'closed'])), _connector='OR'), name='exchange_seat_while_it_counts'),
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['closed', 'declined', 'withdrawn', 'expired', 'not_done'])), models.Q(models.Q(('state__in', ['closed', 'declined', 'withdrawn', 'expired', 'not_done']), _negated=True), ('ended_at', None)), _connector='OR'), name='exchange_ended_when_over'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='exchange_over_stays_over', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state") AND OLD."state" IN (\'closed\', \'declined\', \'withdrawn\', \'expired\', \'not_done\'))', func="\n                    RAISE EXCEPTION 'exchange_over_stays_over'\n                        USING ERRCODE = 'check_violation';\n                ", hash='712eeb69eadd3955f21760fee7e32fc47418803b', operation='UPDATE OF "state"', pgid='pgtrigger_exchange_over_stays_over_fb304', table='exchange_exchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='exchange_in_force_when_both_confirmed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."agreed_version" IS NOT NULL)', func="\n                    IF (NEW.agreed_version, NEW.agreed_version, NEW.agreed_version)\n                        IS DISTINCT FROM\n                        (NEW.version, NEW.provider_version, NEW.receiver_version)\n                    THEN\n                        RAISE EXCEPTION 'exchange_in_force_when_both_confirmed'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='2ddb4c722111163e3acec5bbee95d58732ef0cab', operation='INSERT OR UPDATE OF "agreed_version"', pgid='pgtrigger_exchange_in_force_when_both_confirmed_cd53c', table='exchange_exchange', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exchange',
            trigger=pgtrigger.compiler.Trigger(name='exchange_place_within_seats', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."place" IS NOT NULL)', declare='DECLARE most integer;', func="\n                    SELECT seats INTO most FROM exchange_listing\n                    WHERE id = NEW.listing_id FOR SHARE;\n                    IF most IS NULL OR NEW.place > most THEN\n                        RAISE EXCEPTION 'exchange_place_within_seats'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='ee05fd8eaa69207c313ba27a6afbf4308f146ef6', operation='INSERT OR UPDATE OF "place"', pgid='pgtrigger_exchange_place_within_seats_748e0', table='exchange_exchange', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['exchange', 'created_at'], name='message_in_order'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), 'gin_trgm_ops'), name='practice_title_trigrams'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='practice_folded'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('hidden_at', None), ('state', 'published')), fields=['-published_at', '-id'], name='practice_newest'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='practice_published_unless_draft'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.UniqueConstraint(fields=('exchange', 'author'), name='practice_one_per_side_of_an_exchange'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['created_at'], name='report_waiting'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('listing__isnull', False), ('message__isnull', True), ('person__isnull', True), ('practice__isnull', True)), models.Q(('listing__isnull', True), ('message__isnull', True), ('person__isnull', True), ('practice__isnull', False)), models.Q(('listing__isnull', True), ('message__isnull', False), ('person__isnull', True), ('practice__isnull', True)), models.Q(('listing__isnull', True), ('message__isnull', True), ('person__isnull', False), ('practice__isnull', True)), _connector='OR'), name='report_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='report_decided_with_who_and_when'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('reporter', 'listing', 'practice', 'message', 'person'), name='report_once_while_waiting', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['report', 'at', 'id'], name='decision_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='34f946dd4f8e0f4c9ba507a8a1be1412fece406d', operation='UPDATE OR DELETE', pgid='pgtrigger_decision_stays_6571e', table='exchange_decision', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='document_vector'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['written_at'], name='document_written'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(condition=models.Q(('room', False)), fields=['author'], name='document_without_room'),
        ),
        migrations.AddIndex(
            model_name='skillword',
            index=models.Index(fields=['lexeme'], name='skill_word_lexeme'),
        ),
    ]
