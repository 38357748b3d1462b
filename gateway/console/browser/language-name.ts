import { language as ofPage } from '../../pages/browser/language.ts'

const names = new Intl.DisplayNames(ofPage, { type: 'language' })

/** `Spanish (es)`. */
export const languageName = (language: string): string => `${names.of(language) ?? language} (${language})`
