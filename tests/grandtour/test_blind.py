"""In a blind phase nothing that is open to a reviewer says whose application it is."""

import re
from itertools import chain

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grandtour.actions import assignments, partners, redactions, reviewers
from grandtour.models import Application, Edition, Phase, Redaction, Seat, Transcript
from grandtour.reports.blind import Blind
from grandtour.reports.unread import waiting
from tests.addresses import address, decided, routes, world
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    PlaceFactory,
)
from tests.grandtour.test_leaving_to_others import planned_for
from tests.grandtour.tours import (
    NOON,
    AssignmentFactory,
    ClaimFactory,
    HostFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    scored,
)
from tests.told import told
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
WORDS = (
    "I am Zyxandra Quorrelyn (zyxquorra, also user:zyxquorra), write to zyx@quorra.example. "
    "At Wikiklubb Vestmannaeyjar we teach in Vestmannaeyjar, Iceland; in Island sagt man, "
    "Islandia, in آيسلندا and Islandés. Quorrelyn's way; https://is.wikipedia.org/wiki/User:X"
)
# What the buttons of the desk's pages about reading send, the most special page first, and what
# people write into forms.
PRESSED = {
    "/applications/": (
        "hide",
        "leave",
        "forget",
        "more",
        "spoken",
        "give",
        "take",
        "lift",
        "looked",
    ),
    "/letters/": ("write", "publish", "discard", "restore", "save"),
    "/readers/": ("ask", "stop", "give"),
    "/review/": ("compare", "begin", "shortlisted", "clear"),
}
FEW_PRESSED = ("looked", "save")
SAID = {
    "recommendation": "rather",
    "confidence": "2",
    "words": "Concrete, and it is small.",
    "answer": "yes",
    "step": "next",
    "kind": "other",
    "phrase": "school",
    "hide-phrase": "school",
    "more-words": "Please name the days.",
    "give-wanted": "2",
    "ask-username": "organiser",
    "ask-reads": "on",
    "ask-why": "Reads Spanish.",
}
ABOUT = "grand"  # in addresses of the Grand Tour, on the site and at the desk
DECIDES = {"reviews": False, "decides": True}
NAMES = [
    *("Zyxandra", "Quorrelyn", "zyxquorra", "zyx@quorra.example", "Wikiklubb"),
    *("Vestmannaeyjar", "Iceland", "Islandia", "آيسلندا", "quorra.example"),
]
# In a language of cases, with names and places as they stand in sentences.
CASES = (
    "Živim v Sloveniji, v Ljubljani; že leta pišem s Katarino Vodnik, torej sama s sabo. "
    "Sem Slovenka. KatarinaVodnik, @katkapise, K a t a r i n a, wiki-savinja.si/kat. "
    "Wikisavinji pomagam po slovensko; ljubljanska srečanja, Katarinin članek."
)
CASES_NAMES = [
    *("Katarin", "K a t", "Vodnik", "katkapise", "kat@vodnik.example", "wiki-savinja"),
    *("Wikisavinj", "Ljubljan", "Sloven"),
]
SHORT_WORDS = (
    "i am ada öz (kiwi on every wiki), ada@oz.example, from qom in iran; iranian, with the "
    "klub qom. Ich bin Iraner. See User talk:Kiwi, Special:Contributions/kiwi and k\u200biwi."
)
SHORT_NAMES = ["Ada", "Öz", "kiwi", "ada@oz.example", "Qom", "Iran", "Iranian", "Klub Qom"]

# In two scripts, of which the profile knows one; and of a country with many short names.
SCRIPTS_WORDS = (
    "I am Olena Shevchenko from Leeds, in England, in the UK; at WMUK and in Scotland we are "
    "British, of Great Britain. Я Олена Шевченко, мене звати Оленою; Шевченків підхід, з Лідса."
)
SCRIPTS_NAMES = [
    *("Olena", "Shevchenk", "olenash", "olena@leeds.example", "Wikimedia UK", "WMUK"),
    *("Олен", "Шевченк", "Leeds", "England", "Scotland", "Great Britain"),
]


