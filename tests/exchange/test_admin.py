import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.actions import reports
from exchange.actions import skills as actions
from exchange.models import Exchange, Listing, Practice, Report, SearchDocument
from tests.exchange.agreeing import NOON, agreed
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MessageFactory,
    OrganiserFactory,
    PersonFactory,
    PersonSkillFactory,
    PracticeFactory,
    ReportFactory,
    SkillFactory,
)
from tests.grandtour.tours import HostFactory
from volunteers.models import Commitment, PersonSkill, Skill
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
QUEUE = "admin:exchange_report_changelist"


@pytest.fixture
def organiser(client):
    person = OrganiserFactory(username="organiser")
    client.force_login(person)
    return person


def listed(client, name, **query):
    return list(client.get(reverse(name), query).context["cl"].result_list)


def about(target):
    what = target._meta.model_name
    return reverse("admin:exchange_report_about", args=[what, target.pk])


def test_what_waits_longest_stands_first(client, organiser, django_assert_max_num_queries):
    second = ReportFactory(created_at="2026-05-02T00:00Z")
    first = ReportFactory(created_at="2026-05-01T00:00Z")
    decided = ReportFactory()
    reports.leave(decided.listing, reports.Ruling(organiser, "Fine.", decided.created_at, 999))

    with django_assert_max_num_queries(12):
        assert listed(client, QUEUE) == [first, second]
    assert listed(client, QUEUE, state="dismissed") == [decided]
    assert listed(client, QUEUE, state="all") == [first, second, decided]


def test_the_desk_begins_with_what_waits(client, organiser):
    assert client.get(reverse("admin:index")).context["waiting"] == []

    ReportFactory()
    ReportFactory()

    [waiting] = client.get(reverse("admin:index")).context["waiting"]
    assert waiting == {"words": "2 reports wait for a decision", "href": reverse(QUEUE)}


def test_pages_of_the_desk_are_called_by_what_they_show(client, organiser):
    listing = ListingFactory(title="An hour of advice")
    row = reverse("admin:exchange_listing_change", args=[listing.pk])

    assert (
        client.get(reverse("admin:exchange_listing_changelist")).context["title"] == "Listings"
    )
    assert client.get(row).context["title"] == "An hour of advice"
    part = client.get(reverse("admin:app_list", args=["exchange"])).context["title"]
    assert part == "What is offered and asked"


@pytest.mark.parametrize("name", ["report", "listing", "exchange", "practice"])
def test_lists_at_the_desk_read_in_few_statements(client, organiser, name):
    def make():
        PracticeFactory()
        ReportFactory(listing=ExchangeFactory().listing)

    def statements():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(f"admin:exchange_{name}_changelist"))
        return len(seen)

    make()
    one = statements()
    make()
    make()

    assert statements() == one <= 12


@pytest.mark.parametrize(
    "make", [ListingFactory, PracticeFactory, MessageFactory, PersonFactory]
)
def test_a_reported_thing_is_hidden_and_restored_on_its_page(client, organiser, make):
    target = make()
    what = target._meta.model_name
    report = Report.objects.create(
        **{what: target},
        reporter=PersonFactory(name="Zoë Reporter"),
        reason="spam",
        words="Look at this.",
        created_at="2026-05-01T00:00Z",
    )

    page = client.get(about(target)).content.decode()
    client.post(about(target), {"decision": "hide", "why": "Spam.", "seen": report.pk})
    target.refresh_from_db()
    hidden = target.hidden_at
    client.post(about(target), {"decision": "restore", "why": "Sorry.", "seen": report.pk})
    target.refresh_from_db()

    assert "Look at this." in page
    assert "Zoë Reporter" in page
    assert hidden is not None
    assert target.hidden_at is None
    words = [decision.words for decision in report.decisions.order_by("pk")]
    assert words == ["Spam.", "Sorry."]


def test_only_what_can_be_done_can_be_chosen(client, organiser):
    listing = ListingFactory()

    form = client.get(about(listing)).context["form"]
    assert [value for value, _label in form.fields["decision"].choices] == ["hide"]

    answer = client.post(about(listing), {"decision": "restore", "why": "x", "seen": 0})
    assert "is not one of the available choices" in answer.content.decode()


