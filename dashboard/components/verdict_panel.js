// One painting, its label and the five verdicts. What is pressed goes to the server with the painting
// that was on the screen at that moment. The server sends the next cards of the queue ahead, in the order
// that it will keep: the next painting is drawn at once, and the answer follows. Where none is ahead,
// nothing can be pressed until the server has drawn.

const ANOTHER = "\u0000another" // the entry of the list for a term that is not in it
const HEADER = 56 // pixels of Streamlit's own bar at the top
const ZOOM_KEYS = ["+", "=", "-", "0"]
const ZOOM_STEP = 1.5
const ZOOM_SPEED = 0.002 // per pixel of the wheel
const MOST_ZOOM = 8

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ae-panel")
  root.panel ??= new Panel(root)
  root.panel.tell = setTriggerValue
  return root.panel.take(data, (presses) => setTriggerValue("pressed", presses))
}

class Panel {
  constructor(root) {
    this.root = root
    this.box = openOutbox("panel")
    this.shown = null // the card on the screen, its picture decoded; null while one is on its way
    this.turn = 0
    this.pictures = new Map() // of the cards ahead: address -> the decoded picture, or its promise
    this.find = (name) => root.querySelector(name)
    this.verdicts = [...root.querySelectorAll("button[data-verdict]")]
    root.addEventListener("click", (event) => this.click(event))
    root.addEventListener("wheel", (event) => this.zoomAt(event), { passive: false })
    root.addEventListener("pointerdown", () => {
      this.byPointer = true
    })
    this.find(".right").addEventListener("change", () => this.choose())
    this.find(".right").addEventListener("keydown", (event) => {
      this.byPointer = false
      this.leaveOnEnter(event)
    })
    this.find(".term").addEventListener("input", () => this.name())
    this.find(".term").addEventListener("keydown", (event) => this.leaveOnEnter(event))
    this.find(".count").addEventListener("input", () => this.nameUndo())
  }

  // What the server drew, at each run of its script; returns how to leave.
  take(data, send) {
    const judged = this.box.waiting.length > 0
    this.data = data
    settleOutbox(this.box, data, send, this.root)
    const answered = judged && !this.box.waiting.length && data.told.done
    if (nameOf(this.card()) !== this.shown || (answered && !data.ahead.length)) this.show()
    else if (this.isDrawn()) this.drawCompared()
    this.fetchAhead()
    this.writeRest()
    this.refresh()
    const press = (event) => this.press(event)
    const refresh = () => this.refresh()
    document.addEventListener("keydown", press)
    document.addEventListener("load", refresh, true) // of a picture beside the panel
    const watcher = new MutationObserver(refresh)
    const container = this.root.closest("[data-stale]")
    if (container) watcher.observe(container, { attributeFilter: ["data-stale"] })
    return () => {
      watcher.disconnect()
      document.removeEventListener("keydown", press)
      document.removeEventListener("load", refresh, true)
    }
  }

  // The card whose turn it is: the first that was not judged or skipped on the way to the server.
  card() {
    const gone = new Set(this.box.waiting.map((press) => press.painting))
    return this.cards().find((card) => !gone.has(card.painting)) ?? this.cards().at(-1)
  }

  cards() {
    return [this.data.card, ...this.data.ahead].filter(Boolean)
  }

  // Decodes the pictures of the next cards, so that each is there when its turn comes.
  fetchAhead() {
    const before = this.pictures
    this.pictures = new Map()
    for (const card of this.data.ahead)
      this.pictures.set(card.picture, before.get(card.picture) ?? decode(card))
  }

  // Draws the card at once, when its picture is there; until then the one before stays, dimmed.
  async show() {
    const turn = ++this.turn
    const now = this.card()
    this.shown = null
    this.find("figure").removeAttribute("data-painting")
    const picture = now?.picture ? await (this.pictures.get(now.picture) ?? decode(now)) : null
    if (turn !== this.turn) return
    if (now) this.draw(now, picture)
    this.root.classList.toggle("empty", !now)
    await frame()
    await frame() // now it is on the screen
    if (turn !== this.turn) return
    if (now && picture) this.find("figure").dataset.painting = now.painting
    this.shown = nameOf(now)
    this.refresh()
  }

