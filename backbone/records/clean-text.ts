// Printable ASCII and composed Latin letters: one test decides for nearly every text.
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\u02ff]*$/

// Scripts in which a joiner changes the letters around it (UAX #31, section 2.3, from the scripts in tables 5
// and 7), and the vowel signs of Arabic, which Unicode assigns to no script.
const JOINING_SCRIPTS = 'Adlm Arab Beng Deva Gujr Guru Khmr Knda Mlym Mong Mymr Nkoo Orya Sinh Syrc Taml Telu'
  .split(' ')
  .map((script) => `\\p{Script=${script}}`)
const JOINING = String.raw`[[\u064b-\u0655\u0670${JOINING_SCRIPTS.join('')}]--\p{Default_Ignorable_Code_Point}]`
const EMOJI = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f\p{Emoji_Modifier}]?`

/** Characters without a glyph that change how the text beside them looks. */
const VISIBLE_IN_EFFECT = [
  // UTS #51: emoji with a presentation or a skin tone, joined into one; keycaps; the flags of regions such as
  // Scotland.
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`,
  String.raw`${EMOJI}(?:\u200d${EMOJI})*`,
  String.raw`[0-9#*]\ufe0f\u20e3`,
  // Unicode Ideographic Variation Database: variants of Han characters, as in Japanese names.
  String.raw`\p{Unified_Ideograph}[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=${JOINING})(?:\u200d|\u200c(?=${JOINING}))`,
  String.raw`(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]`,
].join('|')

// All characters that Unicode calls default ignorable, including every direction control; other controls;
// annotations.
const INVISIBLE = String.raw`[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]`
const INVISIBLE_TEXT = new RegExp(`(${VISIBLE_IN_EFFECT})|${INVISIBLE}`, 'gv')
const LINE_BREAKS = /[\t\n\v\f\r\x85\u2028\u2029]+/g
// A letter in Unicode, but displayed as a blank.
const BLANK = /^[\s\u2800]*$/

// UAX #15, section 13 (Stream-Safe Text Format): no language needs more marks on one letter, and composing
// them takes quadratic time.
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu
// NFC replaces a few characters by up to three. A long text of them would not fit into the topics of derived
// records.
const LONGEST_THAT_MAY_GROW = 10_000

export type TextChange =
  | 'lone surrogate replaced'
  | 'line break to space'
  | 'invisible removed'
  | 'excess marks removed'
  | 'composed'
  | 'trimmed'

/**
 * The text as it is displayed, on one line: trimmed, without invisible characters, composed (NFC). Two texts
 * that look alike by these rules are equal. Half of a surrogate pair becomes U+FFFD. `note` is called for each change.
 */
export function cleanText(text: string, note: (change: TextChange) => void): string {
  const trimmed = text.trim()
  if (!PLAIN.test(trimmed)) return cleanUnusual(text, trimmed, note)
  if (trimmed !== text) note('trimmed')
  return trimmed
}

function cleanUnusual(text: string, trimmed: string, note: (change: TextChange) => void): string {
  const change = (before: string, after: string, kind: TextChange): string => {
    if (after !== before) note(kind)
    return after
  }
  // Half a character, as left by a program that cuts texts. I-JSON (RFC 7493, section 2.1) forbids it, and Python, Go and
  // Java cannot write it as UTF-8.
  const wellFormed = change(trimmed, trimmed.toWellFormed(), 'lone surrogate replaced')
  const oneLine = change(wellFormed, wellFormed.replace(LINE_BREAKS, ' '), 'line break to space')
  const visible = change(oneLine, withoutInvisible(oneLine), 'invisible removed')
  const bounded = change(visible, visible.replace(EXCESS_MARKS, '$1'), 'excess marks removed')
  const composed = change(bounded, compose(bounded), 'composed')
  // White space beside a removed character is at the edge only now.
  const result = composed.trim()
  if (trimmed !== text || result !== composed) note('trimmed')
  return result
}

function compose(text: string): string {
  const composed = text.normalize('NFC')
  return composed.length > text.length && text.length > LONGEST_THAT_MAY_GROW ? text : composed
}

function withoutInvisible(text: string): string {
  const visible = text.replace(INVISIBLE_TEXT, '$1')
  return BLANK.test(visible) ? '' : visible
}
