export const gatewayNames = ['gateway-1', 'gateway-2']
export const processorNames = ['processor-1', 'processor-2', 'processor-3']
export const brokerNames = ['kafka-1', 'kafka-2', 'kafka-3']

/** Whoever reaches the brokers over links of its own. */
export const clientNames = [...gatewayNames, ...processorNames]

/** The link by which `from` reaches a broker: the brokers' own are those from `peers`, and from `controllers`. */
export const brokerLink = (from: string, broker: string) => `${from}→${broker}`
