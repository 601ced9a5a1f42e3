// What a visit was like: clean of all, left against right, tempo, best and weakest lift, the one
// thing to work on, and what comes next.

import { rankReps } from "./rank.js";
import { drawReps } from "./reps.js";
import { say } from "./svg.js";
import { fill, word, words } from "./words.js";

const SIDES = ["left", "right", "both"];

export function drawSummary(view, reps, advice) {
  const clean = reps.filter((rep) => rep.verdict === "glute").length;
  const count = reps.length;
  say(view.score, fill(words.summary.clean_of, { clean, count }));
  const ranked = rankReps(reps);
  drawReps(view.reps, reps, { places: 0, ranked });
  const facts = SIDES.map((side) => sideFact(side, reps)).filter(Boolean);
  facts.push([words.summary.tempo, tempo(reps)]);
  for (const rank of ["best", "weakest"]) {
    if (ranked[rank] !== null) facts.push([words.summary[rank], nameOf(reps, ranked[rank])]);
  }
  view.facts.replaceChildren(...facts.map(fact));
  say(view.oneThing, oneThing(reps));
  say(view.whatNext, whatNext(advice));
}

function nameOf(reps, place) {
  return `${place + 1} · ${word("side", reps[place].side)}`;
}

function whatNext(advice) {
  if (!advice) return words.summary.again;
  const step = advice.reason === "nearly" ? advice.leads_to : advice.variation;
  return fill(word("advised", advice.reason), { step: word("step", step) });
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
