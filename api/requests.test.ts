import type { z } from '@hono/zod-openapi'
import { describe, expect, test } from 'vitest'
import {
  AmountMinor,
  Country,
  Currency,
  IdempotencyHeader,
  IsoDate,
  idOf,
  Line,
  PageQuery,
  TimeZone,
} from './requests.ts'

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

describe('fields of requests', () => {
  test.each<[string, z.ZodType, readonly unknown[], readonly unknown[]]>([
    ['an amount', AmountMinor, [1, 5727, 100_000_000], [0, -1, 57.27, 100_000_001, '5727', null, Number.NaN, 2 ** 53]],
    ['a currency', Currency, ['USD', 'EUR', 'JPY'], ['usd', 'XTS', '', 'DOLLARS']],
    ['a date', IsoDate, ['2026-02-28', '2024-02-29'], ['2026-02-29', '2026-2-1', '01.02.2026', '', '2026-13-01']],
    ['a country', Country, ['US', 'DE'], ['us', 'USA', '']],
    [
      'a time zone',
      TimeZone,
      ['UTC', 'Europe/Berlin', 'Asia/Calcutta'],
      ['Mars/Base', '+01:00', 'CET+1', '', 'etc/..'],
    ],
    ['a line', Line, ['Lena', ' Zoë ', 'x'.repeat(200)], ['', '  ', 'a\nb', 'a\r\nBcc: b', 'a\u0000', 'x'.repeat(201)]],
    [
      'an id',
      idOf('pur'),
      [`pur_${'0a'.repeat(16)}`],
      ['pur_1', `con_${'0a'.repeat(16)}`, `pur_${'0A'.repeat(16)}`, ''],
    ],
  ])('%s', (_what, schema, good, bad) => {
    expect(good.filter((value) => !takes(schema, value))).toEqual([])
    expect(bad.filter((value) => takes(schema, value))).toEqual([])
  })

  test('an Idempotency-Key is 1 to 255 visible characters', () => {
    const key = (value: unknown) => takes(IdempotencyHeader, { 'idempotency-key': value, 'user-agent': 'any' })
    expect([key('a'), key('x'.repeat(255)), key('order-1001/capture:1')]).toEqual([true, true, true])
    expect([key(''), key('x'.repeat(256)), key('a b'), key('ä'), key(undefined)]).toEqual(Array(5).fill(false))
  })

  test('a page has a usual size, and takes whole numbers in its range only', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 20 })
    expect(PageQuery.parse({ limit: '100', cursor: 'abc' })).toEqual({ limit: 100, cursor: 'abc' })
    const bad = ['0', '101', '-1', '1.5', '1e1', '0x10', '', 'many', ['1', '2']]
    expect(bad.filter((limit) => takes(PageQuery, { limit }))).toEqual([])
    expect(takes(PageQuery, { page: '2' })).toBe(false)
  })
})
