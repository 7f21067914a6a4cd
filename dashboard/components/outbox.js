// Presses on their way to the server: each has its own id, is sent again until the server confirms it,
// and counts once however often it arrives. Python puts this file before the scripts that use it
// (biome.json lists the names they use).

const RECHECK = 1000 // milliseconds between checks of pending presses
const IDLE_CHECKS = 2 // checks that find the server idle before a press counts as lost

// On the window, because each component loads its own copy of this file, and is redrawn.
if (!window.artextractOutboxes) addEventListener("beforeunload", holdVerdicts)
window.artextractOutboxes ??= {}
window.artextractCarrier ??= {}
const boxes = window.artextractOutboxes
const carrier = window.artextractCarrier
const HELD = ["verdict", "undo", "redo"]

function openOutbox(name) {
  boxes[name] ??= { waiting: [], visit: "", idle: 0, timer: 0 }
  return boxes[name]
}

// Takes in what the server says: presses it answered are done, those of a visit that ended with its
// server cannot be answered any more. `place`: the component's element, while it is on the page.
function settleOutbox(box, { answers, visit }, send, place) {
  const isNew = box.visit && box.visit !== visit
  box.waiting = isNew ? [] : box.waiting.filter((press) => !answers.includes(press.id))
  Object.assign(box, { visit, send, place })
}

function post(box, press) {
  box.waiting.push({ id: makeId(), ...press })
  sendAll(box)
  box.timer ||= setInterval(() => recheck(box), RECHECK)
}

// All of them: a server that has not begun with one message takes the next in its place.
function sendAll(box) {
  box.idle = 0
  box.send([...box.waiting])
}

// What every page has sends the presses of a component that left the page before they were answered.
function carry(data, send, place) {
  Object.assign(carrier, { send, place })
  for (const box of Object.values(boxes))
    if (!box.place?.isConnected || box.place === place) settleOutbox(box, data, send, place)
}

function recheck(box) {
  if (!box.place.isConnected && carrier.place?.isConnected) Object.assign(box, carrier)
  if (!box.waiting.length) {
    clearInterval(box.timer)
    box.timer = 0
    return
  }
  box.idle = isIdle() ? box.idle + 1 : 0
  if (box.idle >= IDLE_CHECKS) sendAll(box)
}

// Whether the server is there and has nothing left to do: then a press without an answer was lost.
function isIdle() {
  const app = document.querySelector("[data-testid=stApp]")
  return (
    app?.dataset.testScriptState === "notRunning" &&
    app?.dataset.testConnectionState === "CONNECTED"
  )
}

// The browser asks before it leaves while a verdict is on its way.
function holdVerdicts(event) {
  const waiting = Object.values(window.artextractOutboxes).flatMap((box) => box.waiting)
  if (waiting.some((press) => HELD.includes(press.kind))) event.preventDefault()
}

// 32 hexadecimal digits. Not randomUUID, which pages without https do not have.
function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

const FIELDS =
  "input, textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=listbox], [role=slider]"
const OPEN = "dialog[open], [role=dialog], [data-testid=stPopoverBody]"

// Whether a key belongs to what has the focus, or to what is open above the page. A toast, which is an
// alertdialog, asks for nothing: keys go on below it.
function isTaken(event) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return true
  return (
    Boolean(event.composedPath()[0]?.closest?.(FIELDS)) || Boolean(document.querySelector(OPEN))
  )
}
