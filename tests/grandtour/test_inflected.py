# ruff: noqa: RUF001, ISC004 -- other alphabets; one text a row
"""In every language of the pilot the commonest sentences tell neither country nor name."""

import unicodedata

import pytest

from capx.folding import fold
from grandtour.blinding import HIDDEN, blind
from grandtour.blinding.sounds import Heard
from grandtour.blinding.stems import STEMS
from grandtour.reports.blind import acronyms, country_names, telling_of, tongues

# Language, country, names of people and of cities, and what somebody there would write of
# them; between braces stands what tells.
TELLING = [
    (
        "pl",
        "PL",
        "Kasia Paweł Olga Marek Ewa Warszawa Kraków",
        "Mieszkam w {Polsce}, w {Warszawie}, i uczę {Polaków} {polskiego}. Pomogły {Kasią}, "
        "{Pawłem} i {Oldze}; z {Markiem} i {Ewą} byliśmy w {Krakowie}. Jestem {Polką}.",
    ),
    (
        "cs",
        "CZ",
        "Kateřina Marek Olga Praha Brno",
        "Bydlím v {Česku}, v {Praze}, dřív v {Brně}. S {Kateřinou}, {Markem} a {Olze} učíme "
        "{českou} literaturu. Jsem {Češka} a píšu pro {Čechy}.",
    ),
    (
        "sk",
        "SK",
        "Zuzana Peter Jana Košice",
        "Žijem na {Slovensku}, v {Košiciach}. {Zuzane} a {Petrovi} pomáha {Janou}; som "
        "{Slovenka}, píšem po {slovensky}.",
    ),
    (
        "uk",
        "UA",
        "Оксана Тарас Ольга Київ Львів",
        "Я живу в {Україні}, у {Києві}, раніше у {Львові}. Працюю з {Оксаною}, {Тарасом} та "
        "{Ользі}. Я {українка}, пишу {українською}.",
    ),
    (
        "ru",
        "RU",
        "Наталья Павел Андрей Ольга Москва",
        "Я живу в {России}, в {Москве}. С {Натальей}, {Павлом}, {Андреем} и {Ольгой} учим "
        "{русскому}; я {россиянка}.",
    ),
    (
        "fi",
        "FI",
        "Pekka Aino Virtanen Helsinki Turku",
        "Asun {Suomessa}, {Helsingissä}, ennen {Turussa}. {Pekan}, {Ainon} ja {Virtasen} "
        "kanssa opetamme. Olen {suomalainen}.",
    ),
    (
        "et",
        "EE",
        "Kadri Mart Tallinn",
        "Elan {Eestis}, {Tallinnas}. {Kadriga} ja {Mardile} õpetame. Olen {eestlane}.",
    ),
    (
        "el",
        "GR",
        "Γιώργος Μαρία Νίκος Αθήνα",
        "Ζω στην {Ελλάδα}, κάτοικος {Αθήνας}. Με τον {Γιώργο}, της {Μαρίας} και του {Νίκου}. "
        "Είμαι {Έλληνας}.",
    ),
    (
        "hu",
        "HU",
        "Anna Zsófia Péter Budapest",
        "{Magyarországon} élek, {Budapesten}. {Annával}, {Zsófiának} és {Péterrel} dolgozom; "
        "{magyarok} vagyunk.",
    ),
    (
        "ro",
        "RO",
        "Ana Elena București",
        "Locuiesc în {România}, în {București}. Ajutorul {Anei} și al {Elenei}; sunt "
        "{româncă}, cu {românii}.",
    ),
    (
        "tr",
        "TR",
        "Ayşe Mehmet Ankara",
        "{Türkiye}'de, {Ankara}'da yaşıyorum. {Ayşeyle} ve {Mehmetin} yardımıyla; {Türküm}, "
        "{Türkçe} yazarım.",
    ),
    (
        "hr",
        "HR",
        "Ana Marko Luka Zagreb",
        "Živim u {Hrvatskoj}, u {Zagrebu}. Radim s {Anom}, {Markom} i {Lukom}; ja sam "
        "{Hrvatica}, a {hrvatski} pišem.",
    ),
    (
        "sr",
        "RS",
        "Милош Ана Београд",
        "Живим у {Србији}, у {Београду}. Радим са {Милошем} и {Аном}; ја сам {Српкиња}, "
        "пишем на {српском}.",
    ),
    (
        "bg",
        "BG",
        "Иван Мария София",
        "Живея в {България}, в {София}. С {Иване} и {Марийо} учим {българи}.",
    ),
    (
        "sl",
        "SI",
        "Ana Matej Ljubljana",
        "Živim v {Sloveniji}, v {Ljubljani}. Z {Ano} in {Matejem} učiva {Slovence}.",
    ),
    (
        "lt",
        "LT",
        "Jonas Vilnius",
        "Gyvenu {Lietuvoje}, {Vilniuje}. Su {Jonu} mokome {lietuvius}.",
    ),
    (
        "lv",
        "LV",
        "Jānis Anna Kaspars Ozols Roberts Bērziņš Rīga",
        "Dzīvoju {Latvijā}, {Rīgā}. Ar {Jāni} un {Annu} mācām {latviešus}. {Kaspara} grāmata, "
        "{Kasparam} no {Ozola}; {Robertam} un {Bērziņa} kungam, {Ozolam}.",
    ),
    (
        "de",
        "DE",
        "Jürgen Anna Köln",
        "Ich wohne in {Deutschland}, in {Köln}, mit {Annas} und {Jürgens} Hilfe, für "
        "{deutsche} Kinder.",
    ),
    ("nl", "NL", "Joost Utrecht", "Ik woon in {Nederland}, in {Utrecht}, met {Joosts} hulp."),
    ("sv", "SE", "Sven Malmö", "Jag bor i {Sverige}, i {Malmö}, med {Svens} hjälp, {svensk}."),
    (
        "fr",
        "FR",
        "Léa Lyon",
        "J'habite en {France}, à {Lyon}, avec {Léa}. Je suis {française}.",
    ),
    ("es", "ES", "Lucía Sevilla", "Vivo en {España}, en {Sevilla}, con {Lucía}; {española}."),
    ("it", "IT", "Giulia Torino", "Vivo in {Italia}, a {Torino}, con {Giulia}, {italiana}."),
    ("pt", "PT", "Inês Porto", "Vivo em {Portugal}, no {Porto}, com a {Inês}, {portuguesa}."),
    ("ar", "TN", "سارة", "أعيش في {تونس} مع {سارة} وأنا {تونسي}."),
    ("he", "IL", "דנה", "אני גרה {בישראל} עם {דנה}, {ישראלית}."),
    (
        "en",
        "GB",
        "Leeds",
        "I live in {the UK}, in {Leeds} ({England}), and help {WMUK}, {WM UK} and {U.K.} "
        "friends in {Scotland}, {Wales} and {Northern Ireland}; {Great Britain}, {British}, "
        "{Welsh}, {GB}.",
    ),
    (
        "de",
        "GB",
        "Leeds",
        "Ich wohne in {England}, im {Vereinigten Königreich}, bin {Engländerin}, {Brite}, "
        "{Schottin}.",
    ),
    (
        "en",
        "US",
        "Boston",
        "I live in {the US}, in {Boston}, {Massachusetts}; {USA}, {U.S.}, {America}, {WMNYC}. "
        "I am {American}, of the {United States}, no {Texan}. They trust us in Latin America.",
    ),
    ("es", "US", "", "Vivo en {EE. UU.}, {EEUU}, soy {estadounidense}; América Latina."),
    ("en", "GH", "Accra", "I am {Ghanaian}, of {Accra} in {Ghana}, for {Ghanaians}."),
    ("fr", "CA", "Montréal", "Je suis {canadienne}, du {Québec}, à {Montréal}, au {Canada}."),
    ("es", "MX", "Puebla", "Soy {mexicana}, de {Puebla}, en {México}; {Mexican}."),
    ("pt", "BR", "Recife", "Sou {brasileira}, do {Recife}, no {Brasil}; {Brazilian}."),
    ("de", "IN", "Chennai", "Ich bin {Inderin} aus {Chennai}, {indische} Autorin, {Indian}."),
    ("ka", "GE", "ნინო", "ვცხოვრობ {საქართველოში} და ვმუშაობ {ნინოსთან}."),
]
# Names as a profile has them, and what somebody writes of them in another script.
SOUNDING = [
    (
        "Olena Shevchenko Serhii Lviv Kharkiv Olha",
        "Я {Олена} {Шевченко}, мене звати {Оленою}; у {Львові}, в {Харкові} з {Сергієм}, для "
        "{Сергія} й {Шевченка}, {Ользі}.",
    ),
    (
        "Олена Шевченко Юлія Андрій Ганна Київ Щербак",
        "I am {Olena} {Shevchenko} of {Kyiv}, with {Yuliia}, {Julia}, {Iuliia}, {Andriy}, "
        "{Andrij}, {Hanna} and {Shcherbak}; z {Oleną}, do {Szczerbak}.",
    ),
    (
        "Jovana Petrović Đorđe Ljiljana Čačak Niš",
        "Ја сам {Јована} {Петровић}, са {Јованом}, {Ђорђем}, {Љиљаном}, из {Чачка}, у {Нишу}.",
    ),
    ("Јована Петровић Београд", "Ja sam {Jovana} {Petrović}, sa {Jovanom}, u {Beogradu}."),
    (
        "Natalia Dostoevsky Tatiana Mikhail Fyodor Alyona Pavel",
        "{Наталья} и {Натальей}, {Достоевский}, {Достоевского}; {Татьяну} и {Михаила}, "
        "{Фёдор}, {Алёна}, от {Павла}.",
    ),
    ("Ivan Georgiev Plovdiv Hristo", "Аз съм {Иван} {Георгиев} от {Пловдив}, с {Христо}."),
    ("Aleksandar Trajkovski Skopje", "Јас сум {Александар} {Трајковски} од {Скопје}."),
    ("Hanna Kavalenka Siarhei Minsk", "Я {Ганна} {Каваленка} з {Мінска}, {Сяргей}."),
    (
        "Giorgos Papadopoulos Maria Nikos Thessaloniki",
        "Ο {Γιώργος} {Παπαδόπουλος}, του {Γιώργου}, της {Μαρίας}, με τον {Νίκο} στη "
        "{Θεσσαλονίκη}.",
    ),
    ("Γιώργος Παπαδόπουλος Ελένη", "I am {Giorgos} {Papadopoulos}, with {Eleni}."),
    ("Nino Kapanadze Tbilisi Giorgi", "მე ვარ {ნინო} {კაპანაძე}, {თბილისში}, {გიორგისთან}."),
    ("ნინო კაპანაძე თბილისი", "I am {Nino} {Kapanadze} of {Tbilisi}; {Нино} {Капанадзе}."),
    ("Anahit Petrosyan Yerevan", "Ես {Անահիտ} {Պետրոսյան}, {Երևանում}, {Անահիտի} հետ."),
    ("Անահիտ Պետրոսյան", "I am {Anahit} {Petrosyan}, {Petrosian}; {Анаит} {Петросян}."),
    ("Sara Ahmed Fatima Tarek", "أنا {سارة} {أحمد} {وفاطمة}، {لطارق}."),
    ("سارة أحمد محمد طارق", "I am {Sara} {Ahmed}, {Mohammed}, {Muhammad}, {Tarek}, {Tariq}."),
    ("Dana Cohen Yael David", "אני {דנה} {כהן}, {ויעל} {ודוד}."),
    ("דנה כהן יעל דוד", "I am {Dana} {Cohen}, with {Yael} and {David}."),
]
# What people write of their work, in the same languages, without telling anything.
INNOCENT = {
    "en": "Any of us can organise an editathon. Every year we teach teachers, and in annual "
    "reports we say what worked; and the market, a poll, the finance team, an island of calm. "
    "It helps us: we may polish it, and turn a turkey into a chilly mango, more or less; the "
    "English Wikipedia, and others use us. Us? Yes, in Latin America. Children indicate a "
    "theme and perhaps a cordial guide; congregate, be liberal, and malign nobody.",
    "pl": "Uczymy nauczycieli, jak pisać hasła. Niemal każdy może zacząć; potrzebujemy czasu, "
    "sprzętu i cierpliwości. Prawie wszystko, co robimy, opisujemy. Ola? Nie, ale olej tak.",
    "cs": "Učíme učitele, jak psát hesla. Skoro každý může začít; čekáme jen na čas a klid. "
    "Často se ptáme, co se povedlo, a všechno popíšeme.",
    "sk": "Učíme učiteľov, ako písať heslá. Takmer každý môže začať; slová nájdeme spolu.",
    "uk": "Ми навчаємо вчителів писати статті. Майже кожен може почати; потрібен лише час. "
    "Усе, що робимо, описуємо, а потім питаємо, що вдалося.",
    "ru": "Мы учим учителей писать статьи. Почти каждый может начать; нужно только время. "
    "Всё, что делаем, описываем, и роста хватает, и финансов тоже.",
    "fi": "Opetamme opettajia kirjoittamaan artikkeleita. Melkein kaikki voivat aloittaa; "
    "tarvitaan vain aikaa. Kerromme, mikä onnistui, ja annamme neuvoja.",
    "et": "Õpetame õpetajaid artikleid kirjutama. Peaaegu igaüks võib alustada; vaja on aega.",
    "el": "Διδάσκουμε δασκάλους να γράφουν λήμματα. Σχεδόν όλοι μπορούν να αρχίσουν.",
    "hu": "Tanárokat tanítunk szócikkeket írni. Szinte bárki elkezdheti; csak idő kell. "
    "Amit teszünk, leírjuk, és megkérdezzük, mi sikerült.",
    "ro": "Învățăm profesori să scrie articole. Aproape oricine poate începe; trebuie timp.",
    "tr": "Öğretmenlere madde yazmayı öğretiyoruz. Hemen herkes başlayabilir; zaman gerek.",
    "hr": "Učimo učitelje kako pisati članke. Gotovo svatko može početi; treba samo vremena.",
    "sr": "Учимо учитеље како се пишу чланци. Готово свако може да почне; треба времена.",
    "bg": "Учим учители да пишат статии. Почти всеки може да започне; нужно е само време.",
    "sl": "Učimo učitelje pisati članke. Skoraj vsak lahko začne; potreben je le čas.",
    "lt": "Mokome mokytojus rašyti straipsnius. Beveik kiekvienas gali pradėti.",
    "lv": "Mācām skolotājus rakstīt rakstus. Gandrīz katrs var sākt; vajag tikai laiku.",
    "de": "Wir zeigen Lehrern, wie man Artikel schreibt. Fast alle können anfangen; es braucht "
    "nur Zeit. Einmal im Jahr fragen wir, was geholfen hat, und deuten es gemeinsam.",
    "nl": "Wij leren leraren artikelen schrijven. Bijna iedereen kan beginnen.",
    "sv": "Vi lär lärare att skriva artiklar. Nästan alla kan börja; det finns tid.",
    "fr": "Nous apprenons à des enseignants à écrire des articles. Presque tous y arrivent; il "
    "ne faut que du temps, de la franchise et un plan.",
    "es": "Enseñamos a docentes a escribir artículos. Este año casi todos pueden empezar; solo "
    "hace falta tiempo, y las ganas de unos y otros.",
    "it": "Insegniamo ai docenti a scrivere voci. Quasi tutti possono iniziare; serve tempo.",
    "pt": "Ensinamos docentes a escrever artigos. Quase todos podem começar; falta tempo.",
    "ar": "نعلّم المعلمين كتابة المقالات. يستطيع الجميع تقريبا أن يبدأ، ويلزم الوقت فقط.",
    "he": "אנחנו מלמדים מורים לכתוב ערכים. כמעט כולם יכולים להתחיל.",
    "ka": "ვასწავლით მასწავლებლებს სტატიების წერას. თითქმის ყველას შეუძლია დაწყება.",
}


