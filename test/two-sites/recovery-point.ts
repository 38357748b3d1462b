import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface RecoveryPoint {
  code: number
  missing: number
  eventIds: string[]
}

/** Runs the command, and reads what it prints. */
export async function recoveryPoint(
  from: string,
  to: string,
  flags: readonly string[] = [],
): Promise<RecoveryPoint> {
  const args = ['deploy/sites/recovery-point.ts', '--from', from, '--to', to, ...flags]
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root }, (_, out, err) => {
      if (err !== '') console.error(err)
      resolve({ code: child.exitCode ?? -1, stdout: out })
    })
  })
  const lines = stdout.trim().split('\n')
  const eventIds = lines.flatMap((line) => /^([0-9a-f]{32}) \d{4}-/.exec(line)?.[1] ?? [])
  return { code, missing: Number(/^missing: (\d+)$/.exec(lines[0] ?? '')?.[1]), eventIds }
}
