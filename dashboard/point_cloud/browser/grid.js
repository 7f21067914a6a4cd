// A spatial grid of the points, so that the few near a place are found without a full scan.

import { contains } from "./outlines.js"

const BITS = 8 // 256 x 256 cells
const SHIFT = 16 - BITS
const SIDE = 1 << BITS
const CELL = 1 << SHIFT // places
const ROUNDING = 1e-6 // cells
export const HIGHEST_PLACE = 65534

export class Grid {
  // `places` are pairs of uint16; those with no place are left out. `placed` holds 1 for each row that
  // has one.
  constructor(places) {
    this.places = places
    const count = places.length / 2
    this.placed = new Uint8Array(count)
    this.starts = new Uint32Array(SIDE * SIDE + 1)
    for (let row = 0; row < count; row++) {
      if (places[2 * row] > HIGHEST_PLACE) continue
      this.placed[row] = 1
      this.starts[this.cell(row) + 1]++
    }
    for (let cell = 0; cell < SIDE * SIDE; cell++) this.starts[cell + 1] += this.starts[cell]
    this.rows = new Uint32Array(this.starts[SIDE * SIDE])
    const next = this.starts.slice()
    for (let row = 0; row < count; row++) {
      if (this.placed[row]) this.rows[next[this.cell(row)]++] = row
    }
  }

  cell(row) {
    return (this.places[2 * row + 1] >> SHIFT) * SIDE + (this.places[2 * row] >> SHIFT)
  }

  // Uint16Array: in which of `side` x `side` cells each row lies, 0 where it has no place.
  spread(side) {
    if (this.spots?.side === side) return this.spots.cells
    const { places, placed } = this
    const cells = new Uint16Array(placed.length)
    const share = (side * (1 - 1e-9)) / HIGHEST_PLACE
    for (let row = 0; row < cells.length; row++) {
      if (!placed[row]) continue
      cells[row] =
        Math.floor(places[2 * row + 1] * share) * side + Math.floor(places[2 * row] * share)
    }
    this.spots = { side, cells }
    return cells
  }

  // Calls visit(row, u, v) for each point in a box of places, until it returns false.
  visit([u0, v0, u1, v1], visit) {
    const clamp = (value) => Math.min(HIGHEST_PLACE, Math.max(0, Math.floor(value * HIGHEST_PLACE)))
    const [left, low, right, high] = [clamp(u0), clamp(v0), clamp(u1), clamp(v1)]
    for (let y = low >> SHIFT; y <= high >> SHIFT; y++) {
      const first = this.starts[y * SIDE + (left >> SHIFT)]
      const last = this.starts[y * SIDE + (right >> SHIFT) + 1]
      for (let place = first; place < last; place++) {
        const row = this.rows[place]
        const u = this.places[2 * row] / HIGHEST_PLACE
        const v = this.places[2 * row + 1] / HIGHEST_PLACE
        if (u < u0 || u > u1 || v < v0 || v > v1) continue
        if (visit(row, u, v) === false) return
      }
    }
  }

  // Calls visit(row) for each point within `outline`, corners in places. Points are looked at one by
  // one only in the cells that its edge crosses.
  visitWithin(outline, visit) {
    const corners = outline.map((corner) => corner.map((place) => (place * HIGHEST_PLACE) / CELL))
    const crossed = findCrossed(corners)
    const { left, low, right, high } = reach(corners)
    for (let y = low; y <= high; y++) {
      let isInside = null // of the cells since the last one that the edge crosses
      for (let x = left; x <= right; x++) {
        const cell = y * SIDE + x
        if (crossed[cell]) this.visitCell(cell, outline, visit)
        else {
          if (x === left || crossed[cell - 1]) isInside = contains(corners, x + 0.5, y + 0.5)
          if (isInside) for (const row of this.rowsOf(cell)) visit(row)
        }
      }
    }
  }

  visitCell(cell, outline, visit) {
    for (const row of this.rowsOf(cell)) {
      const u = this.places[2 * row] / HIGHEST_PLACE
      const v = this.places[2 * row + 1] / HIGHEST_PLACE
      if (contains(outline, u, v)) visit(row)
    }
  }

  rowsOf(cell) {
    return this.rows.subarray(this.starts[cell], this.starts[cell + 1])
  }

  // The point nearest to the pixel (x, y) of `view` within `reach` pixels that `accept`s, or -1.
  nearest(view, x, y, reach, accept) {
    const [u0, v0] = view.toPlace(x - reach, y + reach)
    const [u1, v1] = view.toPlace(x + reach, y - reach)
    let found = -1
    let best = reach * reach
    this.visit([u0, v0, u1, v1], (row, u, v) => {
      if (!accept(row)) return
      const [px, py] = view.toScreen(u, v)
      const distance = (px - x) ** 2 + (py - y) ** 2
      if (distance <= best) {
        best = distance
        found = row
      }
    })
    return found
  }
}

// Cells that `corners`, in cells, reach.
function reach(corners) {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  const [left, low] = [inSide(Math.min(...xs)), inSide(Math.min(...ys))]
  return { left, low, right: inSide(Math.max(...xs)), high: inSide(Math.max(...ys)) }
}

// Uint8Array with 1 for each cell that an edge of the outline crosses; `corners` are in cells.
function findCrossed(corners) {
  const crossed = new Uint8Array(SIDE * SIDE)
  let [x1, y1] = corners[corners.length - 1]
  for (const [x2, y2] of corners) {
    const at = (y) => (y1 === y2 ? x1 : x1 + ((x2 - x1) * (y - y1)) / (y2 - y1))
    const [low, high] = [Math.min(y1, y2), Math.max(y1, y2)]
    for (let y = inSide(low); y <= inSide(high); y++) {
      const ends = [at(Math.max(low, y)), at(Math.min(high, y + 1))]
      if (y1 === y2) ends.push(x2)
      const last = inSide(Math.max(...ends) + ROUNDING)
      for (let x = inSide(Math.min(...ends) - ROUNDING); x <= last; x++) crossed[y * SIDE + x] = 1
    }
    ;[x1, y1] = [x2, y2]
  }
  return crossed
}

function inSide(place) {
  return Math.min(SIDE - 1, Math.max(0, Math.floor(place)))
}
