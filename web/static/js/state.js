// What the page knows, and how each message changes it. Pure: no page, no clock.

export const LIFT_PHASES = new Set(["lifting", "holding", "lowering"]);

export function emptyState() {
  return {
    link: "connecting", // "live", "mat" (the daemon is silent), "server" (this page is cut off)
    control: false,
    simulated: false,
    calibrated: true,
    mat: null,
    phase: "unknown",
    side: null,
    session: null, // {id} while a set runs
    reps: [],
    count: 0,
    clean: 0,
    result: null, // the last rep, until the next lift begins
    warning: null, // {side, fault} while the leg is up
    posture: {},
    summary: null, // {reps, count, clean} of the set that has just ended
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
      return fromEvent({ ...state, link: "live" }, body.event);
    case "live":
      return state.link === "live" || !state.mat ? state : { ...state, link: "live" };
    case "lost":
      return { ...state, link: "mat", warning: null };
    case "silence":
      return state.link === body.who ? state : { ...state, link: body.who, warning: null };
    default:
      return state;
  }
}

function fromSnapshot(state, body) {
  const session = body.session ?? null;
  const reps = session?.reps ?? [];
  return {
    ...emptyState(),
    control: state.control,
    link: "live",
    simulated: body.simulated,
    calibrated: body.calibrated,
    mat: body.mat,
    phase: body.phase ?? "unknown",
    side: body.side ?? null,
    session: session && { id: session.id },
    reps,
    count: session?.count ?? 0,
    clean: session?.clean ?? 0,
    result: LIFT_PHASES.has(body.phase) ? null : (reps.at(-1) ?? null),
    summary: session ? null : state.summary,
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
      return fromRep(state, event);
    case "count":
      return { ...state, count: event.count, clean: event.clean };
    case "posture":
      return { ...state, posture: event.problems };
    case "strip":
      return { ...state, strips: withStrip(state.strips, event) };
    case "session":
      return fromSession(state, event);
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
    result: begins ? null : state.result,
    warning: LIFT_PHASES.has(phase) && !begins ? state.warning : null,
    summary: phase === "empty" || phase === "leaving" ? state.summary : null,
  };
}

function fromRep(state, rep) {
  const reps = [...state.reps, rep];
  return {
    ...state,
    reps,
    result: rep,
    warning: null,
    count: Math.max(state.count, reps.length),
    clean: Math.max(state.clean, reps.filter((one) => one.verdict === "glute").length),
  };
}

function fromSession(state, event) {
  const fresh = { reps: [], count: 0, clean: 0, result: null, warning: null };
  if (event.state === "started") {
    return { ...state, ...fresh, summary: null, session: { id: event.id } };
  }
  const { reps, count, clean } = state;
  return { ...state, ...fresh, session: null, summary: { reps, count, clean } };
}

function withStrip(strips, { sensor, problem }) {
  const { [sensor]: _gone, ...others } = strips;
  return problem === null ? others : { ...others, [sensor]: problem };
}

// Which of the page's views to show.
export function viewOf(state) {
  if (state.link !== "live") return "lost";
  if (state.summary) return "summary";
  if (state.phase === "empty" && !state.reps.length) return "idle";
  return "set";
}
