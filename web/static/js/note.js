// The small line beside the buttons: an answer to a touch, else why there is no sound, else the
// caption of what is being said, else who is here.

import { say } from "./svg.js";
import { words } from "./words.js";

const ANSWER_MS = 5000;
const CAPTION_MS = 3500;
const LONGEST_NAME = 24; // The whole name greets; beside the buttons it only reminds.

export class Note {
  constructor(element) {
    Object.assign(this, { element, answer: "", silence: "", caption: "", name: "" });
    this.timers = {};
  }

  // The answer to what somebody has just asked for.
  tell(sentence) {
    this.hold("answer", sentence, ANSWER_MS);
  }

  // What is being said aloud, for those who cannot hear it.
  say(sentence) {
    this.hold("caption", sentence, CAPTION_MS);
  }

  // The member whose visit it is; nothing for a guest.
  visitor(name) {
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
    if (this.name === short) return;
    this.name = short;
    this.draw();
  }

  // Whether the page can be heard.
  heard(state) {
    const why = { blocked: words.page.sound_blocked, missing: words.page.sound_missing };
    this.silence = why[state] ?? "";
    this.draw();
  }

  hold(what, sentence, howLong) {
    this[what] = sentence;
    this.draw();
    clearTimeout(this.timers[what]);
    this.timers[what] = setTimeout(() => {
      this[what] = "";
      this.draw();
    }, howLong);
  }

  draw() {
    say(this.element, this.answer || this.silence || this.caption || this.name);
  }
}
