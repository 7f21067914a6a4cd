"""A procedural studio that paints the demo collection, planted errors and all."""

from core.studio.collection import StudioError, paint_collection, plan_collection

__all__ = ["StudioError", "paint_collection", "plan_collection"]
