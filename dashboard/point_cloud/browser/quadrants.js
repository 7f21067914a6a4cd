// The quadrant rule, as core/findings/labels/quadrants.py has it: both are run on the cases of
// tests/cases/quadrants.json. Here thresholds move while they are dragged, without the server.

// In the order of their codes.
export const QUADRANTS = [
  "genuine outlier",
  "hard example",
  "typical",
  "uncertain but right",
  "unlabelled",
  "not judged",
]
export const LABEL_STATES = ["judged", "unlabelled", "not judged"]
const JUDGED = 0

// Place in QUADRANTS of a painting whose label has the given state, a place in LABEL_STATES. Loss
// and line are in one unit, confidence and line likewise; what lies on a line is high.
export function codeQuadrant(state, loss, confidence, lossLine, confidenceLine) {
  if (state !== JUDGED) return 3 + state
  if (loss >= lossLine) return confidence >= confidenceLine ? 0 : 1
  return confidence >= confidenceLine ? 2 : 3
}
