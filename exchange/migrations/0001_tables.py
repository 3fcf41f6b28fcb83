"""Exchanges, listings and practices, asks and thanks."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import volunteers.models.folded
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What it stands for: a database that has all of these counts it as done.
    replaces = [
        ('exchange', '0001_initial'),
        ('exchange', '0002_initial'),
        ('exchange', '0004_thanks_and_priorities'),
        ('exchange', '0006_hand_overs'),
        ('exchange', '0007_open_calls'),
        ('exchange', '0008_hand_overs_settle_their_ask'),
        ('exchange', '0009_runs_undo_and_divided_hand_overs'),
        ('exchange', '0010_a_key_for_each_run'),
        ('exchange', '0011_one_live_exchange_for_each_run'),
    ]

    initial = True

    dependencies = [
        ('volunteers', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('paused', 'Paused'), ('taken', 'Taken'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=9, verbose_name='state')),
                ('kind', models.CharField(choices=[('offer', 'Offer'), ('request', 'Request')], max_length=7, verbose_name='offer or request')),
                ('of', models.CharField(choices=[('skill', 'Skill'), ('service', 'Service'), ('resource', 'Resource'), ('training', 'Training')], max_length=8, verbose_name='what it is about')),
                ('resource', models.CharField(blank=True, choices=[('equipment', 'Equipment'), ('venue', 'Venue'), ('travel', 'Travel'), ('materials', 'Materials'), ('funding', 'Funding')], max_length=9, verbose_name='kind of resource')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='title')),
                ('body', models.TextField(blank=True, max_length=8000, verbose_name='description')),
                ('takeaway', models.CharField(blank=True, max_length=200, verbose_name='what one takes away')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language of the text')),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, help_text='None means everywhere.', size=None, verbose_name='countries it serves')),
                ('mode', models.CharField(choices=[('remote', 'Online'), ('on_site', 'On site'), ('both', 'Online or on site')], default='remote', max_length=7, verbose_name='where')),
                ('first_day', models.DateField(blank=True, null=True, verbose_name='from')),
                ('last_day', models.DateField(blank=True, null=True, verbose_name='until')),
                ('times', models.CharField(blank=True, max_length=200, verbose_name='days and times')),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='hours it takes')),
                ('preparation_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='hours of preparation')),
                ('wants_help_to_share', models.BooleanField(default=False, verbose_name='we would like help to make this ready to share')),
                ('seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='seats')),
                ('run', models.PositiveSmallIntegerField(db_default=1, default=1, editable=False)),
                ('amount', models.PositiveIntegerField(blank=True, null=True, verbose_name='amount')),
                ('currency', models.CharField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('covers', models.CharField(blank=True, max_length=200, verbose_name='what it covers')),
                ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='who decides')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='said to be true')),
                ('hidden_at', models.DateTimeField(editable=False, null=True, verbose_name='hidden')),
                ('withdrawn_from', models.CharField(blank=True, choices=[('draft', 'Draft'), ('open', 'Open'), ('paused', 'Paused'), ('taken', 'Taken'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], db_default='', editable=False, max_length=9)),
                ('revision', models.CharField(blank=True, editable=False, max_length=22)),
                ('affiliate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='volunteers.affiliate', verbose_name='on behalf of')),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='listings', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='volunteers.place', verbose_name='city')),
                ('skills', models.ManyToManyField(blank=True, related_name='listings', to='volunteers.skill', verbose_name='skills')),
            ],
            options={
                'verbose_name': 'listing',
                'verbose_name_plural': 'listings',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), 'gin_trgm_ops'), name='listing_title_trigrams'), models.Index(fields=['author', 'state'], name='listing_by_author'), models.Index(condition=models.Q(('state', 'open')), fields=['confirmed_at'], name='listing_open_by_age'), models.Index(fields=['-published_at', '-id'], name='listing_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day')), ('first_day', None), ('last_day', None), _connector='OR'), name='listing_days_in_order', violation_error_code='days_in_order', violation_error_message='The first day must not be after the last.'), models.CheckConstraint(condition=models.Q(models.Q(('of', 'resource'), models.Q(('resource', ''), _negated=True)), models.Q(models.Q(('of', 'resource'), _negated=True), ('resource', '')), _connector='OR'), name='listing_resource_has_a_kind', violation_error_code='resource_has_a_kind', violation_error_message='Say which kind of resource it is.'), models.CheckConstraint(condition=models.Q(models.Q(('resource', 'funding'), _negated=True), ('state', 'draft'), models.Q(('amount__gt', 0), ('amount__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='listing_funding_has_amount_and_currency', violation_error_code='funding_has_amount', violation_error_message='Funding needs an amount and a currency.'), models.CheckConstraint(condition=models.Q(models.Q(('of', 'training'), _negated=True), models.Q(('kind', 'offer'), _negated=True), ('state', 'draft'), models.Q(('first_day__isnull', False), ('last_day__isnull', False), ('seats__gte', 1), ('seats__isnull', False)), _connector='OR'), name='listing_training_has_days_and_seats', violation_error_code='training_has_days_and_seats', violation_error_message='A training needs its days and its number of seats.'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(models.Q(('title', ''), _negated=True), models.Q(('body', ''), _negated=True), models.Q(('language', ''), _negated=True)), _connector='OR'), name='listing_open_has_words', violation_error_code='open_has_words', violation_error_message='It needs a title, a description and a language.'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('confirmed_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='listing_published_unless_draft'), models.CheckConstraint(condition=models.Q(('state', 'withdrawn'), ('withdrawn_from', ''), _connector='OR'), name='listing_withdrawn_from_something'), models.CheckConstraint(condition=models.Q(models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), models.Q(('preparation_hours', None), ('preparation_hours__gte', 0), _connector='OR')), name='listing_hours_not_negative', violation_error_message='Hours cannot be less than 0.'), models.UniqueConstraint(condition=models.Q(('revision', ''), _negated=True), fields=('author', 'revision'), name='listing_one_per_form'), models.CheckConstraint(condition=models.Q(('seats', None), ('seats__range', (1, 500)), _connector='OR'), name='listing_at_most_500_seats', violation_error_code='at_most_500_seats', violation_error_message='The number of seats is between 1 and 500.')],
            },
        ),
        migrations.CreateModel(
            name='Priority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='year')),
                ('kind', models.CharField(choices=[('building', 'Building capacity'), ('sharing', 'Sharing capacity')], editable=False, max_length=8)),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True, verbose_name='hours')),
                ('amount', models.PositiveIntegerField(blank=True, null=True, verbose_name='money')),
                ('currency', models.CharField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='in words')),
                ('affiliate', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='priorities', to='volunteers.affiliate')),
            ],
            options={
                'verbose_name_plural': 'priorities',
                'constraints': [models.UniqueConstraint(fields=('affiliate', 'year', 'kind'), name='priority_one_per_affiliate_year_and_kind'), models.CheckConstraint(condition=models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), name='priority_hours_not_negative', violation_error_message='Hours cannot be less than 0.'), models.CheckConstraint(condition=models.Q(('amount', None), ('currency__regex', '^[A-Z]{3}$'), _connector='OR'), name='priority_money_in_a_currency', violation_error_message='Say in which currency.'), models.CheckConstraint(condition=models.Q(('year__range', (2000, 2100))), name='priority_year_2000_to_2100')],
            },
        ),
        migrations.CreateModel(
            name='SkillWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lexeme', models.TextField(db_collation='C')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.skilllabel')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.skill')),
            ],
            options={
                'indexes': [models.Index(fields=['lexeme'], name='skill_word_lexeme')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('provider', 'For whoever helps'), ('receiver', 'For whoever is helped')], max_length=8, verbose_name='for whom')),
                ('amount', models.PositiveIntegerField(help_text='In the smallest unit.', verbose_name='amount')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('what_for', models.CharField(max_length=200, verbose_name='what for')),
                ('payer', models.CharField(blank=True, max_length=200, verbose_name='who pays')),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget', to='exchange.listing')),
            ],
            options={
                'verbose_name': 'sum',
                'verbose_name_plural': 'sums',
            },
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('agreed', 'Agreed'), ('done', 'Done'), ('closed', 'Closed'), ('not_done', 'Did not happen'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='asked', editable=False, max_length=9, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('wished_first_day', models.DateField(null=True)),
                ('wished_last_day', models.DateField(null=True)),
                ('wished_hours', models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('provider_version', models.PositiveIntegerField(null=True)),
                ('receiver_version', models.PositiveIntegerField(null=True)),
                ('agreed_version', models.PositiveIntegerField(null=True)),
                ('knowingly_full', models.BooleanField(default=False)),
                ('agreed_at', models.DateTimeField(null=True, verbose_name='agreed')),
                ('starts_day', models.DateField(null=True, verbose_name='first day')),
                ('ends_day', models.DateField(null=True, verbose_name='last day')),
                ('place', models.PositiveSmallIntegerField(null=True, verbose_name='seat')),
                ('run', models.PositiveSmallIntegerField(db_default=1, default=1, editable=False)),
                ('provider_happened', models.BooleanField(null=True)),
                ('receiver_happened', models.BooleanField(null=True)),
                ('happened_at', models.DateTimeField(help_text='When the first side said so.', null=True)),
                ('unconfirmed', models.BooleanField(default=False, verbose_name='one side was silent')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('provider_closed_at', models.DateTimeField(null=True)),
                ('receiver_closed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('ask', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.ask')),
                ('counterpart', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who answered')),
                ('counterpart_affiliate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.affiliate')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who helps')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is helped')),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='exchange.listing', verbose_name='listing')),
            ],
            options={
                'verbose_name': 'exchange',
                'verbose_name_plural': 'exchanges',
                'indexes': [models.Index(fields=['provider', 'state'], name='exchange_by_provider'), models.Index(fields=['receiver', 'state'], name='exchange_by_receiver'), models.Index(condition=models.Q(('answered_at', None), ('state', 'asked')), fields=['asked_at'], name='exchange_unanswered'), models.Index(condition=models.Q(('state', 'agreed')), fields=['ends_day'], name='exchange_agreed_by_end')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'agreed'])), fields=('listing', 'run', 'counterpart'), name='exchange_one_live_per_run_and_counterpart'), models.UniqueConstraint(condition=models.Q(('place__isnull', False)), fields=('listing', 'place'), name='exchange_one_per_seat'), models.CheckConstraint(condition=models.Q(('provider', models.F('receiver')), _negated=True), name='exchange_between_two'), models.CheckConstraint(condition=models.Q(('counterpart', models.F('provider')), ('counterpart', models.F('receiver')), _connector='OR'), name='exchange_counterpart_is_a_side'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'done', 'closed', 'not_done']), _negated=True), models.Q(('agreed_at__isnull', False), ('agreed_version__gt', 0), ('agreed_version__isnull', False), ('ends_day__isnull', False), ('provider_version__gte', models.F('agreed_version')), ('provider_version__isnull', False), ('receiver_version__gte', models.F('agreed_version')), ('receiver_version__isnull', False), ('starts_day__isnull', False), ('version__gte', models.F('agreed_version'))), _connector='OR'), name='exchange_agreed_by_both'), models.CheckConstraint(condition=models.Q(models.Q(('ends_day', None), ('starts_day', None)), models.Q(('ends_day__isnull', False), ('starts_day__isnull', False), ('starts_day__lte', models.F('ends_day'))), _connector='OR'), name='exchange_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'closed']), _negated=True), models.Q(('provider_happened', True), ('provider_happened__isnull', False), ('receiver_happened', True), ('receiver_happened__isnull', False), ('unconfirmed', False)), models.Q(('provider_happened', True), ('provider_happened__isnull', False), ('receiver_happened', None), ('unconfirmed', True)), models.Q(('provider_happened', None), ('receiver_happened', True), ('receiver_happened__isnull', False), ('unconfirmed', True)), _connector='OR'), name='exchange_done_by_both_or_unconfirmed'), models.CheckConstraint(condition=models.Q(('place', None), models.Q(('place__gte', 1), ('state__in', ['agreed', 'done', 'closed'])), _connector='OR'), name='exchange_seat_while_it_counts'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['closed', 'declined', 'withdrawn', 'expired', 'not_done'])), models.Q(models.Q(('state__in', ['closed', 'declined', 'withdrawn', 'expired', 'not_done']), _negated=True), ('ended_at', None)), _connector='OR'), name='exchange_ended_when_over')],
            },
        ),
        migrations.CreateModel(
            name='OpenCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Open'), ('taken', 'Somebody helps'), ('lapsed', 'Over'), ('stopped', 'Stopped')], default='open', max_length=7)),
                ('reply_by', models.DateField(verbose_name='reply by')),
                ('begun_at', models.DateTimeField()),
                ('next_letters_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('listing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='exchange.listing')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['next_letters_at'], name='call_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('listing',), name='call_one_open_per_listing', violation_error_message='Everybody is being asked already.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='call_ended_when_over')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(db_index=True, max_length=8)),
                ('published_at', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('source', models.CharField(max_length=32)),
                ('busy', models.BooleanField(default=False)),
                ('facets', django.contrib.postgres.search.SearchVectorField(help_text='What is counted.')),
                ('marks', django.contrib.postgres.search.SearchVectorField(help_text='Visibility, time, samples: not counted.')),
                ('room', models.BooleanField()),
                ('seats_left', models.IntegerField(null=True)),
                ('title', django.contrib.postgres.search.SearchVectorField(help_text='Words and stems of the title.')),
                ('vector', django.contrib.postgres.search.SearchVectorField(help_text='All words and stems, facets and marks.')),
                ('author', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('listing', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='document', to='exchange.listing')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='document_vector'), models.Index(fields=['written_at'], name='document_written'), models.Index(condition=models.Q(('room', False)), fields=['author'], name='document_without_room')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('proposed_at', models.DateTimeField()),
                ('what', models.TextField(max_length=4000, verbose_name='what happens, and who does what')),
                ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='hours it takes whoever helps')),
                ('first_day', models.DateField(verbose_name='from')),
                ('last_day', models.DateField(verbose_name='until')),
                ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('outcome', models.TextField(blank=True, max_length=2000, verbose_name='what should have come of it')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='exchange.exchange')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('exchange', 'version'), name='agreement_numbered'), models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='agreement_days_in_order', violation_error_message='The first day must not be after the last.'), models.CheckConstraint(condition=models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), name='agreement_hours_not_negative', violation_error_message='Hours cannot be less than 0.')],
            },
        ),
        migrations.CreateModel(
            name='CallLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='exchange.opencall')),
            ],
            options={
                'indexes': [models.Index(fields=['written_at', 'person'], name='call_letter_lately')],
                'constraints': [models.UniqueConstraint(fields=('call', 'person'), name='call_letter_once')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('asked', 'asked'), ('answered', 'answered'), ('seated', 'took a seat'), ('proposed', 'wrote down what to agree on'), ('confirmed', 'confirmed the agreement'), ('agreed', 'both agreed'), ('kept', 'kept what was agreed'), ('declined', 'declined'), ('withdrawn', 'withdrew'), ('expired', 'expired'), ('happened', 'said that it happened'), ('did_not', 'said that it did not happen'), ('done', 'done'), ('not_done', 'did not happen'), ('thanked', 'said thanks'), ('wrote_down', 'wrote down a practice'), ('closed', 'closed')], max_length=10, verbose_name='what')),
                ('version', models.PositiveIntegerField(null=True, verbose_name='version of the agreement')),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField(verbose_name='when')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='exchange.exchange')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(fields=['exchange', 'at', 'id'], name='event_in_order')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened', models.BooleanField(verbose_name='did it happen?')),
                ('worked', models.TextField(blank=True, max_length=2000, verbose_name='what worked')),
                ('did_not', models.TextField(blank=True, max_length=2000, verbose_name='what did not')),
                ('paid', models.PositiveIntegerField(blank=True, null=True, verbose_name='what was paid')),
                ('currency', models.CharField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('created_at', models.DateTimeField()),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='exchange.exchange')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('exchange', 'person'), name='follow_up_once'), models.CheckConstraint(condition=models.Q(('paid', None), models.Q(('currency', ''), _negated=True), _connector='OR'), name='follow_up_paid_in_a_currency', violation_error_message='Say in which currency.')],
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('offered', 'Asked'), ('waiting', 'Waits for who is helped'), ('taken', 'Taken over'), ('kept', 'Stays as it was'), ('declined', 'Declined'), ('expired', 'Expired'), ('withdrawn', 'Withdrawn')], default='offered', max_length=9)),
                ('words', models.TextField(blank=True, max_length=500)),
                ('offered_at', models.DateTimeField()),
                ('divided_day', models.DateField(editable=False, null=True)),
                ('minutes_before', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ('answered_at', models.DateTimeField(help_text='When the taker said yes or no.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ask', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.ask')),
                ('commitment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='volunteers.commitment')),
                ('exchange', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='exchange.exchange')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('successor', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='exchange.exchange')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['offered', 'waiting'])), fields=['offered_at'], name='hand_over_on_its_way')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('commitment', None), ('exchange__isnull', False)), models.Q(('commitment__isnull', False), ('exchange', None)), _connector='OR'), name='hand_over_of_one_thing'), models.UniqueConstraint(condition=models.Q(('state__in', ['offered', 'waiting'])), fields=('exchange',), name='hand_over_one_on_its_way_per_exchange'), models.UniqueConstraint(condition=models.Q(('state__in', ['offered', 'waiting'])), fields=('commitment',), name='hand_over_one_on_its_way_per_commitment'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='hand_over_between_two'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), ('successor__isnull', False), _connector='OR'), name='hand_over_waits_with_a_successor'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['offered', 'waiting'])), models.Q(models.Q(('state__in', ['offered', 'waiting']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='hand_over_ended_when_over')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='exchange.exchange')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'exchange'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField(max_length=8000, verbose_name='message')),
                ('created_at', models.DateTimeField()),
                ('hidden_at', models.DateTimeField(null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='exchange.exchange')),
            ],
            options={
                'indexes': [models.Index(fields=['exchange', 'created_at'], name='message_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('archived', 'Archived')], default='draft', editable=False, max_length=9, verbose_name='state')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('context', models.TextField(blank=True, max_length=2000, verbose_name='in which situation')),
                ('tried', models.TextField(max_length=4000, verbose_name='what did you try?')),
                ('worked', models.TextField(max_length=4000, verbose_name='what worked?')),
                ('did_not', models.TextField(blank=True, max_length=4000, verbose_name='what did not?')),
                ('would_reuse', models.TextField(blank=True, max_length=4000, verbose_name='what would you use again?')),
                ('language', models.CharField(max_length=8, verbose_name='language of the text')),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='countries')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source outside the movement')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the source')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
                ('hidden_at', models.DateTimeField(editable=False, null=True, verbose_name='hidden')),
                ('folded', models.GeneratedField(db_persist=True, expression=volunteers.models.folded.Folded(django.db.models.functions.text.Concat('title', models.Value(' '), 'context', models.Value(' '), 'tried', models.Value(' '), 'worked', models.Value(' '), 'did_not', models.Value(' '), 'would_reuse', models.Value(' '), 'source', models.Value(' '), output_field=models.TextField())), output_field=models.TextField())),
                ('affiliate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practices', to='volunteers.affiliate', verbose_name='on behalf of')),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='practices', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('exchange', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='practices', to='exchange.exchange')),
                ('skills', models.ManyToManyField(blank=True, related_name='practices', to='volunteers.skill', verbose_name='skills')),
            ],
            options={
                'verbose_name': 'practice',
                'verbose_name_plural': 'practices',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), 'gin_trgm_ops'), name='practice_title_trigrams'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='practice_folded'), models.Index(condition=models.Q(('hidden_at', None), ('state', 'published')), fields=['-published_at', '-id'], name='practice_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='practice_published_unless_draft'), models.UniqueConstraint(fields=('exchange', 'author'), name='practice_one_per_side_of_an_exchange')],
            },
        ),
        migrations.CreateModel(
            name='AgreementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('provider', 'For whoever helps'), ('receiver', 'For whoever is helped')], max_length=8, verbose_name='for whom')),
                ('amount', models.PositiveIntegerField(help_text='In the smallest unit.', verbose_name='amount')),
                ('currency', models.CharField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('what_for', models.CharField(max_length=200, verbose_name='what for')),
                ('payer', models.CharField(blank=True, max_length=200, verbose_name='who pays')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='exchange.agreement')),
            ],
        ),
        migrations.CreateModel(
            name='Artefact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='artefacts', to='exchange.practice')),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('hidden', 'Hidden'), ('dismissed', 'Left as it is'), ('restored', 'Restored')], default='waiting', editable=False, max_length=9, verbose_name='state')),
                ('reason', models.CharField(choices=[('spam', 'It is advertising or spam'), ('unkind', 'It is unkind, or hurts somebody'), ('unsafe', 'I do not feel safe'), ('private', 'It shows something private'), ('untrue', 'It is not true, or pretends to be somebody else'), ('other', 'Something else')], max_length=8, verbose_name='why')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='what we should know')),
                ('created_at', models.DateTimeField(verbose_name='reported')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.TextField(blank=True, max_length=2000, verbose_name='why we decided so')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.listing')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.message')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='exchange.practice')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who reported it')),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['created_at'], name='report_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('listing__isnull', False), ('message__isnull', True), ('person__isnull', True), ('practice__isnull', True)), models.Q(('listing__isnull', True), ('message__isnull', True), ('person__isnull', True), ('practice__isnull', False)), models.Q(('listing__isnull', True), ('message__isnull', False), ('person__isnull', True), ('practice__isnull', True)), models.Q(('listing__isnull', True), ('message__isnull', True), ('person__isnull', False), ('practice__isnull', True)), _connector='OR'), name='report_about_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='report_decided_with_who_and_when'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('reporter', 'listing', 'practice', 'message', 'person'), name='report_once_while_waiting', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('hidden', 'Hidden'), ('dismissed', 'Left as it is'), ('restored', 'Restored')], max_length=9)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(max_length=2000)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='exchange.report')),
            ],
            options={
                'indexes': [models.Index(fields=['report', 'at', 'id'], name='decision_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(db_collation='C', primary_key=True, serialize=False)),
                ('documents', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(django.db.models.functions.text.Left('word', 1), django.db.models.functions.text.Length('word'), models.F('word'), name='word_alike'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', 'gin_trgm_ops'), name='word_trigrams')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementline',
            trigger=pgtrigger.compiler.Trigger(name='agreement_sums_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbc54b76cb4962c93a7b707ed2175c2c38a50050', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_sums_stay_e2bec', table='exchange_agreementline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='event_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9b245485dd3d688234021a6651733411de99bf54', operation='UPDATE OR DELETE', pgid='pgtrigger_event_stays_c9b2c', table='exchange_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreement',
            trigger=pgtrigger.compiler.Trigger(name='agreement_words_stay', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d6038a2bcb1094824b9344d53e8e376d4da0e861', operation='UPDATE OR DELETE', pgid='pgtrigger_agreement_words_stay_fac02', table='exchange_agreement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='hand_over_between_those_of_its_ask', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NOT EXISTS (\n                        SELECT FROM volunteers_ask WHERE id = NEW.ask_id\n                        AND asker_id = NEW.giver_id AND person_id = NEW.taker_id\n                    ) THEN\n                        RAISE EXCEPTION 'hand_over_between_those_of_its_ask'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='12087b1184509929a77518142ec21d879cb5687e', operation='INSERT OR UPDATE OF "ask_id", "giver_id", "taker_id"', pgid='pgtrigger_hand_over_between_those_of_its_ask_a6be4', table='exchange_handover', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='hand_over_gone_settles_its_ask', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE volunteers_ask SET answered_at = now()\n            WHERE id = OLD.ask_id AND answered_at IS NULL;\n            RETURN NULL;\n        ', hash='45c7064a3ad232787697afb38119e963f40f72f0', operation='DELETE', pgid='pgtrigger_hand_over_gone_settles_its_ask_617a2', table='exchange_handover', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='listing_author_speaks_for_affiliate', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."affiliate_id" IS NOT NULL)', func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM volunteers_membership\n                        WHERE person_id = NEW.author_id AND affiliate_id = NEW.affiliate_id\n                        AND role <> 'member' AND confirmed_at IS NOT NULL\n                    ) THEN\n                        RAISE EXCEPTION 'listing_author_speaks_for_affiliate'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='5c29f50e087b336152f953bc6b15869b0af8ce4c', operation='INSERT OR UPDATE OF "author_id", "affiliate_id"', pgid='pgtrigger_listing_author_speaks_for_affiliate_6570a', table='exchange_listing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='listing_seats_not_below_taken', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."seats" IS NOT NULL)', func="\n                    IF EXISTS (\n                        SELECT 1 FROM exchange_exchange\n                        WHERE listing_id = NEW.id AND place > NEW.seats\n                    ) THEN\n                        RAISE EXCEPTION 'listing_seats_not_below_taken'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='763814313716320a44c23e97c35b87c6e775c4b6', operation='UPDATE OF "seats"', pgid='pgtrigger_listing_seats_not_below_taken_c1c60', table='exchange_listing', when='BEFORE')),
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
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='34f946dd4f8e0f4c9ba507a8a1be1412fece406d', operation='UPDATE OR DELETE', pgid='pgtrigger_decision_stays_6571e', table='exchange_decision', when='BEFORE')),
        ),
    ]