# In scripts without spaces, or in which names are known as they are written only.
FAR_WORDS = (
    "私は山本ゆきです。ヤマモトではなく山本、東京に住む日本人です。京橋ウィキの会で教えます。"
    "利用者:山本ゆき、yuki@yamamoto.example。일본 사람, 来自日本, जापान से, ประเทศญี่ปุ่น。"
)
FAR_NAMES = [
    *("山本", "ゆき", "yuki@yamamoto.example", "京橋ウィキの会", "東京"),
    *("日本", "일본", "जापान", "ญี่ปุ่น"),
]
FEW_WORDS = (
    "אני נועה עלי, ולנועה יש רעיון; משתמש:עמרנועה. मैं नागपुर में, भारत में, नागपुर विकि मण्डल "
    "के साथ; भारतीय। 来自印度。"
)
FEW_NAMES = ["נועה", "עלי", "עמרנועה", "नागपुर", "भारत", "印度"]
# A name as it sounds, in a script in which nobody can look for it: the text waits.
UNREAD_WORDS = "ผมชื่อเหงียน มินห์ ทือ มาจากเวียดนาม สอนการเขียนบทความ"
UNREAD_NAMES = ["เหงียน", "มินห์", "ทือ", "เวียดนาม", "บทความ", "Nguyễn", "minhthu"]

# Of a host with whom somebody has agreed: it has a page of its own, and is only not to be read
# beside an application, as it knows whose that is.
PAIR_WORDS = (
    "I am Heðin Joensen from Klaksvík, of Wikibólkur; Savoniawiki in Kuopio and I have agreed. "
    "The Savoniawikin people know me, in Kuopiossa as well."
)
PAIR_NAMES = ["Heðin", "Joensen", "hedinjo", "hedin@joensen.example", "Klaksvík", "Wikibólkur"]
PARTNER_NAMES = ["Savoniawiki", "Kuopio"]


def applicant(edition):
    """Let somebody apply who says everywhere who they are; nobody finds them elsewhere."""
    who = ("zyxquorra", "Zyxandra Quorrelyn", "zyx@quorra.example")
    where = (PlaceFactory(name="Vestmannaeyjar", country="IS"), "Wikiklubb Vestmannaeyjar")
    return _applied(edition, who, where, WORDS)


def short_applicant(edition):
    """Let somebody apply whose names are short, and who writes them without capitals."""
    who = ("kiwi", "Ada Öz", "ada@oz.example")
    where = (PlaceFactory(name="Qom", country="IR"), "Klub Qom")
    return _applied(edition, who, where, SHORT_WORDS)


def applicant_of_cases(edition):
    """Let somebody apply who writes in a language in which names change."""
    who = ("katkapise", "Katarina Vodnik", "kat@vodnik.example")
    where = (PlaceFactory(name="Ljubljana", country="SI"), "Wikisavinja")
    return _applied(edition, who, where, CASES)


def applicant_of_scripts(edition):
    """Let somebody apply who writes their name in another script than in their profile."""
    who = ("olenash", "Olena Shevchenko", "olena@leeds.example")
    where = (PlaceFactory(name="Leeds", country="GB"), "Wikimedia UK")
    return _applied(edition, who, where, SCRIPTS_WORDS)


def far_applicant(edition):
    """Let somebody apply whose names stand in no script that is heard; organisers have read."""
    who = ("山本ゆき", "山本 ゆき", "yuki@yamamoto.example")
    where = (PlaceFactory(name="東京", country="JP"), "京橋ウィキの会")
    return _looked_through(_applied(edition, who, where, FAR_WORDS))


def applicant_of_few_sounds(edition):
    """Let somebody apply whose names have too few sounds; organisers have read it all."""
    who = ("עמרנועה", "נועה עלי", "noa@ali.example")
    where = (PlaceFactory(name="नागपुर", country="IN"), "नागपुर विकि मण्डल")
    return _looked_through(_applied(edition, who, where, FEW_WORDS))


def unread_applicant(edition):
    """Let somebody apply whose name nobody can look for in what they write."""
    who = ("minhthu", "Nguyễn Minh Thư", "minh@thu.example")
    where = (PlaceFactory(name="Huế", country="VN"), "Câu lạc bộ Wiki Huế")
    return _applied(edition, who, where, UNREAD_WORDS)


