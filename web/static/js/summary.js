// What a visit was like: clean of all, left against right, tempo, best and weakest lift, how it was
// last time, the one thing to work on, and what comes next.

import { rankReps } from "./rank.js";
import { drawReps } from "./reps.js";
import { say } from "./svg.js";
import { fill, word, words } from "./words.js";

const SIDES = ["left", "right", "both"];
const SAME_SHARE = 0.05; // Of the lifts: a smaller difference is luck.

export function drawSummary(view, reps, { advice, before, plan }) {
  const own = { clean: cleanOf(reps), count: reps.length };
  say(view.score, fill(words.summary.clean_of, own));
  const ranked = rankReps(reps);
  drawReps(view.reps, reps, { places: 0, ranked });
  const facts = SIDES.map((side) => sideFact(side, reps)).filter(Boolean);
  facts.push([words.summary.tempo, tempo(reps)]);
  for (const rank of ["best", "weakest"]) {
    if (ranked[rank] !== null) facts.push([words.summary[rank], nameOf(reps, ranked[rank])]);
  }
  const last = before?.[plan?.variation];
  if (last) facts.push(lastTime(last, own));
  view.facts.replaceChildren(...facts.map(fact));
  say(view.oneThing, oneThing(reps));
  say(view.whatNext, whatNext(advice));
}

// The coach says what is clean: a trainer may be stricter or gentler than the mat's verdict.
function cleanOf(reps) {
  return reps.filter((rep) => rep.clean ?? rep.verdict === "glute").length;
}

function lastTime({ utc, reps: count, clean }, own) {
  const better = own.clean / own.count - clean / count;
  const way = Math.abs(better) < SAME_SHARE ? "same" : better > 0 ? "better" : "worse";
  const day = new Date(utc).toLocaleDateString(words.page.locale, { day: "numeric", month: "long" });
  const value = fill(words.summary.last_time_value, { clean, count, now: words.summary[way] });
  return [fill(words.summary.last_time, { day }), value];
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
  const clean = cleanOf(own);
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
