// The pelvis as a spirit level: the bubble stays in the ring while the pelvis is still.

import { put, say } from "./svg.js";
import { words } from "./words.js";

const RIM = 44; // Where the bubble stops, in units of the drawing.
const QUIET = 24; // The ring's radius.
const QUIET_PCT = 6; // Drift from rest that fits into the ring, % of body weight.
const SMOOTHING = 0.35; // Share of the way to the new place per drawn frame.

export class Level {
  constructor(element, bubble, label) {
    Object.assign(this, { element, bubble, label, x: 0, y: 0 });
  }

  // `lifting` says whether tilt and roll mean anything now.
  draw(live, lifting) {
    const tilt = live?.tilt_pct ?? null;
    const roll = live?.roll_pct ?? null;
    const known = lifting && tilt !== null && roll !== null;
    const scale = QUIET / QUIET_PCT;
    let x = known ? roll * scale : 0;
    let y = known ? -tilt * scale : 0;
    const off = Math.hypot(x, y);
    if (off > RIM) {
      x *= RIM / off;
      y *= RIM / off;
    }
    this.x += (x - this.x) * SMOOTHING;
    this.y += (y - this.y) * SMOOTHING;
    put(this.bubble, "cx", this.x.toFixed(1));
    put(this.bubble, "cy", this.y.toFixed(1));
    this.element.classList.toggle("still", !known);
    this.element.classList.toggle("off", known && off > QUIET);
    const way = off <= QUIET ? "quiet" : this.way(tilt, roll);
    say(this.label, known ? words.level[way] : "");
  }

  way(tilt, roll) {
    return Math.abs(roll) > Math.abs(tilt) ? "roll" : "tilt";
  }
}
