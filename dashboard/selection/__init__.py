"""Which paintings a page shows, in which order. Pure: nothing here knows Streamlit."""
