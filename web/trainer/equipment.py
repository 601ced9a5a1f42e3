"""How the mat itself is doing, in sentences, from what its checks left in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from device.store.gym import EquipmentNote, Gym

LATEST = 5
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """One check of the mat: what it was, when, and what it found."""

    what: str
    at_utc: datetime | None
    found: str


WORDS = {
    "doctor": "Doctor",
    "calibration": "Calibration",
    "drift": "Strips that drift",
}


def equipment_rows(gym: Gym) -> list[EquipmentRow]:
    """The latest of each kind; a kind of which nothing is known says so."""
    rows = []
    for kind, words in WORDS.items():
        notes = gym.equipment(kind, LATEST)
        if not notes:
            rows.append(EquipmentRow(words, None, "nothing is kept yet"))
        rows.extend(EquipmentRow(words, note.at_utc, _found(note)) for note in notes)
    return rows


def _found(note: EquipmentNote) -> str:
    """The sentences of a document, whatever its kind puts beside them."""
    sentences = list(_sentences(note.document))
    return " ".join(sentences)[:LONGEST_TEXT] if sentences else "all is well"


def _sentences(document: Mapping[str, Any]) -> list[str]:
    for key in ("sentence", "summary", "words"):
        if isinstance(document.get(key), str):
            return [str(document[key])]
    found = []
    for value in document.values():
        for item in value if isinstance(value, list) else ():
            if isinstance(item, str):
                found.append(item)
            elif isinstance(item, dict) and isinstance(item.get("sentence"), str):
                found.append(item["sentence"])
    return found
