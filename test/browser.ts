import chromium from '@sparticuz/chromium'
import { type Browser, launch } from 'puppeteer-core'

const PERMISSIVE =
  /^--(?:disable-web-security|allow-running-insecure-content|disable-site-isolation-trials)\b/

/** A real Chromium: from the development tools on Linux, an installed Chrome elsewhere. */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return launch({ channel: 'chrome', args: more })
  const executablePath = await chromium.executablePath()
  // Its default flags allow pages of any origin to read any answer, which would disable CORS.
  const args = chromium.args.filter((argument) => !PERMISSIVE.test(argument))
  // Without a locale in the environment its own is `en-US@posix`, with which Intl throws.
  const language = '--lang=en-US'
  return launch({ args: [...args, language, ...more], executablePath, headless: 'shell' })
}
