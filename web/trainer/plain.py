"""Stored things as plain JSON, and the JSON schema of their types: one reading of a dataclass for
both, so that the API's document cannot say anything else than the API."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Schema = dict[str, Any]

_SIMPLE: Mapping[type[Any], Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}


def plain(value: Any) -> Any:
    """A stored thing for JSON: times in ISO 8601 and UTC, ids and words as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def schema_of(kind: Any, parts: dict[str, Schema]) -> Schema:
    """The JSON schema of a type; dataclasses go into `parts` under their name."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one, parts) for one in inner]}
    if origin in (tuple, list, Sequence):
        return {"type": "array", "items": schema_of(inner[0], parts)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1], parts)}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [one.value for one in kind]}
    if is_dataclass(kind) and isinstance(kind, type):
        return _part(kind, parts)
    return {}


def _part(kind: Any, parts: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in parts:
        parts[name] = {}  # Before its fields: one of them may be of the same type.
        hints = _hints(kind)
        parts[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {field: schema_of(hint, parts) for field, hint in hints.items()},
            "required": list(hints),
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _names(kind: Any) -> list[str]:
    return list(_hints(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """A dataclass's fields, and what it works out from them, with their types."""
    hints = get_type_hints(kind)
    out = {field.name: hints[field.name] for field in fields(kind)}
    for name, member in vars(kind).items():
        if isinstance(member, property) and member.fget is not None and name[:1] != "_":
            out[name] = get_type_hints(member.fget)["return"]
    return out
