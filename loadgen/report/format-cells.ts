export const MISSING = '–'

/** `1.25 %` of 0.0125. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(2)} %`

/** `2025-11-25 00:00:00 UTC`. */
export const formatMoment = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')
