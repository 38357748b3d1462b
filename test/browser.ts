import chromium from '@sparticuz/chromium'
import { type Browser, launch } from 'puppeteer-core'

/** A real Chromium: the one that comes with the tools for development on Linux, an installed Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return launch({ channel: 'chrome' })
  const executablePath = await chromium.executablePath()
  return launch({ args: chromium.args, executablePath, headless: 'shell' })
}
