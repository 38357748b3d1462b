import { visit } from 'jsonc-parser'

// Of a text of mebibytes that is nested at each character the search takes seconds.
const LONGEST_SEARCHED = 64 * 1024

class SyntaxFault extends Error {
  readonly place: string

  constructor(line: number, column: number) {
    super()
    this.place = `line ${line}, column ${column}`
  }
}

/**
 * What is wrong with a text that JSON.parse refuses, as the end of a sentence about it. JSON.parse tells the place in some
 * runtimes only, each in its own words. `firstLine` is the number of the text's first line.
 */
export function syntaxErrorOf(text: string, firstLine = 1): string {
  if (text.trim() === '') return 'is empty'
  if (text.length > LONGEST_SEARCHED) return 'has a syntax error'
  try {
    visit(
      // What is missing is missing after the last character, not after the line breaks behind it.
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
  // Either parser gives up at some depth.
  return 'is nested too deeply'
}
