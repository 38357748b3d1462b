import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkReplay } from '../shoppers/read-replay.ts'
import { timesFileOf } from '../shoppers/recorded-times.ts'
import type { LoadOptions } from './load-options.ts'

type Files = Pick<LoadOptions, 'replay' | 'pace' | 'summaryExport' | 'report'>

/** Checks the files to read and write: an error is better before hours of load than after them. */
export async function faultsOfFiles({ replay, pace, summaryExport, report }: Files): Promise<string[]> {
  return [
    ...(replay === undefined ? [] : await faultsOfReplay(replay, pace)),
    ...(await faultsOfOutput('--summary-export', summaryExport)),
    ...(await faultsOfOutput('--report', report)),
    ...faultsOfSharing({ '--replay': replay, '--summary-export': summaryExport, '--report': report }),
  ]
}

async function faultsOfReplay(replay: string, pace: LoadOptions['pace']): Promise<string[]> {
  const { lines, faults } = await checkReplay(replay)
  const times = pace?.timesMs.length ?? lines
  return [
    ...faults.map((fault) => `--replay ${fault}`),
    ...(times === lines
      ? []
      : [
          `--pace recorded: ${timesFileOf(replay)} and ${replay} must have as many lines, not ${times} and ${lines}`,
        ]),
  ]
}

/** One file would overwrite the other. */
function faultsOfSharing(files: Record<string, string | undefined>): string[] {
  const given = Object.entries(files).filter(([, path]) => path !== undefined)
  return given.flatMap(([flag, path], index) => {
    const earlier = given.slice(0, index).find(([, other]) => other === path)
    return earlier ? [`${flag} must not be the file of ${earlier[0]}`] : []
  })
}

async function faultsOfOutput(flag: string, path: string | undefined): Promise<string[]> {
  if (path === undefined) return []
  const folder = dirname(path)
  try {
    await access(folder, constants.W_OK)
  } catch {
    return [`${flag} cannot be written: there is no folder ${folder} that may be written to`]
  }
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isFolder ? [`${flag} must be a file, and ${path} is a folder`] : []
}