  draw(card, picture) {
    this.find("figure").hidden = !card.picture
    this.find("figure").replaceChildren(...(picture ? [picture] : []))
    this.write(".title", card.picture ? card.title : "")
    this.write(".byline", card.picture ? card.byline : "")
    this.drawCompared()
    this.write(".answer", card.answer)
    this.write(".evidence", card.evidence)
    this.write(".given", card.given)
    for (const button of this.verdicts)
      button.hidden = !card.verdicts.includes(button.dataset.verdict)
    this.find(".note").value = ""
    this.find(".count").value = 1
    this.find(".ask").hidden = true
    this.find(".term").hidden = true
    this.find(".term").value = ""
    this.write(".task", card.called)
    this.fillRight(card)
    this.name()
  }

  // The works beside the painting, where they were asked for; all pictures unzoomed.
  drawCompared() {
    const { compared } = this.data
    const place = this.find(".compared")
    place.hidden = !compared
    this.root.classList.toggle("comparing", Boolean(compared))
    this.find("[data-act=compare]").setAttribute("aria-pressed", String(Boolean(compared)))
    this.zoom(1, 50, 50)
    place.replaceChildren(...(compared ?? []).map(drawGroup))
  }

  compare() {
    if (this.data.skips && this.isFree() && this.isDrawn())
      this.tell("comparing", this.data.compared ? "off" : "on")
  }

  // Every picture by `factor`, around the same place of each, in percent of its sides.
  zoom(factor, x, y) {
    this.factor = Math.min(Math.max(factor, 1), MOST_ZOOM)
    this.root.style.setProperty("--zoom", this.factor)
    this.root.style.setProperty("--place", `${x}% ${y}%`)
    this.place = [x, y]
  }

  zoomAt(event) {
    const frame = this.data.compared && event.target.closest?.("img")?.parentElement
    if (!frame) return
    const factor = this.factor * Math.exp(-event.deltaY * ZOOM_SPEED)
    if (factor < 1 && this.factor === 1) return // the page scrolls
    event.preventDefault()
    const box = frame.getBoundingClientRect()
    const share = (at, from, size) => Math.round((100 * (at - from)) / size)
    const isNew = this.factor === 1
    const x = isNew ? share(event.clientX, box.left, box.width) : this.place[0]
    const y = isNew ? share(event.clientY, box.top, box.height) : this.place[1]
    this.zoom(factor, x, y)
  }

