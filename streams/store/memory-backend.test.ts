import { storeSuite } from '../testing/store-suite.ts'
import { MemoryBackend } from './memory-backend.ts'

storeSuite('memory', false, async () => ({ backend: new MemoryBackend(), remove: async () => undefined }))
