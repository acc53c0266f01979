import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
const START_MS = 60_000
const FLOW_MS = 120_000
/** The sandbox bureau always finds a good file for this one. */
const EMAIL = 'sam@example.com'

let platform: ChildProcess
let dataDir: string
let operations: string
let browser: Browser
let context: BrowserContext
const complaints: string[] = []

/** On a machine without a browser the tests are skipped, and say why; never where all of them must run. */
function needsChromium(context: TestContext): void {
  if (CHROMIUM !== undefined) return
  if (process.env['CI'] === 'true') throw new Error('Chromium is missing: apt-get install chromium')
  context.skip('needs Chromium: apt-get install chromium')
}

/** Starts the platform on a free port; its output names the operations page with the operator token. */
async function startPlatform(): Promise<string> {
  dataDir = await mkdtemp(join(tmpdir(), 'fourfold-web-'))
  const flags = ['--port', '0', '--data-dir', dataDir, '--clock', 'manual', '--clock-start', '2026-03-02']
  platform = spawn(process.execPath, [join('main', 'start.ts'), ...flags], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http\S+\/ops#token=\S+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    }
    platform.stdout?.on('data', listen)
    platform.stderr?.on('data', listen)
    platform.once('exit', () => reject(new Error(`The platform did not start:\n${said}`)))
  })
}

async function open(address: string, within = context): Promise<Page> {
  const page = await within.newPage()
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  await page.goto(new URL(address, operations).href)
  return page
}

beforeAll(async () => {
  if (CHROMIUM === undefined) return
  operations = await startPlatform()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
}, START_MS)

afterAll(async () => {
  await browser?.close()
  if (platform?.exitCode === null) {
    platform.kill('SIGTERM')
    await once(platform, 'exit')
  }
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true })
}, START_MS)

async function openShop(page: Page): Promise<void> {
  // The link that the start prints brings the token along.
  await expect.poll(() => page.getByLabel('Operator token').inputValue()).not.toBe('')
  await page.getByLabel('Shop name').fill('Northlight Audio')
  await page.getByLabel('Legal name').fill('Northlight Audio, Inc.')
  await page.getByLabel('Payout account').fill('acct_northlight')
  await page.getByLabel('Monthly plans').selectOption('INTEREST')
  await page.getByRole('button', { name: 'Onboard' }).click()
  await page.getByRole('heading', { name: 'Northlight Audio' }).waitFor()
}

async function offer(page: Page, amount: string): Promise<void> {
  // A dialog that has just closed has an amount, too.
  await page.getByLabel('Amount', { exact: true }).fill(amount)
  await page.getByLabel('Your reference').fill('Order 1001')
  await page.getByRole('button', { name: 'Offer it' }).click()
}

async function openAccount(page: Page, familyName = 'Sample', email = EMAIL): Promise<void> {
  const form = page.locator('#register-form')
  await form.getByLabel('Given name').fill('Sam')
  await form.getByLabel('Family name').fill(familyName)
  await form.getByLabel('E-mail').fill(email)
  await form.getByLabel('Password').fill('a long password')
  await form.getByLabel('Date of birth').fill('1990-05-17')
  await form.getByRole('button', { name: 'Open account' }).click()
  const mail = await page.getByText(/Your code is \d{6}/).textContent()
  const confirm = page.locator('#confirm-form')
  await confirm.getByLabel('Code').fill(/\d{6}/.exec(mail ?? '')?.[0] ?? '')
  await confirm.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('button', { name: 'Verify my identity' }).click()
  await page.getByText('Your identity is verified').waitFor()
  await page.getByText('available of').waitFor()
  await page.getByLabel('Sandbox card').selectOption('4242424242424242')
  await page.getByRole('button', { name: 'Add card' }).click()
  await page.locator('#cards').getByText('Visa ···· 4242').waitFor()
}

