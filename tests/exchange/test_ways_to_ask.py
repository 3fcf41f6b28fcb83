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
            called = {ast.unparse(call.func) for call in calls}
            if called & {model, *(f"{model}.objects.{verb}" for verb in CREATES)}:
                yield module, function.name


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