def test_a_decision_needs_a_reason_and_keeps_what_was_typed(client, organiser):
    report = ReportFactory()

    answer = client.post(about(report.listing), {"decision": "hide", "seen": report.pk})

    page = answer.content.decode()
    assert "This field is required." in page
    assert 'value="hide"' in page.replace("\n", "")
    assert Report.objects.get().state == "waiting"


def test_too_late_is_said(client, organiser):
    report = ReportFactory()
    said = {"decision": "leave", "why": "Fine.", "seen": report.pk}
    page = client.get(about(report.listing))
    reports.leave(
        report.listing, reports.Ruling(OrganiserFactory(), "x", report.created_at, report.pk)
    )
    ReportFactory(listing=report.listing)

    answer = client.post(about(report.listing), said, follow=True)

    assert page.status_code == 200
    assert "Somebody was faster. Nothing was changed." in answer.content.decode()


def test_of_a_conversation_only_what_stands_around_is_read(client, organiser):
    exchange = ExchangeFactory()
    for number in range(20):
        MessageFactory(exchange=exchange, body=f"word-{number:02}")
    message = exchange.messages.order_by("pk")[10]

    page = client.get(about(message)).content.decode()

    read = [number for number in range(20) if f"word-{number:02}" in page]
    assert read == list(range(5, 16))


def test_earlier_reports_about_the_same_person_are_shown(client, organiser):
    first = ReportFactory(listing__title="The first")
    second = ReportFactory(listing__author=first.listing.author)

    assert "The first" in client.get(about(second.listing)).content.decode()


def test_a_report_leads_to_what_it_is_about(client, organiser):
    report = ReportFactory()

    answer = client.get(reverse("admin:exchange_report_change", args=[report.pk]))

    assert answer.url == about(report.listing)


@pytest.mark.parametrize("address", ["listing/0", "thing/1", f"listing/{'9' * 30}"])
def test_nothing_is_decided_about_nothing(client, organiser, address):
    assert client.get(f"/admin/exchange/report/about/{address}/").status_code == 404


@pytest.mark.parametrize("make", [ListingFactory, PracticeFactory, ExchangeFactory])
def test_no_state_is_set_by_hand(client, organiser, make):
    row = make()
    page = reverse(f"admin:exchange_{row._meta.model_name}_change", args=[row.pk])

    content = client.get(page).content.decode()

    assert 'name="_save"' not in content
    assert client.post(page, {"state": "withdrawn", "title": "x"}).status_code == 403


def test_what_two_people_say_is_theirs(client, organiser):
    message = MessageFactory(body="Only between us.")
    page = reverse("admin:exchange_exchange_change", args=[message.exchange_id])

    assert "Only between us." not in client.get(page).content.decode()


@pytest.mark.parametrize("make", [ListingFactory, PracticeFactory])
def test_what_was_written_is_found_by_title_and_author(client, organiser, make):
    row = make(title="Ślub w bibliotece", author__username="Kasia P")
    make()
    name = f"admin:exchange_{row._meta.model_name}_changelist"

    assert listed(client, name, q="BIBLIO") == [row]
    assert listed(client, name, q="kasia p") == [row]
    assert listed(client, name, q="kasia") == []


def test_an_exchange_is_found_by_its_listing_and_its_sides(client, organiser):
    exchange = ExchangeFactory(listing__title="Ślub", counterpart__username="Kasia")
    ExchangeFactory()
    name = "admin:exchange_exchange_changelist"

    assert listed(client, name, q="ślub") == [exchange]
    assert listed(client, name, q="kasia") == [exchange]


@pytest.mark.parametrize("typed", ["\0", "'; DROP TABLE x", "%", "🐙" * 300, "a" * 100_000])
@pytest.mark.parametrize("name", ["listing", "exchange", "practice", "report"])
def test_a_search_at_the_desk_survives_anything(client, organiser, name, typed):
    page = reverse(f"admin:exchange_{name}_changelist")

    assert client.get(page, {"q": typed, "state": typed}).status_code < 500


def test_titles_are_searched_by_an_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "listing_title_trigrams" in Listing.objects.filter(title__icontains="film").explain()
    assert (
        "practice_title_trigrams" in Practice.objects.filter(title__icontains="film").explain()
    )


