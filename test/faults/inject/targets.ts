import {
  brokerLink,
  brokerNames,
  clientNames,
  gatewayNames,
  processorNames,
  type UserName,
  userNames,
} from '../system/names.ts'
import type { FaultName } from './fault-names.ts'

interface Exposure {
  /** Each is a set of parts or links that the fault affects at once. */
  choices: string[][]
  seconds: [least: number, most: number]
  /** For this long after the fault the targets may be unstable, and get no other fault. */
  settleSeconds: number
}

/** The broker whose disk can be full. */
export const DISK_OF = 'kafka-3'

/** In either direction. */
export const CLOCK_OFF_BY_MS = 3_600_000

const each = (names: string[]) => names.map((name) => [name])
const linksOf = (from: string) => brokerNames.map((broker) => brokerLink(from, broker))

/** The target of a fault that affects only how a user authenticates. */
export const userTarget = (user: UserName) => `user ${user}`

const toGateways = gatewayNames.map((name) => `clients→${name}`)
const toKafka = clientNames.map(linksOf)
const toProcessors = gatewayNames.flatMap((from) => processorNames.map((to) => `${from}→${to}`))
const betweenBrokers = [...linksOf('peers'), ...linksOf('controllers')]

/** One link, or all links by which one part reaches the brokers. */
const anyLink = [
  ...each(toGateways),
  ...toKafka,
  ...each(toKafka.flat()),
  ...each(toProcessors),
  ...each(betweenBrokers),
]
/** Links on which a lost answer leaves a write unconfirmed. */
const answers = [...each(toGateways), ...toKafka, ...each(toKafka.flat())]

const restart = { seconds: [1, 8], settleSeconds: 10 } satisfies Partial<Exposure>
const frozen = { seconds: [5, 60], settleSeconds: 10 } satisfies Partial<Exposure>
const disturbed = { seconds: [5, 20], settleSeconds: 2 } satisfies Partial<Exposure>
const rolled = { seconds: [1, 1], settleSeconds: 45 } satisfies Partial<Exposure>

export const exposures: Record<FaultName, Exposure> = {
  'kill-gateway': { choices: each(gatewayNames), ...restart },
  'kill-all-gateways': { choices: [gatewayNames], ...restart },
  'kill-processor': { choices: each(processorNames), ...restart },
  'kill-all-processors': { choices: [processorNames], ...restart },
  'kill-broker': { choices: each(brokerNames), ...restart },
  // The exact target is only known then.
  'kill-controller': { choices: [brokerNames], ...restart },
  'kill-all-brokers': { choices: [brokerNames], seconds: [1, 3], settleSeconds: 20 },
  'freeze-gateway': { choices: each(gatewayNames), ...frozen },
  'freeze-processor': { choices: each(processorNames), ...frozen },
  'freeze-broker': { choices: each(brokerNames), ...frozen },
  'freeze-controller': { choices: [brokerNames], ...frozen },
  'roll-gateways': { choices: [gatewayNames], ...rolled },
  'roll-processors': { choices: [processorNames], ...rolled },
  'roll-brokers': { choices: [brokerNames], ...rolled },
  cut: { choices: anyLink, ...disturbed },
  delay: { choices: anyLink, ...disturbed },
  'half-open': { choices: anyLink, ...disturbed },
  reset: { choices: anyLink, seconds: [1, 5], settleSeconds: 2 },
  'lost-answers': { choices: answers, ...disturbed },
  'truncated-answers': { choices: answers, ...disturbed },
  'reset-answers': { choices: answers, ...disturbed },
  'below-min-isr': { choices: [[...brokerNames, ...linksOf('peers')]], seconds: [15, 20], settleSeconds: 10 },
  'disk-full': { choices: [[DISK_OF]], seconds: [5, 15], settleSeconds: 15 },
  'delete-view': { choices: each(processorNames), ...restart },
  'corrupt-view': { choices: each(processorNames), ...restart },
  'change-password': { choices: each(userNames.map(userTarget)), seconds: [2, 25], settleSeconds: 5 },
  clock: { choices: each([...gatewayNames, ...processorNames]), seconds: [10, 30], settleSeconds: 10 },
  'broker-clock': { choices: each(brokerNames), seconds: [10, 30], settleSeconds: 10 },
  'slow-clients': {
    choices: each(toGateways.map((link) => `slow ${link}`)),
    seconds: [10, 20],
    settleSeconds: 0,
  },
  'grow-partitions': { choices: [['layout']], seconds: [1, 5], settleSeconds: 10 },
}
