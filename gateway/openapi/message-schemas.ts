import { KIND } from '../../backbone/records/outcome.ts'

const text = { type: 'string' }
const language = { type: 'string', description: 'BCP 47' }
const kind = { type: 'string', pattern: KIND.source }
const minutes = { type: 'number', minimum: 0 }

const template = {
  type: 'object',
  required: ['language', 'text'],
  properties: {
    language,
    text,
    recorrido: {
      type: 'string',
      description: 'For checkouts with a value for each of its placeholders; absent if there is none',
    },
  },
}

const purchaseKind = {
  type: 'object',
  required: ['kind', 'aboveMinutes', 'untilMinutes', 'followUp', 'templates'],
  properties: {
    kind,
    aboveMinutes: minutes,
    untilMinutes: { type: ['number', 'null'], description: 'null for the last kind' },
    followUp: { type: 'boolean', description: 'Whether its outcomes are copied to FollowUp' },
    templates: { type: 'array', items: template },
  },
}

const placeholder = {
  type: 'object',
  required: ['name', 'meaning', 'ofRecorrido'],
  properties: {
    name: text,
    meaning: text,
    ofRecorrido: {
      type: 'boolean',
      description: 'Whether only checkouts with `recorrido` may have a value for it',
    },
  },
}

export const messageSchemas = {
  Messages: {
    type: 'object',
    required: [
      'source',
      'storeName',
      'defaultLanguage',
      'languages',
      'languageByCountry',
      'kinds',
      'placeholders',
      'longestMessage',
    ],
    properties: {
      source: { enum: ['built-in', 'MESSAGES_DIR'] },
      storeName: text,
      defaultLanguage: language,
      languages: { type: 'array', items: language },
      languageByCountry: {
        type: 'object',
        description: 'By `ubicacion.pais`, in lower case',
        additionalProperties: language,
      },
      kinds: {
        type: 'array',
        description: 'From the shortest purchases to the longest',
        items: purchaseKind,
      },
      placeholders: { type: 'array', items: placeholder },
      longestMessage: { type: 'integer', description: 'In UTF-16 units; longer values are cut' },
    },
  },
  MessagePreview: {
    type: 'object',
    required: ['kind', 'message'],
    properties: {
      kind,
      message: { type: ['string', 'null'], description: 'null for a kind without a message' },
      language,
      template: { type: 'string', description: 'Name of the file' },
      unknown: {
        type: 'array',
        description: 'Placeholders of the variant for `recorrido` that the checkout has no value for',
        items: text,
      },
    },
  },
}
