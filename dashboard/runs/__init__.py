"""The open runs, their tables and models, kept between visits."""