def applicant_with_a_partner(edition):
    """Let somebody apply to a peer exchange who has agreed with a host, which says so."""
    who = ("hedinjo", "Heðin Joensen", "hedin@joensen.example")
    where = (PlaceFactory(name="Klaksvík", country="FO"), "Wikibólkur")
    application = _applied(edition, who, where, PAIR_WORDS)
    Edition.objects.filter(pk=edition.pk).update(
        kind=Edition.Kind.PEER_EXCHANGE, fewest_stops=1, most_stops=1
    )
    host = HostFactory(
        edition=edition,
        affiliate=AffiliateFactory(name="Savoniawiki", countries=["FI"]),
        place=PlaceFactory(name="Kuopio", country="FI"),
    )
    application.partner, application.peer_role = host, Application.PeerRole.MENTEE
    application.save()
    assert partners.answer(host, application, agrees=True, at=timezone.now())
    return application


def _looked_through(application):
    edition = application.edition
    seen = waiting(edition.applications.filter(pk=application.pk))
    redactions.look_through(seen, edition, OrganiserFactory(), at=timezone.now())
    return application


def _applied(edition, who, where, words):
    (username, name, email), (town, home) = who, where
    affiliate = AffiliateFactory(name=home, slug=f"their-{town.country.lower()}", countries=[])
    person = PersonFactory(
        username=username,
        name=name,
        email=email,
        country=town.country,
        place=town,
        visibility="hidden",
    )
    MembershipFactory(person=person, affiliate=affiliate)
    return ReadFactory(
        edition=edition,
        person=person,
        place=town,
        country=town.country,
        affiliate=affiliate,
        goals=words,
        brings=words.upper(),
        spreads=words.lower(),
        voice_note=f"https://commons.wikimedia.org/wiki/File:{name.replace(' ', '_')}.ogg",
    )


# What is there without any application: affiliates and people have pages of their own. There
# one must only not read that they have applied.
ELSEWHERE = ("affiliates/", "admin/volunteers/", "admin/exchange/")
# What is drawn by lot or signed, and could begin like a name.
DRAWN = re.compile(
    r'(?:value|nonce)="[A-Za-z0-9_-]{16,}"|"x-csrftoken": "\w+"|csrftoken=\w+'
    r"|(?:[\w-]+:){1,2}[\w-]{43}(?![\w-])"
)
# Boxes in which one chooses what has nothing to do with an edition list all there is.
LISTING_ALL = re.compile(
    r'<select[^>]*name="[^"]*(?:countr|language|currency|affiliate|zone|skill)[^"]*"[^>]*>.*?</select>',
    re.DOTALL,
)


def grep(names, page):
    """Find which of these words stand in a page, in any case."""
    shown = DRAWN.sub("", LISTING_ALL.sub("", page)).lower().replace("\u200b", "")
    there = [name for name in names if name.lower() in shown]  # quick, as few are
    known = {name: f"{_start(name)}{re.escape(name.lower())}" for name in there}
    return [name for name, pattern in known.items() if re.search(pattern, shown)]


def told_by(path, page):
    """Find what a page tells of applicants; a table of all countries tells nothing of one."""
    told = grep(ALL_NAMES, page)
    told += grep(PARTNER_NAMES, page) if OF_ONE.search(path) else []
    return [name for name in told if not (path.endswith("/rates/") and name in COUNTRIES)]


def _start(name):
    """Say that a word begins here, where there is something between words."""
    return r"(?<!\w)" if name[0] < "\u0900" else ""


def opened(client, path):
    """Give what an address answers, and whether there is such a page."""
    answer = client.get(path)
    return told(answer), answer.status_code == 200


def posts(paths, application, fewer=()):
    """List what is sent to each address: nothing; and to pages of reading what people send."""
    said = SAID | {"of": str(application.pk)}
    said |= {f"score-{one.pk}": "3" for one in application.edition.criteria.all()}
    for path in paths:
        yield path, {}
        if "/review/" in path and path.startswith("/admin/"):
            presses = next(of for part, of in PRESSED.items() if part in path)
            yield from ((path, said | {"do": press}) for press in fewer or presses)
        elif "/review/" in path or "/reading/" in path:
            yield path, said


def answered(client, sent):
    """Post to each address, and give what is answered; nothing of it stays.

    Whoever is asked to sign in first is shown a page that is walked anyway.
    """
    for path, data in sent:
        before = transaction.savepoint()
        answer = client.post(path, data)
        if answer.status_code in {301, 302, 303} and "/login/" not in answer["Location"]:
            answer = client.get(answer["Location"], follow=True)
        page = told(answer)
        transaction.savepoint_rollback(before)
        yield path, page


