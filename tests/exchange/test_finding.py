"""What is found, how many of what, and in which order."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from exchange.models import Listing, SearchDocument, Word, finding, samples
from exchange.models.finding import TookTooLong, Wish, find, rounded, sees
from exchange.models.suggesting import suggest
from exchange.models.understanding import SETTINGS
from tests.factories import (
    ListingFactory,
    PersonFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)
NOBODY = AnonymousUser()


def written(title, body="Nothing else", **fields):
    listing = ListingFactory(title=title, body=body, **fields)
    SearchDocument.objects.write(listing)
    return listing


def wish(text="", *, viewer=NOBODY, **more):
    return Wish(see=sees(viewer), day=more.pop("day", DAY), text=text, **more)


def titles(text="", **more):
    return [card.title for card in find(wish(text, **more)).cards]


def test_words_are_found_in_title_and_text_without_accents():
    written("Café for newcomers")
    written("Meeting", "Bring your own cafe")
    written("Camera")

    assert titles("CAFÉ") == ["Café for newcomers", "Meeting"]


@pytest.mark.parametrize(
    ("language", "there", "typed"),
    [
        ("de", "Übersetzungen", "Übersetzung"),
        ("es", "Traducciones", "traducción"),
        ("en", "Translating", "translates"),
        ("fr", "Rédactions", "rédaction"),
        ("pl", "Tłumaczenie", "tlumaczenie"),
        ("ar", "المترجمون", "المترجمون"),
        ("zh", "維基百科編輯", "維基百科"),
    ],
)
def test_other_forms_of_a_word_are_found_in_its_own_language(language, there, typed):
    written(there, language=language)

    assert titles(typed) == [there]


def test_a_skill_is_found_by_its_name_in_any_language():
    skill = SkillFactory(label="translation", label__es="traducción", label__uk="переклад")
    written("Ich helfe gern", "Jederzeit", language="de", skills=[skill])

    for typed in ("traducción", "traduccion", "TRADUCCIONES", "переклад", "translations"):
        assert titles(typed) == ["Ich helfe gern"]


def test_a_skill_includes_what_is_below_it():
    branch = SkillFactory(label="languages", label__fr="langues")
    written("Subtitles", skills=[SkillFactory(label="subtitling", parent=branch)])

    assert titles("langues") == ["Subtitles"]


def test_a_skill_called_so_comes_before_one_that_has_the_word_in_a_longer_name():
    branch = SkillFactory(
        label="languages and translation",
        label__es="lenguas y traducción",
        label__de="Sprachen und Übersetzung",
    )
    written("Signs", skills=[SkillFactory(label="sign language", parent=branch)])
    translation = SkillFactory(
        label="translation", label__es="traducción", label__de="Übersetzung", parent=branch
    )
    for number in range(3):
        written(f"Hilfe {number}", language="de", skills=[translation])

    for typed in ("traducción", "Übersetzungen", "translate"):
        assert titles(typed)[3:] == ["Signs"]


def test_the_words_of_a_name_may_be_spread_over_skills():
    skill = SkillFactory(label="video editing", label__fr="montage vidéo")
    written("Cut", skills=[skill])
    written("Film", skills=[SkillFactory(label="video art")])

    assert titles("montage vidéo") == ["Cut"]


def test_phrases_exclusions_and_alternatives():
    written("State of the art")
    written("Art of the state")
    written("Audio")

    assert titles('"state of the art"') == ["State of the art"]
    assert titles("art -state") == []
    assert sorted(titles("-audio")) == ["Art of the state", "State of the art"]
    assert sorted(titles("audio OR state -of")) == ["Audio"]


def test_a_beginning_is_completed_when_no_word_is_just_this():
    written("Photography")
    Word.objects.rebuild()

    assert titles("photog") == ["Photography"]


def test_a_misspelt_word_is_corrected_and_says_so():
    written("Translation")
    written("Video")
    Word.objects.rebuild()

    found = find(wish("transaltion -vidoe"))

    assert [card.title for card in found.cards] == ["Translation"]
    assert (found.understood.text, found.understood.misspelt) == (
        "translation -vidoe",
        ("transaltion",),
    )
    assert titles("vidoe") == ["Video"]


def test_names_of_skills_are_corrected_too():
    written("Cut", skills=[SkillFactory(label="mediation", label__es="mediación")])

    assert titles("mediacoin") == ["Cut"]


def test_a_new_word_is_found_before_the_vocabulary_knows_it():
    written("Translation")
    Word.objects.rebuild()
    written("Transaltion")

    assert titles("transaltion") == ["Transaltion"]


def test_title_comes_before_skill_and_skill_before_text():
    skill = SkillFactory(label="mediation")
    written("Three", "Some mediation", skills=[])
    written("Two", skills=[skill])
    written("Mediation")

    assert titles("mediation") == ["Mediation", "Two", "Three"]


def test_of_equal_fits_who_has_room_comes_first():
    written("Camera A", author=PersonFactory(may_be_asked=False))
    for n in range(5):
        written(f"Camera {n}")

    for day in range(5):
        assert titles("camera", day=DAY + timedelta(days=day))[-1] == "Camera A"


def test_everybodys_first_comes_before_anybodys_second():
    busy = PersonFactory()
    mine = {written(f"Camera {n}", author=busy).title for n in range(3)}
    others = {written("Camera of somebody").title, written("Camera of another").title}

    for day in range(5):
        found = titles("camera", day=DAY + timedelta(days=day))
        assert len(set(found[:3]) & mine) == 1
        assert others < set(found[:3])


def test_of_equals_the_turn_changes_by_the_day_and_not_within_it():
    for n in range(8):
        written(f"Camera {n}")

    firsts = [titles(day=DAY + timedelta(days=day))[0] for day in range(60)]

    assert titles() == titles()
    assert len(set(firsts)) == 8


def test_newest_first_is_exact():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in (3, 1, 2):
        written(f"Camera {n}", published_at=start + timedelta(days=n))

    assert titles(newest=True) == ["Camera 3", "Camera 2", "Camera 1"]


def test_pages_follow_each_other_by_number_and_by_key():
    for n in range(45):
        written(f"Camera {n}")
    pages = [find(wish(page=n)) for n in (1, 2, 3)]
    by_number = [card.pk for page in pages for card in page.cards]
    assert len(set(by_number)) == 45
    assert [page.further for page in pages] == [True, True, False]

    for newest in (False, True):
        key, seen = finding.FIRST, []
        while True:
            page = find(wish(newest=newest, after=key))
            seen += [card.pk for card in page.cards]
            if not page.further:
                break
            key = tuple(map(int, page.cards[-1].key.split(".")))
        assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("newest", [False, True])
def test_who_asks_for_a_page_after_the_last_learns_which_is_the_last_also_of_a_sample(
    monkeypatch, newest
):
    monkeypatch.setattr(samples, "EXACT", 10)
    monkeypatch.setattr(samples, "FEWEST", 1)
    monkeypatch.setattr(samples, "SAMPLE", 20)
    for n in range(45):
        written(f"Camera {n}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE exchange_searchdocument")

    found = find(wish(page=5, newest=newest))
    last = find(wish(page=found.last, newest=newest))

    assert (found.share > 1, found.cards) == (True, [])
    assert last.cards
    assert not last.further


def test_matched_words_of_a_title_are_marked_and_nothing_else_is_html():
    written("<b>Translations</b> & Co.", language="en")

    [card] = find(wish("translating")).cards

    assert card.marked_title == "&lt;b&gt;<mark>Translations</mark>&lt;/b&gt; &amp; Co."


def counts(found, name):
    return {
        k.partition("=")[2]: n for k, n in found.counts.items() if k.startswith(f"/{name}=")
    }


def test_a_facet_is_counted_without_its_own_filter_and_with_all_others():
    written("Camera", kind="offer", language="de")
    written("Camera", kind="request", language="de")
    written("Camera", kind="request", language="fr")

    found = find(
        wish("camera", filters={"kind": "'/kind=offer'", "language": "'/language=de'"})
    )

    assert found.total == 1
    assert counts(found, "kind") == {"offer": 1, "request": 1}
    assert counts(found, "language") == {"de": 1}


def test_several_skills_widen_or_narrow_and_the_lowest_chosen_counts():
    branch = SkillFactory(slug="languages")
    one, two = (SkillFactory(slug=s, parent=branch) for s in ("subtitling", "translation"))
    written("Both", skills=[one, two])
    written("One", skills=[one])
    written("Two", skills=[two])

    assert sorted(titles(skills=["subtitling", "translation"])) == ["Both", "One", "Two"]
    assert titles(skills=["subtitling", "translation"], every_skill=True) == ["Both"]
    assert sorted(titles(skills=["languages", "translation"])) == ["Both", "Two"]
    found = find(wish(skills=["subtitling"]))
    assert counts(found, "skill") == {"languages": 3, "subtitling": 2, "translation": 2}
    found = find(wish(skills=["subtitling"], every_skill=True))
    assert counts(found, "skill") == {"languages": 2, "subtitling": 2, "translation": 1}


def test_who_hides_is_in_no_result_count_or_suggestion():
    hidden, member = (PersonFactory(visibility=v) for v in ("hidden", "members"))
    written("Zeppelin", author=hidden)
    written("Zebra", author=member)
    Word.objects.create(word="zeppelin", documents=1)
    Word.objects.create(word="zebra", documents=1)

    def seen(viewer):
        found = find(wish(viewer=viewer))
        offers = found.counts.get("/kind=offer", 0)
        said = sorted(suggest("ze", see=sees(viewer)) + suggest("zep", see=sees(viewer)))
        return found.total, offers, titles("zepelin", viewer=viewer), said

    assert seen(NOBODY) == (0, 0, [], [])
    assert seen(PersonFactory())[0] == 1
    assert suggest("zeb", see=sees(PersonFactory())) == ["zebra"]
    assert seen(hidden) == (2, 2, ["Zeppelin"], ["zeppelin"])


def test_suggestions_go_on_with_the_last_word():
    SkillFactory(label="photography", label__es="fotografía")
    written("Photographs")
    Word.objects.rebuild()

    assert suggest("wiki photog", see=sees(NOBODY)) == ["wiki photography", "wiki photographs"]
    assert suggest("ph", see=sees(NOBODY)) == []
    assert suggest("", see=sees(NOBODY)) == []


def test_what_is_too_much_to_rank_leaves_the_best_fits_and_those_whose_turn_it_is(monkeypatch):
    for place in (finding, samples):
        monkeypatch.setattr(place, "EXACT", 20)
    monkeypatch.setattr(samples, "SAMPLE", 20)
    monkeypatch.setattr(samples, "FEWEST", 1)
    Listing.objects.bulk_create(
        # Numbers decide which of them are looked at.
        ListingFactory.build(
            pk=n, author=PersonFactory(), title=f"Help {n}", body="with a camera"
        )
        for n in range(1_000_000, 1_000_120)
    )
    SearchDocument.objects.write_all(Listing.objects.all())
    written("Camera")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE exchange_searchdocument")

    found = find(wish("camera"))
    turns = {titles("camera", day=DAY + timedelta(days=n))[1] for n in range(3)}

    assert found.share > 1
    assert 60 < found.total < 200
    assert found.cards[0].title == "Camera"
    assert len(turns) > 1


def test_numbers_of_a_sample_have_two_digits():
    assert [rounded(n, 8) for n in (7, 84, 1234, 98765)] == [7, 84, 1200, 99000]
    assert rounded(1234, 1) == 1234


def test_a_search_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(finding, "ESTIMATE", "SELECT pg_sleep(5), %s")
    monkeypatch.setattr(
        finding.Search, "estimate", lambda self, *_c: self.cursor.execute("SELECT pg_sleep(5)")
    )

    with pytest.raises(TookTooLong):
        find(wish("camera"))


@pytest.fixture
def many():
    """So many documents that reading all of them would be noticed."""
    authors = PersonFactory.create_batch(20)
    Listing.objects.bulk_create(
        ListingFactory.build(author=authors[n % 20], title=f"Help {n}", body=f"word{n} camera")
        for n in range(400)
    )
    SearchDocument.objects.write_all(Listing.objects.all())
    Word.objects.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


@pytest.mark.parametrize(
    "text", ["camera", "word12", "help -camera", "wrod12", "hel", '"help 3"']
)
def test_no_statement_of_a_search_reads_a_whole_table(many, text):
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        find(wish(text, filters={"kind": "'/kind=offer'"}, skills=["languages"]))
        suggest("wor", see=sees(NOBODY))

    scanned = set()
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        plans = [
            (f"EXPLAIN (FORMAT JSON) {sql}", params)
            for sql, params in asked
            if "exchange_searchdocument" in sql and not sql.startswith("EXPLAIN")
        ]
        for sql, params in plans:
            cursor.execute(sql, params)
            plan = cursor.fetchone()[0][0]["Plan"]
            scanned |= {n["Relation Name"] for n in nodes(plan) if n["Node Type"] == "Seq Scan"}
    assert len(plans) >= 4  # what is meant, where it lies, how many, the page; and endings
    assert scanned == set(), json.dumps(sorted(scanned))
