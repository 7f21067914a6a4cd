// Reads {places, outlines} as JSON from standard input: pairs of uint16, and outlines in places.
// Prints for each outline the rows that the grid finds within it, and those that lie inside when
// each point is tested by itself.

import { readFileSync } from "node:fs"
import { Grid, HIGHEST_PLACE } from "../../../../dashboard/point_cloud/browser/grid.js"
import { contains } from "../../../../dashboard/point_cloud/browser/outlines.js"

const { places, outlines } = JSON.parse(readFileSync(0, "utf8"))
const values = Uint16Array.from(places.flat())
const grid = new Grid(values)

function find(outline) {
  const rows = []
  grid.visitWithin(outline, (row) => rows.push(row))
  return rows.sort((a, b) => a - b)
}

function test(outline) {
  return [...grid.placed.keys()].filter(
    (row) =>
      grid.placed[row] &&
      contains(outline, values[2 * row] / HIGHEST_PLACE, values[2 * row + 1] / HIGHEST_PLACE),
  )
}

console.log(JSON.stringify(outlines.map((outline) => [find(outline), test(outline)])))
