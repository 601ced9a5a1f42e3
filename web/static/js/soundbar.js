// What the screen has for its sound: on and off, volume, a test; and who is told whether it sounds.

import { put, say } from "./svg.js";
import { words } from "./words.js";

const TELL_MS = 4000; // The daemon believes it for 10 s; without word its buzzer takes over.
const KEPT_AS = "pronemat-volume";
const UNTOUCHED_MS = 15_000; // Then the panel has been forgotten, and covers the page no longer.
const TEST = [["warn", "left"], ["warn", "right"], ["good", null]];
const APART_S = 0.8;

export class SoundBar {
  constructor(sound, speech, { note, cues, control }) {
    Object.assign(this, { sound, speech, note, cues, control, told: null });
    this.button = document.getElementById("sound");
    this.volume = document.getElementById("volume");
    this.toggle = document.getElementById("sound-toggle");
    this.toggle.addEventListener("click", () => {
      sound.toggle();
      sound.play("good"); // Whoever turns it on hears how loud it is.
    });
    const kept = Number(localStorage.getItem(KEPT_AS) ?? this.volume.value);
    this.setLevel(Number.isFinite(kept) ? kept : this.volume.value);
    const step = (id, by) =>
      document.getElementById(id).addEventListener("click", () => this.change(by));
    step("quieter", -1);
    step("louder", 1);
    document.getElementById("sound-test").addEventListener("click", () => this.test());
    const panel = document.getElementById("sound-panel");
    for (const kind of ["toggle", "click"]) panel.addEventListener(kind, () => this.hold(panel));
    setInterval(() => this.tell(), TELL_MS);
  }

  hold(panel) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => panel.hidePopover(), UNTOUCHED_MS);
  }

  change(by) {
    this.setLevel(this.volume.value + by);
    localStorage.setItem(KEPT_AS, this.volume.value);
    this.sound.play("good");
  }

  // From 0 to the progress element's largest.
  setLevel(level) {
    this.volume.value = Math.min(Math.max(level, 0), this.volume.max);
    this.sound.setVolume(this.volume.value / this.volume.max);
  }

  draw() {
    const heard = this.sound.state;
    this.note.heard(heard);
    const on = heard !== "off" && heard !== "missing";
    say(this.toggle, on ? words.buttons.sound_off : words.buttons.sound_on);
    put(this.button.querySelector("use"), "href", on ? "#sound-on" : "#sound-off");
    this.tell(true);
  }

  // Left, right, a good rep, and a phrase: each can be missed on its own.
  test() {
    TEST.forEach(([tone, side], turn) => this.sound.play(tone, side, turn * APART_S));
    this.speech.say("cue-goodbye", TEST.length * APART_S);
    this.cues.write("test", words.buttons.sound_test);
  }

  // A member who has turned the sound off wants no buzzer either: only a page that cannot sound
  // hands over.
  tell(onlyNews = false) {
    const can = ["on", "off"].includes(this.sound.state);
    if (!this.control.token || (onlyNews && can === this.told)) return;
    this.told = can;
    this.control.tell(`/sound/${can ? "on" : "off"}`);
  }
}
