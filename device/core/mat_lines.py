"""Finds the line of a key in TOML text, which the standard parser does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]?\]")
_KEY = re.compile(r"^\s*\"?([A-Za-z0-9_-]+)\"?\s*=")


class LineFinder:
    """Line numbers (from 1) of tables and keys written one a line, as people write them.

    A key that cannot be found that way (an inline table, say) gets its table's line.
    """

    def __init__(self, text: str) -> None:
        self._headers: dict[tuple[str, int], int] = {}
        self._keys: dict[tuple[str, int, str], int] = {}
        seen: dict[str, int] = {}
        table, nth = "", 0
        lines = text.splitlines()
        self.last = max(len(lines), 1)
        for number, line in enumerate(lines, start=1):
            if header := _HEADER.match(line):
                table = header.group(1)
                nth = seen.get(table, 0)
                seen[table] = nth + 1
                self._headers[table, nth] = number
            elif key := _KEY.match(line):
                self._keys.setdefault((table, nth, key.group(1)), number)

    def header(self, table: str, nth: int) -> int:
        """The line of the nth (from 0) `[table]` or `[[table]]`."""
        return self._headers.get((table, nth), self.last)

    def key(self, table: str, nth: int, key: str) -> int:
        """The line of a key in the nth table of that name."""
        return self._keys.get((table, nth, key), self.header(table, nth))

    def top(self, name: str) -> int:
        """The line of a table or key that stands at the top level."""
        return self._keys.get(("", 0, name), self.header(name, 0))
