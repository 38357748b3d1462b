// Printable ASCII and Latin letters that are composed already: nearly every text, at the cost of one test.
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\u02ff]*$/

// Scripts in which a joiner changes the letters around it (UAX #31, section 2.3, of the scripts in its tables 5 and 7), and the
// vowel signs of Arabic, which Unicode counts for no script.
const JOINING_SCRIPTS = 'Adlm Arab Beng Deva Gujr Guru Khmr Knda Mlym Mong Mymr Nkoo Orya Sinh Syrc Taml Telu'
  .split(' ')
  .map((script) => `\\p{Script=${script}}`)
const JOINING = String.raw`[[\u064b-\u0655\u0670${JOINING_SCRIPTS.join('')}]--\p{Default_Ignorable_Code_Point}]`
const EMOJI = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f\p{Emoji_Modifier}]?`

/** Characters without a glyph of their own that change how the text beside them looks. */
const VISIBLE_IN_EFFECT = [
  // UTS #51: emoji with a presentation or a skin tone, joined into one; keycaps; the flags of regions such as Scotland.
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}`,
  String.raw`${EMOJI}(?:\u200d${EMOJI})*`,
  String.raw`[0-9#*]\ufe0f\u20e3`,
  // Unicode Ideographic Variation Database: the form of a Han character, as in Japanese names.
  String.raw`\p{Unified_Ideograph}[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=${JOINING})(?:\u200d|\u200c(?=${JOINING}))`,
  String.raw`(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]`,
].join('|')

// All that Unicode calls ignorable in display, among it every control of direction; other controls; annotations.
const INVISIBLE = String.raw`[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]`
const INVISIBLE_TEXT = new RegExp(`(${VISIBLE_IN_EFFECT})|${INVISIBLE}`, 'gv')
const LINE_BREAKS = /[\t\n\v\f\r\x85\u2028\u2029]+/g
// A letter to Unicode, a blank to the eye.
const BLANK = /^[\s\u2800]*$/

// UAX #15, section 13 (Stream-Safe Text Format): no language puts more on one letter, and composing them takes time by the square
// of their number.
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu
// A few characters become up to three in NFC: a long text of them would not fit into the topics of what is derived from it.
const LONGEST_THAT_MAY_GROW = 10_000

export type TextChange =
  | 'line break to space'
  | 'invisible removed'
  | 'excess marks removed'
  | 'composed'
  | 'trimmed'

/**
 * The text as it is seen, on one line: without surrounding white space and invisible characters, composed (NFC). Two texts
 * that look alike by these rules are equal. `note` is called for each change that was made.
 */
export function cleanText(text: string, note: (change: TextChange) => void): string {
  const change = (before: string, after: string, kind: TextChange): string => {
    if (after !== before) note(kind)
    return after
  }
  const trimmed = text.trim()
  if (PLAIN.test(trimmed)) return change(text, trimmed, 'trimmed')

  const oneLine = change(trimmed, trimmed.replace(LINE_BREAKS, ' '), 'line break to space')
  const visible = change(oneLine, withoutInvisible(oneLine), 'invisible removed')
  const bounded = change(visible, visible.replace(EXCESS_MARKS, '$1'), 'excess marks removed')
  const composed = change(bounded, compose(bounded), 'composed')
  // What stood around an invisible character is at the edge only now.
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
