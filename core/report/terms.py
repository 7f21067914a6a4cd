"""Terms of the figures that tell how good a model and its reviewers are, for pages and reports."""

from __future__ import annotations

from typing import Final

# Texts for ``LabelWord.fill``.
MEANINGS: Final[dict[str, str]] = {
    "remaining": "Estimated from how well the ranking score predicted the verdicts so far, with "
    "its 95 % interval: the score is recalibrated to the verdicts (Cox, 1958), which may miss a "
    "wrong label or call a right one wrong (Rogan and Gladen, 1978). It assumes that the score "
    "orders the remaining labels as well. More verdicts narrow the interval.",
    "alpha": "1 is perfect agreement, 0 is chance, below 0 is worse than chance. Above 0.8 is "
    "usually considered good, below 0.67 too low to rely on.",
    "accuracy": "Share of paintings for which the model's answer is the given label.",
    "artist majority": "Accuracy of guessing each artist's most common {style} without the "
    "picture.",
    "ordinary folds": "Each painting is judged by a model that was not trained on it, but may have "
    "been trained on other works by the same artist.",
    "artist-disjoint": "Each painting is judged by a model that was trained on no work by its "
    "artist, so a correct answer cannot come from recognising the painter.",
    "unseen witness": "A linear model of the pretrained network's features. It judges each "
    "painting without having been trained on any work by its artist.",
    "majority class": "Accuracy of always answering the most common class.",
    "calibration error": "Mean gap between how sure the model says it is and how often it agrees "
    "with the given labels, some of which are wrong. 0 is best.",
    "top 3": "Share of paintings whose given label is among the model's three most probable "
    "answers.",
    "macro F1": "F1, the balance of precision and recall, averaged over classes: small classes "
    "count as much as large ones.",
}
