// The first steps, one at a time. The browser keeps that they were closed.

const KEPT = "artextract-tour"

export default function ({ data, parentElement }) {
  const tour = parentElement.querySelector(".ae-tour")
  const find = (name) => tour.querySelector(name)
  tour.step ??= 0

  const draw = () => {
    if (tour.drawn === data.steps[tour.step]) return // a link that has the focus keeps it
    tour.drawn = data.steps[tour.step]
    find(".place").textContent = `${tour.step + 1} of ${data.steps.length}`
    find(".step").innerHTML = tour.drawn // written by the server, of its own words
    find("[data-act=back]").disabled = tour.step === 0
    find("[data-act=next]").disabled = tour.step === data.steps.length - 1
  }

  const click = ({ target }) => {
    const act = target.closest("button")?.dataset.act
    if (act === "close") close()
    if (act === "back" || act === "next") {
      tour.step += act === "next" ? 1 : -1
      draw()
      if (target.disabled) find("button:enabled").focus()
    }
  }

  const close = () => {
    tour.hidden = true
    try {
      localStorage.setItem(KEPT, "closed")
    } catch {} // a browser that keeps nothing shows them again with the next visit
  }

  const press = ({ key }) => {
    if (key === "Escape") close()
  }

  tour.onclick = click
  tour.onkeydown = press // returns nothing: false would keep Tab and Enter from the buttons
  tour.hidden = wasClosed() || cameByLink()
  draw()
}

function wasClosed() {
  try {
    return localStorage.getItem(KEPT) !== null
  } catch {
    return false
  }
}

// Whether the visit began elsewhere than at the bare address of the first page.
function cameByLink() {
  const [began] = performance.getEntriesByType("navigation")
  const { pathname, search } = new URL(began?.name ?? location.href)
  return Boolean(search) || !["", "overview"].includes(pathname.split("/").pop())
}
