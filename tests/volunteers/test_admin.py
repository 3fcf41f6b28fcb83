import json
import re
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from capx.desk import Reading, found
from capx.pages import Capped
from tests.addresses import world
from tests.factories import (
    AffiliateFactory,
    BudgetLineFactory,
    ListingFactory,
    MembershipFactory,
    NoticeFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
    SkillFactory,
)
from volunteers import mailbox
from volunteers.actions.organisers import MAY, organisers
from volunteers.imports import place_vector
from volunteers.models import (
    Affiliate,
    BottleneckSnapshot,
    Membership,
    Notice,
    NoticePreference,
    Person,
    Region,
)

pytestmark = pytest.mark.django_db
PEOPLE = "admin:volunteers_person_changelist"


@pytest.fixture
def organiser(client):
    person = OrganiserFactory(username="organiser")
    client.force_login(person)
    return person


def listed(client, name, **query):
    """Give the rows a list at the desk shows."""
    return list(client.get(reverse(name), query).context["cl"].result_list)


def plan_of(queryset):
    """Ask PostgreSQL how it would read these rows if there were very many."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return queryset.explain()


def test_the_desk_asks_to_sign_in_where_everybody_does(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_desk_is_closed_to_everybody_else(client):
    client.force_login(PersonFactory())

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403


def test_the_desk_never_asks_for_a_password_itself(client, organiser):
    other = PersonFactory(is_staff=True)
    other.set_password("a very long word")
    other.save()
    typed = {"username": other.username, "password": "a very long word"}

    answer = client.post(reverse("admin:login"), typed)

    assert answer.url == reverse("admin:index")
    assert client.get("/admin/").context["user"] == organiser


@pytest.mark.parametrize(
    ("wanted", "led"), [("/admin/auth/", "/admin/auth/"), ("//evil.example/", "/admin/")]
)
def test_the_sign_in_leads_back_to_the_desk_and_nowhere_else(client, organiser, wanted, led):
    assert client.get(reverse("admin:login"), {"next": wanted}).url == led


def test_the_desk_has_nothing_inline(client, organiser):
    """Hold every kind of page against the policy that forbids inline scripts and styles."""
    pages = [reverse("admin:index"), reverse(PEOPLE), reverse("admin:volunteers_affiliate_add")]
    pages.append(reverse("admin:volunteers_person_change", args=[organiser.pk]))
    pages.append(reverse("admin:volunteers_person_act", args=[organiser.pk, "deactivate"]))
    for page in pages:
        answer = client.get(page)
        content = answer.content.decode()
        assert answer.status_code == 200
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        assert " style=" not in content
        assert "<style" not in content
        assert " onclick=" not in content
        assert "<script>" not in content


def test_organisers_may_do_exactly_what_is_written_down():
    group = organisers()
    wanted = {
        f"{app}.{verb}_{name}"
        for app, verbs in MAY.items()
        for verb, names in verbs.items()
        for name in names
    }

    assert OrganiserFactory().get_all_permissions() == wanted
    assert organisers() == group
    assert Group.objects.count() == 1


@pytest.mark.parametrize(
    "typed", ["łukasz", "LUKASZ", "lukasz-7", "lukasz@posta.example", "KOW"]
)
def test_a_person_is_found_by_name_username_and_address(client, organiser, typed):
    person = PersonFactory(
        name="Łukasz Kowal", username="lukasz-7", email="lukasz@posta.example"
    )
    PersonFactory(name="Ada")

    assert listed(client, PEOPLE, q=typed) == [person]


@pytest.mark.parametrize("typed", ["\0", "'; DROP TABLE x", "%", "🐙" * 300, "a" * 100_000])
def test_a_search_at_the_desk_survives_anything(client, organiser, typed):
    for name in ("person", "affiliate", "place", "notice"):
        answer = client.get(reverse(f"admin:volunteers_{name}_changelist"), {"q": typed})
        assert answer.status_code == (400 if typed == "\0" else 200)


def test_no_list_of_people_counts_them_all_or_reads_row_by_row(client, organiser):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(PEOPLE), {"q": "person"})
        return len(seen)

    PersonFactory()
    one = statements()
    PersonFactory.create_batch(3)

    assert statements() == one <= 12


def test_searches_at_the_desk_use_an_index():
    person = Person.objects.filter(folded__contains="kowal")
    address = Person.objects.filter(email__icontains="posta")
    affiliate = Affiliate.objects.filter(name__icontains="testland")

    assert "person_folded" in plan_of(person)
    assert "person_email_trigrams" in plan_of(address)
    assert "affiliate_name_trigrams" in plan_of(affiliate)


def test_a_person_is_read_and_not_written(client, organiser):
    person = PersonFactory()
    page = reverse("admin:volunteers_person_change", args=[person.pk])

    content = client.get(page).content.decode()
    answer = client.post(page, {"is_superuser": "on", "username": "other"})

    assert "password" not in content.split("<main")[1].lower()
    assert 'name="_save"' not in content
    assert answer.status_code == 403
    assert Person.objects.get(pk=person.pk).username == person.username


def act(client, person, verb, why="Two accounts of one person."):
    page = reverse("admin:volunteers_person_act", args=[person.pk, verb])
    return client.post(page, {"why": why}, follow=True)


def test_an_account_is_closed_and_opened_with_a_reason_and_a_history(client, organiser):
    person = PersonFactory(username="ada")

    act(client, person, "deactivate")
    closed = Person.objects.get(pk=person.pk).is_active
    act(client, person, "reactivate", why="It was a mistake.")

    assert (closed, Person.objects.get(pk=person.pk).is_active) == (False, True)
    subjects = list(Notice.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == ["Your account is closed for now", "Your account is open again"]
    assert "Why: Two accounts of one person." in Notice.objects.first().body
    kept = LogEntry.objects.order_by("pk").values_list("user", "change_message")
    assert list(kept) == [
        (organiser.pk, "deactivate: Two accounts of one person."),
        (organiser.pk, "reactivate: It was a mistake."),
    ]


def test_who_is_signed_in_is_out_when_the_account_is_closed(client, organiser):
    person = PersonFactory()
    act(client, person, "deactivate")

    client.force_login(person)

    assert client.get(reverse("data")).status_code == 302


def test_a_reason_is_needed(client, organiser):
    person = PersonFactory()

    answer = act(client, person, "deactivate", why=" ")

    assert "This field is required." in answer.content.decode()
    assert Person.objects.get(pk=person.pk).is_active


def test_closed_twice_is_closed_once(client, organiser):
    person = PersonFactory()
    act(client, person, "deactivate")

    answer = act(client, person, "deactivate")

    assert "Somebody was faster. Nothing was changed." in answer.content.decode()
    assert Notice.objects.count() == 1


def test_an_organiser_closes_no_organiser(client, organiser):
    other = OrganiserFactory()

    answer = act(client, other, "deactivate")

    assert "Only whoever runs the whole site" in answer.content.decode()
    assert Person.objects.get(pk=other.pk).is_active


@pytest.mark.parametrize("verb", ["appoint", "release", "superuser"])
def test_an_organiser_makes_no_organiser(client, organiser, verb):
    person = PersonFactory()

    assert act(client, person, verb).status_code == 404
    assert not Person.objects.get(pk=person.pk).is_staff


def test_who_runs_the_site_makes_organisers(client):
    client.force_login(OrganiserFactory(is_superuser=True))
    person = PersonFactory()

    act(client, person, "appoint")
    made = Person.objects.get(pk=person.pk)
    assert made.is_staff
    assert made.has_perm("exchange.change_report")

    act(client, person, "release")
    assert not Person.objects.get(pk=person.pk).is_staff
    assert not Person.objects.get(pk=person.pk).has_perm("exchange.change_report")


def test_a_place_is_found_by_any_of_its_names(client, organiser):
    gdansk = PlaceFactory(name="Gdańsk", names=place_vector("PL", ["Gdańsk", "Danzig"]))
    PlaceFactory()

    assert listed(client, "admin:volunteers_place_changelist", q="danzig") == [gdansk]


def test_a_mail_that_was_given_up_goes_out_again(client, organiser):
    stuck = NoticeFactory(by_mail=False, tries=mailbox.TRIES)
    NoticeFactory(sent_at="2026-01-01T00:00Z")
    name = "admin:volunteers_notice_changelist"

    assert listed(client, name, mail="stuck") == [stuck]
    client.post(reverse(name), {"action": "send_again", "_selected_action": [stuck.pk]})

    stuck.refresh_from_db()
    assert (stuck.by_mail, stuck.tries, stuck.sent_at) == (True, 0, None)


def test_what_is_not_wished_by_mail_stays_here(client, organiser):
    muted = NoticeFactory(by_mail=False)
    NoticePreference.objects.create(person=muted.recipient, kind=muted.kind)
    code = NoticeFactory(body="", kind="account")
    nowhere = NoticeFactory(recipient__email="", by_mail=False)
    keys = [muted.pk, code.pk, nowhere.pk]

    page = client.post(
        reverse("admin:volunteers_notice_changelist"),
        {"action": "send_again", "_selected_action": keys},
        follow=True,
    )

    assert "3 stay here" in page.content.decode()
    assert not Notice.objects.filter(pk__in=[muted.pk, nowhere.pk], by_mail=True).exists()


def test_the_words_of_a_mail_are_nobody_elses(client, organiser):
    notice = NoticeFactory(body="Only between us.")

    page = client.get(reverse("admin:volunteers_notice_change", args=[notice.pk]))

    assert "Only between us." not in page.content.decode()


def test_no_mail_at_the_desk_tells_what_it_says_or_opens_anything(client, organiser):
    notice = NoticeFactory(subject="It will not work out", link="/still-true/abc/", key="no:1")
    tired = NoticeFactory(kind="bandwidth")
    asked = NoticeFactory(kind="check_in", link="/check-in/abc/")

    page = client.get(reverse("admin:volunteers_notice_change", args=[notice.pk]))
    pages = [page, client.get(reverse("admin:volunteers_notice_changelist"))]

    for text in (page.content.decode() for page in pages):
        assert "not work out" not in text
        assert "/abc/" not in text
        assert "no:1" not in text
    assert listed(client, "admin:volunteers_notice_changelist") == [notice]
    for private in (tired, asked):
        address = reverse("admin:volunteers_notice_change", args=[private.pk])
        assert client.get(address).status_code == 302


def test_a_letter_of_the_tour_is_at_the_desk_only_where_it_could_not_be_delivered(
    client, organiser
):
    went, waits, stuck = (NoticeFactory(kind="tour", key=f"tour:{n}") for n in range(3))
    Notice.objects.filter(pk=went.pk).update(sent_at=timezone.now(), tries=1)
    Notice.objects.filter(pk=waits.pk).update(by_mail=True, sent_at=None)
    Notice.objects.filter(pk=stuck.pk).update(by_mail=False, sent_at=None, tries=5)

    assert listed(client, "admin:volunteers_notice_changelist") == [stuck]


def test_no_column_is_guessed_by_an_address(client, organiser):
    guesses = {
        "person": [
            "password__startswith",
            "open_asks",
            "last_asked_at__gte",
            "about__contains",
        ],
        "notice": ["subject__contains", "body__contains", "key__startswith", "link__contains"],
    }

    for name, lookups in guesses.items():
        page = reverse(f"admin:volunteers_{name}_changelist")
        for lookup in lookups:
            assert client.get(page, {lookup: "1"}).status_code == 400
    page = reverse("admin:volunteers_person_changelist")
    offered = {
        "is_active__exact": "1",
        "visibility__exact": "public",
        "hidden_at__isempty": "1",
    }
    assert client.get(page, offered).status_code == 200


def test_mail_is_found_by_whom_it_is_for(client, organiser):
    notice = NoticeFactory(recipient__name="Zoë")
    NoticeFactory()

    assert listed(client, "admin:volunteers_notice_changelist", q="zoe") == [notice]


def save_affiliate(client, affiliate, **changes):
    """Send the form of an affiliate."""
    said = {
        "name": affiliate.name,
        "slug": affiliate.slug,
        "kind": affiliate.kind,
        "countries": "PL",
        "languages": "pl",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        **changes,
    }
    return client.post(
        reverse("admin:volunteers_affiliate_change", args=[affiliate.pk]), said, follow=True
    )


def become(client, membership, verb):
    """Choose on the page of a membership what becomes of it."""
    keys = [membership.affiliate_id, membership.pk]
    page = reverse("admin:volunteers_affiliate_membership", args=keys)
    return client.post(page, {"verb": verb}, follow=True)


def told():
    """List who was told, about what, in order."""
    return [
        (notice.recipient, notice.key.split(":")[0]) for notice in Notice.objects.order_by("pk")
    ]


def test_an_organiser_confirms_people_and_gives_them_a_role(client, organiser):
    waiting = MembershipFactory(confirmed_at=None)
    person = waiting.person

    for verb in ("confirm", "steward", "member"):
        MembershipFactory(affiliate=waiting.affiliate, role="steward")
        assert become(client, waiting, verb).status_code == 200

    waiting.refresh_from_db()
    assert (waiting.confirmed_at is None, waiting.role) == (False, "member")
    assert told() == [
        (person, "membership-confirmed"),
        (person, "membership-role"),
        (person, "membership-role"),
    ]
    kept = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(kept) == [
        f"{verb}: {person.username}" for verb in ("confirm", "steward", "member")
    ]


def test_an_organiser_lets_go_whom_nobody_knows_and_who_has_left(client, organiser):
    waiting = MembershipFactory(confirmed_at=None)
    gone = MembershipFactory()

    become(client, waiting, "decline")
    become(client, gone, "remove")

    assert not Membership.objects.exists()
    assert told() == [
        (waiting.person, "membership-declined"),
        (gone.person, "membership-ended"),
    ]


@pytest.mark.parametrize("verb", ["member", "editor", "remove"])
def test_the_last_steward_stays_at_the_desk_too(client, organiser, verb):
    last = MembershipFactory(role="steward")

    page = become(client, last, verb).content.decode()

    assert "Make somebody else a steward first." in page
    assert Membership.objects.filter(pk=last.pk, role="steward").exists()
    assert told() == []


def test_who_waits_speaks_for_nobody_before_they_are_confirmed(client, organiser):
    waiting = MembershipFactory(confirmed_at=None)

    become(client, waiting, "steward")

    waiting.refresh_from_db()
    assert (waiting.role, waiting.confirmed_at) == ("member", None)


def test_an_organiser_adds_a_steward(client, organiser):
    affiliate, person = AffiliateFactory(), PersonFactory()
    page = reverse("admin:volunteers_affiliate_add_person", args=[affiliate.pk])

    for _ in range(2):
        client.post(page, {"person": person.pk, "role": "steward"})

    assert list(affiliate.memberships.stewards().values_list("person", flat=True)) == [
        person.pk
    ]
    assert told() == [(person, "membership-confirmed"), (person, "membership-role")]


def test_the_page_of_an_affiliate_changes_no_membership_by_hand(client, organiser):
    last = MembershipFactory(role="steward")
    line = {"id": last.pk, "affiliate": last.affiliate_id, "role": "member", "DELETE": "on"}
    said = {f"memberships-0-{name}": value for name, value in line.items()}
    said |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}

    page = save_affiliate(client, last.affiliate, **said).content.decode()

    assert Membership.objects.filter(pk=last.pk, role="steward").exists()
    assert 'name="memberships-0-role"' not in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("countries", "PL, Poland", "Ensure this value has at most 2 characters"),
        ("countries", "PL, XX", "XX is not the code of a country."),
        ("languages", "zzzz", "zzzz is not the code of a language."),
    ],
)
def test_only_codes_that_exist_are_kept(client, organiser, field, typed, said):
    affiliate = AffiliateFactory()

    page = save_affiliate(client, affiliate, **{field: typed}).content.decode()

    assert said in page
    assert f'value="{typed}"' in page


def test_affiliates_in_which_somebody_waits_are_found(client, organiser):
    waiting = MembershipFactory(confirmed_at=None)
    MembershipFactory()

    found = listed(client, "admin:volunteers_affiliate_changelist", people="wait")

    assert found == [waiting.affiliate]


def test_the_person_picker_at_the_desk_is_for_the_desk(client, organiser):
    PersonFactory(name="Zoë")
    query = {
        "app_label": "volunteers",
        "model_name": "membership",
        "field_name": "person",
        "term": "zoe",
    }

    found = json.loads(client.get(reverse("admin:autocomplete"), query).content)
    client.force_login(PersonFactory())

    assert [row["text"] for row in found["results"]] == ["Zoë"]
    assert client.get(reverse("admin:autocomplete"), query).status_code == 302


LATIN = re.compile(r"[A-Za-z]{2,}")


def headings(page):
    """Take what the desk itself calls things out of a page, without what people wrote."""
    main = page.split("<main", 1)[1]
    if "dashboard" not in page:  # whose table names the models
        main = re.sub(r"<tbody.*?</tbody>", " ", main, flags=re.DOTALL)
    named = r"<(h2|h3|th|label|legend|summary)\b[^>]*>(.*?)</\1>"
    for _tag, inside in re.findall(named, main, re.DOTALL):
        text = re.sub(r"<(bdi)\b.*?</\1>|<[^>]*>", " ", inside, flags=re.DOTALL)
        yield " ".join(unescape(text).split())


def test_the_desk_speaks_the_language_of_its_reader(client):
    w = world()
    client.force_login(w.organiser)
    listing = ListingFactory(title="عنوان", author=w.author)
    BudgetLineFactory(listing=listing, what_for="سفر")
    rows = [w.stranger, w.affiliate, w.notice, w.affiliate.place, w.skill, listing]
    rows += [w.practice, w.exchange]
    names = [(row._meta.app_label, row._meta.model_name) for row in [*rows, w.report]]
    pages = [reverse("admin:index")]
    pages += [reverse(f"admin:{app}_{name}_changelist") for app, name in names]
    pages += [
        reverse(f"admin:{app}_{name}_change", args=[row.pk])
        for (app, name), row in zip(names, rows, strict=False)
    ]
    client.cookies["django_language"] = "ar"
    with override("ar"):
        written = {str(row) for row in rows}

    english = {}
    for page in pages:
        texts = set(headings(client.get(page).content.decode())) - written
        english[page] = sorted(text for text in texts if LATIN.search(text))

    assert {page: words for page, words in english.items() if words} == {}


@pytest.mark.parametrize("typed", ["k", "ko", "kow"])
def test_a_short_word_is_found_at_the_beginning_by_an_index(client, organiser, typed):
    kowal = PersonFactory(name="Łukasz Kowal", username="b", email="c@posta.example")
    PersonFactory(name="Marek", username="zz", email="zz@posta.example")

    rows = Person.objects.filter(found(typed, ["folded__contains"]))

    assert "person_folded" in plan_of(rows)
    assert listed(client, PEOPLE, q=typed) == [kowal]


def test_a_list_at_the_desk_ends_after_a_hundred_pages(client, organiser, monkeypatch):
    monkeypatch.setattr(Reading, "list_per_page", 1)
    monkeypatch.setattr(Capped, "most_pages", 2)
    PersonFactory.create_batch(3)

    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse(PEOPLE)).content.decode()

    counts = [one["sql"] for one in asked if "COUNT(" in one["sql"]]
    assert "The first 2. Search or filter to find others." in page
    assert client.get(reverse(PEOPLE), {"p": "3"}).status_code == 302
    assert [sql.endswith("LIMIT 3) subquery") for sql in counts] == [True]


@pytest.mark.parametrize("wanted", ["2", "-3", "4", "6.-2"])
def test_no_address_asks_for_an_order_without_an_index(client, organiser, wanted):
    PersonFactory.create_batch(2)

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(PEOPLE), {"o": wanted})

    orders = {
        sql.split("ORDER BY")[1].split("LIMIT")[0].strip()
        for one in asked
        if "ORDER BY" in (sql := one["sql"]) and 'FROM "volunteers_person"' in sql
    }
    assert orders == {'"volunteers_person"."id" DESC'}


def test_bottlenecks_are_listed_by_the_names_of_their_places_in_one_statement(
    client, organiser, django_assert_max_num_queries
):
    affiliate = AffiliateFactory(name="Wikimedia Polska")
    Region.objects.create(slug="baltic", names={"en": "Around the Baltic"}, countries=["LV"])
    skill = SkillFactory()
    for scope in ("all", "country:LV", "region:baltic", f"affiliate:{affiliate.pk}"):
        row = BottleneckSnapshot.objects.create(
            day="2026-05-13", scope=scope, skill=skill, level="fine", band="fine"
        )

    with django_assert_max_num_queries(10):
        page = client.get(reverse("admin:volunteers_bottlenecksnapshot_changelist")).text

    for name in ("The whole movement", "Latvia", "Around the Baltic", "Wikimedia Polska"):
        assert name in page
    address = reverse("admin:volunteers_bottlenecksnapshot_change", args=[row.pk])
    assert "Wikimedia Polska" in client.get(address).text
