import { el } from '../../../pages/browser/dom.ts'

const SVG = 'http://www.w3.org/2000/svg'

function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}

/** A bar of a share of one, with a whisker for its interval. */
function createBar(share: number, interval?: readonly [number, number]): SVGElement {
  const bar = shape('svg', {
    class: 'bar',
    viewBox: '0 0 100 10',
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  })
  bar.append(shape('rect', { width: share * 100, height: 10 }))
  if (interval) {
    const [lower, upper] = interval.map((bound) => bound * 100)
    bar.append(shape('path', { d: `M${lower} 2V8M${lower} 5H${upper}M${upper} 2V8` }))
  }
  return bar
}

/** A share of one, in a picture and in words. */
export const barCell = (text: string, share: number, interval?: readonly [number, number]): HTMLElement =>
  el('div', { class: 'share' }, createBar(share, interval), el('span', { class: 'figure' }, text))
