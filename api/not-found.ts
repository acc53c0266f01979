import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnv } from './env.ts'
import { Problem, renderProblem } from './problems.ts'

type KnownPath = { readonly pattern: RegExp; readonly methods: string[] }

/**
 * Answers what no route took: a known path asked with another method gets 405 and `Allow` (OPTIONS gets 204 and
 * `Allow`), everything else 404. For the app itself, and for whoever mounts it beside other routes.
 */
export function notFoundHandler(api: OpenAPIHono<ApiEnv>): (c: Context) => Response {
  const paths = knownPaths(api)
  return (c) => {
    const { method, path } = c.req
    const known = paths.find(({ pattern }) => pattern.test(path))
    if (known === undefined) return renderProblem(new Problem(404, 'NOT_FOUND', `There is no ${method} ${path}.`), c)
    const allow = known.methods.join(', ')
    if (method === 'OPTIONS') return c.body(null, 204, { allow })
    const detail = `${path} does not take ${method}. It takes ${allow}.`
    return renderProblem(new Problem(405, 'METHOD_NOT_ALLOWED', detail, { headers: { allow } }), c)
  }
}

function knownPaths(api: OpenAPIHono<ApiEnv>): KnownPath[] {
  const methodsOf = new Map<string, string[]>()
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { path, method } = definition.route
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method.toUpperCase()])
  }
  return [...methodsOf].map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    methods: [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'],
  }))
}
