type Attributes = Record<string, string | number | boolean | undefined>

/** An element. `true` and `false` set an attribute without a value, or leave it out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children)
  return element
}

/** An element of the page that the server has rendered. Throws if it is missing or of another type. */
export function byId<Type extends HTMLElement = HTMLElement>(
  id: string,
  type: new () => Type = HTMLElement as unknown as new () => Type,
): Type {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`the page has no ${id}`)
}

/** Writes only changes, so that selections and screen readers are not disturbed each second. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
