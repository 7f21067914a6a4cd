// Places the name of each class where its points are densest.

import { count } from "./colours.js"

const SIDE = 40 // cells a side
const MOST = 27 // classes that are named
const FEWEST = 3 // points that a class must have
const GAP = 5 // pixels between names

// [{label, u, v}] for the largest classes of the points that have at least `least` in `status`.
export function place(grid, channel, status, least) {
  const { classes, codes, none } = channel
  const numbers = count(channel, status, least)
  const largest = [...numbers.keys()]
    .filter((place) => numbers[place] >= FEWEST)
    .sort((a, b) => numbers[b] - numbers[a])
    .slice(0, MOST)
  const rank = new Int32Array(none + 1).fill(-1)
  for (const [order, place] of largest.entries()) rank[place] = order
  const cells = new Float32Array(largest.length * SIDE * SIDE)
  const spots = grid.spread(SIDE)
  for (let row = 0; row < status.length; row++) {
    const order = rank[codes[row]]
    if (order >= 0 && status[row] >= least) cells[order * SIDE * SIDE + spots[row]]++
  }
  return largest.map((place, order) => {
    const [u, v] = peak(cells.subarray(order * SIDE * SIDE, (order + 1) * SIDE * SIDE))
    return { label: classes[place].label, colour: classes[place].colour, u, v }
  })
}

// Centre of mass around the cell whose neighbourhood holds most.
function peak(cells) {
  let best = -1
  let found = [0.5, 0.5]
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (!cells[y * SIDE + x]) continue
      const [mass, u, v] = around(cells, x, y)
      if (mass > best) {
        best = mass
        found = [u / mass / SIDE, v / mass / SIDE]
      }
    }
  }
  return found
}

function around(cells, x, y) {
  let [mass, u, v] = [0, 0, 0]
  for (let row = Math.max(0, y - 1); row <= Math.min(SIDE - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(SIDE - 1, x + 1); column++) {
      const here = cells[row * SIDE + column]
      mass += here
      u += here * (column + 0.5)
      v += here * (row + 0.5)
    }
  }
  return [mass, u, v]
}

// Those of `labels` that fit into `view` without touching; the first ones have precedence.
// `measure` gives the width of a text in pixels.
export function fit(labels, view, height, measure) {
  const taken = []
  const fitting = []
  for (const label of labels) {
    const [x, y] = view.toScreen(label.u, label.v)
    const half = measure(label.label) / 2
    const { left, top, right, bottom } = view.frame
    if (x - half < left || x + half > right || y - height < top || y + height > bottom) continue
    const box = [x - half - GAP, y - height / 2 - GAP, x + half + GAP, y + height / 2 + GAP]
    if (taken.some((other) => overlap(box, other))) continue
    taken.push(box)
    fitting.push({ ...label, x, y })
  }
  return fitting
}

export function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
