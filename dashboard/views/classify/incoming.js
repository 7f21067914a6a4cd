// Files on their way into the uploader: those pasted are handed to it, those that cannot all be taken
// are refused here, before anything is sent.

const INPUT = "[data-testid=stFileUploader] input[type=file]"
const ZONE = "[data-testid=stFileUploader]"
const MEGABYTE = 1_000_000

export default function ({ data, parentElement }) {
  const note = parentElement.querySelector(".ae-refused")

  // Why `files` cannot be taken together; "" where they can.
  const findFault = (files) => {
    const megabytes = [...files].reduce((sum, file) => sum + file.size, 0) / MEGABYTE
    if (files.length > data.files)
      return `${files.length.toLocaleString("en")} files are more than the ${data.files} that can be taken at a time. Send fewer, or a zip.`
    if (megabytes > data.megabytes)
      return `These files are ${Math.round(megabytes).toLocaleString("en")} MB together; at most ${data.megabytes} MB can be taken. Send fewer.`
    return ""
  }

  // Whether `files` go on to the uploader; if not, nobody else hears of the event.
  const check = (event, files) => {
    const fault = files?.length ? findFault(files) : ""
    note.textContent = fault && `Nothing was sent. ${fault}`
    note.hidden = !fault
    if (!fault) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  const change = (event) => {
    if (!event.target.matches?.(INPUT)) return
    check(event, event.target.files)
    if (!note.hidden) event.target.value = ""
  }

  const drop = (event) => {
    if (event.target.closest?.(ZONE)) check(event, event.dataTransfer?.files)
  }

  const paste = (event) => {
    const files = event.clipboardData?.files
    const input = document.querySelector(INPUT)
    if (!files?.length || !input) return
    event.preventDefault()
    event.stopImmediatePropagation() // the uploader itself takes what is pasted while it has the focus
    input.files = files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }

  // Before the uploader hears of them.
  document.addEventListener("change", change, true)
  document.addEventListener("drop", drop, true)
  document.addEventListener("paste", paste, true)
  return () => {
    document.removeEventListener("change", change, true)
    document.removeEventListener("drop", drop, true)
    document.removeEventListener("paste", paste, true)
  }
}
