// Which points are ghosts (filtered out), shown or selected, and the order in which they are drawn.

import { contains } from "./outlines.js"

const GHOST = 1
export const SHOWN = 2
export const SELECTED = 3

// Uint8Array of what each point is; 0 where it has no place.
// `isShown` is (row) => bool; `outlines` are in places; `grid` holds the points.
export function sort(grid, count, isShown, outlines) {
  const status = new Uint8Array(count)
  for (const row of grid.rows) status[row] = isShown(row) ? SHOWN : GHOST
  for (const outline of outlines) {
    grid.visit(bounds(outline), (row, u, v) => {
      if (status[row] === SHOWN && contains(outline, u, v)) status[row] = SELECTED
    })
  }
  return status
}

function bounds(outline) {
  const us = outline.map(([u]) => u)
  const vs = outline.map(([, v]) => v)
  return [Math.min(...us), Math.min(...vs), Math.max(...us), Math.max(...vs)]
}

// Rows in the order of drawing, ghosts first and selected last, and how many of each. Within a layer
// the order is `shuffled`: no class covers another only because it comes later in the collection,
// and the first rows of a layer are a fair sample of it.
export function arrange(status, shuffled) {
  const sizes = [0, 0, 0]
  for (const row of shuffled) if (status[row]) sizes[status[row] - 1]++
  const next = [0, sizes[0], sizes[0] + sizes[1]]
  const rows = new Uint32Array(sizes[0] + sizes[1] + sizes[2])
  for (const row of shuffled) if (status[row]) rows[next[status[row] - 1]++] = row
  return { rows, sizes }
}

// 0 to count - 1 in an order that looks random and is always the same.
export function shuffle(count) {
  const rows = Uint32Array.from({ length: count }, (_, row) => row)
  let seed = 1
  for (let place = count - 1; place > 0; place--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const other = Math.floor((seed / 4294967296) * (place + 1))
    ;[rows[place], rows[other]] = [rows[other], rows[place]]
  }
  return rows
}
