"""The parts that only the daemon is made of: its loop, its lock, its book of sessions."""
