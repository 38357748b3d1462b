import { byId, setText } from './dom.ts'

/** The line below the heading, which screen readers read aloud when it changes. */
export function showStatus(text: string, level: 'note' | 'bad' = 'note'): void {
  const line = byId('status')
  line.dataset['level'] = level
  setText(line, text)
}

export const clearStatus = (): void => showStatus('')
