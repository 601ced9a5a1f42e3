"""What can be read, and the OpenAPI 3.1 document of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from device import __version__
from web.trainer.plain import Schema, schema_of
from web.trainer.query import Query

PARTS = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Read:
    """One address: its path with ids in braces, what it gives, and the function that reads it. The
    function is called with the ids and the queries by their names."""

    path: str
    words: str
    result: Any
    function: Callable[..., Any]
    queries: tuple[Query, ...] = ()

    @property
    def ids(self) -> list[str]:
        """The names of the ids in the path."""
        return PARTS.findall(self.path)

    @property
    def name(self) -> str:
        """For the address book of the application: `sessions_session_id_corrections`."""
        return "_".join(re.findall(r"\w+", self.path))


def document(reads: Sequence[Read], base: str) -> dict[str, Any]:
    """The document of all that can be read below `base`."""
    parts: dict[str, Schema] = {
        "Error": {
            "type": "object",
            "properties": {"error": {"type": "string"}},
            "required": ["error"],
        }
    }
    paths = {read.path: {"get": _operation(read, parts)} for read in reads}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pronemat",
            "version": __version__,
            "description": "What a mat has measured. Reading only; a token is made on the page of "
            "one's account.",
        },
        "servers": [{"url": f"/trainer{base}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(read: Read, parts: dict[str, Schema]) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {
            "description": read.words,
            "content": {"application/json": {"schema": schema_of(read.result, parts)}},
        },
        "401": _error("No token, or one that is void."),
        "503": _error("The store cannot be read."),
    }
    if read.queries:
        responses["400"] = _error("A query that cannot be.")
    if read.ids:
        responses["404"] = _error("There is nothing of this id.")
    return {
        "operationId": read.name,
        "summary": read.words,
        "parameters": [
            *(_parameter(name, "path", schema_of(UUID, parts)) for name in read.ids),
            *(_query(query, parts) for query in read.queries),
        ],
        "responses": responses,
    }


def _query(query: Query, parts: dict[str, Schema]) -> dict[str, Any]:
    schema = schema_of(query.kind, parts)
    if query.kind is int:
        schema |= {"minimum": query.low, "maximum": query.high}
    if query.default is not None:
        schema["default"] = query.default
    return {**_parameter(query.name, "query", schema), "description": query.words}


def _parameter(name: str, place: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _error(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}
