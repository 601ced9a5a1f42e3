// T and R over the last seconds, with the time a leg was up shaded.

import { colours, shade } from "./look.js";

const SHOWN_S = 20;
const SAMPLE_S = 0.05; // Enough for a lift of two seconds.
const UP = new Set(["lifting", "holding", "lowering"]);

export class LiveTraces {
  constructor(canvas) {
    this.samples = [];
    this.changed = false;
    const { ink2, line, accent, warn } = colours();
    const series = (label, colour, dash) => ({
      label, borderColor: colour, borderDash: dash, borderWidth: 2, pointRadius: 0, data: [],
    });
    this.chart = new Chart(canvas, {
      type: "line",
      data: { datasets: [series("T, tip", accent, []), series("R, roll", warn, [6, 3])] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        scales: {
          x: { type: "linear", ticks: { color: ink2, callback: (value) => `${Math.round(value)} s` }, grid: { display: false } },
          y: { suggestedMin: -10, suggestedMax: 15, ticks: { color: ink2 }, grid: { color: line } },
        },
        plugins: { legend: { labels: { color: ink2 } } },
      },
      plugins: [shade(() => this.lifts())],
    });
  }

  take(live) {
    const last = this.samples.at(-1);
    if (last && live.t < last.t) this.samples = []; // Another run's clock.
    if (last && live.t - last.t < SAMPLE_S && live.t >= last.t) return;
    this.samples.push({ t: live.t, tilt: live.tilt_pct, roll: live.roll_pct, up: UP.has(live.phase) });
    while (this.samples[0].t < live.t - SHOWN_S) this.samples.shift();
    this.changed = true;
  }

  // From when to when a leg was up, in seconds before now.
  lifts() {
    const out = [];
    const now = this.samples.at(-1)?.t ?? 0;
    for (const { t, up } of this.samples) {
      if (!up) {
        if (out.at(-1)?.open) out.at(-1).open = false;
      } else if (out.at(-1)?.open) {
        out.at(-1).to = t - now;
      } else {
        out.push({ from: t - now, to: t - now, open: true });
      }
    }
    return out;
  }

  draw() {
    if (!this.changed) return;
    this.changed = false;
    const now = this.samples.at(-1).t;
    const [tilt, roll] = this.chart.data.datasets;
    tilt.data = this.samples.map((one) => ({ x: one.t - now, y: one.tilt }));
    roll.data = this.samples.map((one) => ({ x: one.t - now, y: one.roll }));
    const { x } = this.chart.options.scales;
    x.min = -SHOWN_S;
    x.max = 0;
    this.chart.update("none");
  }
}