def phrases(language, country, names):
    spoken = frozenset({language})
    told = {*country_names(country, spoken), *telling_of(country), *tongues(country, spoken)}
    return told | set(names.split()) | sounding(names)


def sounding(names):
    return {Heard(fold(name)) for name in names.split()}


@pytest.mark.parametrize(
    ("language", "country", "names", "written"), TELLING, ids=[row[0] for row in TELLING]
)
def test_the_commonest_sentences_tell_neither_country_nor_name(
    language, country, names, written
):
    parts = written.replace("{", "|{").replace("}", "|").split("|")
    kept = "".join(HIDDEN if part.startswith("{") else part for part in parts)
    text = written.replace("{", "").replace("}", "")

    assert blind(text, phrases(language, country, names)) == kept
    assert blind(text.upper(), phrases(language, country, names)) == kept.upper()


@pytest.mark.parametrize(
    ("names", "written"), SOUNDING, ids=[names.split()[0] for names, _written in SOUNDING]
)
def test_a_name_is_known_in_another_script_than_the_profiles(names, written):
    parts = written.replace("{", "|{").replace("}", "|").split("|")
    kept = "".join(HIDDEN if part.startswith("{") else part for part in parts)
    text = written.replace("{", "").replace("}", "")

    assert blind(text, sounding(names)) == kept
    assert blind(text.lower(), sounding(names)) == kept.lower()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ana", "Она пишет, а она нет; на, но, ан"),
        ("Ida", "Он: иди ты, идем, идея"),
        ("Roman", "Я пишу роман, и март прошёл"),
        ("Mart", "Пишем в марте, и карта есть"),
        ("Яна", "Any of us, an article, in annual reports"),
        ("Юлія", "Im Juli und im Juni"),
        ("Ніна", "Nine of them, in ninety days; none"),
        ("Sara", "سره وسيرة وصورة"),
        ("Ali", "إلى على الذي ألا أولا"),
        ("سارة", "Sure, sir, so are the Series"),
        ("Dana", "אדון, דיון, דין, עדיין"),
        ("דנה", "Done in Denmark, a dune"),
        ("Νίκος", "In the nick of time, nice"),
        ("ნინო", "None, nine, now"),
    ],
)
def test_another_word_in_another_script_is_no_name(name, text):
    assert blind(text, sounding(name)) == text


