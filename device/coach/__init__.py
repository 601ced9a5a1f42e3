"""From reps and phases to what is counted and what is said. Pure: no clock, no sound, no page."""
