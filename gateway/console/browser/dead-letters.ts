import { createBulkForm } from './dead-letters/letter-bulk.ts'
import { createLetterDetail } from './dead-letters/letter-detail.ts'
import { readFilter, startFilter } from './dead-letters/letter-filter.ts'
import { createLetterList } from './dead-letters/letter-list.ts'

function start(): void {
  const refresh = () => void list.show(readFilter())
  const detail = createLetterDetail({
    onSent: refresh,
    onClose: (id) => {
      setSelected(undefined)
      if (id !== undefined) list.focus(id)
    },
  })
  const list = createLetterList((id) => {
    setSelected(id)
    void detail.open(id)
  })
  startFilter(refresh)
  createBulkForm(readFilter, refresh)
  refresh()
  openSelected()
  addEventListener('popstate', openSelected)

  function openSelected() {
    const id = new URLSearchParams(location.search).get('id')
    if (id) void detail.open(id, { takesFocus: false })
    else detail.close()
  }
}

/** In the address, so that it survives a reload and can be passed on. */
function setSelected(id: string | undefined): void {
  const address = new URL(location.href)
  if (id === undefined) address.searchParams.delete('id')
  else address.searchParams.set('id', id)
  if (address.href !== location.href) history.pushState(null, '', address)
}

start()
