// Keys in the galleries, and the dialog that lists the keyboard shortcuts of the page.

const CARDS = ".ae-card > a[data-inside], .ae-case h3 a[data-inside]"
const JUDGED = ".ae-judged"
const SAME_ROW = 8 // pixels
const CALM = 120 // milliseconds after a change of the page, in which its address follows

const page = () => location.pathname.split("/").pop()

// The painting whose card had the focus (its `link`), or that was opened from a page's gallery: whenever
// that page is drawn anew, its card gets the focus again. On the window: each page loads this module.
window.artextractLeft ??= { painting: "", page: "", scrolled: page() }
const left = window.artextractLeft

export default function ({ data, parentElement, setTriggerValue }) {
  if (data.carries) carry(data, (presses) => setTriggerValue("carried", presses), parentElement)
  const box = openOutbox("gallery")
  settleOutbox(box, data, (presses) => setTriggerValue("pressed", presses), parentElement)
  rememberName(data.name)
  settleTicks(box, data.ticked)
  const tickCard = (card) => tick(box, card, data.most_ticked)

  // Looked up on use: the page may have redrawn the dialog since.
  const dialog = () => document.querySelector("dialog.ae-shortcuts")

  const open = () => {
    fill(dialog().querySelector(".sections"), data.sections)
    dialog().showModal()
  }

  const click = (event) => {
    const { target } = event
    if (event.defaultPrevented) return // heard by the listener of an earlier drawing
    if (target.closest(".ae-keys")) open()
    else if (target.closest(".ae-card .tick")) {
      event.preventDefault()
      tickCard(cardOf(target))
    } else if (target === dialog() || target.closest(".ae-shortcuts header button"))
      dialog().close()
  }

  // The focused painting, with the label its card asks about and the one it proposes; only if its
  // picture has loaded.
  const judge = (link, verdict) => {
    const { asked, proposed } = cardOf(link).dataset
    const picture = link.querySelector("img")
    if (!picture?.complete || !picture.naturalWidth) return
    post(box, {
      kind: "verdict",
      painting: paintingOf(link),
      task: "style",
      verdict,
      label: asked,
      proposed: proposed || null,
    })
  }

  const takeBack = (link) => {
    const { mine } = cardOf(link).dataset
    if (mine) post(box, { kind: "undo", rows: [mine] })
  }

  const press = (event) => {
    if (isTaken(event)) return
    if (left.link && !left.link.isConnected) comeBack() // drawn anew a moment ago
    const link = document.activeElement?.closest?.(CARDS)
    const act = actOf(event.key, link)
    if (!act) return
    event.preventDefault()
    if (!event.repeat || event.key.length > 1) act() // a key that is held moves on, and judges once
  }

  const actOf = (key, link) => {
    if (key === data.keys.help) return open
    if (key.toLowerCase() === data.keys.pictures) return firstCard()
    if (!link) return null
    const verdict = link.closest(JUDGED) && data.keys.verdicts[key]
    if (verdict) return () => judge(link, verdict)
    if (link.closest(JUDGED) && key.toLowerCase() === data.keys.undo) return () => takeBack(link)
    if (link.closest(JUDGED) && key.toLowerCase() === data.keys.tick)
      return () => tickCard(cardOf(link))
    return move(key, link)
  }

  const slide = ({ target }) => target.closest?.(".ae-size") && resize(target)

  const followSoon = throttle(() => {
    startAtTop()
    comeBack()
    paintTiles()
  })
  const watcher = new MutationObserver(followSoon)
  document.addEventListener("keydown", press)
  document.addEventListener("click", click)
  document.addEventListener("input", slide)
  document.addEventListener("focusin", remember)
  document.documentElement.dataset.keys = "heard"
  watcher.observe(document.body, { childList: true, subtree: true })
  followSoon() // the page may have been drawn before this was loaded
  return () => {
    document.removeEventListener("keydown", press)
    document.removeEventListener("click", click)
    document.removeEventListener("input", slide)
    document.removeEventListener("focusin", remember)
    delete document.documentElement.dataset.keys
    watcher.disconnect()
  }
}

function fill(place, sections) {
  place.replaceChildren(
    ...sections.map(([title, keys]) => {
      const section = element("section")
      const list = element("dl")
      for (const [key, meaning] of keys) list.append(element("dt", key), element("dd", meaning))
      section.append(element("h3", title), list)
      return section
    }),
  )
}

function element(name, text = "") {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

// For the next visit from this browser. The server takes it as it takes any text that is typed.
function rememberName(name) {
  if (name === null) return // somebody signed in is known already
  const secure = location.protocol === "https:" ? "; Secure" : ""
  const age = name ? 365 * 24 * 3600 : 0
  // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store
  document.cookie = `artextract_reviewer=${encodeURIComponent(name)}; Path=/; Max-Age=${age}; SameSite=Strict${secure}`
}

const cards = () => [...document.querySelectorAll(CARDS)]
const cardOf = (link) => link.closest(".ae-card")
const paintingOf = (link) => new URL(link.href).searchParams.get("painting") ?? ""

function firstCard() {
  const [first] = cards()
  return first && (() => first.focus())
}

// What an arrow, Home or End does from `link`; null if there is nowhere to go.
function move(key, link) {
  const all = cards()
  const place = all.indexOf(link)
  const targets = {
    ArrowLeft: () => all[place - 1],
    ArrowRight: () => all[place + 1],
    ArrowUp: () => beside(all, link, -1),
    ArrowDown: () => beside(all, link, 1),
    Home: () => all[0],
    End: () => all.at(-1),
  }
  const target = targets[key]?.()
  return target ? () => target.focus() : null
}

// The card of the next row up (-1) or down (1) that lies nearest.
function beside(all, link, direction) {
  const from = link.getBoundingClientRect()
  const boxes = all.map((card) => ({ card, box: card.getBoundingClientRect() }))
  const further = boxes.filter(({ box }) => (box.top - from.top) * direction > SAME_ROW)
  if (!further.length) return null
  const distance = ({ box }) => Math.abs(box.top - from.top)
  const row = Math.min(...further.map(distance))
  const nearest = further.filter((each) => distance(each) < row + SAME_ROW)
  return nearest.reduce((best, each) =>
    Math.abs(each.box.left - from.left) < Math.abs(best.box.left - from.left) ? each : best,
  ).card
}

// Where the focus goes; a redrawn card loses it to nothing, which raises no such event.
function remember({ target }) {
  if (page() === "painting") return
  const link = target.closest(CARDS)
  Object.assign(left, { painting: link ? paintingOf(link) : "", page: page(), link })
}

// Another page begins at its top, however far the one before was scrolled.
function startAtTop() {
  if (left.scrolled === page()) return
  left.scrolled = page()
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)
}

function comeBack() {
  const params = new URL(location.href).searchParams
  const painting = params.get("painting")
  if (page() === "painting") {
    if (!painting) return // on the way to another page the query goes before the path
    const origin = params.get("origin") ?? ""
    Object.assign(left, { painting, page: origin === "overview" ? "" : origin })
  } else if (left.painting && left.page === page() && document.activeElement === document.body) {
    cards()
      .find((link) => paintingOf(link) === left.painting)
      ?.focus()
  }
}

function throttle(act) {
  let waits = false
  return () => {
    if (waits) return
    waits = true
    setTimeout(() => {
      waits = false
      act()
    }, CALM)
  }
}
