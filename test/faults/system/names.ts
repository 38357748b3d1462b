export const gatewayNames = ['gateway-1', 'gateway-2']
export const processorNames = ['processor-1', 'processor-2', 'processor-3']
export const brokerNames = ['kafka-1', 'kafka-2', 'kafka-3']

/** Clients of the brokers that have their own links. */
export const clientNames = [...gatewayNames, ...processorNames]

/** The link from `from` to a broker; the brokers' own links are those from `peers` and `controllers`. */
export const brokerLink = (from: string, broker: string) => `${from}→${broker}`