  zoomBy(key) {
    const factor = { "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP }[key]
    this.zoom(factor ? this.factor * factor : 1, ...this.place)
  }

  fillRight(card) {
    const right = this.find(".right")
    right.replaceChildren(
      option("", "Unknown"),
      ...card.classes.map(([value, text, of]) =>
        option(value, of ? `${text}, a kind of ${of}` : text),
      ),
      option(ANOTHER, "Another term…"),
    )
    right.value = card.classes.some(([value]) => value === card.proposed) ? card.proposed : ""
  }

  // A term of the list, or one that is written beside it: what key 3 would sign.
  proposal() {
    const right = this.find(".right")
    if (right.value !== ANOTHER) {
      const chosen = this.card().classes.find(([value]) => value === right.value)
      return { value: right.value || null, text: chosen ? chosen[1] : "" }
    }
    const text = this.find(".term").value.split(/\s+/).filter(Boolean).join(" ")
    const known = this.card().classes.find(([value, name]) =>
      [value, name].some((each) => fold(each) === fold(text)),
    )
    if (known) return { value: known[0], text: known[1] }
    return { value: text || null, text, isForeign: Boolean(text) }
  }

  choose() {
    const isAnother = this.find(".right").value === ANOTHER
    this.find(".term").hidden = !isAnother
    this.name()
    if (isAnother) this.find(".term").focus()
    else if (this.byPointer) this.verdictButton("wrong").focus()
  }

  leaveOnEnter(event) {
    if (event.key !== "Enter" || event.isComposing) return
    event.preventDefault() // chooses; what it chose is signed by the next press
    if (!event.repeat) this.verdictButton("wrong").focus()
  }

  // Writes what would be signed into the button that signs it.
  name() {
    const { value, text } = this.proposal()
    const card = this.card()
    this.verdictButton("wrong").querySelector("span").textContent = text
      ? `Wrong: ${text}`
      : "Wrong label"
    this.find(".proposed").hidden = !text
    this.write(".proposed small", value === card.proposed ? "Proposed" : "Your proposal")
    this.write(".proposed b", text || "")
    this.write(".why", value && value === card.proposed && card.why ? `Proposed: ${card.why}.` : "")
    this.find(".ask").hidden = true
  }

  // What does not belong to one painting.
  writeRest() {
    const { told, undoable, redoable, signed, skips } = this.data
    if (!this.box.waiting.length) this.write(".told", told.text)
    this.find(".told").classList.toggle("refused", !told.done)
    this.write(".signed", signed)
    this.find(".count").max = Math.max(undoable.rows.length, 1)
    for (const act of ["skip", "compare"]) this.find(`[data-act=${act}]`).hidden = !skips
    this.find("[data-act=redo]").hidden = !redoable
    this.write("[data-act=redo] span", `Redo: ${redoable}`)
    this.nameUndo()
  }

  nameUndo() {
    const rows = this.undoRows()
    const { latest } = this.data.undoable
    const what =
      rows.length > 1
        ? `Undo the last ${rows.length} verdicts`
        : rows.length
          ? `Undo: ${latest}`
          : "Undo"
    this.write("[data-act=undo] span", what)
  }

  undoRows() {
    const count = Math.trunc(Number(this.find(".count").value)) || 0
    return this.data.undoable.rows.slice(0, Math.max(count, 0))
  }

  // Whether the buttons act: nothing is on its way, and nothing older than the last drawing stands.
  isFree() {
    return !this.box.waiting.length && !this.root.closest("[data-stale=true]")
  }

  // Whether the painting on the screen can be judged or skipped: it is drawn, and either the buttons act
  // or it was sent ahead while earlier ones were on their way.
  isOpen() {
    const { waiting } = this.box
    const isAhead = waiting.length > 0 && waiting.every((press) => press.painting)
    return this.isDrawn() && (this.isFree() || (isAhead && !this.isWaitingFor(this.card())))
  }

  isWaitingFor({ painting }) {
    return this.box.waiting.some((press) => press.painting === painting)
  }

  isDrawn() {
    const card = this.card()
    return Boolean(card) && this.shown === nameOf(card)
  }

  // The painting on the screen, by its picture: this panel's own, or that of the viewer beside it.
  picture() {
    const card = this.card()
    const figure = card?.picture ? this.find("figure") : document.querySelector(".ae-viewer")
    const image = figure?.querySelector("img")
    const isThere =
      figure?.classList.contains("ready") || (image?.complete && image.naturalWidth > 0)
    return isThere && figure.dataset.painting === card?.painting ? figure : null
  }

  canJudge() {
    return this.isOpen() && this.picture() !== null
  }

  refresh() {
    const had = this.root.contains(document.activeElement) ? document.activeElement : this.had
    const canJudge = this.canJudge()
    for (const button of this.verdicts) button.disabled = !canJudge
    this.find("[data-act=skip]").disabled = !this.isOpen()
    this.find("[data-act=compare]").disabled = !(this.isFree() && this.isDrawn())
    this.find("[data-act=undo]").disabled = !(this.isFree() && this.undoRows().length)
    this.find("[data-act=redo]").disabled = !(this.isFree() && this.data.redoable)
    this.root.classList.toggle("locked", this.card() ? !this.isOpen() : !this.isFree())
    // A button that is switched off loses the focus; whoever goes by keyboard gets it back.
    this.had = had?.disabled ? had : null
    if (had && !had.disabled && document.activeElement === document.body) had.focus()
  }

  press(event) {
    if (event.repeat) {
      // a key that is held judges once, and presses no button of the next painting
      if (this.root.contains(event.target) && event.target.closest("button")) event.preventDefault()
      return
    }
    if (isTaken(event) || !this.find(".ask").hidden) return
    const key = event.key.toLowerCase()
    const button = this.verdicts.find((each) => each.dataset.key === key)
    if (this.data.compared && ZOOM_KEYS.includes(key)) {
      event.preventDefault()
      this.zoomBy(key)
      return
    }
    const act = Object.entries(this.data.keys).find(([, each]) => each === key)?.[0]
    if (!button && !act) return
    event.preventDefault()
    if (act) this[act]()
    else if (this.canJudge() && !button.hidden && this.isInView())
      this.judge(button.dataset.verdict)
  }

  // A key signs what can be read: where the button or the picture is out of view, they come back first.
  isInView() {
    const inside = ({ top, bottom }) => top >= HEADER && bottom <= innerHeight
    const seen = ({ top, bottom }) => bottom > HEADER && top < innerHeight
    const button = this.verdictButton("wrong")
    if (inside(button.getBoundingClientRect()) && seen(this.picture().getBoundingClientRect()))
      return true
    button.scrollIntoView({ block: "center" })
    this.write(".told", "The buttons were out of view. Look at the painting, then press again.")
    return false
  }

  click({ target }) {
    const button = target.closest("button")
    if (!button || button.disabled) return
    const { verdict, act } = button.dataset
    if (verdict) this.judge(verdict)
    else if (act === "skip") this.skip()
    else if (act === "undo") this.undo()
    else if (act === "redo") this.redo()
    else if (act === "compare") this.compare()
    else if (act === "confirm") this.judge("wrong", true)
    else if (act === "back") this.leaveAsk()
  }

  judge(verdict, confirmed = false) {
    if (!this.canJudge()) return
    const { painting, task, one, label, closed } = this.card()
    const { value, isForeign } = verdict === "wrong" ? this.proposal() : { value: null }
    if (isForeign && !confirmed && !closed) {
      this.ask(value, one)
      return
    }
    const note = this.find(".note").value.trim()
    this.send({ kind: "verdict", painting, task, label, verdict, proposed: value, note, confirmed })
  }

  ask(term, one) {
    this.write(".ask p", `'${term}' is not ${one} of this collection. Record it anyway?`)
    this.find(".ask").hidden = false
    this.find("[data-act=back]").focus()
  }

  leaveAsk() {
    this.find(".ask").hidden = true
    this.find(".term").focus()
  }

  skip() {
    if (this.data.skips && this.isOpen())
      this.send({ kind: "skip", painting: this.card().painting })
  }

  undo() {
    const rows = this.undoRows()
    if (this.isFree() && rows.length) this.send({ kind: "undo", rows })
  }

  redo() {
    if (this.isFree() && this.data.redoable) this.send({ kind: "redo" })
  }

  send(press) {
    this.find(".ask").hidden = true
    post(this.box, press)
    this.write(".told", "Recording…")
    if (!this.data.compared && nameOf(this.card()) !== this.shown) this.show()
    this.refresh()
  }

  verdictButton(verdict) {
    return this.verdicts.find((button) => button.dataset.verdict === verdict)
  }

  write(name, text) {
    const place = this.find(name)
    if (place.textContent !== text) place.textContent = text
  }
}

async function decode({ picture, alt }) {
  const image = new Image()
  image.alt = alt
  image.src = new URL(picture, document.baseURI).href
  await image.decode().catch(() => {}) // a broken one is shown as such, and cannot be judged
  return image
}

const nameOf = (card) => (card ? `${card.painting} ${card.task} ${card.label}` : "")

const frame = () => new Promise((done) => requestAnimationFrame(done))
const fold = (text) =>
  text
    .replace(/[_\-‐‑–]/g, " ")
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .join(" ")

function drawGroup({ title, pictures }) {
  const group = document.createElement("section")
  const heading = document.createElement("h3")
  heading.ariaLevel = "2" // it comes before the painting's own, which is of the second level
  heading.textContent = title
  const row = document.createElement("div")
  row.className = "row"
  row.append(...pictures.map(drawPicture))
  if (!pictures.length) row.textContent = "None here."
  group.append(heading, row)
  return group
}

function drawPicture({ source, alt, text }) {
  const frame = document.createElement("span")
  frame.className = "frame"
  frame.title = text
  const image = new Image()
  image.alt = alt
  image.src = new URL(source, document.baseURI).href
  frame.append(image)
  return frame
}

function option(value, text) {
  const made = document.createElement("option")
  made.value = value
  made.textContent = text
  return made
}
