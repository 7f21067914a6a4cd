"""What is painted: subjects as layered shapes, before any way of making is chosen."""

from core.studio.scenes.shapes import Shape
from core.studio.scenes.subjects import GENRES, compose

__all__ = ["GENRES", "Shape", "compose"]
