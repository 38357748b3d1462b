import { describe, expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { homePartition, type Lane, laneOf, lanePartitions, murmur2 } from './partition.ts'

describe('murmur2', () => {
  // apache/kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is the value in Kafka’s own tests', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  // tulios/kafkajs, src/producer/partitioners/defaultJava/murmur2.spec.js, made by a Java program.
  test.each([
    ['0', 971027396],
    ['1', -1993445489],
    ['128', -326012175],
    ['2187', -1508407203],
    ['16384', -325739742],
    ['78125', -1654490814],
    ['279936', 1462227128],
    ['823543', -2014198330],
    ['2097152', 607668903],
    ['4782969', -1182699775],
    ['10000000', -1830336757],
    ['170859375', -1658323481],
    ['100:48069', 1009543857],
  ])('of %s is the value in kafkajs’s tests', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  // Utils.murmur2 of kafka-clients 4.3.0, called from Java 17.
  test.each([
    ['nothing', Buffer.alloc(0), 275646681],
    ['bytes above 127', Buffer.from([0xff, 0x80, 0x7f, 0x00, 0xfe]), -1958495739],
    ['letters beyond ASCII', Buffer.from('ñandú'), -1915788724],
  ])('of %s is that of the Java client', (_, bytes, hash) => {
    expect(murmur2(bytes)).toBe(hash)
  })

  test('reads only its part of a larger buffer', () => {
    const surrounded = new TextEncoder().encode('xfoobarx')
    expect(murmur2(surrounded.subarray(1, 7))).toBe(murmur2(Buffer.from('foobar')))
  })
})

describe('homePartition', () => {
  // BuiltInPartitioner.partitionForKey(id, 4) and (id, 2) of kafka-clients 4.3.0: the lanes of six partitions.
  test.each([
    ['062292fd7b7e3e688f29418e', 3, 1],
    ['6b28427ff85faa10eb5321dc', 0, 0],
    ['000000000000000000000000', 2, 0],
    ['ffffffffffffffffffffffff', 1, 1],
  ])('of %s is that of the Java client in a topic with the partitions of the lane', (id, ofFour, ofTwo) => {
    expect(homePartition(id, 'purchase', 6)).toBe(ofFour)
    expect(homePartition(id, 'browse', 6)).toBe(4 + ofTwo)
  })

  test('uses every partition of a lane and none beyond it', () => {
    for (const lane of ['purchase', 'browse'] as const) {
      const used = new Set(customers(500).map((id) => homePartition(id, lane, 12)))
      expect([...used].toSorted((a, b) => a - b)).toEqual(partitionsOf(lane, 12))
    }
  })
})

describe('lanes', () => {
  test.each(Array.from({ length: 11 }, (_, i) => i + 2))(
    'of %i partitions share them out, each to one lane',
    (partitions) => {
      const purchase = partitionsOf('purchase', partitions)
      const browse = partitionsOf('browse', partitions)
      expect([...purchase, ...browse]).toEqual(Array.from({ length: partitions }, (_, i) => i))
      expect(browse.length).toBeGreaterThan(0)
      expect(purchase.length).toBeGreaterThanOrEqual(browse.length)
    },
  )

  test('share a single partition', () => {
    expect(partitionsOf('purchase', 1)).toEqual([0])
    expect(partitionsOf('browse', 1)).toEqual([0])
  })

  test.each([
    [3, 2],
    [6, 4],
    [9, 6],
    [12, 8],
  ])('of %i partitions give two thirds, %i, to purchases', (partitions, purchases) => {
    expect(lanePartitions('purchase', partitions)).toEqual({ first: 0, count: purchases })
  })
})

describe('laneOf', () => {
  test.each([
    [boughtQuickly.taps, boughtQuickly.folio, 'purchase'],
    [didNotBuy.taps, didNotBuy.folio, 'browse'],
    [null, null, 'browse'],
    [-0, null, 'browse'],
    [0.1, null, 'purchase'],
    [0, 'SRZ-5509', 'purchase'],
    [null, 'SRZ-5509', 'purchase'],
  ])('taps %s with folio %s is a %s', (taps, folio, lane) => {
    expect(laneOf({ taps, folio })).toBe(lane)
  })
})

function partitionsOf(lane: Lane, partitions: number): number[] {
  const { first, count } = lanePartitions(lane, partitions)
  return Array.from({ length: count }, (_, i) => first + i)
}

function customers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i * 0x9e3779b1).toString(16).padStart(24, '0').slice(-24))
}
