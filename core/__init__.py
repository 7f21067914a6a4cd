"""The library behind the trainer and the dashboard. It never imports streamlit or dashboard."""

from core.telemetry import switch_off

switch_off()
