import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { type Assets, loadAssets } from './assets.ts'
import { PAGES, type PageOptions, renderPage } from './render-page.ts'

/** A page as it goes out: made once, known again by its tag. */
type Rendered = { readonly html: string; readonly etag: string }

/**
 * The pages: `/`, `/shop`, `/me`, `/ops`, `/docs`, and what they are made of under `/assets/`. They hold no data: a
 * browser fetches it from the API with the token of whoever looks. Files are read at the first request.
 */
export function webPages(options: PageOptions): Hono {
  const app = new Hono()
  let assets: Assets | undefined
  const loaded = () => {
    assets ??= loadAssets()
    return assets
  }
  for (const page of PAGES) {
    let rendered: Rendered | undefined
    app.get(page.path, (c) => {
      rendered ??= tagged(renderPage(page, options, loaded()))
      return sendPage(c, rendered, options)
    })
  }
  app.get('/favicon.ico', (c) => c.redirect('/assets/mark.svg', 301))
  app.get('/assets/mark.svg', (c) => sendAsset(c, loaded(), 'styles/mark.svg', 'public, max-age=86400'))
  app.get('/assets/:version/:path{.+}', (c) => {
    const { version, path } = c.req.param()
    const current = loaded()
    if (version !== current.version) return c.notFound()
    return sendAsset(c, current, path, 'public, max-age=31536000, immutable')
  })
  return app
}

function sendPage(c: Context, { html, etag }: Rendered, { gatewayUrl }: PageOptions): Response {
  c.header('etag', etag)
  c.header('cache-control', 'no-cache')
  c.header('content-security-policy', policyFor(gatewayUrl))
  c.header('referrer-policy', 'no-referrer')
  c.header('x-content-type-options', 'nosniff')
  if (c.req.header('if-none-match') === etag) return c.body(null, 304)
  return c.html(html)
}

/** Only what this server sends is run or shown; the card form alone may speak to one more place, the gateway. */
function policyFor(gatewayUrl: string): string {
  return [
    "default-src 'self'",
    gatewayUrl.startsWith('/') ? "connect-src 'self'" : `connect-src 'self' ${new URL(gatewayUrl).origin}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

function sendAsset(c: Context, { files }: Assets, path: string, cacheControl: string): Response | Promise<Response> {
  const asset = files.get(path)
  if (asset === undefined) return c.notFound()
  c.header('content-type', asset.contentType)
  c.header('cache-control', cacheControl)
  c.header('x-content-type-options', 'nosniff')
  return c.body(asset.body)
}

function tagged(html: string): Rendered {
  return { html, etag: `"${createHash('sha256').update(html).digest('hex').slice(0, 16)}"` }
}
