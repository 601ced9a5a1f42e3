"""For all tests: how the property tests are run."""

from __future__ import annotations

from hypothesis import settings

# Machines differ and are shared: an example that takes long has not failed. `timeout` in
# pyproject.toml stops one that hangs.
settings.register_profile("pronemat", deadline=None)
settings.load_profile("pronemat")
