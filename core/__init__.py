"""The library behind the trainer and the dashboard. It never imports streamlit or dashboard."""

from core.telemetry import switch_off

__version__ = "0.1.0"  # the only place; pyproject.toml and CHANGELOG.md follow it

switch_off()
