// What the page knows, and how each message changes it. Pure: no page, no clock.

export const LIFT_PHASES = new Set(["lifting", "holding", "lowering"]);

const LYING_PHASES = new Set(["ready", ...LIFT_PHASES]);
const UP_PHASES = new Set(["empty", "leaving"]); // Nobody lies on the mat any more.

export function emptyState() {
  return {
    run: null, // which run of the daemon, and its last event that is drawn
    sequence: 0,
    link: "connecting", // "live", "mat" (the daemon is silent), "server" (this page is cut off)
    control: false,
    simulated: false,
    calibrated: true,
    mat: null,
    phase: "unknown",
    side: null,
    visit: "cleared", // "new", "asked" (the safety page waits for an answer), "declined"
    session: false,
    stopped: false, // by a button, until somebody starts again or gets up
    // `next` leg, seconds of `rest`, sets `left` (null: as many as one likes)
    set: { number: 0, on: false, reps: [], count: 0, clean: 0, next: null, rest: 0, left: null },
    before: [], // reps of the session's earlier sets
    result: null, // the last rep, until the next lift begins
    warning: null, // {side, fault} while the leg is up
    posture: {},
    advice: null, // what the session says of the next: {reason, variation, leads_to}
    summary: null, // reps of the session that has ended
    forgotten: false, // the mat has been empty for long: nothing personal is shown any more
    problems: [],
    strips: {}, // sensor -> what is wrong with it
  };
}

export function reduce(state, kind, body) {
  switch (kind) {
    case "hello":
      return { ...state, control: body.control };
    case "snapshot":
      return fromSnapshot(state, body);
    case "event":
      if (body.run === state.run && body.sequence <= state.sequence) return state;
      return fromEvent({ ...state, sequence: body.sequence, link: "live" }, body.event);
    case "live":
      return state.link === "live" || !state.mat ? state : { ...state, link: "live" };
    case "lost":
      return { ...state, link: "mat", warning: null };
    case "tick":
      return state.set.rest > 0 ? { ...state, set: rested(state.set, body) } : state;
    case "forget":
      return { ...state, summary: null, forgotten: true };
    case "silence":
      return state.link === body.who ? state : { ...state, link: body.who, warning: null };
    default:
      return state;
  }
}

// The set after some seconds of rest.
function rested(set, seconds) {
  return { ...set, rest: Math.max(set.rest - seconds, 0) };
}

function fromSnapshot(state, body) {
  const session = body.session ?? null;
  const reps = session?.reps ?? [];
  const set = {
    number: session?.set ?? 0,
    on: session?.in_set ?? false,
    reps,
    count: session?.count ?? 0,
    clean: session?.clean ?? 0,
    next: session?.next ?? null,
    rest: session?.rest ?? 0,
    left: session?.left ?? null,
  };
  return {
    ...emptyState(),
    run: body.run,
    sequence: body.sequence,
    control: state.control,
    link: "live",
    simulated: body.simulated,
    calibrated: body.calibrated,
    mat: body.mat,
    phase: body.phase ?? "unknown",
    side: body.side ?? null,
    visit: body.visit ?? "cleared",
    advice: session?.advice ?? (body.run === state.run ? state.advice : null),
    session: session !== null,
    stopped: session === null && LYING_PHASES.has(body.phase),
    set,
    before: session && body.run === state.run ? state.before : [],
    result: LIFT_PHASES.has(body.phase) ? null : (reps.at(-1) ?? null),
    summary: session || body.run !== state.run ? null : state.summary,
    posture: body.posture?.problems ?? {},
    problems: body.problems ?? [],
  };
}

function fromEvent(state, event) {
  switch (event.event) {
    case "phase":
      return fromPhase(state, event);
    case "warning":
      return { ...state, warning: { side: event.side, fault: event.fault } };
    case "rep":
      return { ...state, result: event, warning: null };
    case "count":
      return fromCount(state, event);
    case "posture":
      return { ...state, posture: event.problems };
    case "strip":
      return { ...state, strips: withStrip(state.strips, event) };
    case "visit":
      return { ...state, visit: event.state };
    case "session":
      return fromSession(state, event);
    case "set":
      return fromSet(state, event);
    default:
      return state;
  }
}

function fromPhase(state, { phase, side = null }) {
  const begins = phase === "lifting" && state.phase !== "lifting";
  return {
    ...state,
    phase,
    side,
    stopped: state.stopped && phase !== "empty",
    forgotten: state.forgotten && phase === "empty",
    posture: LYING_PHASES.has(phase) || phase === "settling" ? state.posture : {},
    result: begins || UP_PHASES.has(phase) ? null : state.result,
    warning: LIFT_PHASES.has(phase) && !begins ? state.warning : null,
    summary: UP_PHASES.has(phase) ? state.summary : null,
  };
}

// The coach counts; the rep that it counts is the one that came just before.
function fromCount(state, { set: number, count, clean, next = null, advice = null }) {
  const reps = state.result ? [...state.set.reps, state.result] : state.set.reps;
  return { ...state, advice, set: { ...state.set, number, on: true, reps, count, clean, next } };
}

function fromSession(state, event) {
  const fresh = { set: emptyState().set, before: [], result: null, warning: null };
  if (event.state === "started") {
    const begun = { session: true, stopped: false, summary: null, advice: null };
    return { ...state, ...fresh, ...begun };
  }
  const reps = repsOf(state);
  const summary = reps.length ? reps : null;
  return { ...state, ...fresh, session: false, stopped: state.phase !== "empty", summary };
}

function fromSet(state, event) {
  if (event.state === "ended") {
    const { rest = 0, left = null } = event;
    return { ...state, set: { ...state.set, on: false, next: null, rest, left } };
  }
  const set = { ...emptyState().set, number: event.set, on: true };
  return { ...state, before: repsOf(state), set };
}

// All reps of the session, as far as this page knows them.
export function repsOf(state) {
  return [...state.before, ...state.set.reps];
}

// The reps to sum up, or null: a session has ended, or its member has got up a moment ago.
export function summaryOf(state) {
  if (state.forgotten) return null;
  if (state.summary) return state.summary;
  const reps = repsOf(state);
  return UP_PHASES.has(state.phase) && reps.length ? reps : null;
}

function withStrip(strips, { sensor, problem }) {
  const { [sensor]: _gone, ...others } = strips;
  return problem === null ? others : { ...others, [sensor]: problem };
}

// Which of the page's views to show.
export function viewOf(state) {
  if (state.link !== "live") return "lost";
  if (state.visit === "asked") return "safety";
  if (state.visit === "declined") return "declined";
  if (summaryOf(state)) return "summary";
  return state.phase === "empty" && (!state.session || state.forgotten) ? "idle" : "set";
}
