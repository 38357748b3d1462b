import type { RunResult } from '../run-result.ts'
import { createChartValues } from './chart-values.ts'
import { failureTable } from './failure-table.ts'
import { heading } from './heading.ts'
import { html, textOf } from './html.ts'
import { metricTables } from './metric-tables.ts'
import { contentSecurityPolicy, pageScript } from './page-script.ts'
import { percentileChart } from './percentile-chart.ts'
import { laneTable, sliceTable } from './slice-table.ts'
import { styles } from './styles.ts'
import { thresholdTable } from './threshold-table.ts'
import { timelineCharts } from './timeline-charts.ts'
import { verdictStrip } from './verdict-strip.ts'

/**
 * A self-contained page that may load nothing. Its script shows values; without it the page is still
 * complete.
 */
export function formatHtmlReport(result: RunResult): string {
  const { load, metrics } = result
  const values = createChartValues()
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<title>${load.name}: load test</title>
${styles}
</head>
<body>
${heading(load)}
${verdictStrip(result)}
${timelineCharts(load, values)}
${percentileChart(result, values)}
${thresholdTable(result)}
${sliceTable('Stages', load.stages)}
${laneTable(load.lanes)}
${sliceTable('Scenarios', load.scenarios)}
${failureTable(result)}
${metricTables(metrics)}
${values.markup()}${pageScript}
</body>
</html>
`)
}
