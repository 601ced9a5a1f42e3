// What the page knows, and how each message changes it. Pure: no page, no clock.

export const LIFT_PHASES = new Set(["lifting", "holding", "lowering"]);

export const UP_PHASES = new Set(["empty", "leaving"]); // Nobody lies on the mat any more.

const LYING_PHASES = new Set(["ready", ...LIFT_PHASES]);
const POSE = "pose_"; // Cues that lead to the start position.
// What a visit's events may tell anew, and every snapshot tells.
const VISIT_FACTS = ["member", "plan", "offer", "before"];

export function emptyState() {
  return {
    run: null, // which run of the daemon, and its last event that is drawn
    sequence: 0,
    link: "connecting", // "live", "mat" (the daemon is silent), "server" (this page is cut off)
    control: false,
    codes: false, // members may be looked up by their code
    simulated: false,
    replay: false, // a recording is played back
    calibrated: true,
    mat: null,
    phase: "unknown",
    side: null,
    visit: "cleared", // "new", "asked" (the safety page waits for an answer), "declined"
    member: null, // {id, name}; null for a guest
    plan: null, // what this visit asks for; null where nobody is coached
    offer: null, // what a member may choose, see `web/offer.py`; null for a guest
    before: null, // a member's last session of each step: {single: {utc, reps, clean}, ...}
    guestOffer: null, // the same for a guest, as the server knows it
    session: false,
    stopped: false, // by a button, until somebody starts again or gets up
    // `next` leg, seconds of `rest`, sets `left` (null: as many as one likes)
    set: { number: 0, on: false, reps: [], count: 0, clean: 0, next: null, rest: 0, left: null },
    earlier: [], // reps of the session's earlier sets
    result: null, // the last rep, until the next lift begins
    warning: null, // {side, fault} while the leg is up
    posture: {},
    pose: null, // what the coach has said last of how the member lies
    advice: null, // what the session says of the next: {reason, variation, leads_to}
    summary: null, // reps of the session that has ended
    forgotten: false, // the mat has been empty for long: nothing personal is shown any more
    problems: [],
    calibrating: null, // who puts weights on the mat, if anybody does
    maintainer: [], // what the mat's own examination found, in sentences
    strips: {}, // sensor -> what is wrong with it
  };
}

export function reduce(state, kind, body) {
  switch (kind) {
    case "hello":
      return {
        ...state,
        control: body.control,
        codes: body.codes ?? false,
        guestOffer: body.offer ?? null,
      };
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
    codes: state.codes,
    guestOffer: state.guestOffer,
    link: "live",
    simulated: body.simulated,
    replay: body.source === "replay",
    calibrated: body.calibrated,
    mat: body.mat,
    phase: body.phase ?? "unknown",
    side: body.side ?? null,
    visit: body.visit ?? "cleared",
    ...factsOf(body),
    advice: session?.advice ?? (body.run === state.run ? state.advice : null),
    session: session !== null,
    stopped: session === null && LYING_PHASES.has(body.phase),
    set,
    earlier: (session?.earlier ?? []).flatMap((one) => one.reps),
    result: LIFT_PHASES.has(body.phase) ? null : (reps.at(-1) ?? null),
    summary: session || body.run !== state.run ? null : state.summary,
    warning: body.run === state.run && LIFT_PHASES.has(body.phase) ? state.warning : null,
    posture: body.posture?.problems ?? {},
    strips: body.strips ?? {},
    problems: body.problems ?? [],
    calibrating: body.calibrating ?? null,
    maintainer: body.maintainer ?? [],
  };
}

function factsOf(body) {
  const told = VISIT_FACTS.filter((key) => body[key] !== undefined);
  return Object.fromEntries(told.map((key) => [key, body[key]]));
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
      return { ...state, posture: event.problems, pose: null };
    case "cue":
      return event.cue.startsWith(POSE) ? { ...state, pose: event.cue.slice(POSE.length) } : state;
    case "strip":
      return { ...state, strips: withStrip(state.strips, event) };
    case "visit":
      return fromVisit(state, event);
    case "plan":
      return { ...state, plan: event.plan };
    case "maintainer":
      return { ...state, maintainer: event.maintainer ?? [] };
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

// Whoever comes next is nobody known, until a code says so.
function fromVisit(state, event) {
  const gone = event.state === "new" ? { member: null, offer: null, before: null } : {};
  return { ...state, ...gone, visit: event.state, ...factsOf(event) };
}

// The coach counts; the rep that it counts is the one that came just before. What is clean is the
// coach's to say, too: a trainer may be stricter or gentler than the mat.
function fromCount(state, { set: number, count, clean, next = null, advice = null }) {
  const counted = state.result && { ...state.result, clean: clean > state.set.clean };
  const reps = counted ? [...state.set.reps, counted] : state.set.reps;
  return { ...state, advice, set: { ...state.set, number, on: true, reps, count, clean, next } };
}

function fromSession(state, event) {
  const fresh = { set: emptyState().set, earlier: [], result: null, warning: null };
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
  return { ...state, earlier: repsOf(state), set };
}

// All reps of the session, as far as this page knows them.
export function repsOf(state) {
  return [...state.earlier, ...state.set.reps];
}

function withStrip(strips, { sensor, problem }) {
  const { [sensor]: _gone, ...others } = strips;
  return problem === null ? others : { ...others, [sensor]: problem };
}
