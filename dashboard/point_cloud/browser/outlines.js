// Outlines drawn around points, in the layout's own coordinates: "x,y;x,y;x,y|x,y;...".

const MAX_CORNERS = 48 // as dashboard/selection/outlines.py keeps
const DIGITS = 5

export function parse(text) {
  return text
    .split("|")
    .map((outline) => outline.split(";").map((corner) => corner.split(",").map(Number)))
    .filter((outline) => outline.length > 2 && outline.flat().every(Number.isFinite))
}

export function format(outlines) {
  const number = (value) => String(Number(value.toPrecision(DIGITS)))
  return outlines
    .map((outline) => outline.map(([x, y]) => `${number(x)},${number(y)}`).join(";"))
    .join("|")
}

export function box([x0, y0], [x1, y1]) {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ]
}

// The outline with few corners: those are dropped that move it least (Douglas and Peucker).
export function simplify(outline, tolerance = 1) {
  let kept = outline
  for (let reach = tolerance; kept === outline || kept.length > MAX_CORNERS; reach *= 1.5) {
    kept = dropCorners(outline, reach)
  }
  return kept
}

function dropCorners(outline, tolerance) {
  const last = outline.length - 1
  const keep = new Set([0, last])
  const open = [[0, last]]
  while (open.length) {
    const [first, end] = open.pop()
    let worst = tolerance
    let corner = -1
    for (let place = first + 1; place < end; place++) {
      const gap = distance(outline[place], outline[first], outline[end])
      if (gap > worst) {
        worst = gap
        corner = place
      }
    }
    if (corner > 0) {
      keep.add(corner)
      open.push([first, corner], [corner, end])
    }
  }
  return [...keep].sort((a, b) => a - b).map((place) => outline[place])
}

function distance([x, y], [x0, y0], [x1, y1]) {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const length = dx * dx + dy * dy
  const along = length ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length)) : 0
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy)
}

// Whether (x, y) lies inside, by the even-odd rule, as dashboard/selection/outlines.py decides too.
export function contains(outline, x, y) {
  let inside = false
  let from = outline[outline.length - 1]
  for (const to of outline) {
    if (from[1] > y !== to[1] > y) {
      const crossing = ((to[0] - from[0]) * (y - from[1])) / (to[1] - from[1]) + from[0]
      if (x < crossing) inside = !inside
    }
    from = to
  }
  return inside
}
