import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { csvRow } from './csv-row.ts'

const readBack = (text: string) => parse(text, { record_delimiter: '\r\n' })[0]

test('values are read back by another parser as they were', () => {
  const texts = ['Colchón "grande", azul', 'a\nb', 'a\r\nb', "it's", '', ' ', 'ñandú 🛒', 'a=1', '50 % - x']
  expect(csvRow(['a', null, -17.8, '"']).endsWith('\r\n')).toBe(true)
  expect(readBack(csvRow([...texts, -17.8, null]))).toEqual([...texts, '-17.8', ''])
})

test.each([
  ['=1+1', "'=1+1"],
  ['+70 976-874-0232', "'+70 976-874-0232"],
  ['-1+1', "'-1+1"],
  ['@SUM(1)', "'@SUM(1)"],
  ['＝1+1', "'＝1+1"],
  ['  =1+1', "'  =1+1"],
  ['\t=1+1', "'\t'=1+1"],
  ['\tx', "'\tx"],
  ['\rx', "'\rx"],
  // With a semicolon or a tab as the separator, the rest would be another cell; with a line break, another row.
  ['x;=1+1', "x;'=1+1"],
  ['x; =1+1;@b', "x;' =1+1;'@b"],
  ['x\t=1+1', "x\t'=1+1"],
  ['x\n-1', "x\n'-1"],
  ['x\r\n=1', "x\r\n'=1"],
  ['"=1+1"', '"=1+1"'],
])('the text %j is no formula', (text, harmless) => {
  expect(readBack(csvRow([text, 'x']))).toEqual([harmless, 'x'])
})
