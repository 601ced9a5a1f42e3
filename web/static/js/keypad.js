// The keypad for a member's code of four digits: by touch or keys, gone by itself, never kept.

import { put, say } from "./svg.js";
import { fill, words } from "./words.js";

const LENGTH = 4;
const UNTOUCHED_MS = 20_000; // Then whoever began has gone: nothing typed stays.
const SECOND_MS = 1000;

export class Keypad {
  // `ask(name, body)` sends a control and tells its answer: {ok, error, wait}.
  constructor(dialog, ask) {
    Object.assign(this, { dialog, ask, digits: "", waitS: 0, timers: {} });
    this.dots = dialog.querySelector(".keypad-dots");
    this.typed = dialog.querySelector(".keypad-typed");
    this.message = dialog.querySelector(".keypad-message");
    dialog.addEventListener("click", ({ target }) => this.touched(target));
    dialog.addEventListener("close", () => this.forget());
    addEventListener("keydown", (event) => this.keyed(event));
  }

  // Only the idle page of the mat's own screen has it.
  allow(allowed) {
    this.allowed = allowed;
    if (!allowed && this.dialog.open) this.dialog.close();
  }

  open() {
    if (!this.allowed || this.dialog.open) return;
    this.draw();
    this.dialog.showModal();
    this.hold();
  }

  keyed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.allowed) return;
    if (/^[0-9]$/.test(event.key)) {
      this.open();
      this.add(event.key);
    } else if (event.key === "Backspace" && this.dialog.open) {
      this.remove();
    }
  }

  touched(target) {
    const key = target.closest("button")?.dataset.key;
    if (key === "guest") this.dialog.close();
    else if (key === "back") this.remove();
    else if (key) this.add(key);
  }

  add(digit) {
    this.hold();
    if (this.waitS > 0 || this.digits.length >= LENGTH) return;
    this.digits += digit;
    say(this.message, "");
    this.draw();
    if (this.digits.length === LENGTH) this.send();
  }

  remove() {
    this.hold();
    if (this.digits.length === LENGTH) return; // It has been sent.
    this.digits = this.digits.slice(0, -1);
    this.draw();
  }

  async send() {
    const { ok, error, wait = 0 } = await this.ask("code", { code: this.digits });
    this.digits = "";
    if (ok) {
      this.dialog.close();
      return;
    }
    if (wait > 0) this.lock(wait);
    else say(this.message, error);
    this.draw();
  }

  // Too many wrong codes: the keys rest, and the page says for how long.
  lock(seconds) {
    this.waitS = Math.ceil(seconds);
    clearInterval(this.timers.lock);
    this.timers.lock = setInterval(() => this.pass(), SECOND_MS);
    this.draw();
  }

  pass() {
    this.waitS -= 1;
    if (this.waitS <= 0) {
      clearInterval(this.timers.lock);
      say(this.message, "");
    }
    this.draw();
  }

  hold() {
    clearTimeout(this.timers.untouched);
    this.timers.untouched = setTimeout(() => this.dialog.close(), UNTOUCHED_MS);
  }

  forget() {
    clearTimeout(this.timers.untouched);
    this.digits = "";
    say(this.message, "");
    this.draw();
  }

  draw() {
    const number = this.digits.length;
    put(this.dots, "data-typed", number);
    say(this.typed, number ? fill(words.keypad.typed, { number }) : "");
    if (this.waitS > 0) say(this.message, fill(words.keypad.locked, { seconds: this.waitS }));
    for (const key of this.dialog.querySelectorAll("[data-key]:not([data-key=guest])")) {
      put(key, "aria-disabled", this.waitS > 0);
    }
  }
}
