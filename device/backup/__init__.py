"""Everything in one file: sessions and members, calibrations, settings; taken, and put back."""
