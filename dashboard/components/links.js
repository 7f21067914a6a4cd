const MENU = "[data-st-overlay-root=true], [aria-haspopup=dialog][aria-expanded=true]"

export default function () {
  const open = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target.closest?.("a[data-inside]")
    if (!link) return
    event.preventDefault()
    history.pushState(null, "", link.href)
    dispatchEvent(new PopStateEvent("popstate"))
  }
  // A menu that a click elsewhere closes says so after what was clicked has asked for its page,
  // and names the page before: the new one would stay empty. The click waits until it has said so.
  let passes = false
  const closeMenu = (event) => {
    const menu = document.querySelector("[data-testid=stPopoverBody]")
    const path = event.composedPath()
    if (passes || !menu || path.some((part) => part.matches?.(MENU))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const focused = document.activeElement
    menu.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }))
    focused?.focus()
    setTimeout(() => {
      passes = true
      path[0].dispatchEvent(new PointerEvent("click", event))
      passes = false
    })
  }
  document.addEventListener("click", open)
  window.addEventListener("click", closeMenu, true)
  return () => {
    document.removeEventListener("click", open)
    window.removeEventListener("click", closeMenu, true)
  }
}
