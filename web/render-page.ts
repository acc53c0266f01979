import { readFileSync } from 'node:fs'
import type { Assets } from './assets.ts'

/** What the pages must know of the platform they belong to. */
export type PageOptions = {
  /** Where the browser sends a card number to get a token for it; a path where this server passes it on. */
  readonly gatewayUrl: string
  /** True where providers are sandboxes and the clock can be moved. */
  readonly sandbox: boolean
  readonly version: string
}

/** One page: its address, its name, and the files in html/, browser/ and styles/ that it is made of. */
export type Page = {
  readonly path: string
  readonly name: string
  readonly title: string
  readonly description: string
}

/** All pages, in the order of the navigation. */
export const PAGES: readonly Page[] = [
  { path: '/', name: 'home', title: 'Fourfold', description: 'An open buy-now-pay-later platform.' },
  {
    path: '/shop',
    name: 'shop',
    title: 'Shop',
    description: 'Offer a checkout, capture, refund, see what is paid out.',
  },
  { path: '/me', name: 'me', title: 'Wallet', description: 'Confirm a purchase, see your plans, pay an instalment.' },
  { path: '/ops', name: 'ops', title: 'Operations', description: 'Every topology, connector and sink, live.' },
  { path: '/docs', name: 'docs', title: 'API', description: 'The HTTP API, to read and to try.' },
]

const MARK = '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><use href="/assets/mark.svg#mark"></use></svg>'

/** A whole page: the frame that all share around its file in `html/`. */
export function renderPage(page: Page, options: PageOptions, assets: Assets): string {
  const base = `/assets/${assets.version}`
  const body = readFileSync(new URL(`html/${page.name}.html`, import.meta.url), 'utf8')
  const entry = `browser/${page.name}-page.ts`
  const styles = [...assets.files.keys()].filter((path) => path.endsWith('.css'))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeHtml(page.description)}">
<meta name="gateway-url" content="${escapeHtml(options.gatewayUrl)}">
<title>${page.path === '/' ? 'Fourfold' : `${escapeHtml(page.title)} · Fourfold`}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
${styles.map((path) => `<link rel="stylesheet" href="${base}/${path}">`).join('\n')}
${assets
  .modulesOf(entry)
  .map((path) => `<link rel="modulepreload" href="${base}/${path}">`)
  .join('\n')}
<script type="module" src="${base}/${entry}"></script>
</head>
<body class="page-${page.name}">
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="/">${MARK}<span>Fourfold</span></a>
  <nav aria-label="Pages">${PAGES.slice(1)
    .map((one) => link(one, page))
    .join('')}</nav>
  ${options.sandbox ? '<span class="sandbox-tag" title="No real card is ever charged">Sandbox</span>' : ''}
</header>
<main id="main" tabindex="-1">
<noscript><p class="banner banner-bad">These pages need JavaScript. The API does not: see /openapi.json.</p></noscript>
${body}</main>
<footer class="foot"><span>Fourfold ${escapeHtml(options.version)}</span><a href="/openapi.json">OpenAPI</a><a
  href="/healthz">Health</a></footer>
<div id="announcer" class="unseen" role="status" aria-live="polite"></div>
</body>
</html>
`
}

function link(to: Page, current: Page): string {
  return `<a href="${to.path}"${to === current ? ' aria-current="page"' : ''}>${escapeHtml(to.title)}</a>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
