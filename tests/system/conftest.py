"""The browser of the pages' tests, for the kiosk's own page."""

from __future__ import annotations

from tests.web.conftest import browser, launch

__all__ = ["browser", "launch"]
