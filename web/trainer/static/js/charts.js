// Draws every plot of the page from the data beside it. Values show where one points, touches, or
// goes with the arrow keys.

import { colours } from "./look.js";

let palette = colours();
const DASHES = { accent: [], warn: [7, 4], ink: [2, 3], unsure: [10, 3, 2, 3] };

function dataset(series, kind) {
  const colour = palette[series.tone];
  return {
    label: series.name,
    data: series.values,
    borderColor: colour,
    backgroundColor: colour,
    borderDash: kind === "line" ? DASHES[series.tone] : [],
    borderWidth: kind === "line" ? 2.5 : 0,
    maxBarThickness: 40,
    pointRadius: series.values.length > 60 ? 0 : 3,
    pointHoverRadius: 6,
    spanGaps: true,
    tension: 0,
  };
}

function text(value, plot) {
  return value === null ? "-" : `${value.toFixed(plot.decimals)} ${plot.unit}`.trim();
}

// The plot of a figure, or null where there is nothing to draw.
function draw(figure) {
  const source = figure.querySelector("script");
  if (!source) return null;
  const plot = JSON.parse(source.textContent);
  const canvas = figure.querySelector("canvas");
  const readout = figure.querySelector(".readout");
  let shown = -1;
  const axis = { ticks: { color: palette.ink2 }, grid: { color: palette.line } };

  function tell(place) {
    if (place === shown || place < 0 || place >= plot.labels.length) return;
    shown = place;
    const values = plot.series.map((one) => `${one.name} ${text(one.values[place], plot)}`);
    readout.textContent = `${plot.labels[place]}: ${values.join(", ")}`;
  }

  const chart = new Chart(canvas, {
    type: plot.kind === "line" ? "line" : "bar",
    data: { labels: plot.labels, datasets: plot.series.map((one) => dataset(one, plot.kind)) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      onHover: (_event, items) => items.length && tell(items[0].index),
      scales: {
        x: { ...axis, stacked: plot.kind === "stacked", grid: { display: false }, ticks: { color: palette.ink2, maxRotation: 0, autoSkipPadding: 16 } },
        y: { ...axis, stacked: plot.kind === "stacked", suggestedMin: plot.low ?? undefined, suggestedMax: plot.high ?? undefined },
      },
      plugins: {
        legend: { display: plot.series.length > 1, labels: { color: palette.ink2, boxWidth: 26, boxHeight: 2 } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${text(item.raw, plot)}` } },
      },
    },
  });

  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const last = plot.labels.length - 1;
    const place = shown < 0 ? last : Math.min(Math.max(shown + step, 0), last);
    tell(place);
    const active = plot.series.map((_one, datasetIndex) => ({ datasetIndex, index: place }));
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    chart.update("none");
  });
  return chart;
}

const figures = [...document.querySelectorAll("[data-chart]")];
let charts = figures.map(draw);

// Dark lines on white paper, and the page's own colours afterwards.
for (const [kind, paper] of [["beforeprint", true], ["afterprint", false]]) {
  window.addEventListener(kind, () => {
    document.documentElement.classList.toggle("paper", paper);
    palette = colours();
    for (const chart of charts) chart?.destroy();
    charts = figures.map(draw);
  });
}
