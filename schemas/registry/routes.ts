/**
 * The REST API of Confluent's schema registry, for Avro.
 */
import { type Context, Hono } from 'hono'
import type { Registry } from './registry.ts'
import { RegistryError, schemaNotFound, subjectLevelNotConfigured } from './registry-error.ts'
import type { SchemaVersion } from './registry-records.ts'

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'

/** The registry as an app, to be served by itself or under a path. */
export function registryRoutes(registry: Registry): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    // Another process may have registered something since. A schema never changes under its id: one that is known is.
    const [, id] = /\/schemas\/ids\/(\d{1,10})(?:\/schema)?$/.exec(c.req.path) ?? []
    if (id === undefined || registry.state.schema(Number(id)) === undefined) await registry.readOn()
    return next()
  })
  app.get('/', (c) => answer(c, {}))
  app.get('/mode', (c) => answer(c, { mode: 'READWRITE' }))
  schemaRoutes(app, registry)
  subjectRoutes(app, registry)
  configRoutes(app, registry)
  compatibilityRoutes(app, registry)
  app.notFound((c) => answer(c, { error_code: 404, message: 'HTTP 404 Not Found' }, 404))
  app.onError((error, c) => {
    if (error instanceof RegistryError) {
      return answer(c, { error_code: error.errorCode, message: error.message }, error.status)
    }
    return answer(c, { error_code: 50001, message: `Error in the backend data store: ${error.message}` }, 500)
  })
  return app
}

function schemaRoutes(app: Hono, registry: Registry): void {
  const schemaOf = (c: Context): string => {
    const schema = registry.state.schema(idOf(c))
    if (schema === undefined) throw schemaNotFound()
    return schema
  }
  const usesOf = (c: Context): SchemaVersion[] => {
    schemaOf(c)
    return registry.state.uses(idOf(c), flag(c, 'deleted'))
  }
  app.get('/schemas/types', (c) => answer(c, ['AVRO']))
  app.get('/schemas/ids/:id', (c) => answer(c, { schema: schemaOf(c) }))
  app.get('/schemas/ids/:id/schema', (c) => c.body(schemaOf(c), 200, { 'content-type': CONTENT_TYPE }))
  app.get('/schemas/ids/:id/subjects', (c) => answer(c, [...new Set(usesOf(c).map((use) => use.subject))]))
  app.get('/schemas/ids/:id/versions', (c) =>
    answer(
      c,
      usesOf(c).map(({ subject, version }) => ({ subject, version })),
    ),
  )
}

function subjectRoutes(app: Hono, registry: Registry): void {
  app.get('/subjects', (c) => {
    const prefix = c.req.query('subjectPrefix') ?? ''
    return answer(
      c,
      registry.state.subjects(flag(c, 'deleted')).filter((subject) => subject.startsWith(prefix)),
    )
  })
  app.post('/subjects/:subject', async (c) => {
    const found = registry.lookUp(c.req.param('subject'), await body(c), flag(c, 'deleted'))
    return answer(c, shown(found))
  })
  app.delete('/subjects/:subject', async (c) =>
    answer(c, await registry.deleteSubject(c.req.param('subject'), flag(c, 'permanent'))),
  )
  app.get('/subjects/:subject/versions', (c) => {
    const versions = registry.versions(c.req.param('subject'), flag(c, 'deleted'))
    return answer(
      c,
      versions.map((version) => version.version),
    )
  })
  app.post('/subjects/:subject/versions', async (c) => {
    const { id } = await registry.register(c.req.param('subject'), await body(c))
    return answer(c, { id })
  })
  const one = (c: Context): SchemaVersion =>
    registry.version(c.req.param('subject') ?? '', c.req.param('version') ?? '', flag(c, 'deleted'))
  app.get('/subjects/:subject/versions/:version', (c) => answer(c, shown(one(c))))
  app.get('/subjects/:subject/versions/:version/schema', (c) =>
    c.body(one(c).schema, 200, { 'content-type': CONTENT_TYPE }),
  )
  app.delete('/subjects/:subject/versions/:version', async (c) => {
    const { subject, version } = c.req.param()
    return answer(c, await registry.deleteVersion(subject, version, flag(c, 'permanent')))
  })
}

function configRoutes(app: Hono, registry: Registry): void {
  const put = async (c: Context, subject: string | null) => {
    const { compatibility } = (await body(c)) as { compatibility?: unknown }
    await registry.setLevel(subject, compatibility ?? '')
    return answer(c, { compatibility: registry.effectiveLevel(subject) })
  }
  app.get('/config', (c) => answer(c, { compatibilityLevel: registry.effectiveLevel(null) }))
  app.put('/config', (c) => put(c, null))
  app.delete('/config', async (c) => {
    await registry.setLevel(null, null)
    return answer(c, { compatibilityLevel: registry.effectiveLevel(null) })
  })
  app.get('/config/:subject', (c) => {
    const subject = c.req.param('subject')
    const level = registry.state.level(subject)
    if (level === undefined && !flag(c, 'defaultToGlobal')) throw subjectLevelNotConfigured(subject)
    return answer(c, { compatibilityLevel: registry.effectiveLevel(subject) })
  })
  app.put('/config/:subject', (c) => put(c, c.req.param('subject')))
  app.delete('/config/:subject', async (c) => {
    const subject = c.req.param('subject')
    const level = registry.state.level(subject)
    if (level === undefined) throw subjectLevelNotConfigured(subject)
    await registry.setLevel(subject, null)
    return answer(c, { compatibilityLevel: level })
  })
}

function compatibilityRoutes(app: Hono, registry: Registry): void {
  const check = async (c: Context, version: string | null) => {
    const { isCompatible, messages } = registry.checkCompatibility(c.req.param('subject') ?? '', version, await body(c))
    return answer(c, { is_compatible: isCompatible, ...(flag(c, 'verbose') ? { messages } : {}) })
  }
  app.post('/compatibility/subjects/:subject/versions', (c) => check(c, null))
  app.post('/compatibility/subjects/:subject/versions/:version', (c) => check(c, c.req.param('version')))
}

function answer(c: Context, value: unknown, status: RegistryError['status'] | 200 = 200): Response {
  return c.body(JSON.stringify(value), status, { 'content-type': CONTENT_TYPE })
}

function shown({ subject, version, id, schema }: SchemaVersion) {
  return { subject, version, id, schema }
}

function flag(c: Context, name: string): boolean {
  return c.req.query(name) === 'true'
}

function idOf(c: Context): number {
  const id = c.req.param('id') ?? ''
  if (!/^\d{1,10}$/.test(id)) throw schemaNotFound()
  return Number(id)
}

/** The body as an object, whatever content type the client names. */
async function body(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new RegistryError(400, 400, 'The body is not JSON.')
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new RegistryError(422, 422, 'The body must be a JSON object.')
  }
  return parsed as Record<string, unknown>
}
