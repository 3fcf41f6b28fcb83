"""Exchanges, listings and practices: the tables."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.core.validators
import django.db.models.functions.text
import volunteers.models.folded
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
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
            ],
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
            ],
        ),
        migrations.CreateModel(
            name='Artefact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
            ],
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
            ],
            options={
                'verbose_name': 'sum',
                'verbose_name_plural': 'sums',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('hidden', 'Hidden'), ('dismissed', 'Left as it is'), ('restored', 'Restored')], max_length=9)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(max_length=2000)),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('asked', 'asked'), ('answered', 'answered'), ('seated', 'took a seat'), ('proposed', 'wrote down what to agree on'), ('confirmed', 'confirmed the agreement'), ('agreed', 'both agreed'), ('kept', 'kept what was agreed'), ('declined', 'declined'), ('withdrawn', 'withdrew'), ('expired', 'expired'), ('happened', 'said that it happened'), ('did_not', 'said that it did not happen'), ('done', 'done'), ('not_done', 'did not happen'), ('thanked', 'said thanks'), ('wrote_down', 'wrote down a practice'), ('closed', 'closed')], max_length=10, verbose_name='what')),
                ('version', models.PositiveIntegerField(null=True, verbose_name='version of the agreement')),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField(verbose_name='when')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
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
                ('provider_happened', models.BooleanField(null=True)),
                ('receiver_happened', models.BooleanField(null=True)),
                ('happened_at', models.DateTimeField(help_text='When the first side said so.', null=True)),
                ('unconfirmed', models.BooleanField(default=False, verbose_name='one side was silent')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('provider_closed_at', models.DateTimeField(null=True)),
                ('receiver_closed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'exchange',
                'verbose_name_plural': 'exchanges',
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
            ],
        ),
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
                ('amount', models.PositiveIntegerField(blank=True, null=True, verbose_name='amount')),
                ('currency', models.CharField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency has three letters, like EUR.')], verbose_name='currency')),
                ('covers', models.CharField(blank=True, max_length=200, verbose_name='what it covers')),
                ('decided_by', models.CharField(blank=True, max_length=200, verbose_name='who decides')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='said to be true')),
                ('hidden_at', models.DateTimeField(editable=False, null=True, verbose_name='hidden')),
                ('revision', models.CharField(blank=True, editable=False, max_length=22)),
            ],
            options={
                'verbose_name': 'listing',
                'verbose_name_plural': 'listings',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField(max_length=8000, verbose_name='message')),
                ('created_at', models.DateTimeField()),
                ('hidden_at', models.DateTimeField(null=True)),
            ],
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
            ],
            options={
                'verbose_name': 'practice',
                'verbose_name_plural': 'practices',
            },
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
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
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
            ],
        ),
        migrations.CreateModel(
            name='SkillWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lexeme', models.TextField(db_collation='C')),
            ],
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.TextField(db_collation='C', primary_key=True, serialize=False)),
                ('documents', models.PositiveIntegerField()),
            ],
        ),
    ]
