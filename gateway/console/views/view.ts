import type { html } from 'hono/html'
import type { Language, Texts } from '../text/texts.ts'

export type Html = ReturnType<typeof html>

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What a view may use of the request. */
export interface PageContext {
  texts: Texts
  language: Language
  theme: Theme
  /** Whether the viewer has logged in, and can log out. */
  hasSession: boolean
}

/** The page's part between header and end. Data comes later, from the script of the same name. */
export interface View {
  /** Selects the script, `gateway/console/browser/NAME.ts`. */
  name: string
  title: (texts: Texts) => string
  content: (page: PageContext) => Html
}
