"""Problems and plans as JSON and back: as they are kept in a row, and handed to a program.

Keys of mappings that are no words are written as lists of pairs, sets in order, days as dates.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def written(value: Any) -> Any:
    """Turn dataclasses into what JSON knows."""
    if is_dataclass(value):
        return {field.name: written(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value):
            return {key: written(one) for key, one in value.items()}
        return [[written(key), written(one)] for key, one in value.items()]
    if isinstance(value, frozenset):
        return sorted((written(one) for one in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [written(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def read(kind: type[Kind], value: Any) -> Kind:
    """Turn what `written` gave back into what it was."""
    reader: Callable[[Any], Kind] = _reader(cast("Any", kind))
    return reader(value)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Give what reads one kind of value."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _maybe(_reader(next(one for one in inner if one is not type(None))))
    if origin is not None:
        return MANY[origin](inner)
    if is_dataclass(kind):
        return _dataclass(kind)
    if kind is date:
        return date.fromisoformat
    return kind if isinstance(kind, type) and issubclass(kind, Enum) else lambda value: value


def _maybe(one: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else one(value)


def _tuple(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    if inner[-1] is Ellipsis:
        each = _reader(inner[0])
        return lambda value: tuple(map(each, value))
    parts = [_reader(one) for one in inner]
    return lambda value: tuple(part(one) for part, one in zip(parts, value, strict=True))


def _set(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    one = _reader(inner[0])
    return lambda value: frozenset(map(one, value))


def _mapping(inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    key, one = map(_reader, inner)

    def of(value: Any) -> dict[Any, Any]:
        pairs = value.items() if isinstance(value, dict) else value
        return {key(name): one(what) for name, what in pairs}

    return of


def _dataclass(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    # What was kept by an earlier version may name what is not asked any more.
    return lambda value: kind(
        **{name: readers[name](one) for name, one in value.items() if name in readers}
    )


MANY: dict[Any, Callable[[tuple[Any, ...]], Callable[[Any], Any]]] = {
    tuple: _tuple,
    frozenset: _set,
    dict: _mapping,
}
