import { VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common'
import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { type Panel, rows } from './panels.ts'

/** Of 24 columns: three panels are beside each other. */
const WIDTH = 8
const HEIGHT = 8
const SOURCE = 'datasource'
const source = { type: 'prometheus', uid: `\${${SOURCE}}` }
const LETTERS = ['A', 'B', 'C', 'D']

/** What Grafana reads from checkout.json. */
export function buildDashboard(): Dashboard {
  const dashboard = new DashboardBuilder('Checkout')
    .uid('cyberday-checkout')
    .tags(['checkout'])
    .readonly()
    .refresh('15s')
    .time({ from: 'now-1h', to: 'now' })
    .withVariable(new DatasourceVariableBuilder(SOURCE).label('Prometheus').type('prometheus'))
  let id = 1
  for (const { title, panels } of rows) {
    dashboard.withRow(new RowBuilder(title).id(id++))
    for (const panel of panels) dashboard.withPanel(panelOf(panel).id(id++))
  }
  return dashboard.build()
}

function panelOf({ title, unit, description, queries }: Panel): PanelBuilder {
  const panel = new PanelBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .span(WIDTH)
    .height(HEIGHT)
    .datasource(source)
    .legend(new VizLegendOptionsBuilder().showLegend(true))
  if (description !== undefined) panel.description(description)
  for (const [index, [legend, expr]] of Object.entries(queries).entries()) {
    const query = new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(source)
    panel.withTarget(query.refId(LETTERS[index] ?? ''))
  }
  return panel
}
