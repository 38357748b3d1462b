import type { html } from 'hono/html'
import type { Scope } from '../../../backbone/access/identity.ts'
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
  /** Whether the viewer reads the checkouts of all owners, by a scope. */
  seesAllOwners: boolean
}

/** The page's part between header and end. Data comes later, from the script of the same name. */
export interface View {
  /** Selects the script, `gateway/console/browser/NAME.ts`. */
  name: string
  title: (texts: Texts, language: Language) => string
  content: (page: PageContext) => Html
}

/** Pages that share their files, and the scopes that a viewer needs. */
export interface Site {
  name: (page: PageContext) => string
  /** Address of the folder with the script and the style sheet. */
  assets: string
  scopes: readonly Scope[]
  /** Which credential the form to log in asks for. */
  hint: (page: PageContext) => string
  /** Fault of a credential that lacks a scope. */
  noScope: (page: PageContext) => string
}
