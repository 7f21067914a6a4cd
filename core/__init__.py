"""The library behind the trainer and the dashboard. It never imports streamlit or dashboard."""
