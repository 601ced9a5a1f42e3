"""The trainer's dashboard: who trained, how clean, which side, what next. Behind a login."""

from __future__ import annotations

from web.trainer.mounting import mount

__all__ = ["mount"]
