"""The fields of a set as forms have them, checked by those who use them: store and coach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from device.coach.wire import plan_from, plan_json
from device.store.fields import checked
from device.store.people import PROGRAMME_CHECKS

PLAN_FIELDS = tuple(PROGRAMME_CHECKS)


def checked_plan(texts: Mapping[str, str]) -> dict[str, Any]:
    """The plan of a form's texts, as the daemon takes it; `FieldError` for what it would refuse."""
    return plan_json(plan_from(checked(texts, PROGRAMME_CHECKS)))
