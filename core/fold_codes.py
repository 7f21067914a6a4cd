"""What the column ``fold`` says of paintings that no fold scores; folds count from 0."""

from typing import Final

NOT_SCORED: Final = -1
LEFT_OUT: Final = -2  # of training as well
