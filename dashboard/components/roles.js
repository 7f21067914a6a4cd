// Streamlit says of the place for files that it means nothing, and names it: it is a group.
const PLACE = "[data-testid=stFileUploaderDropzone][role=presentation]"

function mend() {
  for (const place of document.querySelectorAll(PLACE)) place.setAttribute("role", "group")
}

export default function () {
  const watcher = new MutationObserver(mend)
  watcher.observe(document.body, { childList: true, subtree: true })
  mend() // the page may have been drawn before this was loaded
  return () => watcher.disconnect()
}
