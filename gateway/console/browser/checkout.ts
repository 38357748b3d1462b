/** Starts the view. */
export function start(): void {}
