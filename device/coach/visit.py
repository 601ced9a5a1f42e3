"""One person's visit: from the safety page, over its answer, to the empty mat. Pure.

    new -> asked -> cleared -> new
              \\-> declined -> new

A guest's visit begins with whoever comes to the mat, or touches Start; a member's with their code.
It ends when the mat has been empty for a while. Only in a cleared visit is anything counted or
coached, and with its end it forgets whose it was.
"""

from __future__ import annotations

from device.coach.events import By, VisitChanged, VisitState
from device.coach.trainee import GUEST, Trainee
from device.core.types import Phase

ABSENT = (Phase.EMPTY, Phase.LEAVING)


class Visit:
    """Who is here, and whether this person has read what keeps them safe.

    With `asks` false, as for a recording, every visit is cleared from the start and stays so.
    `leave_s` of an empty mat end a visit. `reads_s` is how long a simulated visitor looks at the
    page before touching it; None where a person reads.
    """

    def __init__(self, asks: bool, leave_s: float, reads_s: float | None) -> None:
        self._asks = asks
        self._leave_s = leave_s
        self._reads_s = reads_s
        self._since_s = 0.0
        self._touched = False
        self.state = VisitState.NEW if asks else VisitState.CLEARED
        self.trainee = GUEST

    @property
    def asks(self) -> bool:
        """Whether people come here at all."""
        return self._asks

    @property
    def cleared(self) -> bool:
        """Whether lifts may be counted and coached."""
        return self.state is VisitState.CLEARED

    def identify(self, at_s: float, trainee: Trainee) -> tuple[VisitChanged, ...]:
        """This member, or another guest, is here now. Who has answered the safety page within the
        year is not asked again."""
        self.trainee = trainee
        known = trainee.member is not None and trainee.acknowledged
        return self._become(at_s, VisitState.CLEARED if known else VisitState.ASKED)

    def ask(self, at_s: float) -> tuple[VisitChanged, ...]:
        """Show the safety page, unless it has been answered with yes."""
        if self.state in (VisitState.ASKED, VisitState.CLEARED):
            return ()
        return self._become(at_s, VisitState.ASKED)

    def acknowledge(self, at_s: float, by: By = By.PERSON) -> tuple[VisitChanged, ...]:
        """The person has read the page and has no such condition. Only an asked one can say so."""
        if self.state is not VisitState.ASKED:
            return ()
        return self._become(at_s, VisitState.CLEARED, by, answered=True)

    def decline(self, at_s: float) -> tuple[VisitChanged, ...]:
        """The person has such a condition."""
        if self.state is not VisitState.ASKED:
            return ()
        return self._become(at_s, VisitState.DECLINED)

    def resume(self, trainee: Trainee) -> None:
        """Whoever trains already has answered in the run before."""
        self.state, self.trainee = VisitState.CLEARED, trainee

    def touched(self, at_s: float) -> None:
        """Somebody stands at the page: they are not gone, and leave something behind."""
        self._since_s, self._touched = at_s, True

    def leave(self, at_s: float) -> tuple[VisitChanged, ...]:
        """The person has gone, and is forgotten."""
        if not self._asks or (self.state is VisitState.NEW and not self._touched):
            return ()
        self.trainee = GUEST
        return self._become(at_s, VisitState.NEW)

    def phase(self, at_s: float, phase: Phase) -> tuple[VisitChanged, ...]:
        """The mat's phase changed: whoever gets on it is asked, if not before."""
        if phase is Phase.EMPTY:
            self._since_s = at_s
        if phase in ABSENT or self.state is VisitState.DECLINED:
            return ()
        return self.ask(at_s)

    def advance(self, at_s: float, phase: Phase) -> tuple[VisitChanged, ...]:
        """Time passes without a session; a step of the clock backwards counts anew."""
        since_s = at_s - self._since_s
        if since_s < 0.0:
            self._since_s = at_s
            return ()
        reads_s = self._reads_s
        lies = phase not in ABSENT  # Else whoever reads the page is no simulated visitor.
        if self.state is VisitState.ASKED and reads_s is not None and lies and since_s >= reads_s:
            return self.acknowledge(at_s, By.SIMULATED)
        if phase is Phase.EMPTY and since_s >= self._leave_s:
            return self.leave(at_s)
        return ()

    def _become(
        self, at_s: float, state: VisitState, by: By = By.PERSON, *, answered: bool = False
    ) -> tuple[VisitChanged, ...]:
        self.state, self._since_s, self._touched = state, at_s, False
        return (VisitChanged(at_s, state, by, self.trainee.member, answered),)
