// The live page: the kiosk's stream, state and picture of the mat, with traces and reasons beside.

import { openStream } from "/static/js/link.js";
import { MatPicture } from "/static/js/mat.js";
import { emptyState, reduce } from "/static/js/state.js";
import { mark, say } from "/static/js/svg.js";
import { word } from "/static/js/words.js";
import { LiveTraces } from "./live_traces.js";

const PICTURES_MS = 66; // Loads and traces, about 15 times a second.
const at = (id) => document.getElementById(id);
const picture = new MatPicture(at("mat"));
const traces = new LiveTraces(at("traces"));
let state = emptyState();
let live = null;
let drawnAt = 0;
let shownReps = "";
let refused = "";

function take(kind, body) {
  state = reduce(state, kind, body);
  if (kind === "live") {
    live = body;
    traces.take(body);
  } else if (kind === "lost") {
    live = null;
  }
  if (kind !== "live") draw();
}

function silence(who) {
  state = reduce(state, "silence", { who });
  live = null;
  draw();
}

function draw() {
  const answers = state.link === "live";
  say(at("headline"), headline(answers));
  at("start").disabled = !answers || state.session;
  at("stop").disabled = !answers || !state.session;
  say(at("who"), state.member?.name ?? (state.session ? "Guest" : "-"));
  say(at("set-number"), state.set.number ? String(state.set.number) : "-");
  say(at("count"), String(state.set.count));
  say(at("clean"), String(state.set.clean));
  const problems = [refused, ...state.problems, ...(state.maintainer ?? [])].filter(Boolean);
  say(at("problem"), problems.join(" "));
  at("problem").hidden = problems.length === 0;
  if (state.mat) picture.build(state.mat);
  picture.mark(state.side, state.warning);
  drawReps();
}

function headline(answers) {
  if (!answers) return "The mat does not answer.";
  if (state.warning) return word("warning", state.warning.fault);
  const side = state.side ? ` (${word("side", state.side)})` : "";
  return word("phase", state.phase) + side;
}

// One row a lift, the newest first.
function drawReps() {
  const reps = state.set.reps;
  const key = `${state.run}:${state.set.number}:${reps.length}`;
  if (key === shownReps) return;
  shownReps = key;
  const rows = reps.map((rep, place) => repRow(rep, place + 1)).reverse();
  if (rows.length === 0) rows.push(row([cell("No lift yet.", { colSpan: 5, className: "quiet" })]));
  at("reps").replaceChildren(...rows);
}

function repRow(rep, number) {
  const verdict = cell("", { className: `verdict tone-${rep.verdict}` });
  const shape = mark(rep.verdict);
  shape.classList.add("mark");
  verdict.append(shape, word("verdict", rep.verdict));
  const tempo = [rep.lift_s, rep.hold_s, rep.lower_s].map((s) => s.toFixed(1)).join(" / ");
  const side = cell(word("side", rep.side));
  return row([cell(String(number)), side, verdict, cell(`${tempo} s`), cell(rep.reason)]);
}

function row(cells) {
  const element = document.createElement("tr");
  element.append(...cells);
  return element;
}

function cell(text, more = {}) {
  return Object.assign(document.createElement("td"), { textContent: text, ...more });
}

// Loads change at any moment: drawn at a steady rate, whatever comes in.
function pictures(now) {
  requestAnimationFrame(pictures);
  if (now - drawnAt < PICTURES_MS) return;
  drawnAt = now;
  if (state.mat) {
    picture.draw(live);
    picture.describe(live);
  }
  say(at("weight"), live ? `${Math.round(live.weight_n)} N` : "-");
  traces.draw();
}

async function command(name) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  let answer;
  try {
    const reply = await fetch(`/trainer/now/${name}`, {
      method: "POST",
      headers: { "X-CSRFToken": token },
    });
    answer = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : null;
  } catch {
    answer = null;
  }
  refused = answer?.ok ? "" : (answer?.error ?? "That did not get through; load this page again.");
  draw();
}

at("start").addEventListener("click", () => command("start"));
at("stop").addEventListener("click", () => command("stop"));
openStream("/trainer/now/stream", take, silence);
requestAnimationFrame(pictures);
draw();
