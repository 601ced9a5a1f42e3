"""What a page sounds, as samples: its own scripts rendered offline, and what can be heard in it."""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

RATE_HZ = 16_000
"""Enough for tones and speech; a low rate keeps the transfer small."""
RENDER = """async ([seconds, rate]) => {
  const [{ Sound }, { Hum }] = await Promise.all(
    ["sound", "hum"].map((name) => import(`/static/js/${name}.js`)));
  const context = new OfflineAudioContext(2, seconds * rate, rate);
  class Offline extends Sound { get state() { return "on"; } wake() {} }
  const sound = new Offline(() => {}, () => context);
  PLAY;
  const heard = await context.startRendering();
  const both = [0, 1].map((channel) => heard.getChannelData(channel));
  return both.map((samples) => {
    let text = "";
    for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  });
}"""

Samples = NDArray[np.float32]


def render(page: Page, play: str, seconds: float) -> Samples:
    """`(2, n)` samples of what the lines of script `play` make heard; they know `sound`, `Hum`."""
    channels = page.evaluate(RENDER.replace("PLAY", play), [seconds, RATE_HZ])
    return np.array([np.frombuffer(base64.b64decode(text), np.float32) for text in channels])


def loudness(samples: Samples) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=float))))


def pitch_hz(samples: Samples) -> float:
    """The strongest tone of one channel."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8 * len(samples)))
    return float(np.argmax(spectrum) * RATE_HZ / (8 * len(samples)))


def pieces(samples: Samples, piece_s: float) -> Samples:
    """One channel cut into pieces, a row each."""
    size = int(piece_s * RATE_HZ)
    return samples[: len(samples) // size * size].reshape(-1, size)
