// Streamlit says of the place for files that it means nothing, and names it: it is a group.
const PLACE = "[data-testid=stFileUploaderDropzone][role=presentation]"
// Its main part takes the focus, so that keys scroll it: by Tab, or by a click on anything in it.
const MAIN = "[data-testid=stMain]"

function mend() {
  for (const place of document.querySelectorAll(PLACE)) place.setAttribute("role", "group")
}

const noteClick = () => document.querySelector(MAIN)?.setAttribute("data-clicked", "")

function noteTab({ key }) {
  if (key === "Tab") document.querySelector(MAIN)?.removeAttribute("data-clicked")
}

export default function () {
  const watcher = new MutationObserver(mend)
  watcher.observe(document.body, { childList: true, subtree: true })
  document.addEventListener("pointerdown", noteClick, true)
  document.addEventListener("keydown", noteTab, true)
  mend() // the page may have been drawn before this was loaded
  return () => {
    watcher.disconnect()
    document.removeEventListener("pointerdown", noteClick, true)
    document.removeEventListener("keydown", noteTab, true)
  }
}
