# ruff: noqa: RUF001 -- other alphabets; one text a row
"""Names are hidden as they are written, in every script; where one could only guess, not."""

import unicodedata

import pytest

from capx.folding import fold
from grandtour.blinding import HIDDEN, blind, pieces
from grandtour.blinding.countries import Country, called
from grandtour.blinding.names import parts_of
from grandtour.blinding.scripts import scripts_in
from grandtour.blinding.sounds import Heard
from grandtour.blinding.stems import STEMS
from grandtour.blinding.unheard import unheard
from grandtour.reports.blind import country_names, telling_of, tongues


def named(name):
    parts = parts_of(name)
    return {name, *parts, *(Heard(fold(part)) for part in parts)}


def of_country(country, *spoken):
    languages = frozenset(spoken or ("en",))
    return {
        *country_names(country, languages),
        Country(country),
        *telling_of(country),
        *tongues(country, languages),
    }


def parted(written):
    """Give a text without braces, and with what stands between them hidden."""
    parts = written.replace("{", "|{").replace("}", "|").split("|")
    kept = "".join(HIDDEN if part.startswith("{") else part for part in parts)
    return written.replace("{", "").replace("}", ""), kept


@pytest.mark.parametrize(
    ("name", "country", "written"),
    [
        ("张三", "CN", "我叫{张三}，来自{中国}。"),
        ("張三丰", "TW", "我叫{張三丰}，大家叫我{三丰}。來自{臺灣}、{台灣}，不是{台湾}人。"),
        ("王 小明", "", "{王 小明}、{王小明}、{小明}、{王・小明}"),
        ("山本 ゆき", "JP", "私は{山本ゆき}、{ユキ}、{山本}です。{日本}に住む。"),
        ("ジョン・スミス", "", "{ジョン・スミス}と{スミス}さん"),
        ("김철수", "KR", "저는 {김철수}입니다. {철수}가 {한국}에서 왔어요."),
        ("प्रिया शर्मा", "IN", "मैं {प्रिया शर्मा} हूँ, {भारत} से; {प्रियाने}, {शर्माजी}।"),
        ("রহিম উদ্দিন", "BD", "আমি {রহিম উদ্দিন}, {রহিমকে} {রহিমের} {বাংলাদেশে}"),
        ("குமார்", "IN", "நான் {குமார்}, {குமாருக்கு}, {இந்தியாவில்}"),
        ("สมชาย ใจดี", "TH", "ผมชื่อ{สมชายใจดี}มาจากประเทศ{ไทย}"),
        ("အောင်ကျော်", "MM", "ကျွန်တော်{အောင်ကျော်}ပါ"),
        ("សុខា", "KH", "ខ្ញុំឈ្មោះ{សុខា}មកពី{កម្ពុជា}"),
        ("አበበ በቀለ", "ET", "ስሜ {አበበ በቀለ} ነው ከ{ኢትዮጵያ} ለ{አበበ}"),
        ("علي عمر", "IR", "أنا {علي}، {وعمر} على الطريق من {إيران}، {علی}"),
        ("נועה עמר", "IL", "אני {נועה עמר} {מישראל}, {ולנועה}"),
        ("ނަސީމް", "", "އަހަރެންގެ ނަމަކީ {ނަސީމް} އެވެ"),
    ],
    ids=lambda row: row if row.isascii() else None,
)
def test_names_are_hidden_as_they_are_written_in_every_script(name, country, written):
    text, kept = parted(written)
    phrases = [named(name), of_country(country)] if country else [named(name)]

    for one in (text, unicodedata.normalize("NFD", text)):
        cut = pieces(one, phrases)
        hidden = "".join(HIDDEN if piece.hidden else piece.text for piece in cut)
        assert unicodedata.normalize("NFC", hidden) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    ("country", "written"),
    [
        (
            "DE",
            "{德国} {德國} {ドイツ} {독일} {जर्मनी} {জার্মানি} {เยอรมนี} {ጀርመን} {Ujerumani} {Đức}",
        ),
        (
            "PL",
            "{波兰} {波蘭} {ポーランド} {폴란드} {पोलैंड} {โปแลนด์} {لهستان} {Польша} {პოლონეთი}",
        ),
        (
            "KE",
            "{肯尼亚} {ケニア} {케냐} {केन्या} {Кения} {كينيا}",
        ),
        ("TH", "{タイ}人ですが、タイトルをつけたい。ネクタイ"),
        ("AT", "{Áo}, o {Áo}; ao fim, ao lado"),
    ],
)
def test_a_country_is_known_in_all_languages_of_the_scripts_of_a_text(country, written):
    text, kept = parted(written)

    assert blind(text, of_country(country, "vi")) == kept


