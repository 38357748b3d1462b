import { type Language, textsOf } from '../../pages/text/texts.ts'
import { en } from './en.ts'
import { es } from './es.ts'

/** A text that is missing in the other language is an error of the compiler. */
type ConsoleTexts = typeof en

const dictionaries: Record<Language, ConsoleTexts> = { en, es }

/** The texts of the operations page, and those of all pages. */
export const consoleTextsOf = (language: Language) => ({ ...textsOf(language), ...dictionaries[language] })
