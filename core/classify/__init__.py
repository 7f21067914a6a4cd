"""One picture in, an answer out: the run's exported graphs through ONNX Runtime, no torch.

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
