// Tones by WebAudio. A browser may refuse to sound before the first touch; the page then says so.

// Notes as [hertz, seconds after the first, seconds long, loudness].
const TONES = {
  good: [[659.3, 0, 0.3, 0.5], [987.8, 0.09, 0.4, 0.5]], // E5, B5: a rising fifth, clear over music.
  count: [[440, 0, 0.25, 0.5]], // A4, plain: counted, no more.
  miss: [[329.6, 0, 0.16, 0.45], [261.6, 0.18, 0.22, 0.45]], // E4, C4: a short no.
  tick: [[880, 0, 0.05, 0.14]], // A5, a drop: it passes the seconds and tells nothing else.
  hold: [[523.3, 0, 0.22, 0.32]], // C5: stay.
  lower: [[523.3, 0, 0.14, 0.32], [392, 0.14, 0.26, 0.32]], // C5, G4: down.
  warn: [[155.6, 0, 0.5, 0.8], [311.1, 0, 0.5, 0.35]], // E flat 3 and 4: low, and above what a
  // small loudspeaker loses.
  end: [[659.3, 0, 0.3, 0.4], [523.3, 0.16, 0.3, 0.4], [392, 0.32, 0.6, 0.4]], // E5, C5, G4: rest.
};
const HELD_SHARE = 0.4; // Of a tone's length; then it fades. A tone that only fades is lost in music.
const USUAL_LEVEL = 0.8; // Of the slider; beyond it the limiter works.
const USUAL_GAIN = 0.9;
const PAN = { left: -0.9, right: 0.9 };

function openContext() {
  return new AudioContext({ latencyHint: "interactive" });
}

export class Sound {
  // `open` makes the context; a test hands in one that records.
  constructor(onChange, open = openContext) {
    this.onChange = onChange;
    this.wanted = true;
    this.failed = false;
    this.context = null;
    try {
      this.context = open();
      this.context.addEventListener("statechange", onChange);
      this.context.addEventListener("error", () => {
        this.failed = true; // The device has gone, or never was.
        onChange();
      });
      this.output = this.chain();
    } catch {
      this.context = null; // No device, or no WebAudio: `state` says so.
    }
    this.lookForDevice();
    navigator.mediaDevices?.addEventListener("devicechange", () => this.lookForDevice());
    const wake = () => this.wake();
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake);
    this.wake();
  }

  // "on", "off" (the member's wish), "blocked" (until a touch) or "missing".
  get state() {
    if (!this.context || this.failed) return "missing";
    if (!this.wanted) return "off";
    return this.context.state === "running" ? "on" : "blocked";
  }

  // Without a device Chromium plays into nothing and says it runs; but its list of devices is then
  // empty. Other browsers list none before they are asked, which says nothing.
  async lookForDevice() {
    if (!("userAgentData" in navigator) || !navigator.mediaDevices) return;
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
    if (!devices) return;
    this.failed = !devices.some(({ kind }) => kind === "audiooutput");
    this.onChange();
  }

  wake() {
    if (!this.context || this.context.state === "running") return;
    this.context.resume().then(this.onChange, this.onChange);
  }

  toggle() {
    this.wanted = !this.wanted;
    this.onChange();
  }

  unmute() {
    if (!this.wanted) this.toggle();
  }

  chain() {
    const limiter = this.context.createDynamicsCompressor();
    limiter.threshold.value = -6; // Several at once are held below full scale; one alone is not.
    limiter.knee.value = 6;
    limiter.ratio.value = 20;
    const volume = this.context.createGain();
    volume.gain.value = USUAL_GAIN;
    volume.connect(limiter).connect(this.context.destination);
    return volume;
  }

  // From 0 to 1; the ear hears equal steps.
  setVolume(level) {
    if (!this.context) return;
    const gain = USUAL_GAIN * (level / USUAL_LEVEL) ** 2;
    this.output.gain.setTargetAtTime(gain, this.context.currentTime, 0.02);
  }

  // A tone by its name, `wait` seconds from now; a warning comes from the side that rises.
  play(name, side = null, wait = 0) {
    const pan = name === "warn" ? (PAN[side] ?? 0) : 0;
    const shape = name === "warn" ? "triangle" : "sine";
    for (const [hz, after, length, loud] of TONES[name] ?? []) {
      this.tone({ hz, after: wait + after, length, loud, pan, shape });
    }
  }

  tone({ hz, after, length, loud, pan, shape }) {
    if (this.state !== "on") return;
    const start = this.context.currentTime + after;
    const source = this.context.createOscillator();
    const gain = this.context.createGain();
    const place = this.context.createStereoPanner();
    source.type = shape;
    source.frequency.value = hz;
    place.pan.value = pan;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loud, start + 0.012);
    gain.gain.setValueAtTime(loud, start + HELD_SHARE * length);
    gain.gain.exponentialRampToValueAtTime(0.001, start + length);
    source.connect(gain).connect(place).connect(this.output);
    source.start(start);
    source.stop(start + length + 0.02);
  }
}