def test_every_country_has_a_name_in_the_scripts_that_cldr_knows():
    for script in ("han", "hangul", "devanagari", "thai", "cyrillic", "arabic", "ethiopic"):
        assert all(called(country, script) for country in STEMS), script


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada de la Cruz", {"Ada", "Cruz"}),
        ("張三丰", {"張三丰", "三丰"}),
        ("欧阳修文", {"欧阳修文", "修文"}),
        ("김철수", {"김철수", "철수"}),
        ("ジョン・スミス", {"ジョン", "スミス"}),
        ("Ana-Maria (Ani)", {"Ana", "Maria", "Ani"}),
    ],
)
def test_each_part_of_a_name_names_somebody(name, parts):
    assert parts_of(name) == parts


@pytest.mark.parametrize(
    ("name", "text", "scripts"),
    [
        ("Olena Shevchenko", "Я вчу вчителів", set()),
        ("Ali Hassan", "أنا علي حسن", {"arabic"}),
        ("Noa Levi", "אני נועה", {"hebrew"}),
        ("علي عمر", "I am Ali Omar", {"latin"}),
        ("علي عمر", "أعلّم في Wikipedia و GLAM", set()),
        ("Ali علي", "أنا علي", set()),
        ("Minh Thu", "ผมสอน", {"thai"}),
        ("Priya Sharma", "मैं प्रिया हूँ, I am Priya", {"devanagari"}),
        ("प्रिया शर्मा", "I am Priya", {"latin"}),
        ("山本 由紀", "私は山本ゆきです", {"kana"}),
        ("山本 ゆき", "私は山本ゆきです", set()),
        ("张三", "我叫张三", set()),
        ("Zhang San", "我叫张三", {"han"}),
        ("Ada", "π is no text", set()),
        ("", "ผมสอน", set()),
    ],
)
def test_somebody_has_to_read_where_a_name_cannot_be_looked_for(name, text, scripts):
    assert unheard(name, parts_of(name), text) == scripts


def test_scripts_are_told_apart():
    assert scripts_in("我叫Ada 田中 ゆき жук π") == {"latin", "cyrillic", "han", "kana"}
    assert scripts_in("ªº µ 123") == {"latin"}
    assert scripts_in("123") == set()


# What people write that names nobody: a sentence begins with each of these.
ORDINARY = {
    "en": "Will it help, and may others join? May we ask why? Mark the day. Grace matters. "
    "Sue the publisher? Some come early. Let us turn to the next point. Nice work! We "
    "split the tours. China cups and turkey soup were served. Ten of us were there. "
    "Also, many came, indeed; malice, an index.",
    "de": "Will man helfen, so kann man anfangen. Einen Tag brauchen wir. Mit Karten arbeiten "
    "wir. Ernst gemeint ist es. Essen gibt es mittags. Alle lesen mit. Dann schreiben "
    "wir. Ist das so? Leider fehlt Zeit. Lange Texte kürzen wir. Am Ende fragen wir "
    "nach.",
    "fr": "Mais nous avons du temps. Elle vient. Une autre idée. Tous lisent. Petit à petit. "
    "Les uns et les autres. Alors nous écrivons. Dans les écoles. Sans argent. Mes "
    "amis.",
    "es": "Mar y sol. Una vez al año. Sin dinero. Como siempre. Más tarde. Son muchas. Pero "
    "no siempre. Unas y otras. Este año. Ella escribe. Julio y agosto. Todo cambia.",
    "it": "Anche noi. Una volta. Mare e sole. Luce. Sono molte. Vita. Ogni anno. Tutti "
    "leggono. Alla fine. Ma non sempre. Mai. Male non fa. Insieme.",
    "pl": "Ale nie zawsze. Mam czas. Mała grupa. Sama piszę. Inne grupy. Ona pisze. Każda "
    "osoba. Raz w roku. Kto pyta? Razem łatwiej. Dom jest mały. Może tak. Tym razem "
    "inaczej.",
    "ru": "Надо писать. Тем более. Самой интересной была встреча. Сама пишу. Она пришла. Там "
    "хорошо. Иди сюда. Рано утром. Лишь бы. Мало времени. Все читают. Кто пишет? Одни "
    "пишут.",
    "uk": "Треба писати. Тим більше. Сама пишу. Вона читає. Там добре. Рано вранці. Усі "
    "читають. Одного разу. Мало часу. Хто пише? Якщо можна. Разом легше.",
    "tr": "Ama her zaman değil. Her gün. Birlikte daha kolay. Kim yazar? Nasıl başlar? Sonra. "
    "Bir kez. Tüm okullar. Bazen. Önce.",
    "sv": "Alla läser. En gång. Men inte alltid. Hur ofta? Vem läser? Ibland. Tillsammans. "
    "Ingen vet. Annan idé. Andra gånger. Kan man? Hon skriver. Han läser.",
}
PEOPLE = """
Anna Eva Ana Ida Ada Maria Marta Sarah Nadia Tom Tim Samuel Sam Willy William May Maya Mark
Marco Marek Mariam Rosa Roman Vera Nina Ira Lena Olga Oleh Ivan Jan Jana Ian Omar Noah Amina
Amir Yana Dana Dan Daniel Luca Lucas Lucia Milan Milena Kim Kira Katja Katherine Sasha
Alexander Julia Jonas John Ines Emma Emil Tanja Tatiana Pavel Paula Pedro Petra Salma Simon
Sven Viktor Zoe Sofia Hans Hannah Ellen Elsa Leon Lea Liam Ling Wei Nam Hoa Anders Andrea
Bela Boris Carla Clara Dina Dominik Edith Erik Fatima Franco Franz Goran Greta Hugo Ilona
Jakub Jane Joana Karl Lars Laura Linda Magda Malin Marie Martin Matti Max Mira Monika Nikola
Nils Oskar Otto Pia Ralf Rita Sandra Silvia Stella Thea Timo Toma Ulla Uwe Wanda Yusuf Zora
""".split()  # noqa: SIM905


