import chromium from '@sparticuz/chromium'
import puppeteer, { type Browser } from 'puppeteer-core'

/** A real Chromium: the one that comes with the tools for development on Linux, an installed Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return puppeteer.launch({ channel: 'chrome' })
  const executablePath = await chromium.executablePath()
  return puppeteer.launch({ args: chromium.args, executablePath, headless: 'shell' })
}
