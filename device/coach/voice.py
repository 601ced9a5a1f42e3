"""What is said in a visit: the safety words, the way to the start, the prompt before a lift, the
tempo over it and the one phrase after it. It decides nothing; the coach tells it what is so. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from device.coach.cues import CUES, Cue, fault_cue, side_cue
from device.coach.events import Said
from device.coach.fading import Fading, Often
from device.coach.guide import Guide
from device.coach.pace import Pace
from device.coach.programme import Plan
from device.coach.speech import Speech
from device.core.types import Missed, Phase, PhaseEvent, PostureEvent, Rep, Side, WarningEvent

LIFTED = (Phase.LIFTING, Phase.HOLDING, Phase.LOWERING)
PROMPT_AFTER_S = 1.2
"""The count is spoken first, and a breath is taken."""
ONE_TRY_S = 1.5
"""Two legs that come back within this time were lifted together."""
SLOW_ENOUGH = 0.6
"""Of the plan's time for a lift; the mat feels about the last half second of it late."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the session asks for at this moment: its plan, the leg that is to lift next, and whether
    a rest is still going on."""

    plan: Plan | None = None
    wanted: Side | None = None
    resting: bool = False


class Voice:
    """One mat's voice. Each call returns what is heard because of it."""

    def __init__(self) -> None:
        self._speech = Speech()
        self._guide = Guide()
        self._pace = Pace()
        self._fading = Fading()
        self._phase = Phase.EMPTY
        self._prompt_s: float | None = None
        self._missed_s = -inf
        self._told: set[str] = set()

    @property
    def lifting(self) -> bool:
        """Whether a leg is up, so that no word may be said."""
        return self._phase in LIFTED

    def say(self, at_s: float, key: str) -> tuple[Said, ...]:
        """A cue that somebody else decided on."""
        return self._say(at_s, CUES[key])

    def once(self, at_s: float, key: str) -> tuple[Said, ...]:
        """A cue that is said once a visit."""
        if not self._untold(key):
            return ()
        self._told.add(key)
        return self.say(at_s, key)

    def begin(self, at_s: float, often: Often, wish: Wish) -> tuple[Said, ...]:
        """A session begins."""
        self._fading, self._prompt_s = Fading(often), None
        out = self.once(at_s, "hurts")
        if self._phase is Phase.EMPTY:
            out += self.say(at_s, "welcome")
            if self._explains_tempo(wish):
                out += self.once(at_s, "tempo")
        return out

    def phase(self, event: PhaseEvent, wish: Wish | None) -> tuple[Said, ...]:
        """The mat's phase changed; `wish` is None while nobody is coached."""
        before, self._phase = self._phase, event.phase
        self._guide.phase(event.at_s, event.phase)
        if event.phase not in LIFTED:
            self._pace.end()
        elif before not in LIFTED:
            self._prompt_s = None
            self._speech.drop("settle")
            if wish is not None and wish.plan is not None and self._fading.prompts:
                self._pace.begin(event.at_s, wish.plan)
        elif event.phase is Phase.LOWERING:
            self._pace.lowering()
        if event.phase is Phase.SETTLING and wish is not None:
            # Who lies needs no word on where to lie, but how; what the tones mean is said last.
            self._speech.drop("welcome")
            return self.once(event.at_s, "hurts") + self.say(event.at_s, "settle")
        return ()

    def posture(self, event: PostureEvent, wish: Wish | None) -> tuple[Said, ...]:
        """How the body lies at rest. Between two lifts only a head that is up is worth a word."""
        self._guide.posture(event)
        lifts = wish is not None and not wish.resting and self._guide.done
        if lifts and "head_up" in event.problems:
            return self.say(event.at_s, "pose_head_up")
        return ()

    def warning(self, event: WarningEvent) -> tuple[Said, ...]:
        """The pelvis is moving, the leg still up."""
        return self.say(event.at_s, f"warn_{event.fault.value}")

    def count(self, at_s: float, number: int) -> tuple[Said, ...]:
        """A rep's number: another leg may already be up when it is counted."""
        return self._speech.count(at_s, number, self.lifting)

    def rep(
        self, rep: Rep, is_clean: bool, was_wanted: Side | None, wish: Wish
    ) -> tuple[Said, ...]:
        """A lift was counted: its sound, and one phrase if there is something to say."""
        cue = fault_cue(rep.faults) or side_cue(was_wanted, rep.side)
        if cue is None and wish.plan is not None:
            in_time = rep.end_s - rep.start_s >= SLOW_ENOUGH * wish.plan.rep_s
            cue = None if in_time else CUES["slower"]
        self._fading.lifted(is_clean and cue is None)
        self._prompt_s = None
        if cue is not None:
            return self._say(rep.at_s, cue)
        if self._fading.prompts and wish.wanted is not None:
            self._prompt_s = rep.at_s + PROMPT_AFTER_S
        return self.say(rep.at_s, "clean" if is_clean else "unsure")

    def missed(self, event: Missed) -> tuple[Said, ...]:
        """A lift that did not count: it says why, of both legs once."""
        again = 0.0 <= event.at_s - self._missed_s < ONE_TRY_S
        self._missed_s = event.at_s
        if again:
            return ()
        self._prompt_s = None
        self._fading.lifted(False)
        return self.say(event.at_s, event.why.value)

    def set_ended(self) -> None:
        """No lift is asked for until the next set."""
        self._prompt_s = None
        self._pace.end()

    def next_set(self, at_s: float) -> tuple[Said, ...]:
        """The rest is over; who still lies is called, and led to the first lift again."""
        if self._phase is not Phase.READY:
            return ()
        self._guide.again()
        return self.say(at_s, "next_set")

    def advance(self, at_s: float, wish: Wish | None) -> tuple[Said, ...]:
        """Time passes."""
        out = tuple(Said(at_s, cue) for cue in self._pace.advance(at_s))
        out += self._speech.advance(at_s, self.lifting)
        if wish is None or wish.resting or self._phase is not Phase.READY:
            return out
        if self._prompt_s is not None and at_s >= self._prompt_s:
            self._prompt_s = None
            out += self.say(at_s, _prompt(wish.wanted))
        elif not self._guide.done and self._speech.idle(at_s):
            out += self._lead(at_s, wish)
        return out

    def forget(self) -> None:
        """The session is over: nothing that waits to be said is said."""
        self._speech.forget()
        self._pace.end()
        self._prompt_s = None

    def forget_visit(self) -> None:
        """Somebody else comes, who has heard nothing yet."""
        self.forget()
        self._told.clear()

    def _lead(self, at_s: float, wish: Wish) -> tuple[Said, ...]:
        cue = self._guide.next(at_s)
        if cue is None:
            return ()
        if cue.key != "ready":
            return self._say(at_s, cue)
        if self._explains_tempo(wish):
            self._guide.done = False
            return self.once(at_s, "tempo")
        return self.say(at_s, _prompt(wish.wanted))

    def _explains_tempo(self, wish: Wish) -> bool:
        """Whether the tones must be explained: once, to whoever hears them at every lift."""
        paced = wish.plan is not None and self._fading.often is Often.EVERY
        return paced and self._untold("tempo")

    def _untold(self, key: str) -> bool:
        return key not in self._told

    def _say(self, at_s: float, cue: Cue) -> tuple[Said, ...]:
        return self._speech.say(at_s, cue, self.lifting)


def _prompt(wanted: Side | None) -> str:
    """The prompt before a lift of this leg, or of whichever the member likes."""
    return "ready" if wanted is None else f"lift_{wanted.value}"
