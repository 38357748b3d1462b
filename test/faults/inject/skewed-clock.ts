// Preloaded into a process to give it a wrong clock: tools that do that from outside are not installed everywhere.
const offsetMs = Number(process.env['CLOCK_OFFSET_MS'])
const TrueDate = Date

class SkewedDate extends TrueDate {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length === 0) super(TrueDate.now() + offsetMs)
    else super(...args)
  }

  static override now(): number {
    return TrueDate.now() + offsetMs
  }
}

globalThis.Date = SkewedDate as DateConstructor