def test_names_in_another_script_leave_what_tells_nothing():
    every = {heard for row in TELLING for heard in sounding(row[2])}
    every |= {heard for names, _written in SOUNDING for heard in sounding(names)}

    hidden = {code: blind(text, every) for code, text in INNOCENT.items()}

    assert {code: text for code, text in hidden.items() if HIDDEN in text} == {}


@pytest.mark.parametrize(
    ("language", "country", "names"), [row[:3] for row in TELLING], ids=[r[0] for r in TELLING]
)
def test_what_tells_nothing_is_read_whoever_wrote_it(language, country, names):
    told = phrases(language, country, names)

    hidden = {code: blind(text, told) for code, text in INNOCENT.items()}

    assert {code: text for code, text in hidden.items() if HIDDEN in text} == {}


def test_the_stems_of_all_countries_together_hide_little_of_what_tells_nothing():
    every = {stem for stems in STEMS.values() for stem in stems}

    words = sum(len(text.split()) for text in INNOCENT.values())
    hidden = sum(blind(text, every).count(HIDDEN) for text in INNOCENT.values())

    assert hidden / words < 0.01


def test_a_stem_is_no_beginning_of_a_common_word():
    short = [
        (country, stem.folded)
        for country, stems in STEMS.items()
        for stem in stems
        if len(stem.folded) < 4 and stem.folded.isascii() and not (stem.whole or stem.letters)
    ]

    assert short == []


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("Monika", "Monice"),
        ("Magda", "Magdzie"),
        ("Barbara", "Barbarze"),
        ("Plzeň", "Plzni"),
        ("Харків", "Харкова"),
        ("Lahti", "Lahdessa"),
        ("Korhonen", "Korhosen"),
        ("Kowalski", "Kowalskiego"),
        ("Достоевский", "Достоевского"),
        ("Παπαδόπουλος", "Παπαδόπουλου"),
        ("János", "Jánossal"),
        ("Ada", "Adą"),
        ("Eva", "Evou"),
        ("Kasia", "Kasi"),
        ("Gdynia", "Gdyni"),
        ("Kristaps", "Kristapam"),
        ("Aleksandrs", "Aleksandra"),
        ("Pētersons", "Pētersonam"),
        ("Krastiņš", "Krastiņa"),
        ("Vītoliņš", "Vītoliņu"),
        ("Bernhards", "Bernhardam"),
        ("Valdemārs", "Valdemāra"),
        ("Grīnbergs", "Grīnberga"),
    ],
)
def test_a_name_is_known_in_other_cases(word, form):
    assert blind(f"Z {form} i bez", [word]) == "Z ▇▇▇ i bez"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Jörg Müller", "Joerg Mueller"),
        ("Jörg Müller", "JOERG MUELLER"),
        ("Müller", "Muellers"),
        ("Jörg Müller", "JoergMueller"),
        ("Joerg Mueller", "Jörg Müller"),
        ("Søren", "Soeren"),
        ("Håkan Åberg", "Haakan Aaberg"),
        ("Köln", "Koeln"),
        ("Aarhus", "Århus"),
        (unicodedata.normalize("NFD", "Jörg"), "Joerg"),
    ],
)
def test_a_name_is_known_as_other_keyboards_write_it(name, written):
    assert blind(f"mit {written} und ohne", [name]) == "mit ▇▇▇ und ohne"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada", "Adam in Canada; adage, ads"),
        ("Eva", "Even so, ever more; evade it"),
        ("Ana", "Any of them, and annual analysis"),
        ("Anna", "Annual annexes annoy"),
        ("Jan", "January is in the jar"),
        ("Monika", "We monitor it"),
        ("Marta", "The market, a martian"),
        ("Ania", "Ani tak, ani tak"),
        ("Julia", "Im Juli"),
        ("Summers", "Next summer we travel"),
    ],
)
def test_another_word_is_no_case_of_a_name(name, text):
    assert blind(text, [name]) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("trust us, Us too, the US", "trust us, Us too, ▇▇▇"),
        ("TEACH US IN U.S. SCHOOLS", "TEACH US IN ▇▇▇ SCHOOLS"),
        ("teach us in the us", "teach us in ▇▇▇"),
        ("se usa mucho", "se usa mucho"),
        ("South America, América del Sur, American", "South America, América del Sur, ▇▇▇"),
    ],
)
def test_letters_that_stand_for_a_country_count_only_as_capitals(text, left):
    assert blind(text, telling_of("US")) == left


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Wikimedia UK", {"WMUK"}),
        ("Wiki Movimento Brasil", {"WMB"}),
        ("Igbo Wikimedians User Group", {"IWUG"}),
        ("Wikimedia Deutschland", set()),
    ],
)
def test_an_affiliate_is_known_by_its_letters(name, letters):
    assert acronyms(name) == letters


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I am AdaBo, also adabo or Ada_Bo.", "I am ▇▇▇, also ▇▇▇ or ▇▇▇."),
        ("A d a and A.d.a and a-d-a-b-o.", "▇▇▇ and ▇▇▇ and ▇▇▇."),
        ("see https://x.example/q?a=b, or www.y.example!", "see ▇▇▇, or ▇▇▇!"),
        ("github.com/zyx, t.me/zyx, wikimedia.pl.", "▇▇▇, ▇▇▇, ▇▇▇."),
        ("write @zyx, @zyx@wiki.example, zyx#1234", "write ▇▇▇, ▇▇▇, ▇▇▇"),
        ("call +48 123 456 789 now", "call ▇▇▇ now"),
        ("e.g. p.m. node.js file.pdf 3.5 i.e.", "e.g. p.m. node.js file.pdf 3.5 i.e."),
        ("I teach.It is so.", "I teach.It is so."),
        ("a b c, and e. g. 1 2 3", "a b c, and e. g. 1 2 3"),
    ],
)
def test_addresses_and_letters_one_by_one_are_hidden_whole(text, left):
    assert blind(text, ["Ada Bo", "Ada"]) == left
