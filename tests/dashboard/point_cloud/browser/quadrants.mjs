// Reads {cases} or {points, lines} as JSON from standard input and prints what the browser's modules
// answer: the quadrant of each case, or of each packed point.

import { readFileSync } from "node:fs"
import { channel } from "../../../../dashboard/point_cloud/browser/colours.js"
import { decode } from "../../../../dashboard/point_cloud/browser/points.js"
import {
  codeQuadrant,
  LABEL_STATES,
  QUADRANTS,
} from "../../../../dashboard/point_cloud/browser/quadrants.js"

function answerCase({ state, loss, confidence, lines }) {
  return QUADRANTS[
    codeQuadrant(
      LABEL_STATES.indexOf(state),
      loss ?? Number.NaN,
      confidence ?? Number.NaN,
      ...lines,
    )
  ]
}

function answerPoints({ points, lines }) {
  const decoded = decode(Uint8Array.from(Buffer.from(points, "base64")).buffer)
  const { classes, codes } = channel(decoded, "quadrant", { dark: false }, lines)
  return Array.from({ length: decoded.count }, (_, row) => classes[codes[row]].name)
}

const asked = JSON.parse(readFileSync(0, "utf8"))
const answers = asked.cases ? asked.cases.map(answerCase) : answerPoints(asked)
console.log(JSON.stringify({ answers, quadrants: QUADRANTS, states: LABEL_STATES }))
