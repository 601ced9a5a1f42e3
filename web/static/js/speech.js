// Spoken words from files of the page's own language: decoded once, said one after the other.

const PAUSE_S = 0.12;
const FADE_S = 0.08;

export class Speech {
  // `onChange(speaks)` is told when speech begins, and when nothing more is to be said.
  constructor(sound, language, onChange = () => {}) {
    this.sound = sound;
    this.onChange = onChange;
    this.folder = `/static/speech/${language}`;
    this.words = new Map();
    this.playing = [];
    this.freeAt = 0;
    this.loads = false;
    this.hushed = 0; // How often: what was to be said before is not said after.
  }

  // Fetch what can be said before it is wanted, so that the first word is as quick as the last: once,
  // and one after the other, since drawing has precedence.
  async load(names) {
    if (!this.sound.context || this.loads) return;
    this.loads = true;
    for (const name of names) await this.fetch(name);
  }

  async fetch(name) {
    if (this.words.has(name)) return;
    try {
      const answer = await fetch(`${this.folder}/${name}.ogg`);
      const bytes = answer.ok && (await answer.arrayBuffer());
      if (bytes) this.words.set(name, await this.sound.context.decodeAudioData(bytes));
    } catch {
      // The server has gone for a moment, which the page says; the word is asked for when wanted.
    }
  }

  // Say it after what is being said, and not before `wait` seconds have passed.
  say(name, wait = 0) {
    if (this.sound.state !== "on") return;
    const buffer = this.words.get(name);
    if (!buffer) {
      this.sayLate(name, wait);
      return;
    }
    const { context } = this.sound;
    const start = Math.max(context.currentTime + wait, this.freeAt);
    const source = new AudioBufferSourceNode(context, { buffer });
    const gain = new GainNode(context);
    source.connect(gain).connect(this.sound.output);
    source.start(start);
    this.freeAt = start + buffer.duration + PAUSE_S;
    const one = { source, gain };
    this.playing.push(one);
    this.onChange(true);
    source.addEventListener("ended", () => {
      this.playing = this.playing.filter((other) => other !== one);
      this.onChange(this.playing.length > 0);
    });
  }

  // A word that is not here yet is said as soon as it is, unless that is no longer wanted.
  async sayLate(name, wait) {
    const { hushed } = this;
    await this.fetch(name);
    if (hushed === this.hushed && this.words.has(name)) this.say(name, wait);
  }

  // Stop what is being said, and what was to be said.
  hush() {
    this.hushed += 1;
    if (!this.sound.context) return;
    const now = this.sound.context.currentTime;
    for (const { source, gain } of this.playing) {
      gain.gain.setTargetAtTime(0, now, FADE_S / 3);
      source.stop(now + FADE_S);
    }
    this.freeAt = 0;
  }
}
