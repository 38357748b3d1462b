import { el } from '../../../pages/browser/dom.ts'
import { time } from '../format.ts'

/** Of an instant in ISO 8601, in the viewer's zone. */
export const timeElement = (at: string): HTMLElement => el('time', { datetime: at }, time(Date.parse(at)))
