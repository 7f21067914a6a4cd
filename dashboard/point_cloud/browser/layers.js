// Which points are ghosts (filtered out), shown or selected, and the order in which they are drawn.

const GHOST = 1
export const SHOWN = 2
export const SELECTED = 3

// Uint8Array of what each point is; 0 where it has no place in `grid`. `shown` holds 1 for the rows
// that the filters keep, or is null for all. `channel` and `hidden`: the points of the classes of
// these names are switched off. `outlines` are in places.
export function sort(grid, shown, channel, hidden, outlines) {
  const { placed } = grid
  const { codes } = channel
  const off = findOff(channel, hidden)
  const status = new Uint8Array(placed.length)
  for (let row = 0; row < status.length; row++) {
    if (placed[row] === 0) continue
    const isShown = (shown === null || shown[row] === 1) && (off === null || off[codes[row]] === 0)
    status[row] = isShown ? SHOWN : GHOST
  }
  for (const outline of outlines) {
    grid.visitWithin(outline, (row) => {
      if (status[row] === SHOWN) status[row] = SELECTED
    })
  }
  return status
}

// Uint8Array with 1 for each code that is switched off; null where none is.
function findOff({ kind, classes, none }, hidden) {
  if (!hidden.size || kind !== "class") return null
  const off = new Uint8Array(none + 1)
  for (const [place, { name }] of classes.entries()) if (hidden.has(name)) off[place] = 1
  return off
}

// Rows in the order of drawing, ghosts first and selected last, and how many of each. Within a layer
// the order is `shuffled`: no class covers another only because it comes later in the collection,
// and the first rows of a layer are a fair sample of it.
export function arrange(status, shuffled) {
  const numbers = [0, 0, 0, 0]
  for (let row = 0; row < status.length; row++) numbers[status[row]]++
  const sizes = numbers.slice(1)
  const next = [0, 0, sizes[0], sizes[0] + sizes[1]]
  const rows = new Uint32Array(sizes[0] + sizes[1] + sizes[2])
  for (let place = 0; place < shuffled.length; place++) {
    const row = shuffled[place]
    const layer = status[row]
    if (layer) rows[next[layer]++] = row
  }
  return { rows, sizes }
}

// 0 to count - 1 in an order that looks random and is always the same.
export function shuffle(count) {
  const rows = new Uint32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  let seed = 1
  for (let place = count - 1; place > 0; place--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const other = Math.floor((seed / 4294967296) * (place + 1))
    const row = rows[place]
    rows[place] = rows[other]
    rows[other] = row
  }
  return rows
}
