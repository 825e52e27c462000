"""What the person who runs the pipeline decides: read once, when asked, and typed.

This package alone reads the environment. ``variables.py`` is the one description of
every variable; ``docs/settings.md`` and ``.env.example`` are drawn from it.
"""

from tiktok_pipelines.settings.model import Settings
from tiktok_pipelines.settings.urls import DatabaseUrl

__all__ = ["DatabaseUrl", "Settings"]
