import { z } from 'zod'

const nothing: z.ZodType<object> = z.object({})
const partitions = z.object({ partitions: z.string() })
/** Its address, as in PROCESSOR_URLS. */
const processor = z.object({ processor: z.string() })
const reason = z.object({ detail: z.string() })

/**
 * What each event tells about itself; never customer data. The codes are stable, and the operations page has a sentence for
 * each, in each language.
 */
const eventDetails = {
  started: nothing,
  stopping: nothing,
  /** The process did nothing for `seconds`: it was frozen, or its machine was. */
  paused: z.object({ seconds: z.number() }),
  'partition-claimed': partitions,
  'partition-released': partitions,
  'processor-silent': processor,
  'processor-back': processor,
  'kafka-unavailable': reason,
  'kafka-back': nothing,
  'access-refused': reason,
  /** `refused`: checkouts in the second in which it began. */
  'overload-began': z.object({ refused: z.number(), limit: z.number() }),
  'overload-ended': nothing,
  /** `by`: the id of an API key. */
  redriven: z.object({ deadLetter: z.string(), eventId: z.string(), by: z.string() }),
  /** Derived from the times of its figures: it was killed or frozen, or is cut off. See watch-silence.ts. */
  'member-silent': z.object({ role: z.string() }),
  'member-back': z.object({ role: z.string(), seconds: z.number() }),
} satisfies Record<string, z.ZodType>

export type MemberEventCode = keyof typeof eventDetails
export const memberEventCodes = Object.keys(eventDetails) as MemberEventCode[]
export type EventDetails = { [Code in MemberEventCode]: z.infer<(typeof eventDetails)[Code]> }

/** A process of another version may send more details. */
export const memberEventSchema = z
  .object({
    is: z.literal('event'),
    member: z.string(),
    run: z.string(),
    /** From 0, per run; below 0: derived by the process that adds the figures up. */
    number: z.number(),
    at: z.number(),
    code: z.enum(memberEventCodes),
    details: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .refine(({ code, details }) => eventDetails[code].safeParse(details).success)
type EventBase = Omit<z.infer<typeof memberEventSchema>, 'code' | 'details'>

/** Something that happened to a process. */
export type MemberEvent = {
  [Code in MemberEventCode]: EventBase & { code: Code; details: EventDetails[Code] }
}[MemberEventCode]

/** A code and its details, where it has any. */
export type EventArguments = {
  [Code in MemberEventCode]: keyof EventDetails[Code] extends never
    ? [code: Code]
    : [code: Code, details: EventDetails[Code]]
}[MemberEventCode]
export type ReportEvent = (...event: EventArguments) => void
