import { join } from 'node:path'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { program } from '../program.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'

const FEW = 10_000
const WITHIN_MS = 3_600_000

const figuresSchema = z.record(z.string(), z.number())

/** In a separate process: memory left by one read model must not affect the next. */
export async function measureReadModel(path: string, outcomes: number): Promise<Figures> {
  const command = [...program('bench/servers/measure-view.ts'), path, String(outcomes)]
  const { stdout } = await runToEnd(command, WITHIN_MS)
  return figuresSchema.parse(JSON.parse(stdout))
}

export const largeReadModel: Comparison = {
  name: 'large-view',
  measured: 'a read model of as many outcomes as are drained',
  baseline: 'a read model of 10,000',
  shown: {
    pageMs: 'GET a page, ms',
    customerMs: 'GET a page of a customer, ms',
    folioMs: 'GET checkouts of a folio, ms',
    newestMs: 'GET the newest page, ms',
    eventUs: 'GET an event, µs',
    findUs: 'find an event, µs',
    unseenUs: 'an event never seen, µs',
    addUs: 'add an outcome, CPU µs',
  },
  ratios: [
    { figure: 'pageMs', title: 'time of a page', better: 'less', target: 1.3 },
    { figure: 'customerMs', title: 'time of a page of a customer', better: 'less', target: 1.5 },
    { figure: 'folioMs', title: 'time to find a folio', better: 'less', target: 1.5 },
    { figure: 'newestMs', title: 'time of the newest page', better: 'less', target: 1.5 },
    { figure: 'eventUs', title: 'time of an event', better: 'less', target: 1.3 },
    { figure: 'findUs', title: 'time to find an event in the read model', better: 'less', target: undefined },
    {
      figure: 'unseenUs',
      title: 'time to know that an event was never seen',
      better: 'less',
      target: undefined,
    },
    { figure: 'addUs', title: 'time to add an outcome', better: 'less', target: undefined },
  ],
  async prepare({ folder, records }) {
    const [many, few] = [join(folder, 'many', 'view.db'), join(folder, 'few', 'view.db')]
    // Filled once, when it is first measured.
    await measureReadModel(many, records)
    await measureReadModel(few, FEW)
    return {
      round: inTurn(
        () => measureReadModel(many, records),
        () => measureReadModel(few, FEW),
      ),
    }
  },
}
