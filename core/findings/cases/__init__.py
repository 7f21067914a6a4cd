"""Artists and pairs of labels that do not fit, typed and worded."""
