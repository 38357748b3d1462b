import type { MessagesInForce } from '../../backbone/messages/messages-in-force.ts'
import { languagesOf } from './parse-rules.ts'
import { isOfRecorrido, placeholderNames, placeholders } from './placeholders.ts'
import type { MessageFiles } from './read-messages.ts'
import { LONGEST_MESSAGE } from './render-message.ts'

/** What is in force, for `GET /messages`. */
export function describeMessages({ rules, texts, isBuiltIn, settings }: MessageFiles): MessagesInForce {
  const languages = languagesOf(rules)
  const templatesOf = (kind: string) =>
    languages.map((language) => {
      const base = `${kind}.${language}`
      const recorrido = texts.get(`${base}.recorrido.txt`)
      return {
        language,
        text: texts.get(`${base}.txt`) ?? '',
        ...(recorrido === undefined ? {} : { recorrido }),
      }
    })
  return {
    source: isBuiltIn ? 'built-in' : 'MESSAGES_DIR',
    storeName: settings.storeName,
    defaultLanguage: rules.defaultLanguage,
    languages,
    languageByCountry: Object.fromEntries(rules.languageByCountry),
    kinds: rules.kinds.map(({ kind, untilMinutes, isFollowedUp }, index) => ({
      kind,
      aboveMinutes: rules.kinds[index - 1]?.untilMinutes ?? 0,
      untilMinutes: Number.isFinite(untilMinutes) ? untilMinutes : null,
      followUp: isFollowedUp,
      templates: templatesOf(kind),
    })),
    placeholders: placeholderNames.map((name) => ({
      name,
      meaning: placeholders[name].meaning,
      ofRecorrido: isOfRecorrido(name),
    })),
    longestMessage: LONGEST_MESSAGE,
  }
}
