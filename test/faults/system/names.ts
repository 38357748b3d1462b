export const gatewayNames = ['gateway-1', 'gateway-2']
export const processorNames = ['processor-1', 'processor-2', 'processor-3']
export const brokerNames = ['kafka-1', 'kafka-2', 'kafka-3']

/** Users of Kafka: all processes of a kind are one. */
export const userNames = ['gateway', 'processor'] as const

export type UserName = (typeof userNames)[number]

/** Clients of the brokers that have their own links. */
export const clientNames = [...gatewayNames, ...processorNames]

/** The link from `from` to a broker; the brokers' own links are those from `peers` and `controllers`. */
export const brokerLink = (from: string, broker: string) => `${from}→${broker}`
