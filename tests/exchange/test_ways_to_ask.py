"""Which ways lead from an address to an ask, found by walking the code and the address files.

Every name that a function mentions is followed into the module that defines it. Whoever adds a
way by which one person asks another has to lead it through the gate, and to name it here.
"""

import ast
from functools import cache
from inspect import unwrap

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver

APPS = ("capx", "volunteers", "exchange", "grandtour")
GATE = ("volunteers.gate", "admit")
NOTED = ("volunteers.gate", "note_check")
CREATES = {"create", "bulk_create", "get_or_create", "update_or_create"}
# What the rows of a model are called from what they are about.
FROM_ELSEWHERE = {"Ask": (".asks", ".asks_made"), "Exchange": (".exchanges",)}
# The addresses from which one person can ask another, and nothing else is.
ASKING = {
    *("exchange:ask", "exchange:hand_over_to", "exchange:invite", "exchange:join"),
    *("exchange:open_call", "exchange:take"),
}
# Where who asks learns of one person they chose; an open call names nobody, and by taking over
# somebody learns only of themselves.
LOOKING = {"exchange:ask", "exchange:hand_over_to", "exchange:invite", "exchange:join"}
# What runs by the clock or at the desk, and may not ask anybody; organisers who ask somebody to
# read applications, by name, press a button for it.
PRESSED = {
    ("grandtour.admin.editions", "EditionAdmin"),
    ("grandtour.admin.editions", "READING"),
    ("grandtour.admin.review.readers", "_ask"),
    ("grandtour.admin.review.readers", "readers"),
}
NEVER = ("reminders", "tasks", "admin", "imports", "management")
# A letter can ask, too. These ask a person for something they have not begun; they go through
# the gate before, so nobody is written to who rests, is left alone, or has blocked who asks.
ASKS_BY_LETTER = {
    "exchange.notices.agreements": {"seat_taken"},
    "exchange.notices.calls": {"called"},
    "exchange.notices.exchanges": {"asked"},
    "exchange.notices.hand_overs": {"offered"},
    "exchange.notices.invitations": {"invited"},
    "grandtour.notices.partners": {"asked"},
    "grandtour.notices.reviews": {"asked"},
    "volunteers.notices": {"invited_to_share"},
}
# These ask for something without a look at the gate, each for a reason; the README has them.
# Like all mail they wait in the letter box until a rest is over.
ASKS_WITHOUT_THE_GATE = {
    "once more for what the gate let through, at most once": {
        "exchange.notices.exchanges": {"unanswered"},
        "exchange.notices.hand_overs": {"unanswered"},
        "grandtour.notices.reviews": {"waits"},
    },
    "one of two who agree, or have agreed, for the next step of it": {
        "exchange.notices.agreements": {"asked_again", "coming_up", "proposed"},
        "exchange.notices.exchanges": {"said"},
        "exchange.notices.follow_ups": {
            *("did_it_happen", "said_differently", "said_whether", "time_for_thanks"),
        },
        "exchange.notices.hand_overs": {"waiting"},
        "grandtour.notices.expectations": {"companion_agreed", "days_proposed", "proposed"},
    },
    "somebody about what they began, offered or wished for themselves": {
        "exchange.notices.follow_ups": {"done"},
        "exchange.notices.listings": {"expired", "paused", "still_true"},
        "grandtour.notices.afterwards": {"due", "look_back", "note_please", "soon"},
        "grandtour.notices.applications": {"incomplete"},
        "grandtour.notices.journeys": {"offered", "reply_soon"},
        "grandtour.notices.reviews": {"assigned", "due"},
        "grandtour.notices.windows": {"draft_closing"},
        "volunteers.notices": {"ask_how_they_are"},
    },
    "whoever speaks for an affiliate, looks after it or organises, about this office": {
        "exchange.notices.reports": {"reported"},
        "grandtour.notices.afterwards": {"guests_soon", "note_please_host"},
        "grandtour.notices.expectations": {"days_agreed", "other_days"},
        "grandtour.notices.journeys": {
            *("asked_to_host", "moved", "place_freed", "refused_by_host"),
        },
        "grandtour.notices.windows": {"host_closing"},
        "volunteers.notices": {"membership_asked", "somebody_is_strained"},
    },
    "for nothing but to take on less": {
        "volunteers.notices": {"membership_ended", "suggested", "weeks_too_full"},
    },
}
# And these tell what has happened, and ask for nothing.
TELLS = {
    "exchange.notices.agreements": {"agreed", "kept"},
    "exchange.notices.calls": {"lapsed"},
    "exchange.notices.exchanges": {
        *("declined", "expired", "found_elsewhere", "listing_gone", "withdrawn"),
    },
    "exchange.notices.follow_ups": {"lapsed", "not_done", "thanked", "thanked_for"},
    "exchange.notices.hand_overs": {
        *("declined", "expired", "gone", "kept", "stays", "stays_yours"),
        *("taken", "withdrawn"),
    },
    "exchange.notices.reports": {"decided", "hidden", "restored"},
    "grandtour.notices.applications": {"submitted", "withdrawn"},
    "grandtour.notices.decisions": {"decided"},
    "grandtour.notices.events": {"called_off", "moved", "seated", "tomorrow"},
    "grandtour.notices.expectations": {"agreed"},
    "grandtour.notices.hosts": {"decided"},
    "grandtour.notices.journeys": {
        *("agreed", "called_off", "cancelled", "confirmed", "host_confirmed", "lapsed", "left"),
    },
    "grandtour.notices.money": {"approved", "paid", "refused"},
    "grandtour.notices.partners": {"answered"},
    "grandtour.notices.reviews": {"not_answered"},
    "volunteers.notices": {
        *("account_closed", "account_opened", "ask_no_more", "can_be_asked", "imported"),
        *("membership_confirmed", "membership_declined", "no_longer_there", "role_changed"),
    },
}
BOX = {("volunteers.mailbox", "post"), ("volunteers.mailbox", "post_all")}
# What `exchange.notices.exchanges` posts for others is no letter of its own.
POSTS_FOR_OTHERS = {("exchange.notices.exchanges", "tell")}
ANSWERS = {
    GATE,
    *(("volunteers.gate", name) for name in ("answers", "check", "with_room")),
}


