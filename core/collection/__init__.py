"""Collections of paintings and their labels, whatever the source.

``core.collection.open`` opens a collection; ``core.collection.table`` says what one is, and needs
no more than pandas. Nothing is imported here, so that a reader of tables does not load the
sources and the libraries behind them.
"""
