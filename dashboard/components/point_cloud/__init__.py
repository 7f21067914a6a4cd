"""The point cloud: paintings as points that can be panned, zoomed, drawn around and opened."""

from dashboard.components.point_cloud.cloud import (
    FIELDS,
    Ring,
    Scene,
    render_point_cloud,
    ring_open,
    ring_painting,
    ring_paintings,
)

__all__ = [
    "FIELDS",
    "Ring",
    "Scene",
    "render_point_cloud",
    "ring_open",
    "ring_painting",
    "ring_paintings",
]
