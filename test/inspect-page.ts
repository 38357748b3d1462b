import { readFileSync } from 'node:fs'
import type { AxeResults } from 'axe-core'
import type { Page } from 'puppeteer-core'

// Not import.meta.resolve, which finds no package from a folder with non-ASCII letters in its name.
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/** What axe-core finds, and where. */
export async function violationsOf(page: Page): Promise<{ id: string; at: string[] }[]> {
  await page.evaluate(axe)
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => String(target)) }))
}

/** What goes beyond the window or its box, so that one has to scroll sideways to read it. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`[
    ...[document.documentElement].filter((page) => page.scrollWidth > page.clientWidth).map(() => 'the page'),
    ...[...document.querySelectorAll('.table')].filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => box.ariaLabel),
  ]`) as Promise<string[]>

/** Text of the first element; empty if there is none. */
export const textOf = (page: Page, selector: string): Promise<string> =>
  page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`) as Promise<string>
