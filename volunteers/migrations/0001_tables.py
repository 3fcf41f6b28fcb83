"""People, affiliates, skills, places, bandwidth and notices."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import volunteers.models.folded
import volunteers.models.people
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # What it stands for: a database that has all of these counts it as done.
    replaces = [
        ('volunteers', '0001_initial'),
        ('volunteers', '0002_weeks_to_the_minute'),
        ('volunteers', '0003_check_ins'),
        ('volunteers', '0004_steward_access'),
        ('volunteers', '0005_bottlenecks'),
        ('volunteers', '0006_imports'),
        ('volunteers', '0007_thanks_and_priorities'),
        ('volunteers', '0008_bottlenecks_of_five'),
        ('volunteers', '0009_wait_until_somebody_can_be_asked'),
        ('volunteers', '0010_open_calls'),
        ('volunteers', '0011_sessions_know_whose_they_are'),
        ('volunteers', '0012_notices_of_imports'),
        ('volunteers', '0013_ask_stays_between_the_two'),
        ('volunteers', '0014_alter_notice_kind_alter_noticepreference_kind'),
        ('volunteers', '0015_what_waited_goes_together'),
        ('volunteers', '0016_codes_go_first'),
        ('volunteers', '0017_close_second_steps'),
        ('volunteers', '0018_what_came_of_what'),
        ('volunteers', '0019_lines_know_their_mark'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.IntegerField(primary_key=True, serialize=False, verbose_name='number in GeoNames')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('latitude', models.FloatField(verbose_name='latitude')),
                ('longitude', models.FloatField(verbose_name='longitude')),
                ('population', models.PositiveIntegerField(verbose_name='population')),
                ('names', django.contrib.postgres.search.SearchVectorField(help_text='All its names, without accents.')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['names'], name='place_names')],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='part of its address')),
                ('names', models.JSONField(default=dict, verbose_name='names by language')),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), default=list, size=None, verbose_name='countries')),
            ],
            options={
                'verbose_name': 'region',
                'verbose_name_plural': 'regions',
                'constraints': [models.CheckConstraint(condition=models.Q(('names__has_key', 'en')), name='region_has_an_english_name', violation_error_message='A region has a name in English at least.')],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='part of its address')),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('wikidata', models.CharField(blank=True, max_length=12, null=True, unique=True, verbose_name='Wikidata id')),
                ('technical', models.BooleanField(default=False, verbose_name='technical')),
                ('retired', models.BooleanField(default=False, help_text='Stays where it is used; is not suggested.', verbose_name='retired')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='volunteers.skill', verbose_name='stands below')),
            ],
            options={
                'verbose_name': 'skill',
                'verbose_name_plural': 'skills',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['path'], name='skill_path')],
                'constraints': [models.CheckConstraint(condition=models.Q(('wikidata__regex', '^Q[1-9][0-9]*$')), name='skill_wikidata_id_is_one', violation_error_message='A Wikidata id looks like Q42.')],
            },
        ),
        migrations.CreateModel(
            name='Affiliate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('chapter', 'Chapter'), ('user_group', 'User group'), ('thematic', 'Thematic organisation'), ('hub', 'Hub'), ('informal', 'Informal group'), ('partner', 'Partner')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='part of its address')),
                ('about', models.TextField(blank=True, verbose_name='about')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='countries')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, default=list, size=None, verbose_name='languages')),
                ('has_office', models.BooleanField(default=False, verbose_name='has an office')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='volunteers.place', verbose_name='city')),
            ],
            options={
                'verbose_name': 'affiliate',
                'verbose_name_plural': 'affiliates',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), 'gin_trgm_ops'), name='affiliate_name_trigrams')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=255, unique=True, validators=[volunteers.models.people.check_username], verbose_name='username')),
                ('wiki_name', models.CharField(blank=True, max_length=255, verbose_name='Wikimedia account')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name to show')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('pronouns', models.CharField(blank=True, max_length=40, verbose_name='pronouns')),
                ('about', models.TextField(blank=True, max_length=4000, verbose_name='about me')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('time_zone', models.CharField(default='UTC', max_length=64, verbose_name='time zone')),
                ('language', models.CharField(default='en', max_length=8, verbose_name='language of the site and its mail')),
                ('ways', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('alone', 'On my own'), ('together', 'With others'), ('writing', 'Writing'), ('documenting', 'Documenting'), ('teaching', 'Teaching'), ('organising', 'Organising'), ('building', 'Building'), ('listening', 'Listening and mediating'), ('translating', 'Translating'), ('picturing', 'Taking pictures and recording')], max_length=12), blank=True, default=list, size=None, verbose_name='ways of contributing')),
                ('contact', models.CharField(choices=[('here', 'Messages on this site'), ('mail', 'E-mail'), ('call', 'A call'), ('wiki', 'My talk page')], default='here', max_length=8, verbose_name='how to reach me')),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('members', 'People who are signed in'), ('hidden', 'Nobody')], default='public', max_length=8, verbose_name='who sees me and what I post')),
                ('may_be_asked', models.BooleanField(default=True, verbose_name='people may ask me')),
                ('open_asks', models.PositiveSmallIntegerField(default=3, verbose_name='how many asks may wait for me at once')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may enter the desk of organisers')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('unconfirmed', models.BooleanField(default=False, editable=False)),
                ('last_asked_at', models.DateTimeField(editable=False, null=True)),
                ('hidden_at', models.DateTimeField(editable=False, null=True, verbose_name='hidden')),
                ('forgotten_at', models.DateTimeField(editable=False, null=True, verbose_name='left')),
                ('counted_at', models.DateTimeField(editable=False, null=True)),
                ('folded', models.GeneratedField(db_persist=True, expression=volunteers.models.folded.Folded(django.db.models.functions.text.Concat('name', models.Value(' '), 'username')), output_field=models.TextField())),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='volunteers.place', verbose_name='city')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'indexes': [models.Index(django.db.models.functions.text.Upper('username'), name='person_username_upper'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='person_folded'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), 'gin_trgm_ops'), name='person_email_trigrams'), models.Index(fields=['folded', 'id'], name='person_by_name'), models.Index(condition=models.Q(('is_staff', True)), fields=['id'], name='person_at_the_desk'), models.Index(condition=models.Q(('counted_at__isnull', False)), fields=['id'], name='person_counted'), models.Index(models.OrderBy(models.F('last_asked_at'), nulls_first=True), models.F('id'), name='person_by_last_asked')],
                'constraints': [models.CheckConstraint(condition=models.Q(('forgotten_at', None), models.Q(('email', ''), ('is_active', False), ('name', ''), ('wiki_name', '')), _connector='OR'), name='person_forgotten_is_gone'), models.CheckConstraint(condition=models.Q(('open_asks__range', (1, 20))), name='person_open_asks_1_to_20', violation_error_message='Between 1 and 20 asks may wait at once.')],
            },
            managers=[
                ('objects', volunteers.models.people.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name='BottleneckSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('scope', models.CharField(max_length=140, verbose_name='where')),
                ('level', models.CharField(choices=[('red', 'Red'), ('amber', 'Amber'), ('fine', 'Fine'), ('unknown', 'Not known')], max_length=8, verbose_name='risk')),
                ('band', models.CharField(choices=[('low', 'Low'), ('fine', 'Fine'), ('high', 'High'), ('over', 'Over'), ('unknown', 'Not known')], max_length=8, verbose_name='how full')),
                ('carriers', models.PositiveIntegerField(null=True, verbose_name='people who carry it, at least')),
                ('effective', models.FloatField(null=True, verbose_name='as many as so many equals')),
                ('truck_factor', models.PositiveIntegerField(null=True, verbose_name='people who carry half')),
                ('score', models.PositiveSmallIntegerField(null=True, verbose_name='score')),
                ('use', models.PositiveSmallIntegerField(null=True, verbose_name='part of the room that is used, %')),
                ('over', models.PositiveSmallIntegerField(null=True, verbose_name='part carried by people who are over, %')),
                ('demand', models.PositiveIntegerField(null=True, verbose_name='hours asked for a week')),
                ('room', models.PositiveIntegerField(null=True, verbose_name='hours of room a week')),
                ('skill', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.skill', verbose_name='skill')),
            ],
            options={
                'verbose_name': 'bottleneck',
                'verbose_name_plural': 'bottlenecks',
                'indexes': [models.Index(fields=['day'], name='bottleneck_by_day'), models.Index(fields=['skill', 'day'], name='bottleneck_by_skill')],
                'constraints': [models.UniqueConstraint(fields=('scope', 'day', 'skill'), name='bottleneck_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('carriers__gte', 5), ('carriers__isnull', False)), models.Q(('carriers__isnull', True), ('demand__isnull', True), ('effective__isnull', True), ('over__isnull', True), ('room__isnull', True), ('score__isnull', True), ('truck_factor__isnull', True), ('use__isnull', True)), _connector='OR'), name='bottleneck_numbers_of_five_or_more')],
            },
        ),
        migrations.CreateModel(
            name='SkillLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('other_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None, verbose_name='other names')),
                ('folded', models.TextField(editable=False)),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='volunteers.skill')),
            ],
            options={
                'verbose_name': 'label',
                'verbose_name_plural': 'labels',
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='skill_label_folded')],
                'constraints': [models.UniqueConstraint(fields=('skill', 'language'), name='skill_one_label_per_language', violation_error_message='This skill already has a label in this language.')],
            },
        ),
        migrations.CreateModel(
            name='Bandwidth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('weekly_hours', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='hours a week')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bandwidth', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'bandwidth',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('period', '&&')], name='bandwidth_periods_do_not_overlap', violation_error_message='This period overlaps with another one.'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='bandwidth_period_not_empty', violation_error_message='The first day must not be after the last.'), models.CheckConstraint(condition=models.Q(('weekly_hours__range', (0, 80))), name='bandwidth_weekly_hours_0_to_80', violation_error_message='Hours a week are between 0 and 80.')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('blocked', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'blocked'), name='block_once'), models.CheckConstraint(condition=models.Q(('person', models.F('blocked')), _negated=True), name='block_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField(db_index=True)),
                ('asker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='checks_made', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='checks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-checked_at', '-id'], name='check_by_person'), models.Index(fields=['asker', 'checked_at'], name='check_by_asker')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person', models.F('asker')), _negated=True), name='check_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('answered', 'Answered'), ('lapsed', 'Not answered')], default='asked', max_length=8)),
                ('week', models.DateField(verbose_name='week')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('answer', models.CharField(blank=True, choices=[('well', 'Well'), ('stretched', 'Stretched'), ('too_much', 'It is too much')], max_length=9, verbose_name='how are you doing?')),
                ('still_right', models.BooleanField(null=True, verbose_name='are your hours still right?')),
                ('words', models.TextField(blank=True, max_length=1000, verbose_name='words')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['asked_at'], name='check_in_that_waits')],
                'constraints': [models.UniqueConstraint(fields=('person', 'week'), name='check_in_one_per_person_and_week'), models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='check_in_week_begins_on_monday'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', False), ('state', 'answered'), ('answer__in', ['well', 'stretched', 'too_much'])), models.Q(('answer', ''), ('answered_at', None), ('still_right', None), ('words', ''), models.Q(('state', 'answered'), _negated=True)), _connector='OR'), name='check_in_answered_with_an_answer')],
            },
        ),
        migrations.CreateModel(
            name='CheckInRhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every', models.CharField(choices=[('2w', 'Every two weeks'), ('month', 'Once a month'), ('quarter', 'Every three months'), ('never', 'Never')], max_length=7, verbose_name='how often')),
                ('next_day', models.DateField(null=True)),
                ('unanswered', models.PositiveSmallIntegerField(default=0, help_text='How many in a row.')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='check_in_rhythm', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_day__isnull', False)), fields=['next_day', 'id'], name='check_in_rhythm_next')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('every', 'never'), _negated=True), ('next_day', None), _connector='OR'), name='check_in_rhythm_never_is_never')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('activities', 'Activities and hours'), ('contacts', 'Contacts')], max_length=10)),
                ('state', models.CharField(choices=[('asked', 'A question first'), ('reading', 'Being read'), ('read', 'Waits for you'), ('writing', 'Being written'), ('telling', 'People are being told'), ('done', 'Done'), ('stopped', 'Stopped: nothing was changed'), ('undone', 'Taken back')], max_length=8)),
                ('file_name', models.CharField(max_length=200)),
                ('content', models.BinaryField(default=bytes)),
                ('letters', models.CharField(max_length=20)),
                ('header', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('left_out', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('day_first', models.BooleanField(null=True)),
                ('open_day', models.CharField(blank=True, max_length=60)),
                ('lines_in_all', models.PositiveIntegerField(default=0)),
                ('position', models.PositiveIntegerField(default=0)),
                ('partly', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('affiliate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='volunteers.affiliate')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['reading', 'writing', 'telling'])), fields=['id'], name='import_at_work'), models.Index(fields=['affiliate', '-created_at'], name='import_by_affiliate')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'reading']), ('content', b''), _connector='OR'), name='import_file_goes_once_it_is_read'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['done', 'stopped', 'undone'])), models.Q(models.Q(('state__in', ['done', 'stopped', 'undone']), _negated=True), ('ended_at', None)), _connector='OR'), name='import_ended_has_its_moment'), models.CheckConstraint(condition=models.Q(('kind', 'activities'), ('affiliate__isnull', False), _connector='OR'), name='import_of_contacts_has_an_affiliate')],
            },
        ),
        migrations.CreateModel(
            name='ImportMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', models.CharField(max_length=60)),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_matches', to='volunteers.affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_matches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('affiliate', 'contact'), name='import_match_one_per_contact')],
            },
        ),
        migrations.CreateModel(
            name='ImportRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_refusals', to='volunteers.affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='import_refusals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'affiliate'), name='import_refusal_one_per_pair')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True, verbose_name='day')),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.affiliate')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='looks', to=settings.AUTH_USER_MODEL)),
                ('steward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks_taken', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'day', 'steward', 'affiliate'), name='look_once_a_day'), models.CheckConstraint(condition=models.Q(('person', models.F('steward')), _negated=True), name='look_at_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('member', 'Member'), ('editor', 'Posts for it'), ('steward', 'Steward')], default='member', max_length=8, verbose_name='role')),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed')),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='volunteers.affiliate', verbose_name='affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'constraints': [models.UniqueConstraint(fields=('person', 'affiliate'), name='membership_one_per_pair', violation_error_message='You belong to this affiliate already.'), models.CheckConstraint(condition=models.Q(('role', 'member'), ('confirmed_at__isnull', False), _connector='OR'), name='membership_speaks_when_confirmed', violation_error_message='Somebody has to confirm this membership first.')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(choices=[('ask', 'Somebody asks you or offers help'), ('call', 'Open calls: somebody looks for what you can do'), ('answer', 'Answers to what you asked or offered'), ('message', 'Messages in an exchange'), ('agreement', 'Agreements: what changed, what waits for you'), ('reminder', 'Reminders about your exchanges'), ('thanks', 'Thank-yous'), ('listing', 'Your own listings: still true, expired'), ('bandwidth', 'Your weeks: too full, or without a rest for long'), ('affiliate', 'Your affiliates: who joins, and notes of stewards'), ('import', "Hours that an affiliate's files bring about you"), ('tour', "The Grand Tour: your applications, your affiliate's offers to host"), ('check_in', 'Check-ins: how are you doing?'), ('moderation', 'What happened to a report'), ('account', 'Your account: sign-in and security')], max_length=10, verbose_name='kind')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('body', models.TextField()),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='link')),
                ('to', models.EmailField(blank=True, help_text="Where, if not to the person's address.", max_length=254, verbose_name='address')),
                ('by_mail', models.BooleanField(default=True)),
                ('at_once', models.BooleanField(default=False)),
                ('held', models.BooleanField(default=False)),
                ('not_after', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, verbose_name='not before')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='for whom')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(condition=models.Q(('by_mail', True), ('sent_at', None)), fields=['-at_once', 'not_before', 'id'], name='notice_next'), models.Index(condition=models.Q(('by_mail', True), ('held', True), ('sent_at', None)), fields=['recipient'], name='notice_held'), models.Index(fields=['recipient', '-created_at', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='notice_unread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('recipient__isnull', False), models.Q(('kind', 'account'), models.Q(('to', ''), _negated=True)), _connector='OR'), name='notice_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ask', 'Somebody asks you or offers help'), ('call', 'Open calls: somebody looks for what you can do'), ('answer', 'Answers to what you asked or offered'), ('message', 'Messages in an exchange'), ('agreement', 'Agreements: what changed, what waits for you'), ('reminder', 'Reminders about your exchanges'), ('thanks', 'Thank-yous'), ('listing', 'Your own listings: still true, expired'), ('bandwidth', 'Your weeks: too full, or without a rest for long'), ('affiliate', 'Your affiliates: who joins, and notes of stewards'), ('import', "Hours that an affiliate's files bring about you"), ('tour', "The Grand Tour: your applications, your affiliate's offers to host"), ('check_in', 'Check-ins: how are you doing?'), ('moderation', 'What happened to a report'), ('account', 'Your account: sign-in and security')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='muted', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='notice_preference_once'), models.CheckConstraint(condition=models.Q(('kind', 'account'), _negated=True), name='notice_preference_not_account')],
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('place', 'A place in a journey'), ('application', 'An application'), ('edition', 'An edition'), ('request', 'A request')], max_length=11)),
                ('source_key', models.PositiveBigIntegerField()),
                ('made', models.CharField(choices=[('offer', 'An offer'), ('practice', 'A practice'), ('exchange', 'An exchange'), ('application', 'An application'), ('host', 'A host')], max_length=11)),
                ('made_key', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'source_key'], name='origin_by_source')],
                'constraints': [models.UniqueConstraint(fields=('made', 'made_key'), name='origin_one_of_what_was_made'), models.CheckConstraint(condition=models.Q(models.Q(('made__in', ['application', 'host']), ('source', 'request')), models.Q(('made__in', ['offer', 'practice', 'exchange']), ('source', 'place')), models.Q(('made', 'practice'), ('source__in', ['application', 'edition'])), _connector='OR'), name='origin_leads_from_one_app_to_the_other')],
            },
        ),
        migrations.CreateModel(
            name='PersonLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8, verbose_name='language')),
                ('level', models.CharField(choices=[('1', 'a little'), ('2', 'fairly well'), ('3', 'well'), ('4', 'fluently'), ('N', 'first language')], max_length=1, verbose_name='how well')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['language', 'person'], name='person_language_by_name')],
                'constraints': [models.UniqueConstraint(fields=('person', 'language'), name='person_language_once', violation_error_message='This language is in the list already.')],
            },
        ),
        migrations.CreateModel(
            name='Rest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('words', models.CharField(blank=True, help_text='Nobody else sees them.', max_length=200, verbose_name='words for yourself')),
                ('alone', models.BooleanField(db_default=False, default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('period', '&&')], name='rest_periods_do_not_overlap', violation_error_message='This period overlaps with another one.'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='rest_period_not_empty', violation_error_message='The first day must not be after the last.')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SharingInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='volunteers.affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sharing_invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('quiet', '&&')], name='sharing_invitation_once_in_a_while')],
            },
        ),
        migrations.CreateModel(
            name='PersonSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('has', 'I can do this'), ('teaches', 'I can teach this'), ('wants', 'I want to learn this')], max_length=8)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='person_skills', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='person_skills', to='volunteers.skill')),
            ],
            options={
                'indexes': [models.Index(fields=['skill', 'how', 'person'], name='person_skill_by_skill')],
                'constraints': [models.UniqueConstraint(fields=('person', 'skill', 'how'), name='person_skill_once')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('source', models.CharField(choices=[('exchange', 'An exchange'), ('journey', 'A journey'), ('by_hand', 'Entered by hand'), ('import', 'Imported')], max_length=10)),
                ('key', models.CharField(max_length=100)),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('weekly_hours', models.DecimalField(decimal_places=6, max_digits=9, verbose_name='hours a week')),
                ('state', models.CharField(choices=[('tentative', 'Pencilled in'), ('planned', 'Planned'), ('running', 'Running'), ('done', 'Done'), ('dropped', 'Dropped')], default='planned', max_length=9)),
                ('let_go_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('affiliate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitments', to='volunteers.affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.skill')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'running'])), fields=['person'], name='commitment_live_by_person')],
                'constraints': [models.UniqueConstraint(fields=('person', 'source', 'key'), name='commitment_one_per_source_key'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='commitment_period_not_empty', violation_error_message='The first day must not be after the last.'), models.CheckConstraint(condition=models.Q(('weekly_hours__gt', 0), ('weekly_hours__lte', Decimal('168')), django.db.models.lookups.LessThanOrEqual(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('weekly_hours'), '*', django.db.models.functions.comparison.Least(models.Value(7), models.Func('period', output_field=models.IntegerField(), template='(UPPER(%(expressions)s) - LOWER(%(expressions)s))'), output_field=models.IntegerField())), output_field=models.DecimalField()), Decimal('560'))), name='commitment_hours_above_0_to_80_in_a_week', violation_error_message='Hours a week are more than 0 and at most 80.')],
            },
        ),
        migrations.CreateModel(
            name='StewardAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weeks', models.BooleanField(default=True, verbose_name='my weeks: hours, load and rest')),
                ('check_ins', models.BooleanField(default=False, verbose_name='what I answer at check-ins')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('granted_at', models.DateTimeField(verbose_name='shared')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='taken back')),
                ('affiliate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steward_access', to='volunteers.affiliate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steward_access', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'steward access',
                'indexes': [models.Index(condition=models.Q(('revoked_at', None)), fields=['affiliate', 'person'], name='steward_access_live')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('person', 'affiliate'), name='steward_access_one_live_per_person_and_affiliate'), models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='steward_access_period_not_empty', violation_error_message='The first day must not be after the last.'), models.CheckConstraint(condition=models.Q(('weeks', True), ('check_ins', True), _connector='OR'), name='steward_access_shows_something', violation_error_message='Choose at least one thing to share.'), models.CheckConstraint(condition=models.Q(('revoked_at', None), ('revoked_at__gte', models.F('granted_at')), _connector='OR'), name='steward_access_revoked_after_granted')],
            },
        ),
        migrations.CreateModel(
            name='Strain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('overload', 'Overload'), ('rest_due', 'Rest Due')], max_length=8)),
                ('began_day', models.DateField()),
                ('ended_day', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='strains', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_day', None)), fields=('person', 'kind'), name='strain_one_of_a_kind_at_a_time'), models.CheckConstraint(condition=models.Q(('ended_day', None), ('ended_day__gte', models.F('began_day')), _connector='OR'), name='strain_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='What it is about, such as exchange:12.', max_length=100)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('words', models.TextField(max_length=2000, verbose_name='words')),
                ('giver_shows', models.BooleanField(default=False, verbose_name='this may be shown on their page')),
                ('receiver_shows', models.BooleanField(default=False, verbose_name='show this on my page')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('affiliate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thanks', to='volunteers.affiliate', verbose_name='on behalf of')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks_given', to=settings.AUTH_USER_MODEL)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks_received', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'thanks',
                'indexes': [models.Index(fields=['receiver', '-created_at'], name='thanks_last_heard')],
                'constraints': [models.UniqueConstraint(fields=('giver', 'key'), name='thanks_one_per_side'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='thanks_to_somebody_else'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('affiliate__isnull', False)), expressions=[('giver', '='), ('receiver', '='), ('affiliate', '='), (models.Func(models.F('created_at'), output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(), template="tsrange(timezone('UTC', %(expressions)s), timezone('UTC', %(expressions)s) + interval '30 days')"), '&&')], name='thanks_for_an_affiliate_once_in_30_days')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('link', models.CharField(max_length=300)),
                ('first_day', models.DateField(null=True, verbose_name='from')),
                ('last_day', models.DateField(null=True, verbose_name='until')),
                ('weekly_hours', models.DecimalField(decimal_places=6, default=0, max_digits=9)),
                ('invited', models.BooleanField(default=False)),
                ('begun_at', models.DateTimeField()),
                ('next_look_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watched_by', to=settings.AUTH_USER_MODEL)),
                ('watcher', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'watches',
                'indexes': [models.Index(condition=models.Q(('told_at', None)), fields=['next_look_at'], name='watch_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('told_at', None)), fields=('watcher', 'person', 'link'), name='watch_one_waits_per_wish'), models.CheckConstraint(condition=models.Q(('person', models.F('watcher')), _negated=True), name='watch_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('declined', models.BooleanField(default=False)),
                ('invited', models.BooleanField(default=False)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks_made', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', '-asked_at'], name='ask_by_person'), models.Index(condition=models.Q(('answered_at', None), ('invited', False)), fields=['person'], name='ask_that_waits')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person', models.F('asker')), _negated=True), name='ask_somebody_else'), models.CheckConstraint(condition=models.Q(('declined', False), ('answered_at__isnull', False), _connector='OR'), name='ask_declined_is_answered')],
            },
        ),
        migrations.CreateModel(
            name='ImportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('reason', models.CharField(blank=True, choices=[('ragged', 'The line has more cells (%(about)s) than there are columns.'), ('no_day', 'There is no date.'), ('wrong_day', '“%(about)s” is no date we can read.'), ('ambiguous_day', '“%(about)s” can be two days.'), ('far_day', '“%(about)s” is before 2001 or more than five years ahead.'), ('wrong_order', 'The last day, %(about)s, is before the first.'), ('no_duration', 'There is no duration.'), ('wrong_duration', '“%(about)s” is no duration we can read.'), ('too_long', '“%(about)s” is more than 80 hours a week.'), ('no_subject', 'There is neither a subject nor a type.'), ('wrong_status', '“%(about)s” is no status we know.'), ('no_contact', 'It does not say whom it is about.'), ('several', 'Several people in one line: “%(about)s”. One line for each.'), ('twice', 'It says the same as line %(about)s.'), ('contradicts', 'Line %(about)s says something else about the same.'), ('nobody', 'Nobody who takes hours from files stands for this contact.'), ('not_you', '“%(about)s” is not you.'), ('wrong_id', '“%(about)s” is no Capacity Exchange ID. Leave the cell empty, or take the hours out anew.'), ('here_already', 'It comes from hours here that no file of your affiliate brought: they would count twice.'), ('not_from_file', 'No file of yours brought this: change it where it stands, not here.')], max_length=16)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('contact', models.CharField(blank=True, max_length=60)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('username', models.CharField(blank=True, max_length=255)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('said_key', models.CharField(blank=True, max_length=100)),
                ('ours_key', models.CharField(blank=True, max_length=100)),
                ('ours_row', models.BigIntegerField(null=True)),
                ('what', models.CharField(blank=True, max_length=200)),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('weekly_hours', models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ('becomes', models.CharField(blank=True, choices=[('tentative', 'Pencilled in'), ('planned', 'Planned'), ('running', 'Running'), ('done', 'Done'), ('dropped', 'Dropped')], max_length=9)),
                ('outcome', models.CharField(blank=True, choices=[('new', 'New'), ('changed', 'Changed'), ('unchanged', 'Unchanged')], max_length=9)),
                ('before', models.JSONField(null=True)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='volunteers.import')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='volunteers.skill')),
            ],
            options={
                'indexes': [models.Index(fields=['of', 'contact'], name='import_line_by_contact'), models.Index(fields=['person', 'key'], name='import_line_by_person')],
                'constraints': [models.UniqueConstraint(fields=('of', 'number'), name='import_line_once')],
            },
        ),
        migrations.AddField(
            model_name='person',
            name='skills',
            field=models.ManyToManyField(related_name='people', through='volunteers.PersonSkill', to='volunteers.skill'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ask',
            trigger=pgtrigger.compiler.Trigger(name='ask_stays_between_the_two', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."asker_id" IS DISTINCT FROM (NEW."asker_id"))', func="\n                    RAISE EXCEPTION 'ask_stays_between_the_two'\n                        USING ERRCODE = 'check_violation';\n                ", hash='67c87161a20b6a7f5e9d851baa07c79bbe444086', operation='UPDATE OF "person_id", "asker_id"', pgid='pgtrigger_ask_stays_between_the_two_971e8', table='volunteers_ask', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='skill',
            trigger=pgtrigger.compiler.Trigger(name='skill_path_without_cycle', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE above bigint[];', func="\n                    SELECT path INTO above FROM volunteers_skill WHERE id = NEW.parent_id;\n                    IF NEW.id = ANY(above) OR NEW.parent_id = NEW.id THEN\n                        RAISE EXCEPTION 'skill_without_cycle: a skill cannot stand below itself'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    NEW.path = COALESCE(above, '{}') || NEW.id;\n                    RETURN NEW;\n                ", hash='a2ee59af753eda8c1e3515a1e02aea5ba12fc6d6', operation='INSERT OR UPDATE OF "parent_id"', pgid='pgtrigger_skill_path_without_cycle_aa33e', table='volunteers_skill', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='skill',
            trigger=pgtrigger.compiler.Trigger(name='skill_path_of_children', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."path" IS DISTINCT FROM (NEW."path"))', func='\n                    UPDATE volunteers_skill SET parent_id = parent_id WHERE parent_id = NEW.id;\n                    RETURN NULL;\n                ', hash='3831158d4a442ffc116fad736776e16d77beb256', operation='UPDATE OF "path", "parent_id"', pgid='pgtrigger_skill_path_of_children_10b55', table='volunteers_skill', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stewardaccess',
            trigger=pgtrigger.compiler.Trigger(name='steward_access_of_a_member', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    PERFORM FROM volunteers_affiliate\n                    WHERE id = NEW.affiliate_id FOR KEY SHARE;\n                    PERFORM FROM volunteers_membership\n                    WHERE person_id = NEW.person_id AND affiliate_id = NEW.affiliate_id\n                    AND confirmed_at <= NEW.granted_at FOR SHARE;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'steward_access_of_a_member'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='95e6a4fb0c72d833a510321b6a033c4e8b55f782', operation='INSERT', pgid='pgtrigger_steward_access_of_a_member_5bd92', table='volunteers_stewardaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stewardaccess',
            trigger=pgtrigger.compiler.Trigger(name='steward_access_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "person_id", "affiliate_id", "weeks", "check_ins", "period", "granted_at" rows from % table\', TG_TABLE_NAME;', hash='d95a9db672829bc54ea6f774e5ccad289c547068', operation='UPDATE OF "person_id", "affiliate_id", "weeks", "check_ins", "period", "granted_at"', pgid='pgtrigger_steward_access_stays_05523', table='volunteers_stewardaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stewardaccess',
            trigger=pgtrigger.compiler.Trigger(name='steward_access_revoked_stays_revoked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."revoked_at" IS NOT NULL)', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "revoked_at" rows from % table\', TG_TABLE_NAME;', hash='1cf48c71811365715fb320c9a0c15ab69e812e78', operation='UPDATE OF "revoked_at"', pgid='pgtrigger_steward_access_revoked_stays_revoked_73608', table='volunteers_stewardaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='thanks',
            trigger=pgtrigger.compiler.Trigger(name='thanks_for_an_affiliate_by_its_steward', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."affiliate_id" IS NOT NULL)', func="\n                    PERFORM FROM volunteers_affiliate\n                    WHERE id = NEW.affiliate_id FOR KEY SHARE;\n                    PERFORM FROM volunteers_membership\n                    WHERE person_id = NEW.giver_id AND affiliate_id = NEW.affiliate_id\n                    AND role = 'steward' AND confirmed_at IS NOT NULL FOR SHARE;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'thanks_for_an_affiliate_by_its_steward'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='88d25cc7a41861e1cd37d115cddbcaf815a28965', operation='INSERT OR UPDATE OF "affiliate_id", "giver_id"', pgid='pgtrigger_thanks_for_an_affiliate_by_its_steward_97120', table='volunteers_thanks', when='BEFORE')),
        ),
    ]
