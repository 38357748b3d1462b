interface ConditionOptions<Detail> {
  began: (detail: Detail) => void
  ended: () => void
  /** Number of calls in a row with the condition before it begins, and without it before it ends. */
  beginsAfter: number
  endsAfter: number
}

/**
 * Reports when a condition begins and when it ends, but not each time that it flaps. Call the result again and again, with
 * the detail of the condition, or with undefined while it does not hold.
 */
export function watchCondition<Detail>({ began, ended, beginsAfter, endsAfter }: ConditionOptions<Detail>) {
  let holds = false
  /** Calls in a row that say otherwise. */
  let opposed = 0

  return (detail: Detail | undefined): void => {
    opposed = (detail !== undefined) === holds ? 0 : opposed + 1
    if (detail !== undefined && !holds && opposed >= beginsAfter) {
      holds = true
      opposed = 0
      began(detail)
    } else if (detail === undefined && holds && opposed >= endsAfter) {
      holds = false
      opposed = 0
      ended()
    }
  }
}
