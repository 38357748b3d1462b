/** The field that selects one owner; undefined unless the viewer sees the checkouts of all. */
export function ownerField(): HTMLInputElement | undefined {
  const field = document.getElementById('owner')
  return field instanceof HTMLInputElement ? field : undefined
}
