import type { OutcomeKind } from '../../../backbone/records/outcome.ts'

/** `GET /messages`. */
export interface MessagesInForce {
  source: 'built-in' | 'MESSAGES_DIR'
  storeName: string
  defaultLanguage: string
  languages: string[]
  /** By country, in lower case. */
  languageByCountry: Record<string, string>
  kinds: PurchaseKind[]
}

export interface PurchaseKind {
  kind: OutcomeKind
  /** Null for the last kind. */
  untilMinutes: number | null
  followUp: boolean
  templates: { language: string; text: string; recorrido?: string }[]
}

interface Worded {
  kind: OutcomeKind
  message: string
  language: string
  template: string
  /** Placeholders of the template for `recorrido` that the checkout has no value for. */
  unknown: string[]
}

/** `POST /messages/preview`. A kind may have no message. */
export type Preview = Worded | { kind: OutcomeKind; message: null }
