"""`python -m web.speech`: speak every cue and number of every language into the page's sound files.

Run it after a change to `web/words`: it speaks what is new. The files are part of the program, so
that a kiosk needs no synthesiser; each carries its words as a comment. Debian's espeak-ng speaks,
sox cuts the silence, evens the syllables and encodes; every file is brought to the same loudness,
as the ear measures it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

from device.errors import ConfigError, PronematError
from web.loudness import loudness_lufs
from web.words import languages, load_words

FOLDER = Path(__file__).parent / "static" / "speech"
WORDS_PER_MINUTE = 150
"""A little slower than talk: the ear is on a mat, in a gym."""
TRIM = ("silence", "1", "0.005", "0.5%", "reverse", "silence", "1", "0.005", "0.5%", "reverse")
EVEN = ("compand", "0.005,0.1", "6:-50,-30,-18,-12,-6,-8", "0", "-60", "highpass", "120")
"""Quiet syllables come up, so that speech holds against music; below 120 Hz is only rumble."""
TARGET_LUFS = -16.0
"""As loud as its peaks allow: a one-syllable number has to carry over music like a sentence."""
NEAR_LU = 0.2
TRIES = 6
PEAK = ("gain", "-1")
"""Room for the encoder, whose waves overshoot what it was given."""
RATE_HZ = 22_050
"""The synthesiser's own."""
VORBIS_QUALITY = "3"


def spoken(words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The name of each sound file and what is said in it."""
    for number, text in words["number"].items():
        yield f"number-{number}", text
    for cue, text in words["cue"].items():
        yield f"cue-{cue}", text


def speak(text: str, voice: str, to: Path) -> None:
    """Write one sentence as a sound file."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.wav"
        rate = str(WORDS_PER_MINUTE)
        _run("espeak-ng", "-v", voice, "-s", rate, "-w", str(raw), text)
        even = Path(folder) / "even.wav"
        _run("sox", str(raw), "-r", str(RATE_HZ), str(even), *TRIM, *EVEN)
        gain_db = TARGET_LUFS - measure_lufs(even)
        for _ in range(TRIES):
            # The limiter takes some of the gain back, so what comes out is measured anew.
            limited = ("gain", "-l", f"{gain_db:.2f}")
            encoded = ("-C", VORBIS_QUALITY, "--comment", text, str(to))
            _run("sox", str(even), *encoded, *limited, *PEAK)
            off_lu = TARGET_LUFS - measure_lufs(to)
            if abs(off_lu) < NEAR_LU:
                return
            gain_db += off_lu


def said_in(path: Path) -> str:
    """The words that a sound file was made from; nothing for one that is not there."""
    comment = _run("soxi", "-a", str(path)).decode() if path.exists() else ""
    return comment.strip().removeprefix("Comment=")


def measure_lufs(path: Path) -> float:
    """How loud a sound file is."""
    raw = _run("sox", str(path), "-t", "f32", "-r", str(RATE_HZ), "-c", "1", "-")
    return loudness_lufs(np.frombuffer(raw, np.float32).astype(float), RATE_HZ)


def _run(*command: str) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip()
        raise ConfigError(f"'{command[0]}' failed: {complaint}")
    return done.stdout


@click.command()
@click.option("--all", "anew", is_flag=True, help="Speak what has not changed, too.")
def main(anew: bool) -> None:
    """Bring the sound files of all languages up to date with the words."""
    for tool in ("espeak-ng", "sox"):
        if shutil.which(tool) is None:
            raise ConfigError(f"'{tool}' is missing; install it with 'apt install espeak-ng sox'.")
    for language in languages():
        words = load_words(language)
        folder = FOLDER / language
        folder.mkdir(parents=True, exist_ok=True)
        wanted = {folder / f"{name}.ogg": text for name, text in spoken(words)}
        for gone in set(folder.iterdir()) - set(wanted):
            gone.unlink()
        new = {path: text for path, text in wanted.items() if anew or said_in(path) != text}
        for path, text in new.items():
            speak(text, words["page"]["voice"], path)
        click.echo(f"{folder}: {len(wanted)} files, {len(new)} of them new")


if __name__ == "__main__":
    try:
        main()
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)
