// Which of its views the page shows. Pure.

import { UP_PHASES, repsOf } from "./state.js";

// The reps to sum up, or null: a session has ended, or its member has got up a moment ago.
export function summaryOf(state) {
  if (state.forgotten) return null;
  if (state.summary) return state.summary;
  const reps = repsOf(state);
  return UP_PHASES.has(state.phase) && reps.length ? reps : null;
}

// Which of the page's views to show.
export function viewOf(state) {
  if (state.link !== "live") return "lost";
  if (state.visit === "asked") return "safety";
  if (state.visit === "declined") return "declined";
  if (summaryOf(state)) return "summary";
  if (chooses(state)) return "choose";
  return state.phase === "empty" && (!state.session || state.forgotten) ? "idle" : "set";
}

// Between the safety page and the mat; who simply lies down has chosen.
function chooses({ phase, session, set, plan, forgotten }) {
  return phase === "empty" && session && set.number === 0 && plan !== null && !forgotten;
}
