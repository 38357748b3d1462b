/**
 * As many bits as a number represents exactly. Two of a million texts share a hash in one of about 18,000
 * runs.
 */
export const textHash = (text: string): number => Number(Bun.hash(text) >> 11n)