ROLES = ("reviewer", "reviewer at the desk", "who only decides")
APPLY = {
    applicant: (NAMES, WORDS),
    short_applicant: (SHORT_NAMES, SHORT_WORDS),
    applicant_of_cases: (CASES_NAMES, CASES),
    applicant_of_scripts: (SCRIPTS_NAMES, SCRIPTS_WORDS),
    far_applicant: (FAR_NAMES, FAR_WORDS),
    applicant_of_few_sounds: (FEW_NAMES, FEW_WORDS),
    unread_applicant: (UNREAD_NAMES, ""),
    applicant_with_a_partner: (PAIR_NAMES, PAIR_WORDS),
}
COUNTRIES = {"Iceland", "Iran", "Sloven", "England", "Scotland", "Great Britain"}
OF_ONE = re.compile(
    r"/review/|/reading/"
)  # routes that may be about an application that is read
ALL_NAMES = [name for names, _words in APPLY.values() for name in names]


def reading(role, w):
    """Give the world's reviewer, or an organiser who reads or decides in the same edition."""
    if role == "reviewer":
        return w.assignment.reviewer
    edition = w.assignment.application.edition
    rights = {"reviews": role != "who only decides", "decides": True}
    reviewer = ReviewerFactory(edition=edition, person=w.organiser, **rights)
    assignments.give(w.assignment.application, reviewer, w.ruler, at=timezone.now())
    return reviewer


def applied(make, words, reviewer, w):
    """Let somebody apply, be read by this reviewer and by another one, be decided about."""
    application = make(reviewer.edition)
    if words:
        Transcript.objects.create(application=application, words=words)
    assignments.give(application, reviewer, w.ruler, at=timezone.now())
    other = ReviewerFactory(edition=reviewer.edition)
    scored(application, other, 4, 4, at=timezone.now(), words=words)
    return application


def about(applications, w, reviewer):
    """Fill in every address; of each application those that no other one has."""
    known, of_each = {}, []
    for application in applications:
        w.letter = decided(application, w.ruler)
        w.assignment = reviewer.assignments.get(application=application)
        of_it = [route for route in routes() if not known or OF_ONE.search(route)]
        paths = {address(route, w): route for route in of_it}
        of_each.append((application, [path for path in paths if path not in known]))
        known |= paths
    return known, of_each


def sent(of_each):
    """List what is sent: to the pages of one application all buttons, of the others a few."""
    for number, (application, paths) in enumerate(of_each):
        about_tours = [path for path in paths if ABOUT in path]
        yield from posts(about_tours, application, FEW_PRESSED if number else ())


def of_the_edition(edition):
    """Fill in every address that is about an edition, also those of the desk and its files."""
    desk = "admin/grandtour/"
    about = (f"{desk}edition/<", f"{desk}cost/of/<", f"{desk}plan/of/<")
    key = re.compile(r"<(int:pk|path:object_id)>")
    filled = [key.sub(str(edition.pk), one) for one in routes() if one.startswith(about)]
    named = [one for one in routes() if one.startswith("grand-tour/<slug:slug>/")]
    filled += [one.replace("<slug:slug>", edition.slug) for one in named]
    return [f"/{path}" for path in filled if "<" not in path]


