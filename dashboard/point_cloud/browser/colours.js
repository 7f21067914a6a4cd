// What each point's colour says: the classes of a channel, and the paint of all points.

import { codeQuadrant, QUADRANTS } from "./quadrants.js"

const SHAPE_STEP = 50 // the shader reads a shape from the alpha byte

// The channel `name` as {kind, label, classes, code(row), column}: classes have name, label, rgb,
// shape; the code of a row is its class's place, or -1.
export function channel(points, name, theme, thresholds) {
  const column = points.columns.get(name)
  if (name === "quadrant") return quadrants(points, thresholds)
  if (!column) return { kind: "none", label: "", classes: [], code: () => -1 }
  if (column.kind === "score") return score(points, column, theme)
  const ramp = points.ramps[theme.dark ? "dark" : "light"]
  const classes = column.classes.map((entry) => ({
    ...entry,
    colour: entry.colour ?? ramp[Math.round(entry.ramp * (ramp.length - 1))],
  }))
  const { values, none } = column
  return {
    kind: "class",
    label: column.label,
    classes,
    code: (row) => (values[row] === none ? -1 : values[row]),
  }
}

// Quadrants follow the thresholds, which move: they are worked out here.
function quadrants(points, [lossLine, confidenceLine]) {
  const { values, none, high } = points.columns.get("quadrants")
  const states = points.columns.get("label_state").values
  const loss = (lossLine / high[1]) * (none - 1)
  const confidence = confidenceLine * (none - 1)
  const places = QUADRANTS.map((name) => points.quadrants.findIndex((entry) => entry.name === name))
  const code = (row) =>
    places[codeQuadrant(states[row], values[2 * row + 1], values[2 * row], loss, confidence)]
  return { kind: "class", label: "Quadrant", classes: points.quadrants, code }
}

function score(points, column, theme) {
  const ramp = points.ramps[theme.dark ? "dark" : "light"]
  const { values, none } = column
  const steps = none - 1
  const classes = Array.from({ length: none }, (_, value) => ({
    colour: mix(ramp, value / steps),
    shape: 0,
  }))
  const code = (row) => (values[row] === none ? -1 : values[row])
  return {
    kind: "score",
    label: column.label,
    classes,
    ramp,
    low: column.low,
    high: column.high,
    code,
  }
}

function mix(ramp, share) {
  const place = share * (ramp.length - 1)
  const [from, to] = [parse(ramp[Math.floor(place)]), parse(ramp[Math.ceil(place)])]
  const part = place - Math.floor(place)
  const bytes = from.map((value, axis) => Math.round(value + (to[axis] - value) * part))
  return `#${bytes.map((value) => value.toString(16).padStart(2, "0")).join("")}`
}

// "#c2553d" to [194, 85, 61].
export function parse(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
}

// Uint8Array of red, green, blue and shape for each point.
export function paint(count, { classes, code }, neutral, into = new Uint8Array(4 * count)) {
  const inks = [...classes, { colour: neutral, shape: 0 }].map(({ colour, shape }) => {
    const [red, green, blue] = parse(colour)
    return (((shape * SHAPE_STEP) << 24) | (blue << 16) | (green << 8) | red) >>> 0
  })
  const none = classes.length
  const whole = new Uint32Array(into.buffer)
  for (let row = 0; row < count; row++) {
    const place = code(row)
    whole[row] = inks[place < 0 ? none : place]
  }
  return into
}

// How many of the points that `counts` accepts are of each class.
export function count(total, { classes, code }, counts) {
  const numbers = new Uint32Array(classes.length)
  for (let row = 0; row < total; row++) {
    const place = code(row)
    if (place >= 0 && counts(row)) numbers[place]++
  }
  return numbers
}