@cache
def modules():
    """Parse the code of the apps: (module, its tree)."""
    found = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if "migrations" not in parts and "sample" not in parts:
                name = ".".join(parts).removesuffix(".__init__")
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def names_of(module):
    """Say which name of a module stands for which module or which name of another one."""
    known = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                target = (whole, None) if whole in modules() else (node.module, one.name)
                known[one.asname or one.name] = target
    return known


def mentioned(tree, module, known):
    """List the (module, name) pairs that a piece of code mentions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            there, name = known.get(node.value.id, (None, None))
            if there and name is None:
                yield there, node.attr
        elif isinstance(node, ast.Name):
            there, name = known.get(node.id, (module, node.id))
            if name:
                yield there, name


@cache
def graph():
    """Say of each function and class at the top of a module what it mentions."""
    edges = {}
    for module, tree in modules().items():
        known = names_of(module)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                edges[module, node.name] = set(mentioned(node, module, known))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        edges[module, target.id] = set(mentioned(node.value, module, known))
    return edges


def reached(start):
    """List all that a function leads to."""
    found, open_ends = set(), [start]
    while open_ends:
        here = open_ends.pop()
        if here not in found:
            found.add(here)
            open_ends += graph().get(here, ())
    return found


def addresses():
    """Give (name, the function behind it) of each address of our own."""
    for resolver in get_resolver().url_patterns:
        app = getattr(resolver, "app_name", None)
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            if isinstance(pattern, URLPattern):
                view = unwrap(pattern.callback)
                if view.__module__.split(".")[0] in APPS:
                    yield f"{app}:{pattern.name}", (view.__module__, view.__name__)


def writers(model):
    """Name the functions that make rows of a model."""
    for module, tree in modules().items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = (n for n in ast.walk(function) if isinstance(n, ast.Call))
            if any(makes(ast.unparse(call.func), model) for call in calls):
                yield module, function.name


def makes(called, model):
    """Say whether a call makes rows, by any name of the model or from what they are about."""
    of, _dot, verb = called.rpartition(".")
    if verb == model:
        return True
    return verb in CREATES and of.endswith((f"{model}.objects", *FROM_ELSEWHERE[model]))


def is_a_letter(here):
    """Say whether something is a function that puts a kind of letter into the box."""
    module, name = here
    written = "notices" in module.split(".") and "models" not in module.split(".")
    return (
        written
        and name.islower()
        and name[0] != "_"
        and bool(BOX & reached(here))
        and here not in POSTS_FOR_OTHERS
    )


def letters():
    """Give each kind of letter, whoever writes it, with the functions that have it written."""
    found = {here: set() for here in graph() if is_a_letter(here)}
    for here, there in graph().items():
        for letter in there & found.keys() - {here}:
            found[letter].add(here)
    return found


def pairs(table):
    """Give the letters of a table as (module, name)."""
    return [(module, name) for module, names in table.items() for name in names]


def test_the_walk_finds_its_way():
    """Prove that the tests below can see: a view, an action, the gate."""
    way = reached(("exchange.views.ask", "ask"))

    assert ("exchange.actions.exchanges", "ask") in way
    assert ("exchange.actions.agreements", "take_seat") in way
    assert GATE in way
    assert len(dict(addresses())) > 80


def test_only_known_addresses_lead_to_an_ask():
    asking = {name for name, view in addresses() if GATE in reached(view)}

    assert asking == ASKING


@pytest.mark.parametrize("way", sorted({view for name, view in addresses() if name in LOOKING}))
def test_whoever_learns_an_answer_of_the_gate_is_noted(way):
    assert {GATE, NOTED} <= reached(way)


def test_organisers_who_ask_are_noted_too():
    assert {GATE, NOTED} <= reached(("grandtour.admin.review.readers", "readers"))


def test_only_the_gate_writes_an_ask():
    assert set(writers("Ask")) == {GATE}


def test_whatever_makes_an_exchange_passes_the_gate():
    asks = ("exchange.actions.exchanges", "ask")
    seat = ("exchange.actions.agreements", "_seat")
    hands_over = ("exchange.actions.hand_overs", "_propose")
    assert set(writers("Exchange")) == {asks, seat, hands_over}

    uses = {here for here, there in graph().items() if seat in there}

    assert [here for here in (asks, hands_over, *uses) if GATE not in graph()[here]] == []


@pytest.mark.parametrize("part", NEVER)
def test_nothing_asks_by_the_clock_or_at_the_desk(part):
    ours = {here for here in graph() if part in here[0].split(".")}

    asking = {here for here in ours if GATE in reached(here)}

    assert asking == (PRESSED if part == "admin" else set())


def test_only_notices_put_letters_into_the_box():
    posting = {module for (module, _name), there in graph().items() if BOX & there}

    assert {module for module in posting if "notices" not in module.split(".")} == {
        "volunteers.mailbox"
    }


def test_of_every_letter_it_is_said_whether_it_asks_and_why_it_may():
    tables = [ASKS_BY_LETTER, TELLS, *ASKS_WITHOUT_THE_GATE.values()]
    said = [letter for table in tables for letter in pairs(table)]

    assert sorted(said) == sorted(letters())


def test_whatever_writes_a_letter_that_asks_looks_at_the_gate():
    ways = letters()
    asking = pairs(ASKS_BY_LETTER)
    ungated = {
        (letter, way)
        for letter in asking
        for way in ways[letter]
        if not ANSWERS & (reached(way) | reached(letter))
    }

    assert [letter for letter in asking if not ways[letter]] == []
    assert ungated == set()


@pytest.mark.parametrize("reason", ASKS_WITHOUT_THE_GATE)
def test_why_a_letter_may_ask_without_the_gate_stands_in_the_readme(reason):
    assert reason in (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("called", "made"),
    [
        ("Ask", True),
        ("models.Ask", True),
        ("Ask.objects.create", True),
        ("m.Ask.objects.bulk_create", True),
        ("listing.author.asks.create", True),
        ("me.asks_made.get_or_create", True),
        ("Ask.objects.filter", False),
        ("person.tasks.create", False),
    ],
)
def test_the_walk_knows_a_row_however_it_is_made(called, made):
    assert makes(called, "Ask") == made
