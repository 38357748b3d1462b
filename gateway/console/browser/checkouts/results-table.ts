import type { ServedOutcome } from '../../../../backbone/records/outcome.ts'
import { kindName } from '../../../pages/browser/kind-name.ts'
import { createTable } from '../elements/table.ts'
import { count, UNKNOWN } from '../format.ts'
import { ownerField } from '../forms/owner-field.ts'
import { texts } from '../texts.ts'
import { customerOf, folioOf, linkOf, productOf } from './outcome-cells.ts'
import { searchAddress } from './search-form.ts'

const { checkouts: text } = texts
const ofCustomer = {
  address: (customer: string) => searchAddress({ text: customer }),
  label: text.findCustomer,
}

/** The checkouts that were found. */
export const createResultsTable = () =>
  createTable<ServedOutcome>({
    caption: text.results,
    key: ({ eventId }) => eventId,
    empty: text.nothing,
    columns: [
      { header: text.columns.time, isRowHeader: true, cell: linkOf },
      { header: text.columns.kind, cell: ({ kind }) => kindName(texts.kinds, kind) },
      { header: text.columns.folio, cell: folioOf },
      { header: text.columns.product, isWide: true, cell: productOf },
      { header: text.columns.customer, isWide: true, cell: (outcome) => customerOf(outcome, ofCustomer) },
      {
        header: text.columns.source,
        isNumber: true,
        cell: ({ source }) => `${source.partition} / ${count(source.offset)}`,
      },
      ...(ownerField()
        ? [{ header: texts.site.owner, cell: ({ owner }: ServedOutcome) => owner ?? UNKNOWN }]
        : []),
    ],
  })
