"""Parts that pages share; each draws one thing with Streamlit."""
