/** What an element may have inside; what is false or missing is left out. */
export type Child = Node | string | number | null | undefined | false

/** Attributes by name; `onclick` and its like take a function. Styles stand in the style sheets only. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>
>

const SVG = 'http://www.w3.org/2000/svg'

/** Makes an element. Text is always text, never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  dress(element, attributes)
  fill(element, ...children)
  return element
}

/** Makes an element of a drawing. */
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag)
  dress(element, attributes)
  fill(element, ...children)
  return element
}

/** Puts these children in the place of those that were there. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...children.filter(isShown).map((child) => (child instanceof Node ? child : String(child))))
}

/** The element of the page with this id. @throws Error where the page and its script do not fit each other. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`)
  return element
}

/** Shows a part of the page, or takes it away. */
export function show(element: HTMLElement, shown: boolean): void {
  element.hidden = !shown
}

/** Writes a text where it changed, so that a reader's selection stays. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function dress(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

function isShown(child: Child): child is Node | string | number {
  return child !== null && child !== undefined && child !== false
}
