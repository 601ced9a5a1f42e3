// Tones by WebAudio. A browser may refuse to sound before the first touch; the page then says so.

const GOOD = [[659.3, 0], [987.8, 0.09]]; // E5, B5: a rising fifth, clear over music.
const UNSURE = [[659.3, 0]];
const ARCH = [[329.6, 0], [277.2, 0.12]]; // E4, C#4: falls.
const WARNING_HZ = 155.6; // E flat 3, low but above what a small loudspeaker loses.
const PAN = { left: -0.9, right: 0.9 };
const TEST_AGAIN_MS = 1000;

export class Sound {
  constructor(onChange) {
    this.onChange = onChange;
    this.wanted = true;
    this.context = null;
    try {
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.context.addEventListener("statechange", onChange);
      this.output = this.chain();
    } catch {
      this.context = null; // No device, or no WebAudio: `state` says so.
    }
    const wake = () => this.wake();
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake);
    this.retry = setInterval(wake, TEST_AGAIN_MS);
    this.wake();
  }

  // "on", "off" (the member's wish), "blocked" (until a touch) or "missing".
  get state() {
    if (!this.context) return "missing";
    if (!this.wanted) return "off";
    return this.context.state === "running" ? "on" : "blocked";
  }

  wake() {
    if (!this.context || this.context.state === "running") {
      clearInterval(this.retry);
      return;
    }
    this.context.resume().then(this.onChange, this.onChange);
  }

  toggle() {
    this.wanted = !this.wanted;
    this.onChange();
  }

  chain() {
    const limiter = this.context.createDynamicsCompressor();
    limiter.threshold.value = -10;
    limiter.ratio.value = 12;
    const volume = this.context.createGain();
    volume.gain.value = 0.9;
    volume.connect(limiter).connect(this.context.destination);
    return volume;
  }

  rep(verdict) {
    const tones = { glute: GOOD, arch: ARCH }[verdict] ?? UNSURE;
    for (const [hz, after] of tones) this.tone({ hz, after, length: 0.35, loud: 0.5 });
  }

  warning(side) {
    const pan = PAN[side] ?? 0;
    this.tone({ hz: WARNING_HZ, length: 0.5, loud: 0.8, pan, shape: "triangle" });
    this.tone({ hz: WARNING_HZ * 2, length: 0.5, loud: 0.3, pan, shape: "triangle" });
  }

  tone({ hz, after = 0, length, loud, pan = 0, shape = "sine" }) {
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
    gain.gain.exponentialRampToValueAtTime(0.001, start + length);
    source.connect(gain).connect(place).connect(this.output);
    source.start(start);
    source.stop(start + length + 0.02);
  }
}
