import type { LoadFigures } from '../../backbone/figures/member-figures.ts'

export const loadFigures: LoadFigures = {
  is: 'load',
  run: '4f7f6a0e-55b6-4b0f-9d0c-6d6f1f0c8a11',
  name: 'cyberday',
  at: Date.parse('2026-11-30T12:00:10.000Z'),
  startedAt: Date.parse('2026-11-30T12:00:00.000Z'),
  stage: '1: 30s at 500/s',
  planned: 500,
  sent: 5_000,
  accepted: 4_990,
  failed: 10,
  p50: 4.1,
  p99: 21,
  delayP50: 12,
  delayP99: 40,
}
