import { expect, test } from 'vitest'
import { buildDashboard } from './build-dashboard.ts'
import { rows } from './panels.ts'

test('checkout.json is what panels.ts describes (npm test -- --project unit deploy/grafana -u writes it)', async () => {
  await expect(`${JSON.stringify(buildDashboard(), null, 2)}\n`).toMatchFileSnapshot('checkout.json')
})

test('no two panels have the same place or title', () => {
  const { panels = [] } = buildDashboard()
  const shown = panels.filter(({ type }) => type !== 'row')
  expect(shown).toHaveLength(rows.flatMap((row) => row.panels).length)
  const places = shown.map(({ gridPos }) => `${gridPos?.x}/${gridPos?.y}`)
  expect(new Set(places).size).toBe(shown.length)
  expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length)
})
