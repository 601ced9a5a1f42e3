// The pelvis as a spirit level: the bubble stays in the ring while the pelvis is still, and moves
// to the side that rises, or up as the pelvis tips.
//
// A leg that leaves the mat changes the hips' load by itself. Once it is up, that change stands, and
// any further drift is the pelvis: so the bubble shows the drift from shortly after the lift began.

import { put, say } from "./svg.js";
import { words } from "./words.js";

const RIM = 44; // Where the bubble stops, in units of the drawing.
const QUIET = 24; // The ring's radius.
const QUIET_PCT = 5; // Drift that fits into the ring, % of the load at rest.
const LEG_UP_S = 0.4; // After this the leg's weight has left the mat in a slow lift.
const SMOOTHING = 0.3; // Share of the way to the new place per drawn frame.
const SHOWN = new Set(["lifting", "holding"]);
const WAYS = { tilt: "tilt", rotation: "roll" };

export class Level {
  constructor(element, bubble, label) {
    Object.assign(this, { element, bubble, label, x: 0, y: 0, since: null, zero: null });
  }

  draw(live, { phase, side, warning }) {
    const drift = SHOWN.has(phase) ? this.drift(live) : this.forget();
    const scale = QUIET / QUIET_PCT;
    let x = drift ? drift.roll * scale * (side === "right" ? -1 : 1) : 0;
    let y = drift ? -drift.tilt * scale : 0;
    const off = Math.hypot(x, y);
    if (off > RIM) {
      x *= RIM / off;
      y *= RIM / off;
    }
    this.x += (x - this.x) * SMOOTHING;
    this.y += (y - this.y) * SMOOTHING;
    put(this.bubble, "cx", this.x.toFixed(1));
    put(this.bubble, "cy", this.y.toFixed(1));
    const moves = Boolean(warning) || off > QUIET;
    this.element.classList.toggle("still", !drift);
    this.element.classList.toggle("off", Boolean(drift) && moves);
    const way = WAYS[warning?.fault] ?? (Math.abs(x) > Math.abs(y) ? "roll" : "tilt");
    say(this.label, drift ? words.level[moves ? way : "quiet"] : "");
  }

  // How far tilt and roll have moved since the leg was up; null where that cannot be said.
  drift(live) {
    if (!live || live.tilt_pct === null || live.roll_pct === null) return this.forget();
    this.since ??= live.t;
    const now = { tilt: live.tilt_pct, roll: live.roll_pct };
    if (live.t - this.since < LEG_UP_S) return { tilt: 0, roll: 0 };
    this.zero ??= now;
    return { tilt: now.tilt - this.zero.tilt, roll: now.roll - this.zero.roll };
  }

  forget() {
    this.since = null;
    this.zero = null;
    return null;
  }
}
