import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const command = fileURLToPath(new URL('../deploy/partitions/main.ts', import.meta.url))

/** As `npm run partitions -- --to N` does. */
export function startPartitionsCommand(
  to: number,
  target: string,
): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, [command, '--to', String(to), '--target', target])
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  return { child, output: () => output }
}

/** Runs it to its end. Resolves with what it prints. */
export async function spreadOver(to: number, target: string): Promise<string> {
  const { child, output } = startPartitionsCommand(to, target)
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code, output()).toBe(0)
  expect(output()).toContain(`customers are spread over ${to} partitions`)
  return output()
}
