import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { readKeys } from './read-keys.ts'

function start(isTTY: boolean) {
  const setRawMode = vi.fn()
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode })
  const pressed: string[] = []
  const end = readKeys(input as unknown as NodeJS.ReadStream, {
    faster: () => pressed.push('faster'),
    slower: () => pressed.push('slower'),
    asPlanned: () => pressed.push('as planned'),
    stop: () => pressed.push('stop'),
  })
  return { input, setRawMode, pressed, end }
}

test('keys are actions; other keys are none', async () => {
  const { input, pressed, end } = start(true)
  input.write('x+=\u001B[A\u001A-\u001B[B0q\u0003')
  const expected = ['faster', 'faster', 'faster', 'slower', 'slower', 'as planned', 'stop', 'stop']
  await vi.waitFor(() => expect(pressed).toEqual(expected))
  end()
})

test('the terminal is raw until the end', () => {
  const { input, setRawMode, end } = start(true)
  expect(setRawMode.mock.calls).toEqual([[true]])
  end()
  expect(setRawMode.mock.calls).toEqual([[true], [false]])
  expect(input.isPaused()).toBe(true)
})

test('piped input is not read', () => {
  const { input, setRawMode, end } = start(false)
  end()
  expect(setRawMode).not.toHaveBeenCalled()
  expect(input.readableFlowing).toBeNull()
})

test('a closed terminal only loses its keys', async () => {
  const { input, setRawMode, pressed, end } = start(true)
  setRawMode.mockImplementation(() => {
    throw new Error('setRawMode failed with errno: 5')
  })
  input.emit('error', new Error('EIO: i/o error, read'))
  end()
  expect(pressed).toEqual([])
  expect(input.isPaused()).toBe(true)
})
