import type { OutcomeKind } from '../records/outcome.ts'

/** What `GET /messages` answers. */
export interface MessagesInForce {
  source: 'built-in' | 'MESSAGES_DIR'
  storeName: string
  defaultLanguage: string
  languages: readonly string[]
  /** With countries as they are compared: in lower case. */
  languageByCountry: Record<string, string>
  /** From the shortest purchases to the longest. */
  kinds: readonly DescribedKind[]
  placeholders: readonly { name: string; meaning: string; ofRecorrido: boolean }[]
  /** In UTF-16 units. */
  longestMessage: number
}

export interface DescribedKind {
  kind: OutcomeKind
  aboveMinutes: number
  /** Null for the last kind. */
  untilMinutes: number | null
  followUp: boolean
  templates: readonly DescribedTemplate[]
}

export interface DescribedTemplate {
  language: string
  text: string
  recorrido?: string
}

/** What `POST /messages/preview` answers: the message that a checkout would get. A kind may have none. */
export type Preview =
  | { kind: OutcomeKind; message: null }
  | {
      kind: OutcomeKind
      message: string
      language: string
      /** Name of the file that was used. */
      template: string
      /** Placeholders of the variant for `recorrido` that the checkout has no value for: why it was not used. */
      unknown: readonly string[]
    }
