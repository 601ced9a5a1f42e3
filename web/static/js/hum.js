// A soft tone while a leg is up, as steady as the pelvis: plain while the pelvis is still, wavering
// and then rough as it tips or rolls, well before the warning sounds.

const HZ = 220; // A3: under speech and tones, and still there in a small loudspeaker.
const LOUD = 0.1; // Against 0.5 of a rep's tone: it accompanies, it does not call.
const STILL_SHARE = 0.3; // Of the limit: what a quiet pelvis, and the reading itself, move.
const FULL_SHARE = 0.95; // Of the limit: as rough as it gets, where the warning comes.
const WAVER_HZ = 5.5; // As a singer's unsteady voice.
const WAVER_CENTS = 90;
const ROUGH_HZ = 31; // Beats of this rate are heard as roughness, not as a rhythm.
const ROUGH_SHARE = 0.45; // Of the loudness, up and down.
const FOLLOW_S = 0.06;
const FADE_S = 0.12;
const STALE_MS = 400; // Without a live frame for this long the tone would tell of the past.

// 0 for a still pelvis, 1 at the limit.
export function unsteadiness({ tip, roll }) {
  const share = Math.max(Math.abs(roll), tip);
  return Math.min(1, Math.max(0, (share - STILL_SHARE) / (FULL_SHARE - STILL_SHARE)));
}

export class Hum {
  constructor(sound) {
    this.sound = sound;
    this.voice = null;
    this.timer = 0;
  }

  get sounds() {
    return this.voice !== null;
  }

  // Follow the pelvis of a live frame; null ends the tone.
  follow(pelvis) {
    clearTimeout(this.timer);
    if (!pelvis || this.sound.state !== "on") {
      this.end();
      return;
    }
    this.timer = setTimeout(() => this.end(), STALE_MS);
    this.voice ??= this.begin();
    const { waver, rough } = this.voice;
    const now = this.sound.context.currentTime;
    const moved = unsteadiness(pelvis);
    waver.gain.setTargetAtTime(moved * WAVER_CENTS, now, FOLLOW_S);
    rough.gain.setTargetAtTime(moved * moved * ROUGH_SHARE, now, FOLLOW_S);
  }

  begin() {
    const { context, output } = this.sound;
    const now = context.currentTime;
    const tone = new OscillatorNode(context, { type: "triangle", frequency: HZ });
    const slow = new OscillatorNode(context, { frequency: WAVER_HZ });
    const fast = new OscillatorNode(context, { frequency: ROUGH_HZ });
    const waver = new GainNode(context, { gain: 0 });
    const rough = new GainNode(context, { gain: 0 });
    const beating = new GainNode(context, { gain: 1 });
    const fade = new GainNode(context, { gain: 0 });
    slow.connect(waver).connect(tone.detune);
    fast.connect(rough).connect(beating.gain);
    tone.connect(beating).connect(fade).connect(output);
    fade.gain.setTargetAtTime(LOUD, now, FADE_S / 3);
    const sources = [tone, slow, fast];
    for (const source of sources) source.start(now);
    return { sources, fade, waver, rough };
  }

  end() {
    clearTimeout(this.timer);
    if (!this.voice) return;
    const { sources, fade } = this.voice;
    const now = this.sound.context.currentTime;
    fade.gain.cancelScheduledValues(now);
    fade.gain.setTargetAtTime(0, now, FADE_S / 3);
    for (const source of sources) source.stop(now + 2 * FADE_S);
    this.voice = null;
  }
}
