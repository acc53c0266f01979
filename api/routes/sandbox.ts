import { z } from '@hono/zod-openapi'
import { addDays, dateToMs, daysBetween } from '#domain/calendar.ts'
import { isStreamsError } from '#streams'
import type { ApiParts } from '../parts.ts'
import type { SandboxClock } from '../ports.ts'
import { Problem } from '../problems.ts'
import { IsoDate } from '../requests.ts'
import { type ApiRoutes, isoTime, jsonAnswer, jsonBody, routes, securedRoute } from '../routing.ts'
import { date, instant } from '../view-fields.ts'

const DAYS_MAX = 3_660

const ClockView = z.object({ date: date('Business date.'), time: instant('Business time.') }).openapi('Clock')
const MovedView = ClockView.extend({
  settled: z.boolean().openapi({ description: 'False where the platform had not come to rest in time.' }),
}).openapi('ClockMoved')
const Move = z
  .strictObject({
    date: IsoDate.optional().openapi({ description: 'Where to: midnight UTC of this date.' }),
    days: z.int().min(1).max(DAYS_MAX).optional().openapi({ description: 'How far.', example: 14 }),
  })
  .refine((body) => (body.date === undefined) !== (body.days === undefined), {
    error: 'exactly one of date and days must be given',
    path: ['date'],
  })
  .openapi('ClockMove', { example: { days: 14 } })

/** The sandbox clock: business time is read here, and moved by whoever may. */
export function sandboxRoutes(parts: ApiParts, clock: SandboxClock | null) {
  const app = routes()
  addRead(app, parts)
  addMove(app, parts, clock)
  return app
}

function addRead(app: ApiRoutes, parts: ApiParts): void {
  const read = securedRoute(parts.auth, ['operator', 'merchant', 'consumer'], {
    method: 'get',
    path: '/v1/sandbox/clock',
    operationId: 'getClock',
    tags: ['Sandbox'],
    summary: 'What time it is in business time',
    responses: { 200: jsonAnswer(ClockView, 'Business time.') },
  })
  app.openapi(read, (c) => c.json(timeOf(parts.time), 200))
}

function addMove(app: ApiRoutes, parts: ApiParts, clock: SandboxClock | null): void {
  const move = securedRoute(parts.auth, ['operator'], {
    method: 'post',
    path: '/v1/sandbox/clock',
    operationId: 'moveClock',
    tags: ['Sandbox'],
    summary: 'Move business time forward; every day on the way is lived through',
    description: '`settled` is false where the platform had not come to rest in time; moving on is safe all the same.',
    request: { body: jsonBody(Move) },
    responses: { 200: jsonAnswer(MovedView, 'Business time now.') },
  })
  app.openapi(move, async (c) => {
    if (clock === null) {
      throw new Problem(403, 'CLOCK_IS_REAL', 'This platform runs on real time; its clock cannot be moved.')
    }
    const body = c.req.valid('json')
    const today = clock.now().date
    const target = body.date ?? addDays(today, body.days ?? 1)
    if (target <= today) throw onlyForward(today)
    if (daysBetween(today, target) > DAYS_MAX) {
      throw new Problem(422, 'CLOCK_MOVE_TOO_FAR', `It is ${today}. Move ${DAYS_MAX} days or less at a time.`)
    }
    const { settled } = await clock.moveTo(dateToMs(target)).catch((error: unknown) => {
      // Another move was first, and went further.
      if (error instanceof RangeError) throw onlyForward(clock.now().date)
      throw isStreamsError(error, 'CLOCK_MOVED_ELSEWHERE') ? new Problem(409, error.code, error.message) : error
    })
    return c.json({ ...timeOf(clock), settled }, 200)
  })
}

function timeOf(clock: Pick<SandboxClock, 'now'>): z.infer<typeof ClockView> {
  const now = clock.now()
  return { date: now.date, time: isoTime(now.timeMs) }
}

function onlyForward(today: string): Problem {
  return new Problem(422, 'CLOCK_ONLY_FORWARD', `It is ${today}; time only moves forward. Name a later date.`)
}
