// Start and stop: requests that only the mat's own screen may make.

import { words } from "./words.js";

export class Control {
  constructor(note) {
    this.note = note;
    this.token = "";
  }

  // Say something that needs no answer and will be said again.
  async tell(path) {
    await fetch(path, { method: "POST", headers: { "X-Pronemat-Token": this.token } }).catch(() => {});
  }

  async ask(name) {
    try {
      const answer = await fetch(`/control/${name}`, {
        method: "POST",
        headers: { "X-Pronemat-Token": this.token },
      });
      const { ok, error } = await answer.json();
      if (!ok) this.note.tell(error);
    } catch {
      this.note.tell(words.control.unanswered);
    }
  }
}
