// What is heard and announced, and a log of it with times that can be read back.

import { say } from "./svg.js";
import { fill, word, words } from "./words.js";

const KEPT = 200;

export class Cues {
  constructor(sound, { announce, alarm, log }) {
    Object.assign(this, { sound, announce, alarm, log });
  }

  // `news` is false for what happened before this page was there: it is drawn, not sounded.
  take(state, event, news) {
    if (!news) return;
    if (event.event === "rep") {
      this.sound.rep(event.verdict);
      const count = state.count === 1 ? words.count.one : fill(words.count.many, state);
      const spoken = fill(words.count.spoken, {
        side: word("side", event.side),
        verdict: word("verdict", event.verdict),
        reason: event.reason ?? "",
      });
      say(this.announce, `${count}. ${spoken}`);
      this.note(`rep ${event.verdict}`, this.announce.textContent);
    } else if (event.event === "warning") {
      this.sound.warning(event.side);
      say(this.alarm, `${word("warning", event.fault)}. ${word("advice", event.fault)}`);
      this.note(`warning ${event.side}`, this.alarm.textContent);
    }
  }

  note(kind, text) {
    const item = document.createElement("li");
    item.dataset.kind = kind;
    item.dataset.at = Date.now();
    item.dataset.sound = this.sound.state;
    item.textContent = text;
    this.log.append(item);
    if (this.log.childElementCount > KEPT) this.log.firstElementChild.remove();
  }
}
