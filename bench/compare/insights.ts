import { join } from 'node:path'
import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { program } from '../program.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'

// With five rounds, 200 days.
const DAYS_A_ROUND = 40
const FEW = 10_000
const WITHIN_MS = 3_600_000

const figuresSchema = z.record(z.string(), z.number())

async function run(script: string, ...given: string[]): Promise<Figures> {
  const { stdout } = await runToEnd([...program(`bench/servers/${script}`), ...given], WITHIN_MS)
  return figuresSchema.parse(JSON.parse(stdout))
}

export const insights: Comparison = {
  name: 'insights',
  measured: `${DAYS_A_ROUND} generated days without a cause, asked about each minute, and days with one`,
  baseline: 'the same days, by the 95 % interval of each ratio alone',
  shown: {
    falseAlarms: 'days with a false cause, %',
    inTime: 'planted causes named within two minutes, %',
    minutes: 'minutes until they are named, mean',
  },
  ratios: [{ figure: 'falseAlarms', title: 'days with a false cause', better: 'less', target: 0.05 }],
  async prepare() {
    let rounds = 0
    const side = (how: 'tested' | 'plain') => () =>
      run('watch-insights.ts', String(DAYS_A_ROUND), String(1 + Math.floor(rounds++ / 2)), how)
    return { round: inTurn(side('tested'), side('plain')) }
  },
}

export const insightsRead: Comparison = {
  name: 'insights-read',
  measured: 'GET /insights/slow about as many outcomes as are drained, in a read model of its own',
  baseline: `about ${FEW.toLocaleString('en')}`,
  shown: {
    answerMs: 'answer, ms',
    stallMs: 'longest stop of the event loop, ms',
    read: 'purchases compared',
  },
  ratios: [{ figure: 'answerMs', title: 'time of an answer', better: 'less', target: undefined }],
  async prepare({ folder, records }) {
    const side = (name: string, outcomes: number) => () =>
      run('measure-insights.ts', join(folder, name, 'view.db'), String(outcomes))
    const [many, few] = [side('asked-many', records), side('asked-few', FEW)]
    // Filled once, when it is first measured.
    await many()
    await few()
    return { round: inTurn(many, few) }
  },
}