def further(edition, application, plan):
    """Give addresses with questions, and those of a plan with a place for this application."""
    desk = f"/admin/grandtour/edition/{edition.pk}/review/"
    journey = plan.journeys.get().pk
    return [
        f"{desk}?sort=spread",
        f"{desk}?stage=pending",
        f"{desk}?stage=first",
        f"{desk}compare/?of={application.pk}",
        f"/admin/grandtour/plan/of/{edition.pk}/?from={plan.pk}",
        f"/admin/grandtour/plan/of/{edition.pk}/compare/?one={plan.pk}&other={plan.pk}",
        f"/admin/grandtour/plan/{plan.pk}/show/",
        f"/admin/grandtour/plan/{plan.pk}/accept/",
        f"/admin/grandtour/journey/{journey}/show/",
        f"/admin/grandtour/journey/{journey}/place/",
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("pages_only")
def test_every_page_open_to_a_reviewer_is_blind(client, role):
    w = world()
    edition = w.assignment.application.edition
    Phase.objects.update(others="always")
    reviewer = reading(role, w)
    decided_before = w.letter.decision
    applications = [applied(make, of[1], reviewer, w) for make, of in APPLY.items()]
    codes = [one.code for one in applications]
    known, of_each = about(applications, w, reviewer)
    client.force_login(reviewer.person)

    plans = {one: planned_for(one, w.organiser) for one in applications}
    found, read, pages = [], set(), {}
    for path, route in known.items():
        page, there = opened(client, path)
        told = told_by(path, page)
        if route.startswith(ELSEWHERE):
            told = told and grep([*codes, edition.name, edition.slug], page)
        found += [(path, name) for name in told]
        read |= {route} if there else set()
        pages[path] = page
    for path, page in answered(client, sent(of_each)):
        found += [(f"POST {path}", name) for name in told_by(path, page)]
    Application.objects.filter(pk__in=[one.pk for one in applications]).update(
        state="shortlisted"
    )
    for seat in Seat.objects.filter(journey__plan__in=plans.values()):
        Seat.objects.filter(pk=seat.pk).update(state="confirmed")
        ClaimFactory(seat=seat, words=seat.person.name)
    more = [further(edition, one, plan) for one, plan in plans.items()]
    for path in [*chain(*more), *of_the_edition(edition)]:
        found += [(path, name) for name in told_by(path, opened(client, path)[0])]

    assert found == []
    assert decided_before.application not in applications
    assert len(read) > 40
    if role != "who only decides":
        readings = [page for path, page in pages.items() if "/reading/" in path]
        assert sum("▇▇▇" in page for page in readings) == len(applications)
        assert sum("An organiser reads this text first" in page for page in readings) == 1
    letters = Notice.objects.filter(recipient=reviewer.person)
    written = " ".join(f"{one.subject} {one.body} {one.link}" for one in letters)
    assert letters.exists()
    assert grep(ALL_NAMES, written) == []


def test_files_of_the_same_addresses_name_them_to_who_does_not_read_blind(client):
    """Prove that the test above reads what is packed in a file."""
    application = applicant(ReviewingFactory(state="matching"))
    plan = planned_for(application, OrganiserFactory())
    seat = plan.journeys.get().seats.get()
    Seat.objects.filter(pk=seat.pk).update(state="confirmed")
    ClaimFactory(seat=seat)
    client.force_login(OrganiserFactory())

    pages = {path: opened(client, path)[0] for path in of_the_edition(application.edition)}

    money = f"/admin/grandtour/cost/of/{application.edition_id}/"
    named = {path for path, page in pages.items() if grep(["zyxquorra", "Iceland"], page)}
    files = ("books.xlsx", "costs.csv", "mobilities.csv", "mobilities.xlsx")
    assert {f"{money}{file}" for file in (*files, "mobilities.pdf")} <= named


def test_with_names_shown_the_same_page_names_them(client):
    application = applicant(ReadFactory().edition)
    reviewer = ReviewerFactory(edition=application.edition)
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    client.force_login(reviewer.person)
    now = timezone.localdate()
    Phase.objects.update(names_shown=True, first_day=now, last_day=now)

    page = client.get(
        reverse("grandtour:read", args=[reviewer.assignments.get().pk])
    ).content.decode()

    assert "Zyxandra Quorrelyn" in page
    assert "▇▇▇" not in page


def test_organisers_who_read_nothing_see_names_all_the_time(client):
    application = applicant(ReadFactory().edition)
    client.force_login(OrganiserFactory())

    page = client.get(
        reverse("admin:grandtour_edition_review", args=[application.edition_id])
    ).content.decode()

    assert "Zyxandra Quorrelyn" in page


def test_who_has_read_blind_sees_names_at_the_desk_once_reading_is_over(client):
    application = applicant(ReadFactory().edition)
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    client.force_login(reviewer.person)
    address = reverse("admin:grandtour_edition_letters", args=[application.edition_id])
    assert "You read blind" in client.get(address).content.decode()

    Edition.objects.update(state="matching")

    assert "You read blind" not in client.get(address).content.decode()


def test_others_scores_are_closed_at_the_desk_too_until_one_has_given_ones_own(client):
    application = ReadFactory()
    other = ReviewerFactory(edition=application.edition)
    scored(application, other, 4, 4, words="Marvellous idea")
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    now = timezone.localdate()
    Phase.objects.update(names_shown=True, others="own", first_day=now, last_day=now)
    client.force_login(reviewer.person)
    where = [application.edition_id, application.pk]
    address = reverse("admin:grandtour_edition_application", args=where)
    seen = ["Marvellous" in client.get(address).content.decode()]
    assert "100.00" not in client.get(address).content.decode()
    scored(application, reviewer, 1, 1, at=timezone.now())
    seen.append("Marvellous" in client.get(address).content.decode())
    client.post(reverse("grandtour:read_others", args=[reviewer.assignments.get().pk]))

    seen.append("Marvellous" in client.get(address).content.decode())

    assert seen == [False, False, True]
    assert "100.00" in client.get(address).content.decode()


def test_who_stops_or_only_decides_is_as_blind_as_who_reads(client):
    application = applicant(ReadFactory().edition)
    edition = application.edition
    address = reverse("admin:grandtour_edition_review", args=[edition.pk])
    for state, rights in (("stopped", {}), ("asked", {}), ("reading", DECIDES)):
        organiser = OrganiserFactory()
        ReviewerFactory(edition=edition, person=organiser, state=state, **rights)
        client.force_login(organiser)
        page = client.get(address).content.decode()
        assert application.code in page
        assert "Zyxandra" not in page


def test_who_has_seen_names_does_not_begin_to_read_blind():
    application = applicant(ReadFactory().edition)
    edition, organiser = application.edition, OrganiserFactory()
    ask = (edition, organiser, reviewers.Rights())
    with pytest.raises(reviewers.HasSeenNames):
        reviewers.ask(*ask, organiser, at=NOON)
    reviewers.ask(edition, organiser, reviewers.Rights(**DECIDES), organiser, at=NOON)
    reviewers.stop(edition.reviewers.get(), organiser, at=NOON)
    with pytest.raises(reviewers.HasSeenNames):
        reviewers.ask(*ask, organiser, at=NOON)

    Phase.objects.update(names_shown=True)

    assert reviewers.ask(*ask, organiser, at=NOON).state == "reading"


def test_words_of_others_are_blinded_as_well(client):
    application = applicant(ReadFactory().edition)
    other, reviewer = ReviewerFactory.create_batch(2, edition=application.edition)
    scored(application, other, 4, 4, words="Zyxandra again, from Iceland")
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    now = timezone.localdate()
    Phase.objects.update(others="always", first_day=now, last_day=now)
    client.force_login(reviewer.person)

    page = client.get(reverse("grandtour:read", args=[reviewer.assignments.get().pk]))

    assert "▇▇▇ again, from ▇▇▇" in page.content.decode()


def test_who_reads_blind_cannot_ask_the_list_what_is_decided(client):
    assignment = AssignmentFactory(reviewer__person=OrganiserFactory())
    other = ReadFactory(edition=assignment.reviewer.edition)
    decided(other, OrganiserFactory())
    client.force_login(assignment.reviewer.person)
    address = reverse("admin:grandtour_edition_review", args=[other.edition_id])

    page = client.get(address + "?stage=pending").content.decode()

    assert assignment.application.code in page
    assert other.code in page


@pytest.mark.parametrize(
    ("country", "home", "goals", "read"),
    [
        (
            "GB",
            "Wikimedia UK",
            "At WMUK, in the UK, in England, we trust us; British, U.K.",
            "At ▇▇▇, in ▇▇▇, in ▇▇▇, we trust us; ▇▇▇, ▇▇▇",
        ),
        (
            "US",
            "Cascadia Open Knowledge Society",
            "The COKS in the US trusts us, American as it is.",
            "The ▇▇▇ in ▇▇▇ trusts us, ▇▇▇ as it is.",
        ),
    ],
)
def test_countries_and_chapters_are_known_by_their_letters(country, home, goals, read):
    affiliate = AffiliateFactory(name=home, countries=[country])
    application = ReadFactory(country=country, affiliate=affiliate, goals=goals)

    blind = Blind(application)

    assert blind.text("goals") == read
    assert {one.kind for one in blind.found()} == {"affiliate", "country"}


def test_what_organisers_left_in_is_read():
    application = ReadFactory(person__name="Rosa Berg", goals="A rosa is a Rosa on a Berg.")
    Redaction.objects.create(application=application, kind="name", phrase="rosa", left_in=True)

    assert Blind(application).text("goals") == "A rosa is a Rosa on a ▇▇▇."
