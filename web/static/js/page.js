// Writes what the page knows into the page. Everything but the live picture is drawn here.

import { Choices } from "./choose.js";
import { instruction, problem } from "./guide.js";
import { drawReps } from "./reps.js";
import { LIFT_PHASES } from "./state.js";
import { drawSummary } from "./summary.js";
import { put, replay, say } from "./svg.js";
import { summaryOf, viewOf } from "./views.js";
import { unbroken, word, words } from "./words.js";

const find = (id) => document.getElementById(id);
const REASON_LINE = 50; // Letters that fit into one line at full size; longer ones are set smaller.
const NEXT_SET = { count: 0, reps: [] };
const VIEWS = ["idle", "safety", "declined", "choose", "set", "summary", "lost"];

export class Page {
  constructor(mat) {
    this.mat = mat;
    this.set = find("view-set");
    this.choices = new Choices(find("view-choose"));
    this.summary = {
      score: find("summary-score"),
      reps: find("summary-reps"),
      facts: find("summary-facts"),
      oneThing: find("one-thing"),
      whatNext: find("what-next"),
    };
  }

  // Returns the name of the view that is shown.
  draw(state) {
    const view = viewOf(state);
    document.body.dataset.view = view;
    document.body.dataset.phase = state.phase;
    document.body.dataset.run = state.run ?? "";
    document.body.dataset.sequence = state.sequence;
    for (const name of VIEWS) find(`view-${name}`).hidden = name !== view;
    this.drawBar(state);
    if (view === "lost") this.drawLost(state);
    if (view === "choose") this.choices.draw(state);
    if (view === "summary") drawSummary(this.summary, summaryOf(state), state);
    if (view === "set") this.drawSet(state);
    return view;
  }

  drawBar(state) {
    const live = state.link === "live";
    find("badge-simulated").hidden = !state.simulated;
    find("badge-replay").hidden = !state.replay;
    find("badge-uncalibrated").hidden = state.calibrated;
    const button = find("session-button");
    const does = state.session ? "stop" : "start";
    button.hidden = !live || !state.control || state.visit === "asked";
    find("view-safety").classList.toggle("watched", !state.control);
    button.dataset.does = does;
    say(button, words.buttons[does]);
    find("code").hidden = !(state.control && state.codes);
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
    say(find("hint"), unbroken(hint));
    // A lift after the pause that ended the set is the first of the next.
    const set = !state.set.on && LIFT_PHASES.has(state.phase) ? NEXT_SET : state.set;
    this.drawCount(set.count);
    drawReps(find("reps"), set.reps);
    this.drawNow(state);
    const reason = state.result?.reason ?? "";
    say(find("reason"), unbroken(reason));
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
