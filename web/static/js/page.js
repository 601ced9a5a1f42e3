// Writes what the page knows into the page. Everything but the live picture is drawn here.

import { drawReps } from "./reps.js";
import { LIFT_PHASES, summaryOf, viewOf } from "./state.js";
import { drawSummary } from "./summary.js";
import { put, replay, say } from "./svg.js";
import { fill, word, words } from "./words.js";

const find = (id) => document.getElementById(id);
const REASON_LINE = 50; // Letters that fit into one line at full size; longer ones are set smaller.
const NEXT_SET = { count: 0, reps: [] };
const POSTURE_PHASES = new Set(["settling", "ready"]);
const VIEWS = ["idle", "safety", "declined", "set", "summary", "lost"];

export class Page {
  constructor(mat) {
    this.mat = mat;
    this.set = find("view-set");
    this.summary = {
      score: find("summary-score"),
      reps: find("summary-reps"),
      facts: find("summary-facts"),
      oneThing: find("one-thing"),
      whatNext: find("what-next"),
    };
  }

  draw(state) {
    const view = viewOf(state);
    document.body.dataset.view = view;
    document.body.dataset.phase = state.phase;
    document.body.dataset.run = state.run ?? "";
    document.body.dataset.sequence = state.sequence;
    for (const name of VIEWS) find(`view-${name}`).hidden = name !== view;
    this.drawBar(state);
    if (view === "lost") this.drawLost(state);
    if (view === "summary") drawSummary(this.summary, summaryOf(state), state.advice);
    if (view === "set") this.drawSet(state);
  }

  drawBar(state) {
    const live = state.link === "live";
    find("badge-simulated").hidden = !state.simulated;
    find("badge-uncalibrated").hidden = state.calibrated;
    const button = find("session-button");
    const does = state.session ? "stop" : "start";
    button.hidden = !live || !state.control || state.visit === "asked";
    find("view-safety").classList.toggle("watched", !state.control);
    button.dataset.does = does;
    say(button, words.buttons[does]);
    say(find("problem"), live ? problem(state) : "");
  }

  drawLost(state) {
    const which = { mat: "daemon", server: "server" }[state.link] ?? "connecting";
    say(find("lost-headline"), words.lost[which]);
    say(find("lost-more"), words.lost[`${which}_more`] ?? "");
  }

  drawSet(state) {
    const { headline, hint } = instruction(state);
    say(find("headline"), headline);
    say(find("hint"), hint);
    // A lift after the pause that ended the set is the first of the next.
    const set = !state.set.on && LIFT_PHASES.has(state.phase) ? NEXT_SET : state.set;
    this.drawCount(set.count);
    drawReps(find("reps"), set.reps);
    this.drawNow(state);
    const reason = state.result?.reason ?? "";
    say(find("reason"), reason);
    put(find("reason"), "data-lines", Math.ceil(reason.length / REASON_LINE));
    if (state.warning) put(this.set, "data-warning", state.warning.side);
    else this.set.removeAttribute("data-warning");
    const up = LIFT_PHASES.has(state.phase) ? state.side : null;
    this.mat.mark(up, state.warning);
  }

  drawCount(count) {
    const number = find("count");
    if (number.textContent === String(count)) return;
    const rises = count > Number(number.textContent);
    say(number, String(count));
    say(find("count-label"), count === 1 ? words.count.label_one : words.count.label);
    number.dataset.digits = String(count).length;
    if (rises) replay(number, "bump");
  }

  drawNow({ phase, side, result }) {
    const up = LIFT_PHASES.has(phase) ? side : null;
    drawLegs(find("legs"), up);
    drawLegs(find("legs-small"), result?.side);
    find("legs").toggleAttribute("hidden", Boolean(result));
    find("now-side").hidden = !result;
    say(find("now-side").lastElementChild, result ? word("side", result.side) : "");
    const text = find("now-word");
    text.className = result ? `tone-${result.verdict}` : "";
    if (result) say(text, word("verdict", result.verdict));
    else say(text, up ? word("side", up) : "");
    drawVerdict(find("verdict-mark"), result);
  }
}

function drawLegs(legs, up) {
  for (const side of ["left", "right"]) {
    legs.querySelector(`.${side}`).classList.toggle("up", up === side || up === "both");
  }
}

function drawVerdict(mark, rep) {
  mark.toggleAttribute("hidden", !rep);
  const key = rep ? `${rep.verdict}:${rep.start}:${rep.end}` : "";
  if (mark.dataset.key === key) return;
  mark.dataset.key = key;
  if (!rep) return;
  put(mark.firstElementChild, "href", `#mark-${rep.verdict}`);
  put(mark, "class", `verdict-mark tone-${rep.verdict}`);
  replay(mark, "pop");
}

// What to do now, in few words, and how, in one sentence.
export function instruction(state) {
  if (state.warning) {
    return {
      headline: word("warning", state.warning.fault),
      hint: word("advice", state.warning.fault),
    };
  }
  const posture = !state.set.count && POSTURE_PHASES.has(state.phase) && postureAdvice(state);
  if (posture && !state.stopped) return { headline: posture, hint: words.hint.posture };
  const key = instructionKey(state);
  const { next, rest } = state.set;
  const hint = words.hint[key === "ready_again" && next ? `ready_${next}` : key];
  return {
    headline: fill(words.phase[key], { seconds: Math.ceil(rest) }),
    hint: fill(hint, state.set),
  };
}

// The most important thing to change about how the member lies.
function postureAdvice({ posture }) {
  for (const [key, sentence] of Object.entries(words.posture)) {
    const problem = key.replace(/_(more|less)$/, "");
    const size = posture[problem];
    if (size === undefined) continue;
    if (key === problem || key.endsWith("_more") === size > 0) return sentence;
  }
  return null;
}

function instructionKey(state) {
  if (state.stopped) return state.control ? "stopped" : "stopped_elsewhere";
  if (state.phase === "ready" && state.set.count) return betweenLifts(state.set);
  return state.phase in words.phase ? state.phase : "unknown";
}

function betweenLifts({ on, rest, left }) {
  if (on) return "ready_again";
  if (rest > 0) return "resting";
  return left === 0 ? "done" : "rest";
}

// What is wrong with the mat, in one sentence for the member, or nothing.
export function problem(state) {
  const bad = Object.keys(state.strips);
  if (bad.length === 1) {
    return fill(words.problem.missing_one, { strip: word("strip", bad[0]) });
  }
  if (bad.length > 1) return fill(words.problem.missing_many, { number: bad.length });
  return state.problems[0] ?? "";
}
