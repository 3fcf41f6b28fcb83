import pytest

from exchange.search import (
    Clause,
    Meaning,
    compose,
    correctable,
    corrected,
    facet,
    parse,
    quote,
    slip,
    spans,
    typed_words,
    vector,
    words,
)


def clause(*words, exact=False, without=False):
    return Clause((words,), exact=exact, without=without)


def test_words_lose_case_accents_and_what_stands_between_them():
    assert words("Łódź: Übersetzungs-Café (2026)!") == [
        "lodz",
        "ubersetzungs",
        "cafe",
        "2026",
    ]


def test_scripts_without_spaces_give_a_word_for_each_sign():
    assert words("維基 wiki") == ["維", "基", "wiki"]


def test_marks_belong_to_their_words():
    assert words("हिन्दी विकी") == ["हिनदी", "विकी"]
    assert [("हिन्दी विकी")[a:b] for a, b in spans("हिन्दी विकी")] == ["हिन्दी", "विकी"]


@pytest.mark.parametrize(
    "text", ["", "\0", "!!! ??? ...", "🦄🦄", "\u200f\u202e", '"', "-", '""', "OR", "| |"]
)
def test_what_has_no_words_asks_for_nothing(text):
    assert parse(text) == []


def test_a_very_long_text_is_cut():
    assert len(parse("wiki" * 5000)) == 1
    assert len(parse(" ".join(f"word{n}" for n in range(500)))) == 10


def test_phrases_exclusions_and_alternatives():
    assert parse('"state of the art" -audio video OR film') == [
        clause("state", "of", "the", "art", exact=True),
        clause("audio", without=True),
        Clause((("video",), ("film",))),
    ]


def test_words_with_a_hyphen_stand_together():
    assert parse("Wiki-Kurs") == [clause("wiki", "kurs")]


def test_a_word_is_found_as_itself_as_a_stem_and_as_a_skill():
    meanings = {"artikel": Meaning(stems={"de": "artikel"}, skills=("writing",))}

    query = compose(parse("Artikel"), meanings)

    assert query.match == "(('artikel') | ('de:artikel')) | ('/skill=writing')"
    assert query.titled == "('^artikel') | ('^de:artikel')"


def test_stems_of_another_script_are_left_out():
    meanings = {"wiki": Meaning(stems={"de": "wiki", "ru": "wiki"})}

    assert compose(parse("wiki"), meanings).match == "('wiki') | ('de:wiki')"


def test_phrases_are_exact():
    meanings = {"free": Meaning(stems={"en": "free"}), "beer": Meaning(stems={"en": "beer"})}

    assert compose(parse('"free beer"'), meanings).match == "'free' <-> 'beer'"


def test_an_exclusion_does_not_lift_anything():
    query = compose(parse("video -audio"), {})

    assert query.match == "('video') & (!('audio'))"
    assert query.lexemes == ["video"]
    assert query.titled == "'^video'"


def test_empty_words_of_the_readers_language_are_left_out():
    meanings = {"with": Meaning(stops=frozenset({"en"}))}

    assert compose(parse("help with video"), meanings).match == "('help') & ('video')"


def test_empty_words_of_other_languages_do_not_have_to_be_there():
    meanings = {"war": Meaning(stops=frozenset({"de"}))}
    query = compose(parse("war photography"), meanings)

    assert query.match == "'photography'"
    assert [part.optional for part in query.wanted] == [True, False]


def test_empty_words_alone_are_looked_for():
    meanings = {"war": Meaning(stops=frozenset({"de"}))}

    assert compose(parse("war"), meanings).match == "'war'"


def test_a_beginning_stands_for_the_words_it_begins():
    meanings = {"transl": Meaning(known=False, endings=("translation", "translator"))}

    query = compose(parse("transl"), meanings)

    assert query.match == "('transl') | ('translation') | ('translator')"


def test_only_unknown_words_are_corrected():
    clauses = parse('vidoe known begi 2031 "quoted" -without')
    meanings = dict.fromkeys(typed_words(clauses), Meaning(known=False))
    meanings |= {"known": Meaning(), "begi": Meaning(known=False, endings=("begin",))}

    assert correctable(clauses, meanings) == ["vidoe"]


def test_corrected_text_keeps_the_rest_as_typed():
    assert corrected("Best vidoe -audio", {"vidoe": "video"}) == "Best video -audio"


@pytest.mark.parametrize(
    ("word", "other", "distance", "fits"),
    [
        ("vide", "video", 1, False),
        ("videp", "video", 1, True),
        ("vidoe", "video", 2, True),
        ("vdeo", "vedo", 2, True),
        ("vixey", "video", 2, False),
        ("transaltion", "translation", 2, True),
        ("translatoon", "translation", 1, True),
    ],
)
def test_slips_of_the_keys(word, other, distance, fits):
    assert slip(word, other, distance) is fits


def test_vector_has_words_and_stems_with_their_places():
    assert vector(["wiki", "kurse"], {"kurse": "kurs"}, "de", after=3) == (
        "'wiki':4 'kurse':5 'de:kurs':5"
    )
    assert vector(["wiki"], {}, "de", mark="^") == "'^wiki':1"


def test_quotes_cannot_be_broken_out_of():
    assert quote(facet("skill", "a'b\\c")) == "'/skill=a''b\\\\c'"
