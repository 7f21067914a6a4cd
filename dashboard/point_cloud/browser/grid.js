// A spatial grid of the points, so that the few near a place are found without a full scan.

const BITS = 8 // 256 x 256 cells
const SHIFT = 16 - BITS
const SIDE = 1 << BITS
export const HIGHEST_PLACE = 65534

export class Grid {
  // `places` are pairs of uint16; those with no place are left out.
  constructor(places) {
    this.places = places
    const count = places.length / 2
    this.starts = new Uint32Array(SIDE * SIDE + 1)
    for (let row = 0; row < count; row++) {
      const cell = this.cell(row)
      if (cell >= 0) this.starts[cell + 1]++
    }
    for (let cell = 0; cell < SIDE * SIDE; cell++) this.starts[cell + 1] += this.starts[cell]
    this.rows = new Uint32Array(this.starts[SIDE * SIDE])
    const next = this.starts.slice()
    for (let row = 0; row < count; row++) {
      const cell = this.cell(row)
      if (cell >= 0) this.rows[next[cell]++] = row
    }
  }

  cell(row) {
    const x = this.places[2 * row]
    const y = this.places[2 * row + 1]
    return x > HIGHEST_PLACE ? -1 : (y >> SHIFT) * SIDE + (x >> SHIFT)
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
