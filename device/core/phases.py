"""Presence: is the mat empty, is somebody getting on, lying still, or leaving.

What happens within a rep (lifting, holding, lowering) is told by `device.core.segment`; the
pipeline lays the two over each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from device.core.features import Layout, total
from device.core.types import Phase

ON_N = 30.0
"""Sum over all strips. The lightest member's strips carry over 75 N; a bag or a hand less."""
OFF_N = 15.0
ON_SHARE, OFF_SHARE = 0.3, 0.2
"""The same of the weight that lay here last: FSRs keep up to a tenth of it for a while."""
LYING_SHARE = 0.5
"""Of the sensed load that rests on torso and head: over 0.65 lying, far less on hands and knees."""
LYING_PELVIS_N, LYING_TRUNK_N = 1.5, 3.0
LEAVING_SHARE = 0.4
"""Of the torso's rest load. In a lift it rises; on getting up it goes."""
GONE_SHARE = 0.15
"""The same while the legs carry less than at rest. On hands and knees they carry more; in a lift
they carry less, and a strip that would show where the torso's load went may be missing."""
ON_S, LYING_S, UP_S, LEAVING_S, OFF_S, AGAIN_S = 0.2, 0.4, 0.5, 0.4, 0.4, 1.0
"""How long each must last to be believed; a jolt is shorter."""


class Presence:
    """Follows one visit; `phase` is `empty`, `getting_on`, `settling`, `ready` or `leaving`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.phase = Phase.EMPTY
        self._since_s: float | None = None
        self._weight_n = 0.0

    def update(
        self, t_s: float, force_n: Sequence[float], rest_n: Sequence[float], weight_n: float
    ) -> None:
        """One tick; `rest_n` is empty until a rest load was taken, `weight_n` its sum."""
        layout = self._layout
        torso_n = total(force_n, layout.torso_strips)
        sum_n = torso_n + total(force_n, layout.leg_strips)
        if self.phase is Phase.READY:
            self._weight_n = weight_n
            if torso_n > 0.5 * weight_n:
                self._since_s = None
                return
            rest_torso_n = total(rest_n, layout.torso_strips)
            if sum_n < self._off_n():
                self._go(t_s, True, OFF_S, Phase.EMPTY)
            else:
                rest_legs_n = weight_n - rest_torso_n
                share = LEAVING_SHARE if sum_n - torso_n > rest_legs_n else GONE_SHARE
                self._go(t_s, torso_n < share * rest_torso_n, LEAVING_S, Phase.LEAVING)
            return
        if self.phase is Phase.EMPTY:
            on_n = max(ON_N, ON_SHARE * self._weight_n)
            self._go(t_s, sum_n > on_n, ON_S, Phase.GETTING_ON)
            return
        if sum_n < self._off_n():
            self._go(t_s, True, OFF_S, Phase.EMPTY)
            return
        lying = (
            torso_n > LYING_SHARE * sum_n
            and total(force_n, layout.pelvis) > LYING_PELVIS_N
            and total(force_n, layout.trunk) > LYING_TRUNK_N
        )
        if self.phase is Phase.GETTING_ON:
            self._go(t_s, lying, LYING_S, Phase.SETTLING)
        elif self.phase is Phase.LEAVING:
            self._go(t_s, lying, AGAIN_S, Phase.SETTLING)
        elif rest_n:
            self.phase, self._since_s = Phase.READY, None
        else:
            self._go(t_s, not lying, UP_S, Phase.GETTING_ON)

    def _off_n(self) -> float:
        return max(OFF_N, OFF_SHARE * self._weight_n)

    def _go(self, t_s: float, when: bool, after_s: float, phase: Phase) -> None:
        """Change over once `when` has held for `after_s`."""
        if not when:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = t_s
        elif t_s - self._since_s >= after_s:
            self.phase, self._since_s = phase, None
