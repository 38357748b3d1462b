import { type Language, languages } from '../text/texts.ts'

/** The language in which the server has written the page. */
export const language: Language =
  languages.find((known) => known === document.documentElement.lang) ?? languages[0]
