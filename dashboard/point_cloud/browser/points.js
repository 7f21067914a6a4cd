// The points of a run: fetched once, then kept for every cloud that shows them.

const MAGIC = "AEP1"
const KEPT = 2
const loading = new Map()

// Promise of the points at `url`.
export function load(url) {
  if (!loading.has(url)) {
    const promise = fetchPoints(url)
    promise.catch(() => loading.delete(url))
    loading.set(url, promise)
    if (loading.size > KEPT) loading.delete(loading.keys().next().value)
  }
  return loading.get(url)
}

async function fetchPoints(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  return decode(await answer.arrayBuffer())
}

// What dashboard/point_cloud/packing.py packed: {count, columns: Map of name to column, quadrants, ramps, neutral}.
// A column's `none` is the value that stands for "no value".
export function decode(buffer) {
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4))
  if (magic !== MAGIC) throw new Error(`this is not a file of points: ${magic}`)
  const length = new DataView(buffer).getUint32(4, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)))
  const start = 8 + length
  const columns = new Map()
  for (const column of header.columns) {
    const size = header.count * (column.kind === "place" ? 2 : 1)
    const Type = column.bytes === 1 ? Uint8Array : Uint16Array
    const values = new Type(buffer, start + column.offset, size)
    columns.set(column.name, { ...column, values, none: column.bytes === 1 ? 255 : 65535 })
  }
  return { ...header, columns }
}

// Rows as dashboard/point_cloud/packing.py encodes them: Uint8Array of 0 and 1, one a row.
export async function decodeRows(text, count) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const bits = await inflate(packed, Math.ceil(count / 8))
  const rows = new Uint8Array(count)
  for (let row = 0; row < count; row++) rows[row] = (bits[row >> 3] >> (~row & 7)) & 1
  return rows
}

// The `length` bytes that were packed. By hand: a Blob and a Response wait for the browser's other
// work.
async function inflate(packed, length) {
  const { writable, readable } = new DecompressionStream("deflate")
  const writer = writable.getWriter()
  const written = Promise.all([writer.write(packed), writer.close()])
  const bytes = new Uint8Array(length)
  const reader = readable.getReader()
  let at = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes.set(part.value, at)
    at += part.value.length
  }
  await written
  return bytes
}