def misses(groups, own=()):
    """List words that are hidden in ordinary sentences though they name nobody."""
    cut = (one for text in ORDINARY.values() for one in pieces(text, groups) if one.hidden)
    return [one.text for one in cut if fold(one.text) not in own]


def test_of_ordinary_sentences_little_is_hidden_whoever_wrote_them():
    words = sum(len(text.split()) for text in ORDINARY.values())

    wrong = {name: misses([named(name)], {fold(name)}) for name in PEOPLE}

    assert sum(map(len, wrong.values())) / (words * len(PEOPLE)) < 0.0005, wrong
    told = {word for of in wrong.values() for word in of}
    assert not told & {"Надо", "Тем", "Самой", "Will", "May", "Dans", "Dann", "Pero", "Sin"}


def test_of_ordinary_sentences_little_is_hidden_wherever_their_writer_lives():
    words = sum(len(text.split()) for text in ORDINARY.values())

    wrong = {country: misses([of_country(country)]) for country in STEMS}

    assert sum(map(len, wrong.values())) / (words * len(STEMS)) < 0.0002, wrong


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("May Lin", "I am {May}. {May} we begin? We may; and on {May} I count. may"),
        ("An Nguyen", "It was {An} who wrote an article."),
        ("Dan Roe", "Dann kam {Dan}, et dans la ville {Dan}."),
        ("Ella Roe", "Soy {Ella}; ella y yo."),
        ("Nadia Roe", "Надо писать, с {Надей}."),
        ("Sam Roe", "Тем более. Самой интересной была встреча с {Самом}."),
    ],
)
def test_ones_own_name_is_hidden_with_a_capital_even_where_it_is_a_word(name, written):
    text, kept = parted(written)

    assert blind(text, named(name)) == kept


@pytest.mark.parametrize(
    ("country", "written"),
    [
        ("NL", "{Dutch} people, {dutch}, {Holland}, {Hollande}, {Dutchmen}"),
        ("DK", "{Danish}, {Dane}, {Danes}, {dansk}, {danske}"),
        ("DE", "{Deutsche}, {Deutscher}, {deutschen}, {Germans}"),
        ("PL", "{polska}, {Polska}, {Polish}, {polskie}"),
        ("US", "the {States}; {Stateside}. {The US}: its states, a state"),
        ("GB", "{the UK}, {Brits}, a {Brit}, {Englishman}, in English"),
        ("NZ", "{Kiwi} and {Kiwis}, a kiwi, {New Zealander}"),
        ("FI", "{Finn}, {Finns}, {Finnish}"),
        ("TR", "{Turk}, {Turkish}, {Turkey}; turkey soup"),
    ],
)
def test_people_and_what_is_theirs_tell_of_a_country(country, written):
    text, kept = parted(written)

    assert blind(text, of_country(country)) == kept
