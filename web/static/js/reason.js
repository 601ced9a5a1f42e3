// Why a lift got its verdict, in the page's language. The mat says it in English, with more detail;
// other languages say it anew from the lift's own numbers.

import { fill, words } from "./words.js";

const MAT_LANGUAGE = "en";
const round = (degrees) => String(Math.round(degrees ?? 0));

export function reasonOf({ verdict, faults = [], numbers = {}, confidence, reason }) {
  if (words.page.language === MAT_LANGUAGE) return reason;
  return fill(words.reason[reasonKey(verdict, faults, confidence)], {
    tilt: round(numbers.tilt_deg),
    roll: round(numbers.rotation_deg),
  });
}

function reasonKey(verdict, faults, confidence) {
  if (verdict === "unsure") return confidence > 0 ? "unsure" : "unknown";
  if (verdict !== "arch") return "glute";
  if (faults.includes("too_high")) return "too_high";
  const rolled = faults.includes("rotation");
  if (rolled && faults.includes("tilt")) return "arch_both";
  return rolled ? "arch_rotation" : "arch_tilt";
}

// The same message with its reps' reasons in the page's language.
export function inWords(kind, body) {
  if (kind === "event" && body.event.event === "rep") {
    return { ...body, event: { ...body.event, reason: reasonOf(body.event) } };
  }
  if (kind === "snapshot" && body.session) {
    const reps = body.session.reps.map((rep) => ({ ...rep, reason: reasonOf(rep) }));
    return { ...body, session: { ...body.session, reps } };
  }
  return body;
}
