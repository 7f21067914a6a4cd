// The search box: suggestions while one types, Enter searches, the key of `data.key` goes to it.
// A combobox with a list, as WAI-ARIA's authoring practices describe it.

const WAIT = 120 // milliseconds without typing before suggestions are asked for

export default function ({ data, parentElement, setTriggerValue }) {
  const form = parentElement.querySelector(".ae-search")
  const input = form.querySelector("input")
  const list = form.querySelector("ul")
  let timer = 0
  let asked = null

  if (input.dataset.value !== data.value) {
    input.dataset.value = data.value
    input.value = data.value
  }

  const options = () => [...list.querySelectorAll("[role=option]:not(.hint)")]
  const chosen = () => list.querySelector("[aria-selected=true]")

  const close = () => {
    list.hidden = true
    input.setAttribute("aria-expanded", "false")
    input.removeAttribute("aria-activedescendant")
  }

  const show = (rows) => {
    list.replaceChildren(...rows)
    list.hidden = !rows.length
    input.setAttribute("aria-expanded", String(Boolean(rows.length)))
    input.removeAttribute("aria-activedescendant")
  }

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) input.setAttribute("aria-activedescendant", option.id)
    else input.removeAttribute("aria-activedescendant")
  }

  const search = (text) => {
    clearTimeout(timer)
    asked?.abort()
    input.value = text
    input.dataset.value = text
    close()
    input.blur()
    setTriggerValue("searched", text)
  }

  const suggest = async () => {
    const text = input.value
    if (!text.trim()) return show(data.fields.map(hintOf))
    asked?.abort()
    asked = new AbortController()
    const { signal } = asked
    try {
      const answer = await fetch(`${data.address}?text=${encodeURIComponent(text)}`, { signal })
      const found = answer.ok ? await answer.json() : []
      if (document.activeElement === input && input.value === text)
        show([...found, ...listOwn(text, data.own)].map(optionOf))
    } catch {
      // asked again with what was typed since, or the server is gone: there is nothing to suggest
    }
  }

  const type = () => {
    clearTimeout(timer)
    timer = setTimeout(suggest, input.value.trim() ? WAIT : 0)
  }

  const press = (event) => {
    if (event.isComposing) return // the key is the input method's
    const all = options()
    const place = all.indexOf(chosen())
    if (event.key === "ArrowDown" && all.length) choose(all[(place + 1) % all.length])
    else if (event.key === "ArrowUp" && all.length)
      choose(all[(place <= 0 ? all.length : place) - 1])
    else if (event.key === "Enter") search(chosen()?.dataset.text ?? input.value)
    else if (event.key === "Escape" && !list.hidden) close()
    else if (event.key === "Escape") input.blur()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const take = (event) => {
    const option = event.target.closest("[role=option]:not(.hint)")
    if (!option) return
    event.preventDefault() // the box keeps the focus until then
    search(option.dataset.text)
  }

  const submit = (event) => {
    event.preventDefault()
    search(input.value)
  }

  // The cross that empties the field, in browsers that have one.
  const clear = () => {
    if (!input.value && input.dataset.value) search("")
  }

  const go = (event) => {
    if (event.key !== data.key || isTaken(event)) return
    event.preventDefault()
    input.focus()
    input.select()
  }

  const heard = [
    [input, "input", type],
    [input, "focus", suggest],
    [input, "blur", close],
    [input, "keydown", press],
    [input, "search", clear],
    [list, "mousedown", take],
    [form, "submit", submit],
    [document, "keydown", go],
  ]
  for (const [place, name, act] of heard) place.addEventListener(name, act)
  return () => {
    for (const [place, name, act] of heard) place.removeEventListener(name, act)
    clearTimeout(timer)
  }
}

// Those of the visitor's own terms, on sets and verdicts, that the last word of `text` begins.
function listOwn(text, own) {
  const [, before, last] = text.match(/^(.*?)((?:\S*"[^"]*|\S*))$/s)
  if (last.length < 2) return []
  const fits = ({ text: term, name }) =>
    fold(term.replaceAll('"', "")).startsWith(fold(last.replaceAll('"', ""))) ||
    fold(name).startsWith(fold(last))
  return own.filter(fits).map((each) => ({ ...each, text: before + each.text, alone: before }))
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()

function optionOf({ text, name, kind, count, alone }, place) {
  const option = document.createElement("li")
  option.id = `ae-suggestion-${place}`
  option.role = "option"
  option.dataset.text = text
  option.setAttribute("aria-selected", "false")
  const said = alone
    ? `${kind}, ${count.toLocaleString("en")} in all`
    : `${kind}, ${count.toLocaleString("en")}`
  option.append(part("span", name), part("small", said))
  return option
}

function hintOf([typed, meaning]) {
  const hint = document.createElement("li")
  hint.role = "option"
  hint.ariaDisabled = "true"
  hint.className = "hint"
  hint.append(part("code", typed), part("small", meaning))
  return hint
}

function part(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
