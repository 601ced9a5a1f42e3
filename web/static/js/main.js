// The kiosk page: the stream changes the state, the state is drawn, live frames are drawn apart.

import { Control } from "./control.js";
import { Cues } from "./cues.js";
import { Hum } from "./hum.js";
import { Keypad } from "./keypad.js";
import { Level, pelvisOf } from "./level.js";
import { openStream } from "./link.js";
import { MatPicture } from "./mat.js";
import { Note } from "./note.js";
import { Page } from "./page.js";
import { inWords } from "./reason.js";
import { Sound } from "./sound.js";
import { SoundBar } from "./soundbar.js";
import { Speech } from "./speech.js";
import { emptyState, reduce } from "./state.js";
import { put } from "./svg.js";
import { listenToTouch } from "./touch.js";
import { viewOf } from "./views.js";
import { words } from "./words.js";

const FORGET_MS = 60_000; // Of an empty mat: the page invites the next, nothing personal stays.
const TICK_S = 1; // The rest between two sets is shown in whole seconds.
const LABEL_MS = 1000; // The picture's description for screen readers changes no more often.
const QUIET_VIEWS = new Set(["idle", "lost"]); // Nobody is there to whom anything could be said.
const SPOKEN = [
  ...Object.keys(words.cue).map((cue) => `cue-${cue}`),
  ...Object.keys(words.number).map((number) => `number-${number}`),
];

const find = (id) => document.getElementById(id);
const mat = new MatPicture(find("mat"));
const level = new Level(document.querySelector(".level"), find("level-bubble"), find("level-word"));
const page = new Page(mat);
const note = new Note(find("note"));
const sound = new Sound(() => soundBar.draw());
const hum = new Hum(sound);
const control = new Control(note);
const keypad = new Keypad(find("keypad"), (name, body) => control.send(name, body));
const speech = new Speech(sound, document.documentElement.lang, (speaks) => {
  put(document.body, "data-speech", speaks ? "on" : "off");
});
const cues = new Cues(sound, speech, {
  announce: find("announce"),
  alarm: find("alarm"),
  log: find("cue-log"),
  note,
});

const soundBar = new SoundBar(sound, speech, { note, cues, control });
let state = emptyState();
let live = null;
let drawing = 0;
let known = { run: null, head: 0 }; // Events of this run up to this had happened before.
let forgetTimer = 0;

function change(kind, body) {
  const before = state;
  state = reduce(state, kind, body);
  if (state === before) return;
  if (state.mat && state.mat !== before.mat) mat.build(state.mat);
  if (state.link !== "live") live = null;
  if (state.phase !== before.phase) forgetLater();
  if (state.phase !== before.phase || !live) follow();
  if (state.visit === "new" && before.visit !== "new") sound.unmute(); // Muted for one visit.
  const view = page.draw(state);
  if (!QUIET_VIEWS.has(view)) speech.load(SPOKEN);
  keypad.allow(view === "idle" && state.control && state.codes);
  note.visitor(view === "idle" ? "" : (state.member?.name ?? ""));
  drawSoon();
}

function take(kind, message) {
  const body = inWords(kind, message);
  if (kind === "hello") {
    if (body.version !== document.body.dataset.version) location.reload();
    control.token = body.token ?? "";
    soundBar.tell();
    known = { run: body.run, head: body.head };
  }
  if (kind === "live") {
    live = body;
    follow();
    drawSoon();
  }
  const news = kind === "event" && isNews(body);
  change(kind, body);
  if (news) cues.take(state, body.event);
  if (news && body.event.event === "sound_test") soundBar.test();
  if (kind === "snapshot" && body.run !== known.run) {
    known = { run: body.run, head: body.sequence };
  }
}

function isNews({ run, sequence }) {
  const drawn = run === state.run && sequence <= state.sequence;
  return !drawn && (run !== known.run || sequence > known.head);
}

// A frame that shows no live value is not asked for: it would be drawn 60 times a second in vain.
function drawSoon() {
  if (!drawing && viewOf(state) === "set") drawing = requestAnimationFrame(drawLive);
}

// The tone hangs on the message, not on drawing: a screen may be dark, an ear never is.
function follow() {
  hum.follow(pelvisOf(live, state.session ? state.phase : null));
  put(document.body, "data-hum", hum.sounds ? "on" : "off");
}

let labelled = 0;
function drawLive(now) {
  drawing = 0;
  if (viewOf(state) !== "set") return;
  mat.draw(live);
  level.draw(live, state);
  put(document.body, "data-frame", live?.t ?? "");
  if (now - labelled > LABEL_MS) {
    labelled = now;
    mat.describe(live);
  }
}

function forgetLater() {
  clearTimeout(forgetTimer);
  if (state.phase === "empty") forgetTimer = setTimeout(() => change("forget"), FORGET_MS);
}

listenToTouch(document.body, (name, body) => control.ask(name, body), () => state);
find("code").addEventListener("click", () => keypad.open());

soundBar.draw();
page.draw(state);
setInterval(() => change("tick", TICK_S), TICK_S * 1000);
openStream("/stream", take, (who) => {
  if (who === "server") control.token = ""; // Another server has another; it will say so.
  change("silence", { who });
});
