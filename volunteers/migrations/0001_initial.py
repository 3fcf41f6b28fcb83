"""People, affiliates, skills, places, bandwidth and notices."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import volunteers.models.folded
import volunteers.models.people
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
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
                ('folded', models.GeneratedField(db_persist=True, expression=volunteers.models.folded.Folded(django.db.models.functions.text.Concat('name', models.Value(' '), 'username')), output_field=models.TextField())),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='volunteers.place', verbose_name='city')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
            managers=[
                ('objects', volunteers.models.people.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name='Rest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('words', models.CharField(blank=True, help_text='Nobody else sees them.', max_length=200, verbose_name='words for yourself')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rests', to=settings.AUTH_USER_MODEL)),
            ],
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
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, verbose_name='what')),
                ('source', models.CharField(choices=[('exchange', 'An exchange'), ('journey', 'A journey'), ('by_hand', 'Entered by hand'), ('import', 'Imported')], max_length=10)),
                ('key', models.CharField(max_length=100)),
                ('period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='period')),
                ('weekly_hours', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='hours a week')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('running', 'Running'), ('done', 'Done'), ('dropped', 'Dropped')], default='planned', max_length=8)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='volunteers.skill')),
            ],
        ),
        migrations.AddField(
            model_name='person',
            name='skills',
            field=models.ManyToManyField(related_name='people', through='volunteers.PersonSkill', to='volunteers.skill'),
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
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks_given', to=settings.AUTH_USER_MODEL)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks_received', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'thanks',
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
                ('kind', models.CharField(choices=[('ask', 'Somebody asks you or offers help'), ('answer', 'Answers to what you asked or offered'), ('message', 'Messages in an exchange'), ('agreement', 'Agreements: what changed, what waits for you'), ('reminder', 'Reminders about your exchanges'), ('thanks', 'Thank-yous'), ('listing', 'Your own listings: still true, expired'), ('affiliate', 'Your affiliates: who joins'), ('moderation', 'What happened to a report'), ('account', 'Your account: sign-in and security')], max_length=10, verbose_name='kind')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('body', models.TextField()),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='link')),
                ('to', models.EmailField(blank=True, help_text="Where, if not to the person's address.", max_length=254, verbose_name='address')),
                ('by_mail', models.BooleanField(default=True)),
                ('at_once', models.BooleanField(default=False)),
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
                'indexes': [models.Index(condition=models.Q(('by_mail', True), ('sent_at', None)), fields=['not_before'], name='notice_unsent'), models.Index(fields=['recipient', '-created_at', '-id'], name='notice_inbox'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='notice_unread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('recipient__isnull', False), models.Q(('kind', 'account'), models.Q(('to', ''), _negated=True)), _connector='OR'), name='notice_to_somebody')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ask', 'Somebody asks you or offers help'), ('answer', 'Answers to what you asked or offered'), ('message', 'Messages in an exchange'), ('agreement', 'Agreements: what changed, what waits for you'), ('reminder', 'Reminders about your exchanges'), ('thanks', 'Thank-yous'), ('listing', 'Your own listings: still true, expired'), ('affiliate', 'Your affiliates: who joins'), ('moderation', 'What happened to a report'), ('account', 'Your account: sign-in and security')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='muted', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'kind'), name='notice_preference_once'), models.CheckConstraint(condition=models.Q(('kind', 'account'), _negated=True), name='notice_preference_not_account')],
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
        migrations.AddIndex(
            model_name='affiliate',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), 'gin_trgm_ops'), name='affiliate_name_trigrams'),
        ),
        migrations.AddConstraint(
            model_name='rest',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('period', '&&')], name='rest_periods_do_not_overlap', violation_error_message='This period overlaps with another one.'),
        ),
        migrations.AddConstraint(
            model_name='rest',
            constraint=models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='rest_period_not_empty', violation_error_message='The first day must not be after the last.'),
        ),
        migrations.AddIndex(
            model_name='skill',
            index=django.contrib.postgres.indexes.GinIndex(fields=['path'], name='skill_path'),
        ),
        migrations.AddConstraint(
            model_name='skill',
            constraint=models.CheckConstraint(condition=models.Q(('wikidata__regex', '^Q[1-9][0-9]*$')), name='skill_wikidata_id_is_one', violation_error_message='A Wikidata id looks like Q42.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='skill',
            trigger=pgtrigger.compiler.Trigger(name='skill_path_without_cycle', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE above bigint[];', func="\n                    SELECT path INTO above FROM volunteers_skill WHERE id = NEW.parent_id;\n                    IF NEW.id = ANY(above) OR NEW.parent_id = NEW.id THEN\n                        RAISE EXCEPTION 'skill_without_cycle: a skill cannot stand below itself'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    NEW.path = COALESCE(above, '{}') || NEW.id;\n                    RETURN NEW;\n                ", hash='a2ee59af753eda8c1e3515a1e02aea5ba12fc6d6', operation='INSERT OR UPDATE OF "parent_id"', pgid='pgtrigger_skill_path_without_cycle_aa33e', table='volunteers_skill', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='skill',
            trigger=pgtrigger.compiler.Trigger(name='skill_path_of_children', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."path" IS DISTINCT FROM (NEW."path"))', func='\n                    UPDATE volunteers_skill SET parent_id = parent_id WHERE parent_id = NEW.id;\n                    RETURN NULL;\n                ', hash='3831158d4a442ffc116fad736776e16d77beb256', operation='UPDATE OF "path", "parent_id"', pgid='pgtrigger_skill_path_of_children_10b55', table='volunteers_skill', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='personskill',
            index=models.Index(fields=['skill', 'how'], name='person_skill_by_skill'),
        ),
        migrations.AddConstraint(
            model_name='personskill',
            constraint=models.UniqueConstraint(fields=('person', 'skill', 'how'), name='person_skill_once'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('state__in', ['planned', 'running'])), fields=['person'], name='commitment_live_by_person'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.UniqueConstraint(fields=('person', 'source', 'key'), name='commitment_one_per_source_key'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('period__isempty', False)), name='commitment_period_not_empty', violation_error_message='The first day must not be after the last.'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('weekly_hours__gt', 0), ('weekly_hours__lte', 80)), name='commitment_weekly_hours_above_0_to_80', violation_error_message='Hours a week are more than 0 and at most 80.'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(django.db.models.functions.text.Upper('username'), name='person_username_upper'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='person_folded'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), 'gin_trgm_ops'), name='person_email_trigrams'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['folded', 'id'], name='person_by_name'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('is_staff', True)), fields=['id'], name='person_at_the_desk'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(models.OrderBy(models.F('last_asked_at'), nulls_first=True), models.F('id'), name='person_by_last_asked'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('forgotten_at', None), models.Q(('email', ''), ('is_active', False), ('name', ''), ('wiki_name', '')), _connector='OR'), name='person_forgotten_is_gone'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('open_asks__range', (1, 20))), name='person_open_asks_1_to_20', violation_error_message='Between 1 and 20 asks may wait at once.'),
        ),
        migrations.AddIndex(
            model_name='skilllabel',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded', 'gin_trgm_ops'), name='skill_label_folded'),
        ),
        migrations.AddConstraint(
            model_name='skilllabel',
            constraint=models.UniqueConstraint(fields=('skill', 'language'), name='skill_one_label_per_language', violation_error_message='This skill already has a label in this language.'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.UniqueConstraint(fields=('giver', 'key'), name='thanks_one_per_side'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='thanks_to_somebody_else'),
        ),
    ]
