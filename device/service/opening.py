"""What is made while the daemon runs or starts: a recording's stage, and who was training."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from device.coach.coach import Coach
from device.coach.pauses import Rules
from device.coach.trainee import Member, Trainee
from device.core.calibration import calibration_from_json, datasheet_calibration
from device.core.pelvis_model import Model
from device.core.pipeline import Pipeline
from device.errors import CalibrationError, StoreError
from device.service.logbook import Logbook
from device.service.loop import Loop
from device.service.moments import now
from device.service.outlets import ShowOutlet
from device.service.scene import Scene
from device.service.show import Show, speed_of
from device.service.stage import Stage
from device.store.people import People
from device.store.progress import Progress

SHOW_RULES = Rules(set_pause_s=45.0, end_after_empty_s=60.0, end_after_still_s=300.0)
"""Whoever was recorded has trained already: nobody is there to be asked or told how."""

_log = logging.getLogger(__name__)


def open_show(model: Model, request: Mapping[str, Any], loop: Loop) -> Show:
    """The show of a `replay` request: its `calibration` as JSON (the data sheet's without one) and
    its `speed`. Raises `CalibrationError` where the calibration is not of this mat."""
    mat = loop.stage.scene.calibration.mat
    document = request.get("calibration")
    if document is None:
        calibration = datasheet_calibration(mat)
    elif isinstance(document, Mapping):
        calibration = calibration_from_json(mat, document)
    else:
        raise CalibrationError("the recording's calibration is an object or null.")
    speed = speed_of(request)
    stage = Stage(
        scene=Scene(secrets.token_hex(8), "replay", calibration),
        core=Pipeline(calibration, model),
        coach=Coach(SHOW_RULES),
        logbook=Logbook("replay", None),
        now=now,
        outlet=ShowOutlet(loop),
    )
    return Show(stage, speed)


def looked_up(trainee: Trainee, database: Path, *, simulated: bool) -> Trainee:
    """A member whose session goes on after a restart, with the name and the sessions before."""
    member = trainee.member
    if member is None:
        return trainee
    try:
        with (
            closing(People(database)) as people,
            closing(Progress(database, simulated)) as progress,
        ):
            found = people.get(member.id)
            practices = tuple(progress.practices(member.id))
            programme = people.programme(member.id) is not None
    except StoreError as error:
        _log.warning("the member of the open session is not known: %s", error)
        return trainee
    if found is None:
        return trainee
    named = Member(member.id, found.name)
    return replace(trainee, member=named, practices=practices, programme=programme)
