import { type FiguresRecord, figuresRecordSchema } from './member-figures.ts'

/** Undefined for what is no record of figures: others may write to the topic, too. */
export function readFiguresRecord(value: Buffer | null): FiguresRecord | undefined {
  if (value === null) return undefined
  try {
    return figuresRecordSchema.safeParse(JSON.parse(value.toString())).data
  } catch {
    return undefined
  }
}
