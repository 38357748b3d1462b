/** Where the operations page lists checkouts. */
export const CHECKOUTS = '/console/checkouts'

/** Where it shows one. The shop links to it, too. */
export const checkoutAddress = (eventId: string): string => `${CHECKOUTS}/${encodeURIComponent(eventId)}`
