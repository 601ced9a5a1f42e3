// What to say to the member: what to do now and how, and what is wrong with the mat. Pure.

import { fill, word, words } from "./words.js";

const POSTURE_PHASES = new Set(["settling", "ready"]);

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

// The most important thing to change about how the member lies: what the coach has said, else the
// first of what is known.
function postureAdvice({ posture, pose }) {
  if (!Object.keys(posture).length) return null;
  if (words.posture[pose]) return words.posture[pose];
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
  const { calibrating: person } = state;
  if (person) return fill(words.problem.calibrating, { person });
  const bad = Object.keys(state.strips);
  if (bad.length === 1) {
    return fill(words.problem.missing_one, { strip: word("strip", bad[0]) });
  }
  if (bad.length > 1) return fill(words.problem.missing_many, { number: bad.length });
  const [sentence] = state.maintainer;
  return state.problems[0] ?? (sentence ? fill(words.problem.maintainer, { sentence }) : "");
}
