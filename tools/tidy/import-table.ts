/**
 * Who may import whom (ARCHITECTURE.md, "Code map"). The table is the rule; change it there and here together.
 */
import type { Import } from './imports.ts'
import { isTest } from './sources.ts'

/** What the files of a room may import besides the room itself. `packages: null` means any package and `node:`. */
type Room = { readonly rooms: readonly string[]; readonly packages: readonly string[] | null }

const ANYTHING = ['streams', 'domain', 'schemas', 'topologies', 'connectors', 'sinks', 'api', 'web', 'main', 'test']

const TABLE: Readonly<Record<string, Room>> = {
  streams: { rooms: [], packages: ['node:', 'rocksdb-native', '@platformatic/kafka'] },
  // Of node:net only its tables of addresses: nothing is opened.
  domain: { rooms: [], packages: ['node:crypto', 'node:net'] },
  schemas: { rooms: ['streams', 'domain'], packages: null },
  topologies: { rooms: ['streams', 'schemas', 'domain'], packages: [] },
  connectors: { rooms: ['streams', 'schemas', 'domain'], packages: null },
  sinks: { rooms: ['streams', 'schemas', 'domain'], packages: null },
  api: { rooms: ['schemas', 'streams', 'domain', 'sinks'], packages: null },
  web: { rooms: ['api'], packages: null },
  main: { rooms: ANYTHING, packages: null },
  test: { rooms: ANYTHING, packages: null },
  bench: { rooms: ANYTHING, packages: null },
  tools: { rooms: ANYTHING, packages: null },
}

/** The folders of `streams/`, each of which may import only those before it. */
const LADDER = ['serde', 'log', 'assignor', 'remote', 'store', 'processor', 'topology', 'dsl', 'runtime', 'testing']

/** What is wrong with one import, in words; null where nothing is. */
export function importProblem(one: Import): string | null {
  const room = TABLE[roomOf(one.from)]
  if (room === undefined) return null
  if (one.target === null) return packageProblem(one, room)
  return crossingProblem(one, room) ?? narrowerProblem(one) ?? ladderProblem(one)
}

function roomOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

/** `topologies/credit/x.ts` → `credit`; `topologies/mod.ts` → ''. */
function folderOf(path: string): string {
  const parts = path.split('/')
  return parts.length > 2 ? (parts[1] ?? '') : ''
}

function packageProblem({ from, specifier }: Import, { packages }: Room): string | null {
  if (packages === null || isTest(from) || /(?:^|[/-])testing\b/.test(from)) return null
  // Everybody loads the library; only who runs on Kafka shall load its client.
  if (specifier === '@platformatic/kafka' && !from.startsWith('streams/log/kafka/')) {
    return 'only streams/log/kafka may import @platformatic/kafka'
  }
  const allowed = packages.some((name) => specifier === name || (name.endsWith(':') && specifier.startsWith(name)))
  return allowed ? null : `${roomOf(from)} may not import ${specifier}`
}

function crossingProblem({ from, specifier, target }: Import, { rooms }: Room): string | null {
  const [own, other] = [roomOf(from), roomOf(target ?? '')]
  if (own === other || other === '') return null
  if (!rooms.includes(other)) return `${own} may not import ${other}`
  return specifier.startsWith('.') ? `write #${other}/… instead of ${specifier}` : null
}

/** The rules that are narrower than a whole room. */
function narrowerProblem({ from, target, typeOnly }: Import): string | null {
  const [own, path] = [roomOf(from), target ?? '']
  if (
    own === 'topologies' &&
    roomOf(path) === 'topologies' &&
    folderOf(from) !== '' &&
    folderOf(path) !== folderOf(from)
  ) {
    return 'a topology may not import another one'
  }
  if (own === 'api' && roomOf(path) === 'sinks' && !/^sinks\/[^/]+\/read/.test(path))
    return 'api may import only read* of a sink'
  if (own === 'web' && roomOf(path) === 'api' && !typeOnly) return 'web may import only types of api'
  if (isTest(from) || /(?:^|[/-])testing\b/.test(from)) return null
  if (path === 'streams/testing.ts' && own !== 'main') return 'only tests may import #streams/testing'
  const wantsBroker = path === 'streams/testing/kafka-broker.ts' && !['test', 'tools', 'bench'].includes(own)
  return wantsBroker ? 'only tests, tools and benchmarks may import #streams/testing/kafka-broker' : null
}

function ladderProblem({ from, target }: Import): string | null {
  if (roomOf(from) !== 'streams' || isTest(from) || /^streams\/(?:mod|testing|kafka)\.ts$/.test(from)) return null
  const [own, other] = [LADDER.indexOf(folderOf(from)), LADDER.indexOf(folderOf(target ?? ''))]
  return other > own ? `streams/${folderOf(from)} may not import streams/${LADDER[other]}` : null
}
