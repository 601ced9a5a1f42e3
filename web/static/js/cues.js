// What is heard and announced, and a log of it with times that can be read back.

import { say } from "./svg.js";
import { fill, word, words } from "./words.js";

const KEPT = 200;
const TONE_S = 0.35; // A rep sounds first, then its number is spoken.

export class Cues {
  constructor(sound, speech, { announce, alarm, log, note }) {
    Object.assign(this, { sound, speech, announce, alarm, log, note });
  }

  // An event that has just happened; `state` is what the page knows after it.
  take(state, event) {
    this.now = { phase: state.phase, at: event.at };
    switch (event.event) {
      case "count":
        this.count(state, event);
        break;
      case "cue":
        this.cue(state, event);
        break;
      case "visit":
        this.visit(event);
        break;
      case "warning":
        say(this.alarm, `${word("warning", event.fault)}. ${word("advice", event.fault)}`);
        break;
      case "phase":
        if (event.phase === "lifting") this.speech.hush(); // Never speech over a lift.
        break;
    }
  }

  count(state, { count, side, verdict }) {
    const number = count === 1 ? words.count.one : fill(words.count.many, { count });
    const spoken = fill(words.count.spoken, {
      side: word("side", side),
      verdict: word("verdict", verdict),
      reason: state.result?.reason ?? "",
    });
    say(this.announce, `${number}. ${spoken}`);
  }

  // A rep's number, which the coach lets be said when no leg is up.
  number(count) {
    if (!words.number[count]) return;
    this.speech.say(`number-${count}`, TONE_S);
    this.write("count", words.number[count]);
  }

  visit({ state, by }) {
    if (state !== "cleared" || by !== "simulated") return;
    this.note.tell(words.safety.simulated);
    this.write("visit", words.safety.simulated);
  }

  cue(state, { cue, text, tone }) {
    if (cue === "count") {
      this.number(text);
      return;
    }
    const side = state.warning?.side ?? null;
    if (tone !== "none") {
      this.sound.play(tone, side);
      this.write(`tone-${tone}`, side ?? "");
    }
    if (text) {
      this.speech.say(`cue-${cue}`);
      const caption = words.cue[cue] ?? text;
      this.note.say(caption);
      this.write(`cue-${cue}`, caption);
    }
  }

  // Into the log: when, by this screen's clock and by the mat's, in which phase of a lift, and
  // whether it could be heard.
  write(kind, text) {
    const item = document.createElement("li");
    Object.assign(item.dataset, {
      kind,
      at: Date.now(),
      t: this.now?.at ?? "",
      phase: this.now?.phase ?? "",
      sound: this.sound.state,
    });
    item.textContent = text;
    this.log.append(item);
    if (this.log.childElementCount > KEPT) this.log.firstElementChild.remove();
  }
}
