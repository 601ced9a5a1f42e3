// What a set was like: clean of all, left against right, tempo, and the one thing to work on.

import { drawReps } from "./reps.js";
import { say } from "./svg.js";
import { fill, word, words } from "./words.js";

const SIDES = ["left", "right", "both"];

export function drawSummary(view, reps) {
  const clean = reps.filter((rep) => rep.verdict === "glute").length;
  const count = reps.length;
  say(view.score, fill(words.summary.clean_of, { clean, count }));
  drawReps(view.reps, reps, { places: 0 });
  const facts = SIDES.map((side) => sideFact(side, reps)).filter(Boolean);
  facts.push([words.summary.tempo, tempo(reps)]);
  view.facts.replaceChildren(...facts.map(fact));
  say(view.oneThing, oneThing(reps));
}

function sideFact(side, reps) {
  const own = reps.filter((rep) => rep.side === side);
  if (!own.length) return null;
  const clean = own.filter((rep) => rep.verdict === "glute").length;
  return [words.summary[side], fill(words.summary.clean_of, { clean, count: own.length })];
}

function tempo(reps) {
  const middle = (key) => {
    const values = reps.map((rep) => rep[key]).filter(Number.isFinite).sort((a, b) => a - b);
    return values.length ? values[Math.floor(values.length / 2)].toFixed(1) : "–";
  };
  return fill(words.summary.tempo_value, {
    lift: middle("lift_s"),
    hold: middle("hold_s"),
    lower: middle("lower_s"),
  });
}

// The fault seen most often; of equals the one seen last.
export function oneThing(reps) {
  const seen = new Map();
  for (const fault of reps.flatMap((rep) => rep.faults ?? [])) {
    const times = (seen.get(fault) ?? 0) + 1;
    seen.delete(fault);
    seen.set(fault, times);
  }
  const worst = [...seen].reduce((most, one) => (!most || one[1] >= most[1] ? one : most), null);
  return worst ? word("advice", worst[0]) : words.summary.all_good;
}

function fact([name, value]) {
  const group = document.createElement("div");
  const term = document.createElement("dt");
  const description = document.createElement("dd");
  term.textContent = name;
  description.textContent = value;
  group.append(term, description);
  return group;
}
