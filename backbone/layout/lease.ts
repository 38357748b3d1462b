/**
 * For so long after a gateway began to ask for the layout, it acknowledges checkouts under it. Owners wait longer after a
 * change has begun.
 */
export const LEASE_MS = 2_000
