// What a touch does: the buttons that ask the daemon for something, and Stop anywhere while somebody
// lies in a session.

import { LIFT_PHASES } from "./state.js";

const BUTTONS = "button[data-does]";
const STILL_PHASES = new Set(["settling", "ready"]);
const OPENED = "dialog[open], :popover-open"; // Between two lifts a touch beside it closes it.

// `ask(name, body)` sends a control; `now()` is the page's state.
export function listenToTouch(root, ask, now) {
  root.addEventListener("click", ({ target }) => {
    const button = target.closest(BUTTONS);
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { does, variation } = button.dataset;
    ask(does, variation ? { variation } : {});
  });
  // Down, not up: who is in pain does not wait for the finger to lift.
  root.addEventListener("pointerdown", ({ target }) => {
    if (!target.closest("button") && isStop(now())) ask("stop");
  });
  root.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && isStop(now())) ask("stop");
  });
}

function isStop({ control, link, session, phase }) {
  if (!control || link !== "live" || !session) return false;
  return LIFT_PHASES.has(phase) || (STILL_PHASES.has(phase) && !document.querySelector(OPENED));
}
