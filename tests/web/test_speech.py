"""Spoken files: there for every cue, and equally loud, whichever word and language."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from playwright.sync_api import Page

from web.loudness import loudness_lufs
from web.speech import TARGET_LUFS, spoken
from web.words import languages, load_words

RATE_HZ = 16_000
DECODE = """async ([names, rate]) => {
  const heard = {};
  for (const name of names) {
    const answer = await fetch(`/static/speech/${name}.ogg`);
    const context = new OfflineAudioContext(1, rate, rate);
    const buffer = await context.decodeAudioData(await answer.arrayBuffer());
    let text = "";
    for (const byte of new Uint8Array(buffer.getChannelData(0).buffer)) {
      text += String.fromCharCode(byte);
    }
    heard[name] = btoa(text);
  }
  return heard;
}"""
"""Each file as the browser hears it."""


@pytest.mark.parametrize("language", languages())
def test_spoken_files_are_equally_loud_and_clear_of_clipping(kiosk: Page, language: str) -> None:
    names = [f"{language}/{name}" for name, _ in spoken(load_words(language))]
    heard = kiosk.evaluate(DECODE, [names, RATE_HZ])
    assert set(heard) == set(names)
    for name, text in heard.items():
        samples = np.frombuffer(base64.b64decode(text), np.float32).astype(float)
        assert loudness_lufs(samples, RATE_HZ) == pytest.approx(TARGET_LUFS, abs=1.0), name
        assert np.abs(samples).max() < 1.0, name
        assert 0.2 < len(samples) / RATE_HZ < 4.0, name


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_loudness_is_that_of_the_standard(rate_hz: int) -> None:
    # BS.1770: a sine of 997 Hz at full scale in one channel is -3.01 LUFS; below 60 Hz the ear
    # hears less, from 2 kHz up the head adds up to 4 dB.
    t_s = np.arange(2 * rate_hz) / rate_hz

    def sine(hz: float) -> float:
        return loudness_lufs(np.sin(2 * np.pi * hz * t_s), rate_hz)

    assert sine(997.0) == pytest.approx(-3.01, abs=0.05)
    assert sine(30.0) < sine(100.0) - 3.0
    assert sine(4000.0) == pytest.approx(-3.01 + 3.3, abs=0.5)


def test_pauses_do_not_make_a_sound_softer() -> None:
    t_s = np.arange(16_000) / 16_000
    tone = np.sin(2 * np.pi * 997.0 * t_s)
    paused = np.concatenate([tone, np.zeros(48_000), tone])
    assert loudness_lufs(paused, 16_000) == pytest.approx(loudness_lufs(tone, 16_000), abs=1.0)
    assert loudness_lufs(np.zeros(16_000), 16_000) == -70.0
