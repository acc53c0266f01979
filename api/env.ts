import type { Principal } from './auth.ts'

/** What middleware leaves in a request's context. */
export type ApiEnv = { readonly Variables: { principal: Principal; requestId: string } }
