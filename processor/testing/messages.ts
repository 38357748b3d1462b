import { BUILT_IN, readMessages } from '../messages/read-messages.ts'

/** The built-in messages, with the defaults of the settings. */
export const builtInFiles = (settings: { storeName?: string; quickMinutes?: number } = {}) =>
  readMessages(BUILT_IN, {
    storeName: 'Falabella',
    quickMinutes: 30,
    longestPlausibleMinutes: 10_080,
    ...settings,
  })

export const { messages: builtInMessages } = builtInFiles()
