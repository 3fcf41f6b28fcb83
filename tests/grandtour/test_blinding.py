"""Names, places and accounts are taken out of a text however they are written."""

import pytest

from grandtour.blinding import blind, pieces
from grandtour.blinding.demonyms import DEMONYMS
from grandtour.blinding.stems import STEMS
from grandtour.reports.blind import country_names, telling_of, tongues


@pytest.mark.parametrize(
    ("text", "phrases", "left"),
    [
        ("Ada Lovelace's notes", ["Ada Lovelace"], "▇▇▇'s notes"),
        ("ÁDA LÓVELACE", ["Ada Lovelace"], "▇▇▇"),
        ("with Brückners help", ["Brückner"], "with ▇▇▇ help"),
        ("w Warszawie", ["Warszawa"], "w ▇▇▇"),
        ("moja polskiego Wikipedia", STEMS["PL"], "moja ▇▇▇ Wikipedia"),
        ("Adam in Canada", ["Ada"], "Adam in Canada"),
        ("Adas notes", ["Ada"], "▇▇▇ notes"),
        (
            "I am ada from iran and cuba, kiwi",
            ["Ada", "Iran", "Cuba", "kiwi"],
            "I am ▇▇▇ from ▇▇▇ and ▇▇▇, ▇▇▇",
        ),
        ("iranian, a cuban way", ["Iran", "Cuba"], "▇▇▇, a ▇▇▇ way"),
        ("A\u200bd\u00ada was \u2060here", ["Ada"], "▇▇▇ was \u2060here"),
        ("我叫张三来自", ["张三"], "我叫▇▇▇来自"),
        ("في تونس اليوم", ["تونس"], "في ▇▇▇ اليوم"),
        ("وبتونس والعراق", ["تونس", "العراق"], "▇▇▇ ▇▇▇"),
        ("J%C3%A9r%C3%B4me_X here", ["Jérôme X"], "▇▇▇ here"),
        ("flag 🇵🇱!", ["🇵🇱"], "flag ▇▇▇!"),
        ("nothing", [], "nothing"),
        ("", ["x"], ""),
    ],
)
def test_names_are_taken_out_however_they_are_written(text, phrases, left):
    assert blind(text, phrases) == left


@pytest.mark.parametrize(
    ("text", "phrases", "left"),
    [
        ("Mark it, says Mark.", ["Mark"], "▇▇▇ it, says ▇▇▇."),
        ("I will teach in the market", ["Will", "Mark"], "I will teach in the market"),
        ("We polish it for China", ["Polish", "China"], "We polish it for ▇▇▇"),
        ("i am mark from turkey", ["Mark", "Turkey"], "i am ▇▇▇ from ▇▇▇"),
    ],
)
def test_a_plain_word_names_somebody_with_a_capital_or_where_nothing_has_one(
    text, phrases, left
):
    assert blind(text, phrases) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail a.b@example.org now", "mail ▇▇▇ now"),
        ("mail ada (at) example.org now", "mail ▇▇▇ now"),
        ("see user:Somebody now", "see ▇▇▇ now"),
        ("see User talk:Ada Bo, and", "see ▇▇▇, and"),
        ("see User:Jan Kowalski now", "see ▇▇▇ now"),
        ("see user\u200b:x", "see ▇▇▇"),
        ("[[Benutzerin Diskussion:Jan Kowalski|J]]", "[[▇▇▇|J]]"),
        ("[[:pl:Wikipedystka:Ada_Bo]]", "[[:▇▇▇]]"),
        ("Участница:Ada и Utilisatrice : Ada ok", "▇▇▇ и ▇▇▇ ok"),
        ("请看用户:张三 好", "请看▇▇▇ 好"),
        ("مستخدمة:آدا هنا", "▇▇▇ هنا"),
        ("https://de.wikipedia.org/wiki/User:Ada ok", "▇▇▇ ok"),
        ("https://en.wikipedia.org/w/index.php?title=User_talk:Ada&x=1 ok", "▇▇▇ ok"),
        ("https://en.wikipedia.org/wiki/Special:Contributions/Ada_Bo ok", "▇▇▇ ok"),
        ("Spécial:Contributions/Ada, Spezial:Beiträge/Ada", "▇▇▇ ▇▇▇"),
        ("Special: this and/or that", "Special: this and/or that"),
        ("the users: we teach", "the users: we teach"),
    ],
)
def test_addresses_and_accounts_are_hidden_whoevers_they_are(text, left):
    assert blind(text, []) == left


@pytest.mark.parametrize(
    "said", ["Polish", "polnische", "polaco", "polonaise", "polski", "WMPL"]
)
def test_people_and_languages_of_a_country_tell_of_it(said):
    spoken = frozenset({"en"})
    phrases = {*country_names("PL", spoken), *telling_of("PL"), *tongues("PL", spoken)}

    assert blind(f"My {said} friends", phrases) == "My ▇▇▇ friends"
    assert blind("plwiki, pl.wikipedia.org, 🇵🇱", phrases) == "▇▇▇, ▇▇▇, ▇▇▇"


def test_a_language_of_many_countries_tells_of_none():
    assert "Spanish" not in tongues("MX", frozenset({"en"}))


def test_the_people_of_every_country_are_called_something_that_can_be_hidden():
    for code, words in DEMONYMS.items():
        for word in words:
            assert blind(f"My {word} Friend", [word]) == "My ▇▇▇ Friend", (code, word)


def test_a_text_in_pieces_is_the_whole_text():
    text = "Zyx\u200bandra of Iceland, User:Jan Kowalski, zyx@quorra.example; ÁDA."

    cut = pieces(text, [["Iceland", "Zyxandra", "Ada"]])

    assert "".join(one.text for one in cut) == text
    assert [one.hidden for one in cut] == [True, False] * 5
