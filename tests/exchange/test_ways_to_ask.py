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
ASKING = {"exchange:ask", "exchange:hand_over_to", "exchange:open_call", "exchange:take"}
# Where who asks learns of one person they chose; an open call names nobody, and by taking over
# somebody learns only of themselves.
LOOKING = {"exchange:ask", "exchange:hand_over_to"}
# What runs by the clock or at the desk, and may not ask anybody; organisers who ask somebody to
# read applications, by name, press a button for it.
PRESSED = {
    ("grandtour.admin.editions", "EditionAdmin"),
    ("grandtour.admin.editions", "READING"),
    ("grandtour.admin.review.readers", "_ask"),
    ("grandtour.admin.review.readers", "readers"),
}
NEVER = ("reminders", "tasks", "admin", "imports", "management")
# A letter can ask, too. Of those that an address writes, these ask somebody for something, and
# go through the gate before.
ASKS_BY_LETTER = {
    "exchange.notices.agreements": {"seat_taken"},
    "exchange.notices.exchanges": {"asked"},
    "exchange.notices.hand_overs": {"offered"},
    "volunteers.notices": {"invited_to_share"},
}
# And these go between people who have to do with each other already: they tell what became of
# what both began, or ask those who have offered, applied, shared or reported it themselves.
BETWEEN_THE_TWO = {
    "exchange.notices.agreements": {"agreed", "asked_again", "kept", "proposed"},
    "exchange.notices.exchanges": {
        *("declined", "found_elsewhere", "listing_gone", "said", "tell", "withdrawn"),
    },
    "exchange.notices.follow_ups": {
        *("done", "not_done", "said_differently", "said_whether", "thanked", "thanked_for"),
    },
    "exchange.notices.hand_overs": {
        *("declined", "kept", "stays_yours", "taken", "waiting", "withdrawn"),
    },
    "exchange.notices.reports": {"reported"},
    "grandtour.notices.applications": {"submitted", "withdrawn"},
    "grandtour.notices.events": {"called_off", "moved", "seated"},
    "grandtour.notices.expectations": {"agreed", "proposed"},
    "grandtour.notices.journeys": {
        *("agreed", "cancelled", "lapsed", "left", "place_freed", "refused_by_host"),
        "reply_soon",
    },
    "grandtour.notices.partners": {"answered", "asked"},
    "volunteers.notices": {
        *("imported", "membership_asked", "membership_confirmed", "membership_declined"),
        *("role_changed", "suggested"),
    },
}
BOX = {("volunteers.mailbox", "post"), ("volunteers.mailbox", "post_all")}
ANSWERS = {GATE, ("volunteers.gate", "check")}


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


def letters():
    """Give each letter that an address writes, with the ways that lead to it."""
    found = {}
    for _name, view in addresses():
        for module, name in reached(view):
            letter = "notices" in module.split(".") and "models" not in module.split(".")
            if letter and name.islower() and name[0] != "_" and BOX & reached((module, name)):
                found.setdefault((module, name), set()).add(view)
    return found


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


def test_every_letter_that_asks_went_through_the_gate():
    ways = letters()
    named = {
        kind: {(module, name) for module, names in table.items() for name in names}
        for kind, table in (("asks", ASKS_BY_LETTER), ("between", BETWEEN_THE_TWO))
    }
    assert set(ways) == named["asks"] | named["between"]

    ungated = {
        letter for letter in named["asks"] for way in ways[letter] if not ANSWERS & reached(way)
    }
    assert ungated == set()


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
