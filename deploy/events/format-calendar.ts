import { z } from 'zod'
import { calendarEventSchema } from '../../backbone/records/calendar-event.ts'

const answerSchema = z.object({ calendar: z.array(calendarEventSchema.extend({ id: z.string() })) })
const problemSchema = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})

/** A line for each event of an answer of `GET /forecast`. */
export function formatCalendar(answer: unknown): string {
  const { calendar } = answerSchema.parse(answer)
  if (calendar.length === 0) return 'no events'
  return calendar
    .map(({ id, from, until, times, name }) => `${id}  ${from} to ${until}  ${times} times  ${name}`)
    .join('\n')
}

/** What a system refused, and why. */
export function formatProblem(status: number, body: unknown): string {
  const { data } = problemSchema.safeParse(body)
  if (data === undefined) return `the system answered ${status}`
  const faults = (data.errors ?? []).map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`)
  return [data.title, ...(data.detail === undefined ? [] : [data.detail]), ...faults].join('\n')
}
