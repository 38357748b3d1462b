import { listPartitions } from '../../../../backbone/figures/list-partitions.ts'
import { isInactive, type MemberState } from '../../../../backbone/operations/system-state.ts'
import type { Verdict } from '../../../../backbone/operations/verdict.ts'
import { el } from '../../../pages/browser/dom.ts'
import { type Column, createTable } from '../elements/table.ts'
import { bytes, count, duration, milliseconds, rate, share, time, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'

const { members } = texts
const levels: Record<MemberState['status'], Verdict['level']> = {
  ok: 'ok',
  starting: 'warn',
  'not-ready': 'warn',
  silent: 'bad',
  stopped: 'warn',
}
const symbols = { ok: '✓', warn: '▲', bad: '✕' }

/** A member with the time of the state, by the clock that made its times. */
export interface MemberRow {
  member: MemberState
  now: number
}

const nameColumn = (header: string): Column<MemberRow> => ({
  header,
  isRowHeader: true,
  isName: true,
  cell: ({ member }) => member.member,
})

const stateColumn: Column<MemberRow> = {
  header: members.state,
  isWide: true,
  cell: ({ member: { status, since, faults }, now }) =>
    el(
      'div',
      {},
      el('strong', { class: levels[status] }, `${symbols[levels[status]]} ${members.statuses[status]}`),
      ' ',
      el(
        'span',
        { class: 'member-since muted figure' },
        members.since(time(since), duration((now - since) / 1_000)),
      ),
      ...faults.map(({ check, detail, status: severity }) =>
        el('div', { class: `member-fault ${severity === 'fail' ? 'bad' : 'warn'}` }, `${check}: ${detail}`),
      ),
    ),
}

/** Nothing for members without current figures: the last ones would look like those of now. */
const figure = (
  header: string,
  write: (member: MemberState) => string,
  is: Pick<Column<MemberRow>, 'isNumber' | 'isName'> = { isNumber: true },
): Column<MemberRow> => ({
  header,
  ...is,
  cell: ({ member }) => (isInactive(member) ? UNKNOWN : write(member)),
})

const common: Column<MemberRow>[] = [
  figure(members.memory, ({ memoryBytes }) => bytes(memoryBytes)),
  figure(members.cpu, ({ cpu }) => share(cpu)),
  { header: members.startedAt, isNumber: true, cell: ({ member }) => time(member.startedAt) },
]

interface TableLabels {
  heading: string
  none: string
  name: string
}

/** Members of one role, with the figures of that role. */
const createMemberTable = ({ heading, none, name }: TableLabels, figures: Column<MemberRow>[]) =>
  createTable<MemberRow>({
    caption: heading,
    empty: none,
    key: ({ member }) => member.run,
    columns: [nameColumn(name), stateColumn, ...figures, ...common],
  })

export function createGatewayTable() {
  const labels = members.gateways
  return createMemberTable(labels, [
    figure(labels.perSecond, ({ gateway }) => rate(gateway?.perSecond)),
    figure(labels.p99, ({ gateway }) => milliseconds(gateway?.p99)),
    figure(labels.inFlight, ({ gateway }) => `${count(gateway?.inFlight)} / ${count(gateway?.limit)}`),
    figure(labels.waiting, ({ gateway }) => count(gateway?.waiting)),
  ])
}

export function createProcessorTable() {
  const labels = members.processors
  return createMemberTable(labels, [
    figure(labels.perSecond, ({ processor }) => rate(processor?.perSecond)),
    figure(
      labels.partitions,
      ({ processor }) => listPartitions(processor?.partitions ?? []) || labels.noPartitions,
      { isName: true },
    ),
    figure(labels.readModelLag, ({ processor }) =>
      processor?.servesResults === false ? labels.notServing : count(processor?.readModelLag),
    ),
    figure(labels.streams, ({ processor }) => count(processor?.streams)),
  ])
}
