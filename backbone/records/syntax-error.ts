import { visit } from 'jsonc-parser'

// The search takes seconds in a text of mebibytes that is nested at each character.
const LONGEST_SEARCHED = 64 * 1024

class SyntaxFault extends Error {
  readonly place: string

  constructor(line: number, column: number) {
    super()
    this.place = `line ${line}, column ${column}`
  }
}

/**
 * Describes the error of a text that JSON.parse rejects, as the end of a sentence. Only some runtimes tell
 * the position, each in its own format. `firstLine` is the number of the text's first line.
 */
export function syntaxErrorOf(text: string, firstLine = 1): string {
  if (text.trim() === '') return 'is empty'
  if (text.length > LONGEST_SEARCHED) return 'has a syntax error'
  try {
    visit(
      // The position of a missing character is after the last character, not after the line breaks that
      // follow.
      text.trimEnd(),
      {
        onError: (_code, _offset, _length, line, column) => {
          throw new SyntaxFault(firstLine + line, column + 1)
        },
      },
      { disallowComments: true },
    )
  } catch (error) {
    if (error instanceof SyntaxFault) return `has a syntax error at ${error.place}`
  }
  // Either parser fails at some depth.
  return 'is nested too deeply'
}
