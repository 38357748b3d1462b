import { z } from 'zod'
import { parseDuration } from '../duration.ts'
import { TIME_EXAMPLES } from '../load-definition.ts'

// Values as text. Each schema has one message, which describes all allowed values.

const NUMBER = /^\d+(?:\.\d+)?$/

const numberWhere = (isAllowed: (value: number) => boolean, allowed: string) =>
  z
    .string()
    .refine((text) => NUMBER.test(text) && isAllowed(Number(text)), `must be ${allowed}`)
    .transform(Number)

export const numberAboveZero = (most: number) =>
  numberWhere((value) => value > 0 && value <= most, `a number above 0, at most ${most}`)

export const numberFromZero = (most: number) =>
  numberWhere((value) => value <= most, `a number from 0 to ${most}`)

export const wholeNumber = (least: number, most: number) =>
  numberWhere(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`,
  )

export const choice = <const Name extends string>(names: readonly Name[]) =>
  z.enum(names, `must be ${names.length > 1 ? 'one of ' : ''}${names.join(', ')}`)

/** `allowed` describes the condition `isAllowed`. The text is kept unchanged. */
export const timeText = (isAllowed: (ms: number) => boolean, allowed: string) =>
  z.string().refine((text) => {
    const ms = parseDuration(text)
    return ms !== undefined && isAllowed(ms)
  }, `must be a time ${allowed}`)

/** A finite duration, in milliseconds. */
export const timeAboveZero = (mostMs: number, most: string) =>
  timeText((ms) => ms > 0 && ms <= mostMs, `above 0 and at most ${most}, such as ${TIME_EXAMPLES}`).transform(
    (text) => parseDuration(text) ?? 0,
  )

/** Two parts of one text. */
export const pair = (pattern: RegExp, form: string) =>
  z.string().transform((text, context) => {
    const [, name, value] = pattern.exec(text) ?? []
    if (name !== undefined && value !== undefined) return [name, value] as const
    context.addIssue(`must be ${form}`)
    return z.NEVER
  })
