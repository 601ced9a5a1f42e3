// The mat from above, built from the geometry the snapshot tells, and its loads drawn live.

import { bodyPaths } from "./body.js";
import { put, svg } from "./svg.js";
import { fill, words } from "./words.js";

const FORESHORTEN = 0.72; // Lengths are drawn shorter than widths, as seen from the foot end.
const MARGIN_MM = 16;
const FULL_SHARE = 0.11; // A bar with this share of the weight is drawn at 63 % of its full size.
const LIGHTEST_N = 120; // Below this weight nobody lies there, and loads are drawn as if it were this.
const SMALLEST_N = 0.5;
const GROWTH_MM = 62; // How much thicker a heavily loaded bar is drawn than it is.
const SQUARE_MM = 60; // A pad, not a bar: it does not grow with its load.
const STEPS = 64; // Of a strip's load: each is half a pixel on a large screen.
const MISSING = "missing";

export class MatPicture {
  constructor(element) {
    this.element = element;
    this.strips = new Map();
    this.names = [];
    this.key = "";
  }

  // Draw the mat anew if its description changed.
  build(mat) {
    const key = JSON.stringify(mat);
    if (key === this.key) return;
    this.key = key;
    this.names = mat.sensors.map((sensor) => sensor.name);
    this.headEnd = mat.head_end;
    const at = (x, y) => `${x} ${this.y(y).toFixed(1)}`;
    const half = mat.width / 2;
    const height = mat.length * FORESHORTEN;
    put(
      this.element,
      "viewBox",
      [-half - MARGIN_MM, -MARGIN_MM, mat.width + 2 * MARGIN_MM, height + 2 * MARGIN_MM].join(" "),
    );
    const body = bodyPaths(mat.sensors, at);
    this.legs = {
      left: svg("path", { class: "mat-leg", d: body.left }),
      right: svg("path", { class: "mat-leg", d: body.right }),
    };
    this.centre = svg("circle", { class: "mat-centre", r: 15, visibility: "hidden" });
    this.strips = new Map(mat.sensors.map((sensor) => [sensor.name, this.strip(sensor)]));
    this.element.replaceChildren(
      svg("rect", { class: "mat-plate", x: -half, y: 0, width: mat.width, height, rx: 26 }),
      svg("path", { class: "mat-arms", d: body.arms }),
      svg("path", { class: "mat-body", d: body.torso }),
      this.legs.left,
      this.legs.right,
      svg("ellipse", {
        class: "mat-head",
        cx: body.head.x,
        cy: this.y(body.head.y),
        rx: body.head.rx,
        ry: body.head.ry * FORESHORTEN,
      }),
      ...this.pelvicLine(half, body.hip),
      ...[...this.strips.values()].map((strip) => strip.group),
      this.centre,
    );
  }

  y(y) {
    return (this.headEnd - y) * FORESHORTEN;
  }

  pelvicLine(half, hip) {
    const y = this.y(hip);
    const tick = (s) => `M${s * half} ${y - 22} L${s * (half - 24)} ${y} L${s * half} ${y + 22} Z`;
    return [
      svg("path", { class: "mat-line", d: `M${-half} ${y}H${half}` }),
      svg("path", { class: "mat-tick", d: tick(-1) + tick(1) }),
    ];
  }

  strip(sensor) {
    const loads = [];
    const group = svg("g", { "data-strip": sensor.name });
    for (const [x, y] of sensor.bars_mm) {
      const left = x - sensor.width_mm / 2;
      const height = sensor.height_mm * FORESHORTEN;
      const top = this.y(y) - height / 2;
      const right = left + sensor.width_mm;
      const load = svg("rect", { class: "mat-load", x: left, width: sensor.width_mm, opacity: 0 });
      const track = svg("rect", {
        class: "mat-track", x: left, y: top, width: sensor.width_mm, height, rx: 6,
      });
      const square = sensor.height_mm > SQUARE_MM;
      loads.push({ load, track, middle: this.y(y), height, square });
      group.append(
        track,
        load,
        svg("path", {
          class: "mat-cross",
          d: `M${x - 20} ${top - 8}L${x + 20} ${top + height + 8}M${x + 20} ${top - 8}L${x - 20} ${
            top + height + 8
          }`,
        }),
      );
    }
    return { group, loads };
  }

  // Draw one live frame; null empties the picture: nothing old stays on it.
  draw(live) {
    const missing = new Set(live?.missing ?? []);
    const full = FULL_SHARE * Math.max(live?.weight_n ?? 0, LIGHTEST_N);
    this.names.forEach((name, index) => {
      const strip = this.strips.get(name);
      strip.group.classList.toggle(MISSING, missing.has(name));
      drawLoad(strip.loads, live?.forces_n[index] ?? 0, full);
    });
    const [x, y] = live?.cop_mm ?? [null, null];
    if (x === null || y === null) {
      put(this.centre, "visibility", "hidden");
    } else {
      put(this.centre, "visibility", "visible");
      put(this.centre, "cx", Math.round(x));
      put(this.centre, "cy", Math.round(this.y(y)));
    }
  }

  describe(live) {
    const total = Math.round(live?.weight_n ?? 0);
    put(this.element, "aria-label", fill(words.page.picture_of_mat, { total }));
  }

  // Show the leg that is up and the side a warning is about.
  mark(side, warning) {
    for (const [name, leg] of Object.entries(this.legs ?? {})) {
      leg.classList.toggle("up", side === name || side === "both");
    }
    for (const [name, strip] of this.strips) {
      const pelvis = name.startsWith("asis") || name.startsWith("pubis");
      const here = !warning || !name.includes("_") || name.endsWith(warning.side);
      strip.group.classList.toggle("warned", Boolean(warning) && pelvis && here);
    }
  }
}

// A load is drawn in steps too small to see, and only when it is another step: a body that lies
// still costs nothing, however often its loads come.
function drawLoad(loads, force, full) {
  const exact = force > SMALLEST_N ? 1 - Math.exp(-force / loads.length / full) : 0;
  const share = Math.ceil(exact * STEPS) / STEPS;
  if (loads.share === share) return;
  loads.share = share;
  for (const { load, track, middle, height, square } of loads) {
    const tall = square ? height : height + GROWTH_MM * share;
    put(load, "y", (middle - tall / 2).toFixed(1));
    put(load, "height", tall.toFixed(1));
    put(load, "rx", Math.min(tall / 2, 16).toFixed(1));
    put(load, "opacity", share === 0 ? 0 : (0.3 + 0.7 * share).toFixed(2));
    put(track, "opacity", (1 - share).toFixed(2));
  }
}
