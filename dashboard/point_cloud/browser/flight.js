// Moves a view to a place with a short animation, or directly if reduced motion is preferred.

const MILLISECONDS = 420

// `goal` is {zoom, centre} in places; `moved` is called after every step, `isOver()` ends it early.
export function fly(view, goal, animate, moved, isOver) {
  const start = { zoom: view.zoom, centre: [...view.centre] }
  const began = performance.now()
  const still = !animate || matchMedia("(prefers-reduced-motion: reduce)").matches
  const step = () => {
    const time = still ? 1 : Math.min(1, (performance.now() - began) / MILLISECONDS)
    const part = time * time * (3 - 2 * time)
    view.zoom = start.zoom * (goal.zoom / start.zoom) ** part
    view.centre = start.centre.map((from, axis) => from + (goal.centre[axis] - from) * part)
    view.keepInside()
    moved()
    if (time < 1 && !isOver()) requestAnimationFrame(step)
  }
  step()
}
