"""The point cloud: paintings as points that can be panned, zoomed, drawn around and opened."""
