// How a lift went: drawn when its row is opened, from what the mat kept of it.

import { colours, shade } from "./look.js";

const ROW_COLOURS = ["#58e0b4", "#ffb547", "#7fb7ff", "#ff8d7a", "#c9a6ff", "#d4dde3", "#8fd14f", "#f28fd1", "#9aa7b1"];
const ROWS = ["head", "chest", "ribs", "abdomen", "asis", "pubis", "thigh", "knee", "foot"]; // From above.
const PHASE_COLOURS = {
  lifting: "rgba(88, 224, 180, 0.16)", holding: "rgba(244, 247, 248, 0.13)", lowering: "rgba(255, 181, 71, 0.14)",
};
const PHASE_WORDS = { lifting: "up", holding: "held", lowering: "down" };
const palette = colours();

// The phases as spans of time.
function spans(trace) {
  const out = [];
  trace.phase.forEach((phase, place) => {
    const t = trace.t_s[place];
    if (out.at(-1)?.phase === phase) out.at(-1).to = t;
    else {
      if (out.length) out.at(-1).to = t;
      out.push({ phase, from: t, to: t });
    }
  });
  return out.filter((one) => one.phase in PHASE_COLOURS);
}

function plot(place, title, series, trace) {
  const figure = document.createElement("figure");
  figure.className = "chart";
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  const box = document.createElement("div");
  box.className = "chart-box";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${title}: ${inWords(series)}`);
  box.append(canvas);
  figure.append(caption, box);
  place.append(figure);
  const up = spans(trace).map((one) => ({ ...one, colour: PHASE_COLOURS[one.phase] }));
  new Chart(canvas, {
    type: "line",
    data: {
      datasets: series.map(([label, values, colour, dash = []]) => ({
        label, borderColor: colour, backgroundColor: colour, borderWidth: 2, borderDash: dash, pointRadius: 0,
        data: values.map((y, index) => ({ x: trace.t_s[index], y })),
      })),
    },
    options: {
      animation: false, parsing: false, maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { type: "linear", min: trace.t_s[0], max: trace.t_s.at(-1), ticks: { color: palette.ink2, callback: (value) => `${value.toFixed(1)} s` }, grid: { display: false } },
        y: { ticks: { color: palette.ink2 }, grid: { color: palette.line }, title: { display: true, text: "% of body weight", color: palette.ink2 } },
      },
      plugins: {
        legend: { labels: { color: palette.ink2, boxWidth: 22, boxHeight: 2 } },
        tooltip: {
          callbacks: {
            title: (items) => `${items[0].parsed.x.toFixed(2)} s${phaseAt(up, items[0].parsed.x)}`,
            label: (item) => `${item.dataset.label}: ${item.parsed.y.toFixed(1)} %`,
          },
        },
      },
    },
    plugins: [shade(() => up)],
  });
}

function phaseAt(up, t) {
  const one = up.find(({ from, to }) => from <= t && t <= to);
  return one ? `, ${PHASE_WORDS[one.phase]}` : "";
}

// For who hears the page: from where to where each line goes.
function inWords(series) {
  return series.map(([label, values]) => {
    const known = values.filter((value) => value !== null);
    if (!known.length) return `${label} unknown`;
    return `${label} from ${Math.min(...known).toFixed(1)} to ${Math.max(...known).toFixed(1)} %`;
  }).join(", ");
}

async function open(details) {
  const status = details.querySelector("[data-status]");
  const place = details.querySelector("[data-plots]");
  if (place.childElementCount) return;
  let answer;
  try {
    const reply = await fetch(details.dataset.trace);
    answer = await reply.json();
  } catch {
    answer = { error: "The trace did not come; close this and open it again." };
  }
  if (answer.error) {
    status.textContent = answer.error;
    return;
  }
  const rows = Object.entries(answer.rows_pct).sort(([a], [b]) => ROWS.indexOf(a) - ROWS.indexOf(b));
  plot(place, "Tip T and roll R", [["T", answer.tilt_pct, palette.accent], ["R", answer.roll_pct, palette.warn, [6, 3]]], answer);
  plot(place, "Load of the rows", rows.map(([name, values], index) => [name, values, ROW_COLOURS[index % ROW_COLOURS.length]]), answer);
  status.textContent = "Shaded: up, held, down.";
}

for (const details of document.querySelectorAll("details[data-trace]")) {
  details.addEventListener("toggle", () => details.open && open(details));
  if (details.open) open(details);
}
