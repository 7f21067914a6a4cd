// What is computed once for the points of a run, and kept for every cloud that shows them.

import { Grid } from "./grid.js"
import { shuffle } from "./layers.js"

const prepared = new WeakMap()

// The grid of a layout, and the rows in the order of drawing.
export function prepare(points, layout) {
  if (!prepared.has(points))
    prepared.set(points, { grids: new Map(), shuffled: shuffle(points.count) })
  const { grids, shuffled } = prepared.get(points)
  if (!grids.has(layout)) grids.set(layout, new Grid(points.columns.get(layout).values))
  return { grid: grids.get(layout), shuffled }
}
