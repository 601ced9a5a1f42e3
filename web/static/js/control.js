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

  // Ask for something; whoever asked is told if it was refused.
  async ask(name, body = {}) {
    const answer = await this.send(name, body);
    if (!answer.ok) this.note.tell(answer.error);
  }

  // The answer: `ok`, or an `error` in a sentence.
  async send(name, body = {}) {
    try {
      const answer = await fetch(`/control/${name}`, {
        method: "POST",
        headers: { "X-Pronemat-Token": this.token, "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      return await answer.json();
    } catch {
      return { ok: false, error: words.control.unanswered };
    }
  }
}
