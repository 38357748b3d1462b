import { language as ofPage } from '../../../pages/browser/language.ts'

const names = new Intl.DisplayNames(ofPage, { type: 'language' })

/** `Spanish (es)`, `Español (es)`. */
export function languageName(language: string): string {
  const [first = '', ...rest] = names.of(language) ?? language
  return `${first.toLocaleUpperCase(ofPage)}${rest.join('')} (${language})`
}
