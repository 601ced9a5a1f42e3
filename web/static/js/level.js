// The pelvis as a spirit level: the bubble stays in the ring while the pelvis is still, and moves
// to the side that rises, or up as the pelvis tips. It shows what the mat's own watch reads, so it
// reaches the ring where the warning comes.

import { put, say } from "./svg.js";
import { words } from "./words.js";

const RIM = 44; // Where the bubble stops, in units of the drawing.
const QUIET = 24; // The ring's radius.
const QUIET_SHARE = 0.9; // Of the limit; the daemon warns shortly above it.
const SMOOTHING = 0.3; // Share of the way to the new place per drawn frame.
const SHOWN = new Set(["lifting", "holding", "lowering"]);
const WAYS = { tilt: "tilt", rotation: "roll" };

// How far the pelvis has tipped and rolled, as shares of the limit; null where nobody can say.
export function pelvisOf(live, phase) {
  const [tip, roll] = live?.pelvis ?? [null, null];
  return SHOWN.has(phase) && tip !== null && roll !== null ? { tip, roll } : null;
}

export class Level {
  constructor(element, bubble, label) {
    Object.assign(this, { element, bubble, label, x: 0, y: 0 });
  }

  draw(live, { phase, side, warning }) {
    const pelvis = pelvisOf(live, phase);
    const scale = QUIET / QUIET_SHARE;
    let x = pelvis ? pelvis.roll * scale * (side === "left" ? -1 : 1) : 0;
    let y = pelvis ? -pelvis.tip * scale : 0;
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
    this.element.classList.toggle("still", !pelvis);
    this.element.classList.toggle("off", Boolean(pelvis) && moves);
    const way = WAYS[warning?.fault] ?? (Math.abs(x) > Math.abs(y) ? "roll" : "tilt");
    say(this.label, pelvis ? words.level[moves ? way : "quiet"] : "");
  }
}
