import type { html } from 'hono/html'
import type { Scope } from '../../../backbone/access/identity.ts'
import type { Language } from '../text/texts.ts'

export type Html = ReturnType<typeof html>

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What a view may use of the request. */
export interface PageContext {
  language: Language
  theme: Theme
  /** Whether the viewer has logged in, and can log out. */
  hasSession: boolean
  /** Whether the viewer reads the checkouts of all owners, by a scope. */
  seesAllOwners: boolean
}

/** The page's part between header and end. Data comes later, from its script. */
export interface View {
  /** By which the script of all pages knows the view. */
  name: string
  /** The file among the site's assets that fills the view. */
  script?: string
  title: (language: Language) => string
  content: (page: PageContext) => Html
}

/** Pages that share their files, and the scopes that a viewer needs. */
export interface Site {
  name: (language: Language) => string
  /** Address of the folder with the scripts and the style sheet. */
  assets: string
  scopes: readonly Scope[]
  /** Which credential the form to log in asks for. */
  hint: (language: Language) => string
  /** Fault of a credential that lacks a scope. */
  noScope: (language: Language) => string
  /** Its navigation. Without links, it has none. */
  links: readonly Link[]
}

interface Link {
  address: string
  label: (language: Language) => string
}
