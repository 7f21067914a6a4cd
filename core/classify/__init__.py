"""Classifies one picture with a run's exported graphs, through ONNX Runtime and without torch.

python -m core.classify IMAGE... [--run R] [--json]
"""

from core.classify.classifier import NEIGHBOURS, Classification, Classifier
from core.classify.explanation import Explanation
from core.classify.novelty import Novelty
from core.classify.service import Answered, Busy, ClassifyService

__all__ = [
    "NEIGHBOURS",
    "Answered",
    "Busy",
    "Classification",
    "Classifier",
    "ClassifyService",
    "Explanation",
    "Novelty",
]
