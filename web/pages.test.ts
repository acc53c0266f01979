import { describe, expect, test } from 'vitest'
import { webPages } from './pages.ts'

const GATEWAY = 'https://gateway.example.com/v1'
const pages = webPages({ gatewayUrl: GATEWAY, sandbox: true, version: '1.2.3' })
const get = (path: string, headers: Record<string, string> = {}) => pages.request(path, { headers })

/** The address of an asset as the page names it. */
async function addressOf(page: string, pattern: RegExp): Promise<string> {
  return pattern.exec(await (await get(page)).text())?.[1] ?? ''
}

describe('a page', () => {
  test.each(['/', '/shop', '/me', '/ops', '/docs'])('%s is served as HTML with its own script', async (path) => {
    const response = await get(path)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(html).toMatch(/<script type="module" src="\/assets\/\w+\/browser\/\w+-page\.ts"><\/script>/)
    expect(html).toContain('<main id="main"')
  })

  test.each(['/', '/shop', '/me', '/ops', '/docs'])('%s has no script or style of its own inside', async (path) => {
    const html = await (await get(path)).text()
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/)
  })

  test('allows only this server and, for card numbers, the gateway', async () => {
    const policy = (await get('/me')).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("connect-src 'self' https://gateway.example.com;")
    expect(policy).not.toContain('unsafe')
  })

  test('names no other server where the gateway is behind this one', async () => {
    const behind = webPages({ gatewayUrl: '/sandbox/gateway', sandbox: true, version: '1.2.3' })
    const policy = (await behind.request('/me')).headers.get('content-security-policy')
    expect(policy).toContain("connect-src 'self';")
  })

  test('is not sent again to a browser that has it', async () => {
    const etag = (await get('/ops')).headers.get('etag') ?? ''
    const again = await get('/ops', { 'if-none-match': etag })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect((await get('/shop', { 'if-none-match': etag })).status).toBe(200)
  })

  test('writes what it is told as text', async () => {
    const odd = webPages({ gatewayUrl: '/"><script>', sandbox: false, version: '<b>' })
    const html = await (await odd.request('/me')).text()
    expect(html).not.toContain('"><script>')
    expect(html).not.toContain('<b>')
    expect(html).not.toContain('sandbox-tag')
  })

  test('names every module it needs, so that none waits for another', async () => {
    const html = await (await get('/me')).text()
    const named = [...html.matchAll(/modulepreload" href="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(named.length).toBeGreaterThan(10)
    for (const path of named) {
      const text = await (await get(path)).text()
      for (const [, specifier = ''] of text.matchAll(/\bfrom '(\.[^']+)'/g)) {
        expect(named).toContain(new URL(specifier, `http://host${path}`).pathname)
      }
    }
  })
})

describe('an asset', () => {
  test('is JavaScript without types, kept for ever under its version', async () => {
    const response = await get(await addressOf('/ops', /src="([^"]+ops-page\.ts)"/))
    const code = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(code).not.toContain('import type')
    expect(() => new Function(code.replace(/^import .*$/gm, ''))).not.toThrow()
  })

  test('is a style sheet or the mark', async () => {
    const style = await get(await addressOf('/', /rel="stylesheet" href="([^"]+)"/))
    expect(style.headers.get('content-type')).toMatch(/^text\/css/)
    const mark = await get('/assets/mark.svg')
    expect(mark.headers.get('content-type')).toMatch(/^image\/svg\+xml/)
    expect((await get('/favicon.ico')).headers.get('location')).toBe('/assets/mark.svg')
  })

  test.each([
    '../pages.ts',
    '..%2fpages.ts',
    '%2e%2e/pages.ts',
    'browser/../../pages.ts',
    'browser/..%5c..%5cpages.ts',
    'browser/kit/money.test.ts',
    'html/ops.html',
    'browser/tsconfig.json',
    'browser',
    '',
  ])('does not lead out of what pages are made of: %s', async (path) => {
    const base = await addressOf('/', /src="(\/assets\/\w+\/)browser/)
    expect((await get(base + path)).status).toBe(404)
  })

  test('of another version is not there', async () => {
    expect((await get('/assets/000000000000/browser/ops-page.ts')).status).toBe(404)
  })
})