def save_skill(client, skill, labels=(), **changes):
    said = {
        "slug": skill.slug,
        "parent": skill.parent_id or "",
        "labels-TOTAL_FORMS": len(labels),
        "labels-INITIAL_FORMS": sum("id" in line for line in labels),
        **changes,
    }
    for number, line in enumerate(labels):
        for field, value in {"skill": skill.pk, **line}.items():
            said[f"labels-{number}-{field}"] = value
    page = reverse("admin:volunteers_skill_change", args=[skill.pk])
    return client.post(page, said, follow=True)


def test_the_tree_is_shown_as_a_tree(client, organiser):
    root = SkillFactory(label="media")
    other = SkillFactory(label="law")
    child = SkillFactory(label="film", parent=root)

    name = "admin:volunteers_skill_changelist"

    assert [(row.label, row.depth) for row in listed(client, name)] == [
        ("media", 1),
        ("film", 2),
        ("law", 1),
    ]
    assert listed(client, name, branch=root.pk) == [root, child]
    assert listed(client, name, branch=other.pk) == [other]


def test_a_skill_is_found_by_any_name_in_any_language(client, organiser):
    skill = SkillFactory(label="video editing", label__pl="montaż wideo")
    SkillFactory()
    name = "admin:volunteers_skill_changelist"

    assert listed(client, name, q="MONTAZ") == [skill]


def test_every_missing_language_has_a_line(client, organiser):
    skill = SkillFactory(label="film", label__de="Film")
    page = client.get(reverse("admin:volunteers_skill_change", args=[skill.pk]))

    formset = page.context["inline_admin_formsets"][0].formset
    codes = [form.initial.get("language") for form in formset.extra_forms]
    assert codes == ["fr", "es", "pl", "uk", "ar", None]


def test_labels_are_kept_and_found(client, organiser):
    skill = SkillFactory(label="film")
    line = {"language": "pl", "label": "wideo", "other_names": "montaż, kręcenie"}

    save_skill(client, skill, [line])

    label = skill.labels.get(language="pl")
    assert (label.other_names, label.folded) == (
        ["montaż", "kręcenie"],
        "wideo\nmontaz\nkrecenie",
    )


def test_an_empty_line_is_no_label(client, organiser):
    skill = SkillFactory(label="film")

    save_skill(client, skill, [{"language": "pl", "label": "", "other_names": ""}])

    assert skill.labels.count() == 1


def test_no_skill_stands_below_itself(client, organiser):
    root = SkillFactory(label="media")
    child = SkillFactory(parent=root)

    page = save_skill(client, root, parent=child.pk).content.decode()

    assert "is this skill, or stands below it" in page
    root.refresh_from_db()
    assert root.parent is None


def test_a_moved_skill_is_found_where_it_stands_now(client, organiser):
    media, law = SkillFactory(slug="media"), SkillFactory(slug="law")
    film = SkillFactory(slug="film", parent=media)
    listing = ListingFactory(skills=[film])
    SearchDocument.objects.write(listing)

    save_skill(client, film, parent=law.pk)

    facets = SearchDocument.objects.get(listing=listing).facets
    assert re.findall("'(/skill=.+?)'", facets) == ["/skill=film", "/skill=law"]


def test_a_skill_is_retired_and_never_deleted(client, organiser):
    skill = SkillFactory()

    save_skill(client, skill, retired="on")

    skill.refresh_from_db()
    assert skill.retired
    answer = client.get(reverse("admin:volunteers_skill_delete", args=[skill.pk]))
    assert answer.status_code == 403


def merge(client, gone, kept):
    page = reverse("admin:volunteers_skill_merge", args=[gone.pk])
    return client.post(page, {"kept": kept.pk}, follow=True)


