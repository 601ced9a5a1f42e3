// Start and stop: requests that only the mat's own screen may make.

import { words } from "./words.js";

const SHOWN_MS = 5000;

export class Control {
  constructor(note) {
    this.note = note;
    this.token = "";
    this.timer = 0;
  }

  async ask(name) {
    try {
      const answer = await fetch(`/control/${name}`, {
        method: "POST",
        headers: { "X-Pronemat-Token": this.token },
      });
      const { ok, error } = await answer.json();
      if (!ok) this.tell(error);
    } catch {
      this.tell(words.control.unanswered);
    }
  }

  tell(sentence) {
    this.note(sentence);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.note(""), SHOWN_MS);
  }
}
