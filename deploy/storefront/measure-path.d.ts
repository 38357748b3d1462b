/** A stage of the customer's path, as in the field `recorrido` of a checkout. */
export interface Stage {
  etapa: string
  segundos: number
  error?: string
}

export interface Path {
  /**
   * The customer is in this stage from now on. Call it on every page, and whenever the stage changes within one; to enter
   * the current stage changes nothing. The time before the first call belongs to the first stage. Names are cut to 40
   * characters; an empty one is ignored.
   */
  enter(stage: string): void
  /** The customer has seen an error in the current stage, such as a code of the bank. The stage goes on as another entry. */
  error(code: string | number): void
  /**
   * Spread it into the checkout. Repeated calls return the same until the next `enter`, `error` or `end`, so that a double
   * click sends the same checkout.
   */
  result(): { taps: number; recorrido: Stage[] }
  /** The purchase is stored: from now on the path is that of the next one. */
  end(): void
}

/**
 * Begins to measure, or continues with what the tab's earlier pages have measured. Time in which the page is hidden is a
 * stage of its own, `pausa`, after the stage that it interrupts; the time from a page to the next belongs to the stage. More
 * than 50 stages are merged: those of one name and error first, then the shortest ones with a neighbour.
 */
export function measurePath(): Path
