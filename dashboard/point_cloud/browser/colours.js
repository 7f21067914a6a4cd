// What each point's colour says: the classes of a channel, and the paint of all points.

import { codeQuadrant, QUADRANTS } from "./quadrants.js"

const SHAPE_STEP = 50 // the shader reads a shape from the alpha byte

// The channel `name` as {kind, label, classes, codes, none}: classes have name, label, colour, shape;
// `codes` holds the place of each point's class, or `none`. Arrays and no functions, for a million
// points are gone through at each filter.
export function channel(points, name, theme, thresholds) {
  const column = points.columns.get(name)
  if (name === "quadrant") return quadrants(points, thresholds)
  if (!column)
    return { kind: "none", label: "", classes: [], codes: new Uint8Array(points.count), none: 0 }
  if (column.kind === "score") return score(points, column, theme)
  const ramp = points.ramps[theme.dark ? "dark" : "light"]
  const classes = column.classes.map((entry) => ({
    ...entry,
    colour: entry.colour ?? ramp[Math.round(entry.ramp * (ramp.length - 1))],
  }))
  return { kind: "class", label: column.label, classes, codes: column.values, none: column.none }
}

// Quadrants follow the thresholds, which move: they are worked out here.
function quadrants(points, [lossLine, confidenceLine]) {
  const { values, none, high } = points.columns.get("quadrants")
  const states = points.columns.get("label_state").values
  const loss = (lossLine / high[1]) * (none - 1)
  const confidence = confidenceLine * (none - 1)
  const places = QUADRANTS.map((name) => points.quadrants.findIndex((entry) => entry.name === name))
  const codes = new Uint8Array(points.count)
  for (let row = 0; row < points.count; row++) {
    codes[row] =
      places[codeQuadrant(states[row], values[2 * row + 1], values[2 * row], loss, confidence)]
  }
  return { kind: "class", label: "Quadrant", classes: points.quadrants, codes, none: 255 }
}

function score(points, column, theme) {
  const ramp = points.ramps[theme.dark ? "dark" : "light"]
  const { values, none } = column
  const steps = none - 1
  const classes = Array.from({ length: none }, (_, value) => ({
    colour: mix(ramp, value / steps),
    shape: 0,
  }))
  return {
    kind: "score",
    label: column.label,
    classes,
    ramp,
    low: column.low,
    high: column.high,
    codes: values,
    none,
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
export function paint(count, { classes, codes, none }, neutral, into = new Uint8Array(4 * count)) {
  const mix = ({ colour, shape }) => {
    const [red, green, blue] = parse(colour)
    return (((shape * SHAPE_STEP) << 24) | (blue << 16) | (green << 8) | red) >>> 0
  }
  const inks = new Uint32Array(none + 1).fill(mix({ colour: neutral, shape: 0 }))
  for (const [place, entry] of classes.entries()) inks[place] = mix(entry)
  const whole = new Uint32Array(into.buffer)
  for (let row = 0; row < count; row++) whole[row] = inks[codes[row]]
  return into
}

// How many points of each class have at least `least` in `marks`, and a 1 in `shown` where that is
// not null.
export function count({ classes, codes, none }, marks, least, shown = null) {
  const numbers = new Uint32Array(none + 1)
  for (let row = 0; row < marks.length; row++) {
    if (marks[row] >= least && (shown === null || shown[row] === 1)) numbers[codes[row]]++
  }
  return numbers.slice(0, classes.length)
}
