"""Labelled recordings: fitting the judge to them, and scoring the core on them."""
