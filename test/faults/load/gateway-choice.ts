const AVOIDED_MS = 1_000

export interface GatewayChoice {
  /** Round robin; after `tried`, another one. An avoided gateway is only chosen if all are avoided. */
  next: (tried: number | undefined, now: number) => number
  /** The gateways that report ready, as a load balancer sees them. */
  route: (ready: readonly boolean[]) => void
  /** It refused a connection, and is avoided for a while. */
  refused: (gateway: number, now: number) => void
  /** Whether any gateway is not avoided. */
  hasOther: (now: number) => boolean
}

export function createGatewayChoice(count: number): GatewayChoice {
  const avoidedUntil = Array.from({ length: count }, () => 0)
  let ready: readonly boolean[] = []
  let turn = 0

  const avoided = (gateway: number, now: number) =>
    (avoidedUntil[gateway] ?? 0) > now || ready[gateway] === false

  return {
    next(tried, now) {
      const first = tried === undefined ? turn++ : tried + 1
      const inOrder = avoidedUntil.map((_, i) => (first + i) % count)
      return inOrder.find((gateway) => !avoided(gateway, now)) ?? first % count
    },
    route(newlyReady) {
      ready = newlyReady
    },
    refused(gateway, now) {
      avoidedUntil[gateway] = now + AVOIDED_MS
    },
    hasOther: (now) => avoidedUntil.some((_, gateway) => !avoided(gateway, now)),
  }
}
