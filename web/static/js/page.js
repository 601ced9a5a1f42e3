// Writes what the page knows into the page. Everything but the live picture is drawn here.

import { drawReps } from "./reps.js";
import { LIFT_PHASES, viewOf } from "./state.js";
import { drawSummary } from "./summary.js";
import { put, replay, say } from "./svg.js";
import { fill, word, words } from "./words.js";

const find = (id) => document.getElementById(id);
const VIEWS = ["idle", "set", "summary", "lost"];

export class Page {
  constructor(mat) {
    this.mat = mat;
    this.set = find("view-set");
    this.summary = {
      score: find("summary-score"),
      reps: find("summary-reps"),
      facts: find("summary-facts"),
      oneThing: find("one-thing"),
    };
  }

  draw(state) {
    const view = viewOf(state);
    document.body.dataset.view = view;
    document.body.dataset.phase = state.phase;
    for (const name of VIEWS) find(`view-${name}`).hidden = name !== view;
    this.drawBar(state);
    if (view === "lost") this.drawLost(state);
    if (view === "summary") drawSummary(this.summary, state.summary);
    if (view === "set") this.drawSet(state);
  }

  drawBar(state) {
    const live = state.link === "live";
    find("badge-simulated").hidden = !state.simulated;
    find("badge-uncalibrated").hidden = state.calibrated;
    const button = find("session-button");
    const does = state.session ? "stop" : "start";
    button.hidden = !live || !state.control;
    button.dataset.does = does;
    say(button, words.buttons[does]);
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
    this.drawCount(state.count);
    drawReps(find("reps"), state.reps);
    this.drawNow(state);
    say(find("reason"), state.result ? (state.result.reason ?? "") : "");
    say(this.set.querySelector(".problem"), problem(state));
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
    number.dataset.digits = String(count).length;
    if (rises) replay(number, "bump");
  }

  drawNow({ phase, side, result }) {
    const up = LIFT_PHASES.has(phase) ? side : null;
    const legs = find("legs");
    const mark = find("verdict-mark");
    legs.toggleAttribute("hidden", Boolean(result));
    mark.toggleAttribute("hidden", !result);
    legs.querySelector(".legs-left").classList.toggle("up", up === "left" || up === "both");
    legs.querySelector(".legs-right").classList.toggle("up", up === "right" || up === "both");
    const word_ = find("now-word");
    if (!result) {
      say(word_, up ? word("side", up) : "");
      word_.className = "";
      say(find("now-more"), "");
      mark.dataset.key = "";
      return;
    }
    const tone = `tone-${result.verdict}`;
    const key = `${result.start}:${result.end}`;
    put(mark.firstElementChild, "href", `#mark-${result.verdict}`);
    mark.classList.remove("tone-glute", "tone-arch", "tone-unsure");
    mark.classList.add(tone);
    if (mark.dataset.key !== key) replay(mark, "pop");
    mark.dataset.key = key;
    word_.className = tone;
    say(word_, word("verdict", result.verdict));
    say(find("now-more"), word("side", result.side));
  }
}

// What to do now, in few words, and how, in one sentence.
export function instruction(state) {
  if (state.warning) {
    return {
      headline: word("warning", state.warning.fault),
      hint: word("advice", state.warning.fault),
    };
  }
  const again = state.phase === "ready" && state.reps.length > 0;
  const key = again ? "ready_again" : state.phase in words.phase ? state.phase : "unknown";
  return { headline: words.phase[key], hint: words.hint[key] };
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
