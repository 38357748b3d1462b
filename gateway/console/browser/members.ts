import { byId, el } from '../../pages/browser/dom.ts'
import { createBrokerTable } from './operations/broker-table.ts'
import { createEventTable } from './operations/event-table.ts'
import { followSystem } from './operations/follow-system.ts'
import { createGatewayTable, createProcessorTable } from './operations/member-tables.ts'
import { createPartitionTable } from './operations/partition-table.ts'
import { createUnknowns, unknownsOf, unknownsOfSilence } from './operations/unknowns.ts'

function start(): void {
  const main = byId('content')
  const unknowns = createUnknowns()
  const gateways = createGatewayTable()
  const processors = createProcessorTable()
  const partitions = createPartitionTable()
  const brokers = createBrokerTable()
  const events = createEventTable()
  const ofMembers = [gateways, processors].map(({ element }) => el('section', { class: 'panel' }, element))
  byId('members').replaceChildren(
    unknowns.element,
    el('div', { class: 'member-tables of-members' }, ...ofMembers),
    el(
      'div',
      { class: 'member-tables of-kafka' },
      partitions.element,
      el('div', {}, brokers.element, events.element),
    ),
  )

  followSystem({
    onHistory: (history) => events.replace(history.events),
    onTick({ state, events: more }) {
      delete main.dataset['stale']
      unknowns.show(unknownsOf(state))
      const rows = state.members.map((member) => ({ member, now: state.at }))
      gateways.update(rows.filter(({ member }) => member.role === 'gateway'))
      processors.update(rows.filter(({ member }) => member.role === 'processor'))
      partitions.show(state)
      brokers.show(state)
      events.add(more)
    },
    onSilence(seconds, hasFigures) {
      main.dataset['stale'] = ''
      unknowns.show(unknownsOfSilence(seconds, hasFigures))
    },
  })
}

start()
