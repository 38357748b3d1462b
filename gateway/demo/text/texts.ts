import type { Language } from '../../pages/text/texts.ts'
import { en } from './en.ts'
import { es } from './es.ts'

/** A text that is missing in the other language is an error of the compiler. */
export type DemoTexts = typeof en

const dictionaries: Record<Language, DemoTexts> = { en, es }

export const demoTextsOf = (language: Language): DemoTexts => dictionaries[language]
