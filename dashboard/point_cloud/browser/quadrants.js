// The quadrant rule, as core/findings/labels/quadrants.py has it: both are run on the cases of
// tests/cases/quadrants.json. Here thresholds move while they are dragged, without the server.

// In the order of their codes.
export const QUADRANTS = [
  "genuine outlier",
  "hard example",
  "typical",
  "uncertain but right",
  "leans elsewhere",
  "unlabelled",
  "not judged",
  "other depth",
]
export const LABEL_STATES = ["agrees", "differs", "unlabelled", "not judged", "other depth"]
const [AGREES, DIFFERS] = [0, 1]

// Place in QUADRANTS of a painting whose label has the given state, a place in LABEL_STATES. Loss
// and line are in one unit, confidence and line likewise; what lies on a line is high. Only a label
// that is the model's first answer is typical, or uncertain but right, and never is an outlier.
export function codeQuadrant(state, loss, confidence, lossLine, confidenceLine) {
  if (state !== AGREES && state !== DIFFERS) return 3 + state
  const isSure = confidence >= confidenceLine
  if (state === AGREES) return isSure ? 2 : 3
  if (loss < lossLine) return 4
  return isSure ? 0 : 1
}
