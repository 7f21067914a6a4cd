// A painting that can be panned and zoomed, over the IIIF tiles of this server.
const loading = new Map()

function load(url) {
  if (!loading.has(url)) {
    loading.set(
      url,
      new Promise((done, fail) => {
        const script = document.createElement("script")
        script.src = new URL(url, document.baseURI).href
        script.onload = () => done(window.OpenSeadragon)
        script.onerror = () => {
          loading.delete(url)
          fail(new Error(`${url} did not load`))
        }
        document.head.append(script)
      }),
    )
  }
  return loading.get(url)
}

// Tiles come from the page's own origin: behind a proxy the server may not know its address.
async function describe(url) {
  const address = new URL(url, document.baseURI).href
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${url} did not load`)
  return { ...(await answer.json()), id: address.replace(/\/info\.json$/, "") }
}

function zoomTo(viewer, act) {
  const view = viewer.viewport
  if (act === "in") view.zoomBy(1.6)
  if (act === "out") view.zoomBy(1 / 1.6)
  if (act === "whole") view.goHome()
  if (act === "full") viewer.setFullScreen(!viewer.isFullScreen())
  if (act !== "full") view.applyConstraints()
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".ae-viewer")
  const still = root.querySelector("img")
  if (root.dataset.info === data.info) return
  root.dataset.info = data.info
  root.dataset.painting = data.painting // the one that verdicts are on: components/verdict_panel.js
  still.src = data.still
  still.alt = data.alt
  root.classList.remove("ready")
  root.viewer?.destroy() // its tiles are of the painting before
  root.viewer = null
  Promise.all([load(data.script), describe(data.info)])
    .then(([OpenSeadragon, tiles]) => {
      if (root.dataset.info !== data.info) return
      root.viewer?.destroy() // made for the same painting, by a visit in between
      const viewer = OpenSeadragon({
        element: root.querySelector(".stage"),
        tileSources: tiles,
        showNavigationControl: false,
        visibilityRatio: 0.6,
        minZoomImageRatio: 0.8,
        maxZoomPixelRatio: 16,
        animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.6,
        gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
        drawer: "canvas",
      })
      viewer.canvas.setAttribute("role", "group")
      viewer.canvas.setAttribute(
        "aria-label",
        `${data.alt}. Zoom with plus and minus, pan with arrows.`,
      )
      viewer.addOnceHandler("tile-drawn", () => {
        if (root.viewer === viewer) root.classList.add("ready")
      })
      root.viewer = viewer
      for (const button of root.querySelectorAll("button[data-act]")) {
        button.onclick = () => zoomTo(viewer, button.dataset.act)
      }
    })
    .catch(() => {}) // the still picture stays, without tools
}
