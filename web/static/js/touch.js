// What a touch does: the buttons that ask the daemon for something, and Stop anywhere in a lift.

import { LIFT_PHASES } from "./state.js";

const BUTTONS = "button[data-does]";

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
    if (!target.closest("button") && liftsHere(now())) ask("stop");
  });
  root.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && liftsHere(now())) ask("stop");
  });
}

function liftsHere({ control, link, session, phase }) {
  return control && link === "live" && session && LIFT_PHASES.has(phase);
}
