"""Learning: the only folder that imports torch and timm."""