describe('the pages', () => {
  test('take a purchase from the offer to the operations page, by hand', { timeout: FLOW_MS }, async (testing) => {
    needsChromium(testing)
    const shop = await open(`/shop${new URL(operations).hash}`)
    expect(shop.url()).not.toContain('token')
    await openShop(shop)
    await offer(shop, '0')
    await expect.poll(() => shop.locator('.field-problem').textContent()).toBe('Must be above 0')
    await expect.poll(() => shop.getByLabel('Amount').getAttribute('aria-invalid')).toBe('true')
    await offer(shop, '57.27')
    const link = (await shop.getByRole('link', { name: 'Consumer link' }).getAttribute('href')) ?? ''

    const wallet = await open(link)
    await wallet.getByText('A checkout waits for you').waitFor()
    await openAccount(wallet)
    await wallet.getByRole('button', { name: 'Confirm and pay $14.32 now' }).click()
    await wallet.getByRole('heading', { name: 'Approved: $57.27 at Northlight Audio' }).waitFor()

    const purchases = shop.locator('#purchases')
    await purchases.getByRole('button', { name: 'Capture' }).click()
    await shop.getByRole('dialog').getByRole('button', { name: 'Capture' }).click()
    await purchases.getByText('Captured', { exact: true }).last().waitFor()
    const plan = wallet.locator('.plan', { hasText: 'Pay in 4' })
    await plan.getByText('$14.32 paid, $42.95 to go').waitFor()
    expect(await plan.locator('.instalment .when > span').allInnerTexts()).toEqual([
      '2 Mar 2026',
      '16 Mar 2026',
      '30 Mar 2026',
      '13 Apr 2026',
    ])

    // Monthly: what it costs is told before it is agreed on, and the plan shows it.
    await offer(shop, '120.00')
    const second = shop.locator('#offered li', { hasText: '$120.00' }).getByRole('link', { name: 'Consumer link' })
    await wallet.goto((await second.getAttribute('href')) ?? '')
    const six = wallet.locator('.product', { hasText: 'Pay in 6 months' })
    await six.getByText('$3.53 interest, $123.53 in all, 10.02% APR').waitFor()
    await six.getByText('2 Apr 2026').waitFor()
    await six.click()
    await wallet.getByRole('button', { name: 'Confirm and pay nothing now' }).click()
    await wallet.getByRole('heading', { name: 'Approved: $120.00 at Northlight Audio' }).waitFor()

    const ops = await open(operations)
    await ops.locator('.decisions').getByText('$57.27').waitFor()
    expect(ops.url()).not.toContain('token')
    await ops.getByRole('button', { name: '+ 2 weeks' }).click()
    await ops.getByText('Monday, 16 March 2026').waitFor()
    await plan.getByText('$28.64 paid, $28.63 to go').waitFor()
    await plan.getByRole('button', { name: 'Pay now instalment 3' }).click()
    await wallet.getByRole('dialog').getByRole('button', { name: 'Pay', exact: true }).click()
    await plan.getByText('$42.96 paid, $14.31 to go').waitFor()
    // Two weeks later the session goes on by itself, under new tokens.
    await wallet.getByText('Where you are signed in').click()
    await wallet.locator('#sessions').getByText('since 2026-03-02').waitFor()
    await wallet.locator('#contacts').getByText('Confirmed.').waitFor()

    await ops.getByRole('button', { name: 'credit', exact: true }).click()
    await ops.getByRole('img', { name: 'Drawing of credit' }).waitFor()

    // The amount of 0 was refused by the API, and the access token had ended after two weeks: a browser reports every
    // refusal. Nothing else may be amiss.
    expect(complaints.filter((complaint) => !/status of 40[01]/.test(complaint))).toEqual([])
  })

  test('take a counter-offer, a problem and a review to their ends', { timeout: FLOW_MS }, async (testing) => {
    needsChromium(testing)
    const shop = await open(`/shop${new URL(operations).hash}`)
    await openShop(shop)
    const key = await shop.locator('code', { hasText: /^fm_mer_/ }).textContent()
    const endpoint = { data: { url: 'http://127.0.0.1:9/hooks', eventTypes: ['purchase.authorised'] } }
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'endpoint-1' }
    const address = new URL('/v1/webhook-endpoints', operations).href
    expect((await shop.request.post(address, { ...endpoint, headers })).status()).toBe(201)
    await offer(shop, '900')
    const link = (await shop.getByRole('link', { name: 'Consumer link' }).getAttribute('href')) ?? ''
    const wallet = await open(link, await browser.newContext())
    // The bureau's own score gives a limit of 600.
    await openAccount(wallet, 'Score550', 'counter@example.com')
    await wallet.getByRole('button', { name: 'Confirm and pay $225.00 now' }).click()
    await wallet.getByText('You could buy for up to $600.00 now').waitFor()
    expect(await wallet.locator('.counter .planned .amount').allInnerTexts()).toEqual([
      '$300.00',
      '$200.00',
      '$200.00',
      '$200.00',
    ])
    await wallet.getByRole('button', { name: 'Have a person look at it' }).click()
    await wallet.getByLabel('What they should know').fill('My income has risen.')
    await wallet.getByRole('button', { name: 'Send it' }).click()
    await wallet.getByText('A person looks at it by').waitFor()
    await wallet.getByRole('button', { name: 'Accept and pay $300.00 now' }).click()
    await wallet.getByRole('heading', { name: 'Approved: $900.00 at Northlight Audio' }).waitFor()

    const ops = await open(operations)
    await ops.locator('.decisions li').first().getByRole('button', { name: 'Reports' }).click()
    await ops.getByRole('dialog').getByText('Decided by').waitFor()
    await ops.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    const review = ops.locator('#reviews li').filter({ hasText: 'My income has risen.' })
    await review.getByRole('button', { name: 'Claim' }).click()
    await ops.getByLabel('Your name').fill('Jo')
    await ops.getByRole('dialog').getByRole('button', { name: 'Claim' }).click()
    await review.getByRole('button', { name: 'Overturn' }).click()
    await ops.getByLabel('Why, to the consumer').fill('Proof of income seen.')
    await ops.getByRole('dialog').getByRole('button', { name: 'Overturn' }).click()
    await expect.poll(() => review.count()).toBe(0)

    await shop.locator('#purchases').getByRole('button', { name: 'Capture' }).click()
    await shop.getByRole('dialog').getByRole('button', { name: 'Capture' }).click()
    const bought = wallet.locator('#my-purchases li').filter({ hasText: 'Shipped' })
    await bought.getByRole('button', { name: 'Report a problem' }).click()
    await wallet.getByLabel('The problem').selectOption('NOT_AS_DESCRIBED')
    await wallet.getByLabel('In your words').fill('One side is silent.')
    await wallet.getByRole('button', { name: 'Report it' }).click()
    await bought.getByText('Problem reported').waitFor()
    await wallet.locator('.plan').getByText('On hold until').waitFor()
    const dispute = shop.locator('#disputes details')
    await dispute.locator('summary').click()
    await dispute.getByText('One side is silent.').waitFor()
    await dispute.getByLabel('Your answer').fill('It was tested before it was sent.')
    await dispute.getByRole('button', { name: 'Answer' }).click()
    await dispute.getByText('In review').waitFor()
    await bought.getByRole('button', { name: 'It is solved' }).click()
    await wallet.getByRole('dialog').getByRole('button', { name: 'It is solved' }).click()
    await bought.getByText('Problem settled: as it was').waitFor()

    // A second report, which the staff decides.
    await bought.getByRole('button', { name: 'Report a problem' }).click()
    await wallet.getByLabel('The problem').selectOption('NOT_RECEIVED')
    await wallet.getByLabel('In your words').fill('It never came.')
    await wallet.getByRole('button', { name: 'Report it' }).click()
    const disputed = ops.locator('#disputes li').filter({ hasText: 'It never came.' })
    await disputed.getByRole('button', { name: 'Refund' }).click()
    await ops.getByRole('dialog').getByLabel('Why, kept with the decision').fill('no tracking number')
    await ops.getByRole('dialog').getByRole('button', { name: 'Refund' }).click()
    await ops.getByText('Nothing is disputed.').waitFor()
    await wallet.locator('#my-purchases').getByText('$900.00 refunded').waitFor()

    // Nobody listens where the shop wants to be told: after two weeks that is given up, and can be tried again.
    await ops.getByRole('button', { name: '+ 2 weeks' }).click()
    const given = shop.locator('#dead-letters > div').filter({ hasText: 'purchase.authorised' })
    await given.getByRole('button', { name: 'Replay' }).click()
    await expect.poll(() => given.count()).toBe(0)
    expect(complaints.filter((complaint) => !/status of 40[01]/.test(complaint))).toEqual([])
  })

  test('let a shop pick what it refunds', { timeout: FLOW_MS }, async (testing) => {
    needsChromium(testing)
    const shop = await open(`/shop${new URL(operations).hash}`, await browser.newContext())
    await openShop(shop)
    for (const [index, [name, quantity, price]] of [
      ['Cup', '3', '20'],
      ['Kettle', '1', '40'],
    ].entries()) {
      await shop.getByRole('button', { name: 'Add an item' }).click()
      await shop.locator(`[name="items.${index}.name"]`).fill(name ?? '')
      await shop.locator(`[name="items.${index}.quantity"]`).fill(quantity ?? '')
      await shop.locator(`[name="items.${index}.unitAmountMinor"]`).fill(price ?? '')
    }
    await shop.getByRole('button', { name: 'Offer it' }).click()
    const link = (await shop.getByRole('link', { name: 'Consumer link' }).getAttribute('href')) ?? ''
    const wallet = await open(link, await browser.newContext())
    await openAccount(wallet, 'Sample', 'items@example.com')
    await wallet.getByRole('button', { name: 'Confirm and pay $25.00 now' }).click()
    await wallet.getByRole('heading', { name: 'Approved: $100.00 at Northlight Audio' }).waitFor()
    const purchases = shop.locator('#purchases')
    await purchases.getByRole('button', { name: 'Capture' }).click()
    await shop.getByRole('dialog').getByRole('button', { name: 'Capture' }).click()

    const dialog = shop.getByRole('dialog')
    await purchases.getByRole('button', { name: 'Refund' }).click()
    await dialog.getByText('3 of 3 left, $20.00 each.').waitFor()
    await dialog.getByRole('button', { name: 'Refund' }).click()
    await dialog.getByText('Must be given, or items: exactly one of the two').waitFor()
    await dialog.getByLabel('Cup').fill('2')
    await dialog.getByRole('button', { name: 'Refund' }).click()
    await purchases.getByRole('cell', { name: '$40.00', exact: true }).waitFor()
    await purchases.getByRole('button', { name: 'Refund' }).click()
    await dialog.getByText('1 of 3 left, $20.00 each.').waitFor()
    await dialog.getByLabel('Or an amount in USD').fill('5')
    await dialog.getByRole('button', { name: 'Refund' }).click()
    await purchases.getByRole('cell', { name: '$45.00', exact: true }).waitFor()
    expect(complaints.filter((complaint) => !/status of 40[01]/.test(complaint))).toEqual([])
  })

  test('let the staff decide about merchants, and agree on other terms', { timeout: FLOW_MS }, async (testing) => {
    needsChromium(testing)
    const ops = await open(operations)
    for (const name of ['Corner', 'Doubtful']) {
      const data = {
        ...{ name, legalName: `${name} Review Ltd`, registrationNumber: 'HRB 7', country: 'US', currency: 'USD' },
        ...{ categoryCode: '5994', payoutAccount: 'acct_1' },
      }
      const headers = { 'idempotency-key': `apply-${name}` }
      const answer = await ops.request.post(new URL('/v1/merchant-applications', operations).href, { data, headers })
      expect(answer.status()).toBe(201)
    }
    const row = (name: string) => ops.locator('#applications li').filter({ hasText: name })
    await row('Corner').getByText('In review').waitFor()
    await row('Doubtful').getByRole('button', { name: 'Refuse' }).click()
    await ops.getByLabel('Why, for the audit log').fill('no such address')
    await ops.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click()
    await row('Doubtful').getByText('Rejected').waitFor()
    await row('Corner').getByRole('button', { name: 'Approve' }).click()
    await ops.getByLabel('Risk tier', { exact: true }).selectOption('LOW')
    await ops.getByLabel('Why, for the audit log').fill('owner confirmed by phone')
    await ops.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await row('Corner').getByText('Low risk').waitFor()
    await row('Corner').getByRole('button', { name: 'Tier' }).click()
    await ops.getByLabel('Risk tier', { exact: true }).selectOption('HIGH')
    await ops.getByLabel('Why, for the audit log').fill('many returns')
    await ops.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
    await row('Corner').getByText('High risk').waitFor()
    await row('Corner').getByRole('button', { name: 'Terms' }).click()
    await ops.getByLabel('Fixed fee, USD').fill('much')
    await ops.getByRole('dialog').getByRole('button', { name: 'Agree' }).click()
    await ops.getByText('Must be an amount in USD').waitFor()
    await ops.getByLabel('Fixed fee, USD').fill('0.45')
    await ops.getByRole('dialog').getByRole('button', { name: 'Agree' }).click()
    await expect.poll(() => ops.getByRole('dialog').count()).toBe(0)
    await row('Corner').getByRole('button', { name: 'Terms' }).click()
    await ops.getByText(/Version 2: .* \+ \$0\.45/).waitFor()
    expect(complaints.filter((complaint) => !/status of 40[01]/.test(complaint))).toEqual([])
  })

  for (const path of ['/', '/shop', '/me', '/ops', '/docs']) {
    test(`${path} fits a phone, and names all of its fields`, async (testing) => {
      needsChromium(testing)
      const width = 390
      const page = await open(path)
      await page.setViewportSize({ width, height: 844 })
      await page.locator('h1').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const unnamed =
        "[...document.querySelectorAll('input, select, textarea')].filter((one) => !one.labels.length).length"
      expect(await page.evaluate(unnamed)).toBe(0)
      await page.close()
    })
  }
})