def test_two_skills_become_one(client, organiser):
    kept = SkillFactory(label="film", label__de="Film")
    gone = SkillFactory(label="movies", label__pl="kino", wikidata="Q42")
    child = SkillFactory(parent=gone)
    both, one = PersonFactory(), PersonFactory()
    for person, skill in ((both, kept), (both, gone), (one, gone)):
        PersonSkillFactory(person=person, skill=skill)
    listing = ListingFactory(skills=[gone, kept])
    practice = PracticeFactory()
    practice.skills.add(gone)
    Commitment.objects.create(
        person=one,
        what="x",
        source="by_hand",
        key="1",
        skill=gone,
        period=days(listing.published_at.date(), listing.published_at.date()),
        weekly_hours=1,
    )
    SearchDocument.objects.write(listing)

    merge(client, gone, kept)

    kept.refresh_from_db()
    child.refresh_from_db()
    assert not Skill.objects.filter(pk=gone.pk).exists()
    assert (kept.wikidata, child.parent, child.path) == ("Q42", kept, [kept.pk, child.pk])
    assert sorted(PersonSkill.objects.values_list("person", "skill")) == sorted(
        [(both.pk, kept.pk), (one.pk, kept.pk)]
    )
    assert list(listing.skills.all()) == list(practice.skills.all()) == [kept]
    assert Commitment.objects.get().skill == kept
    names = kept.labels.order_by("language").values_list("language", "label", "other_names")
    assert list(names) == [("de", "Film", []), ("en", "film", ["movies"]), ("pl", "kino", [])]
    facets = SearchDocument.objects.get(listing=listing).facets
    assert re.findall("'(/skill=.+?)'", facets) == [f"/skill={kept.slug}"]


def test_a_skill_is_merged_into_no_part_of_itself(client, organiser):
    root = SkillFactory()
    child = SkillFactory(parent=root)

    for kept in (root, child):
        page = merge(client, root, kept).content.decode()
        assert "This is the same skill, or one below it." in page
    with pytest.raises(actions.Below):
        actions.merge(root, child)


def test_merging_thinks_of_every_row_that_has_a_skill():
    ours = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Skill
    }

    assert ours == {
        "Skill.parent",
        "SkillLabel.skill",
        "SkillWord.skill",  # follows its label
        "PersonSkill.skill",
        "Commitment.skill",
        "ImportLine.skill",
        "BottleneckSnapshot.skill",  # written anew every night
        "Listing_skills.skill",
        "Practice_skills.skill",
        *("Edition_skills.skill", "Host_shares.skill", "Host_wants.skill"),
        *("Application_shares.skill", "Application_wants.skill", "TravelReport_skills.skill"),
    }


def test_merging_hands_on_what_tours_are_about():
    gone, kept = SkillFactory(slug="taping"), SkillFactory(slug="recording")
    host, both = HostFactory(), HostFactory()
    host.shares.add(gone)
    both.shares.add(gone, kept)

    actions.merge(gone, kept)

    assert [list(one.shares.all()) for one in (host, both)] == [[kept], [kept]]


def test_nobody_else_enters(client):
    client.force_login(PersonFactory())
    listing = ListingFactory()

    assert client.get(about(listing)).status_code == 302
    assert client.post(about(listing), {"decision": "hide", "why": "x"}).status_code == 302
    assert not Listing.objects.filter(hidden_at__isnull=False).exists()


def test_the_desk_has_nothing_inline(client, organiser):
    pages = [reverse(QUEUE), about(ReportFactory().listing)]
    pages.append(reverse("admin:volunteers_skill_change", args=[SkillFactory().pk]))
    pages.append(reverse("admin:volunteers_skill_merge", args=[SkillFactory().pk]))
    pages.append(reverse("admin:exchange_exchange_change", args=[ExchangeFactory().pk]))
    for page in pages:
        content = client.get(page).content.decode()
        assert " style=" not in content
        assert "<script>" not in content
    assert Exchange.objects.exists()


def test_no_list_at_the_desk_counts_who_said_no(client, organiser):
    live = agreed()
    over = {"ended_at": NOON}
    ended = [
        ExchangeFactory(state=state, **over) for state in ("declined", "withdrawn", "expired")
    ]
    name = "admin:exchange_exchange_changelist"

    page = client.get(reverse(name)).content.decode()

    assert "Declined" not in page
    assert "Expired" not in page
    assert {row.pk for row in listed(client, name, standing="over")} == {e.pk for e in ended}
    assert listed(client, name, standing="agreed") == [live]
    for guess in ({"state": "declined"}, {"state__exact": "declined"}, {"ended_by": 1}):
        assert client.get(reverse(name), guess).status_code == 400
    assert len(listed(client, name, standing="declined")) == 4
