// Turns pointer, wheel and key events on the stage into actions.

const CLICK_REACH = 4 // pixels that a click may wander
const KEY_ZOOM = 1.5
const LINE_PIXELS = 16 // of a wheel event that counts in lines

// Calls back: pan(dx, dy), rest(), zoom(x, y, factor), zoomMiddle(factor), fit(), click(x, y),
// hover(x, y), leave(), arrow(dx, dy, whether a small step), corner(), enter(whether it adds), escape(),
// tool(name) and draw(path in pixels, {kind, done, adds}).
// `tool()` is "move", "lasso" or "box". Returns a function that stops listening.
export function listen(stage, tool, on) {
  const pointers = new Map()
  let path = []
  let drawing = { kind: "move", done: false, adds: false }
  let moved = false

  const at = (event) => {
    const box = stage.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  const down = (event) => {
    if (event.button || event.target.closest("button, [role=slider]")) return
    stage.focus({ preventScroll: true })
    stage.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, at(event))
    moved = false
    const moves = tool() === "move"
    drawing = {
      kind: moves && event.shiftKey ? "lasso" : tool(),
      done: false,
      adds: !moves && event.shiftKey,
    }
    path = [at(event)]
    if (pointers.size > 1) on.draw([], drawing)
    on.leave()
  }

  const move = (event) => {
    const here = at(event)
    const before = pointers.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== "touch") on.hover(...here)
      return
    }
    if (pointers.size > 1) pinch(event.pointerId, before, here)
    else if (Math.hypot(here[0] - path[0][0], here[1] - path[0][1]) > CLICK_REACH || moved)
      drag(before, here)
    if (moved || pointers.size > 1) pointers.set(event.pointerId, here)
  }

  const drag = (before, here) => {
    moved = true
    if (drawing.kind === "move") return on.pan(here[0] - before[0], here[1] - before[1])
    path = drawing.kind === "box" ? [path[0], here] : [...path, here]
    return on.draw(path, drawing)
  }

  const pinch = (id, before, here) => {
    moved = true
    const [, other] = [...pointers].find(([key]) => key !== id)
    const middle = [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2]
    const gap = ([x, y]) => Math.max(8, Math.hypot(x - other[0], y - other[1]))
    on.pan((here[0] - before[0]) / 2, (here[1] - before[1]) / 2)
    on.zoom(...middle, gap(here) / gap(before))
  }

  const up = (event) => {
    if (!pointers.delete(event.pointerId)) return
    if (pointers.size) return
    if (!moved) on.click(...at(event))
    else if (drawing.kind !== "move") on.draw(path, { ...drawing, done: true })
    else on.rest()
  }

  const cancel = (event) => {
    pointers.delete(event.pointerId)
    on.draw([], drawing)
  }

  const wheel = (event) => {
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PIXELS : 1)
    // Unzoomed, there is nothing further out: the page scrolls instead.
    if (on.zoom(...at(event), Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0018))))
      event.preventDefault()
  }

  const keys = {
    ArrowLeft: ({ shiftKey }) => on.arrow(-1, 0, shiftKey),
    ArrowRight: ({ shiftKey }) => on.arrow(1, 0, shiftKey),
    ArrowUp: ({ shiftKey }) => on.arrow(0, -1, shiftKey),
    ArrowDown: ({ shiftKey }) => on.arrow(0, 1, shiftKey),
    " ": () => on.corner(),
    "+": () => on.zoomMiddle(KEY_ZOOM),
    "=": () => on.zoomMiddle(KEY_ZOOM),
    "-": () => on.zoomMiddle(1 / KEY_ZOOM),
    0: () => on.fit(),
    Home: () => on.fit(),
    Enter: ({ shiftKey }) => on.enter(shiftKey),
    Escape: () => on.escape(),
    m: () => on.tool("move"),
    l: () => on.tool("lasso"),
    b: () => on.tool("box"),
  }

  const key = (event) => {
    if (event.target !== stage || event.metaKey || event.ctrlKey || event.altKey) return
    const act = keys[event.key]
    if (!act || (event.key === " " && tool() === "move")) return
    event.preventDefault()
    event.stopPropagation()
    act(event)
  }

  const handlers = {
    pointerdown: down,
    pointermove: move,
    pointerup: up,
    pointercancel: cancel,
    pointerleave: () => on.leave(),
    keydown: key,
  }
  for (const [name, handler] of Object.entries(handlers)) stage.addEventListener(name, handler)
  stage.addEventListener("wheel", wheel, { passive: false })
  return () => {
    for (const [name, handler] of Object.entries(handlers)) stage.removeEventListener(name, handler)
    stage.removeEventListener("wheel", wheel)
  }
}
