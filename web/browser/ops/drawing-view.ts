import type { TopologyDrawing } from '../api-types.ts'
import { banner } from '../kit/banner.ts'
import { copyButton } from '../kit/copy-button.ts'
import { h } from '../kit/dom.ts'

/** What Graphviz draws with. Anything else is not taken over into the page. */
const DRAWN: readonly string[] = ['svg', 'g', 'title', 'path', 'polygon', 'polyline', 'ellipse', 'text']

/** A topology as a picture in the page's own colours, and as text and Mermaid to copy. */
export function drawingView(app: string, { svg, mermaid, text }: TopologyDrawing): HTMLElement {
  const picture = pictureOf(svg)
  const words = (title: string, content: string) =>
    h(
      'details',
      { class: 'more' },
      h('summary', {}, title),
      copyButton(() => content),
      h('pre', { tabindex: 0, 'aria-label': `${app}: ${title}` }, content),
    )
  const label = `Drawing of ${app}; “In words” tells the same`
  return h(
    'div',
    {},
    picture === null
      ? banner('warn', 'The drawing cannot be shown; it stands below in words.')
      : h('div', { class: 'picture', tabindex: 0, role: 'img', 'aria-label': label }, picture),
    words('In words', text),
    words('As Mermaid', mermaid),
  )
}

/** One pixel a point: the picture has its natural size, and its frame scrolls. */
function pictureOf(source: string): SVGSVGElement | null {
  const picture = new DOMParser().parseFromString(source, 'text/html').querySelector('svg')
  if (picture === null) return null
  for (const element of picture.querySelectorAll('*')) {
    if (!DRAWN.includes(element.tagName)) element.remove()
  }
  const { width, height } = picture.viewBox.baseVal
  picture.setAttribute('width', String(width))
  picture.setAttribute('height', String(height))
  return document.importNode(picture, true)
}
