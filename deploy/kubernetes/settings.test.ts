import { describe, expect, test } from 'vitest'
import { assertGuarded } from '../../backbone/http/listen-settings.ts'
import { gatewaySettings } from '../../gateway/config.ts'
import { processorSettings } from '../../processor/config.ts'
import { settingsOf } from '../../test/settings-of.ts'
import { overlays, readOverlay } from './read-overlay.ts'
import { containerOf, environmentOf, podOf, type Workload, workloadsOf } from './workloads.ts'

const nameOf = ({ metadata }: Workload) => metadata.name

describe.each(overlays)('in the overlay %s', (overlay) => {
  const manifests = readOverlay(overlay)
  const workloads = workloadsOf(manifests)
  const [gateways, ...processors] = workloads
  const environmentOfFirst = (workload: Workload) =>
    environmentOf(workload, manifests, `${nameOf(workload)}-0`)

  test('there are gateways and processors', () => {
    const classifiers = overlay === 'strimzi' ? ['classifier'] : []
    expect(workloads.map(nameOf)).toEqual(['gateway', 'processor', ...classifiers])
  })

  test.each(workloads)(
    '$metadata.name has valid settings, and listens on its port with API keys',
    (workload) => {
      const schema = workload === gateways ? gatewaySettings : processorSettings
      const settings = settingsOf(schema, environmentOfFirst(workload))
      expect(() => assertGuarded(settings)).not.toThrow()
      expect(settings.API_KEYS_FILE).toBeDefined()
      expect(settings.INSTANCE).toBe(`${nameOf(workload)}-0`)
      expect(containerOf(workload).ports).toEqual([{ name: 'http', containerPort: settings.PORT }])
    },
  )

  test.each(workloads)('each file that a setting of $metadata.name names is a mounted secret', (workload) => {
    const mounted = containerOf(workload).volumeMounts.flatMap(({ name, mountPath }) =>
      (podOf(workload).volumes.find((volume) => volume.name === name)?.secret?.items ?? []).map(
        ({ path }) => `${mountPath}/${path}`,
      ),
    )
    const named = Object.entries(environmentOfFirst(workload)).filter(([name]) => name.endsWith('_FILE'))
    const secrets = named.filter(([name]) => name !== 'VIEW_FILE').map(([, path]) => path)
    expect(secrets.toSorted()).toEqual(mounted.toSorted())
  })

  test.each(processors)('$metadata.name keeps its read model in a volume of its own', (workload) => {
    const { VIEW_FILE } = environmentOfFirst(workload)
    const claims = new Set(workload.spec.volumeClaimTemplates.map(({ metadata: { name } }) => name))
    const claimed = containerOf(workload).volumeMounts.filter(({ name }) => claims.has(name))
    expect(claimed.map(({ mountPath }) => mountPath)).toEqual([VIEW_FILE?.replace(/\/[^/]+$/, '')])
  })

  test('gateways ask each replica of the processors that serve results, and no other', () => {
    const [serving] = processors
    const { serviceName, replicas } = serving?.spec ?? {}
    const { PORT } = serving ? environmentOfFirst(serving) : {}
    const settings = gateways && settingsOf(gatewaySettings, environmentOfFirst(gateways))
    expect(settings?.PROCESSOR_URLS).toEqual(
      Array.from({ length: replicas ?? 0 }, (_, i) => `http://processor-${i}.${serviceName}:${PORT}`),
    )
    const serve = (workload: Workload) =>
      settingsOf(processorSettings, environmentOfFirst(workload)).SERVE_RESULTS
    expect(processors.map(serve)).toEqual(processors.map((workload) => workload === serving))
  })
})

test('a classifier is a processor that serves no results, with another number of replicas', () => {
  const [, processor, classifier] = workloadsOf(readOverlay('strimzi'))
  const text = (workload: Workload | undefined, name: string) =>
    JSON.parse(JSON.stringify(workload).replaceAll(`:"${name}"`, ':"itself"')) as Workload
  const expected = text(processor, 'processor')
  delete expected.spec.replicas
  expected.spec['persistentVolumeClaimRetentionPolicy'] = { whenScaled: 'Retain', whenDeleted: 'Retain' }
  containerOf(expected).env.splice(-1, 0, { name: 'SERVE_RESULTS', value: 'false' })
  expect(text(classifier, 'classifier')).toEqual(expected)
})
