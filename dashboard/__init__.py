"""The curators' dashboard: reads runs, never trains. Start it with ``python -m dashboard``."""

import core as core  # first: before Streamlit and ONNX Runtime, which would report home
