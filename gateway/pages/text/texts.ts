import { en } from './en.ts'
import { es } from './es.ts'

/** What all pages say. A text that is missing in the other language is an error of the compiler. */
export type Texts = typeof en

export const languages = ['en', 'es'] as const
export type Language = (typeof languages)[number]

/** Each in its own language. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' }

const dictionaries: Record<Language, Texts> = { en, es }

export const textsOf = (language: Language): Texts => dictionaries[language]
