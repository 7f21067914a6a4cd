// Cards of a gallery: ticks on them, how large they are, and the one whose point is under the pointer.
// Python puts this file before keyboard.js (biome.json lists the names it uses).

const TICK = ".ae-card .tick"
const SIZE = ".ae-size input"
const SIZE_KEPT = "artextract-tile" // in the browser's own storage
const SMALL = 150 // pixels below which a card leaves out its sentences

// On the window: each page loads this module.
window.artextractTicks ??= { rows: new Set() }
const ticks = window.artextractTicks

// Takes in the rows that the server holds as ticked, unless it has yet to hear of later ticks.
function settleTicks(box, rows) {
  if (!box.waiting.some((press) => press.kind === "tick")) ticks.rows = new Set(rows)
  paintTiles()
}

// Ticks a card, or takes its tick back. `most`: how many there can be; the server says where one more was asked for.
function tick(box, card, most) {
  const row = Number(card.dataset.row)
  const wasTicked = ticks.rows.delete(row)
  const beyond = !wasTicked && ticks.rows.size >= most
  if (!wasTicked && !beyond) ticks.rows.add(row)
  paintTiles()
  post(box, { kind: "tick", rows: [...ticks.rows], beyond })
}

// Cards as they stand on the page by now: drawn anew, they know of neither ticks nor size.
function paintTiles() {
  for (const button of document.querySelectorAll(TICK)) {
    const isTicked = ticks.rows.has(Number(button.closest(".ae-card").dataset.row))
    if (button.getAttribute("aria-checked") !== String(isTicked))
      button.setAttribute("aria-checked", String(isTicked))
  }
  const slider = document.querySelector(SIZE)
  const size = keptSize()
  if (slider && size) slider.value = size
  if (size) showSize(size)
}

function resize(slider) {
  showSize(Number(slider.value))
  try {
    localStorage.setItem(SIZE_KEPT, slider.value)
  } catch {} // a browser that keeps nothing forgets it with the page
}

function showSize(pixels) {
  const root = document.documentElement
  root.style.setProperty("--tile", `${pixels}px`)
  root.classList.toggle("ae-dense", pixels < SMALL)
}

function keptSize() {
  try {
    return Number(localStorage.getItem(SIZE_KEPT))
  } catch {
    return 0
  }
}
