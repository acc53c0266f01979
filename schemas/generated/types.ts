// Generated from schemas/avro by tools/generate-types.ts; do not edit.

/** One critical action, chained by hash to the one before it of the same subject. */
export type AuditEntry = {
  readonly type: 'AuditEntry'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** Consumer or merchant id. */
  readonly subject: string
  /** From 1, without a gap. */
  readonly sequence: number
  /** Record name of the event. */
  readonly action: string
  readonly eventId: string
  /** Source of the event. */
  readonly actor: string
  /** The event as canonical JSON. */
  readonly detail: string
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string
  /** SHA-256 over previousHash, subject, sequence, action, eventId, actor and detail. */
  readonly hash: string
}

/** Business time moved. One record goes to every partition of the clock topic. */
export type ClockTicked = {
  readonly type: 'ClockTicked'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** The business time now. */
  readonly time: number
  /** The business date now. */
  readonly date: string
}

/** The stored outcome of a command, kept in the same atomic step as its events, so that a repeat gets the same answer. */
export type CommandAnswer = {
  readonly commandId: string
  readonly idempotencyKey: string | null
  /** Record name of the outcome event. */
  readonly outcomeType: string
  /** The outcome event in wire format. */
  readonly outcome: Buffer
  readonly answeredAt: number
}

/** What a credit costs, as the consumer is told before it is agreed on; late fees are none of it. */
export type CreditCost = {
  /** All interest of the schedule. */
  readonly interestMinor: number
  /** All that is to be paid: the amount and the interest. */
  readonly totalMinor: number
  /** The annual rate in hundredths of a percent. */
  readonly rateBps: number
  /** ACTUARIAL (APR of Regulation Z) or EFFECTIVE (EU and UK). */
  readonly rateMethod: string
}

/** What every record says about itself. Its type and schema id are in the wire format (the schema id names the record). */
export type Envelope = {
  /** Event id, derived from the id of the input that caused it: the same on replay. */
  readonly id: string
  /** The part that wrote it: api, a topology or a connector. */
  readonly source: string
  /** Business time at which it happened, copied from the cause; never the machine's clock. */
  readonly occurredAt: number
  /** Business date at which it happened. */
  readonly businessDate: string
  /** The id of the command that began the chain: what the API waits for. */
  readonly correlationId: string
  /** The id of the record that caused this one; null at the start of a chain. */
  readonly causationId: string | null
  /** For a command with an Idempotency-Key: scoped key, '#', hash of the body. Copied to its outcome. */
  readonly idempotencyKey: string | null
}

/** One line of the basket. */
export type LineItem = {
  readonly name: string
  readonly quantity: number
  readonly unitAmountMinor: number
}

/** The merchant terms frozen when the checkout was made: what its capture costs and when it is paid out. */
export type MerchantTerms = {
  /** Fee in hundredths of a percent of the captured amount. */
  readonly feeBps: number
  /** Fixed fee of each capture, minor units. */
  readonly feeFixedMinor: number
  /** N of T+N: calendar days from capture to payout. */
  readonly settlementDays: number
  /** LAST_FIRST, NEXT_FIRST, SPREAD or RE_AMORTISE: how a refund is taken off what is due later. Null: the product's. */
  readonly refundPolicy: string | null
  /** Days in which a purchase can be captured, 1 to 180. Null: 13. */
  readonly authorisationDays: number | null
  /** Null: in UTC, with none of it. */
  readonly settlement: SettlementTerms | null
  /** The monthly plans that the merchant offers, one a number of instalments. */
  readonly monthly: readonly MonthlyTerms[]
}

/** Monthly instalments as a merchant offers them: how many, and what they cost. */
export type MonthlyTerms = {
  /** 2 to 36. */
  readonly instalments: number
  /** NONE, FLAT (on the amount, whatever was paid) or DECLINING (on what is owed). */
  readonly interest: string
  /** A year, in parts per million: 9.4822 % is 94822. 0 without interest. */
  readonly ratePpm: number
  /** THIRTY_360 or ACTUAL_365. */
  readonly dayCount: string
}

/** How a purchase is paid back. */
export type Product = 'PAY_IN_4' | 'PAY_IN_30' | 'PAY_MONTHLY'

/** One principal reason of a decision, most important first. */
export type Reason = {
  /** Stable code, e.g. LIMIT_EXCEEDED. */
  readonly code: string
  /** In English, to the consumer. */
  readonly text: string
  /** The same in other languages, by ISO 639-1: de. */
  readonly texts: Readonly<Record<string, string>>
}

/** So many of a line of the basket, given back. */
export type RefundedItem = {
  /** Its place in the basket, from 1. */
  readonly line: number
  readonly quantity: number
}

/** How a merchant is settled beyond fee and days; frozen with its other terms. */
export type SettlementTerms = {
  /** IANA name: the days of its settlement begin there. */
  readonly timeZone: string
  /** Commission on each capture for whoever brought the merchant, in hundredths of a percent. */
  readonly commissionBps: number
  /** Tax on fees and commissions. */
  readonly taxBps: number
  /** Share of each capture that is held back as a reserve. */
  readonly holdbackBps: number
  /** Days until a reserve is released. */
  readonly holdbackDays: number
  /** A refund gives its share of the fee back. */
  readonly refundsFee: boolean
}

/** Command: ask for an account. It is opened by ConfirmRegistration, with the code that goes to the address. */
export type BeginRegistration = {
  readonly type: 'BeginRegistration'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly email: string
  readonly phone: string | null
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA name. */
  readonly timeZone: string
  /** BCP 47; the language of notices. */
  readonly language: string
  /** argon2id; null for an account that has no password yet. */
  readonly passwordHash: string | null
  /** Names the one-time code, and what is asked for. */
  readonly codeId: string
  /** Keyed hash of id and code. */
  readonly codeHash: string
  /** Keyed hash of the network that asks, where anybody may ask; null where the owner of a session does. */
  readonly requester: string | null
}

/** Command: an attempt to prove a password begins. It is counted before the password is looked at, also for an account that is not there. */
export type BeginSignIn = {
  readonly type: 'BeginSignIn'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
}

/** Command: choose which notices come by which channel. Legal and security notices cannot be chosen. */
export type ChangeNoticePreferences = {
  readonly type: 'ChangeNoticePreferences'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** What is chosen; the default holds for the rest. */
  readonly choices: readonly NoticeChoice[]
}

/** Command: the API has checked the password of today; keep another one. Other sessions end. */
export type ChangePassword = {
  readonly type: 'ChangePassword'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** argon2id, PHC string format. */
  readonly passwordHash: string
  /** SHA-256 of the hash that was verified; null where there was no password. */
  readonly replaces: string | null
  /** The session that stays open. */
  readonly keepSessionId: string | null
}

/** A one-time code is to be sent. */
export type CodeIssued = {
  readonly type: 'CodeIssued'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  readonly purpose: CodePurpose
  readonly expiresAt: number
  /** When another one may be asked for. */
  readonly resendAt: number
}

/** What a one-time code proves or permits. */
export type CodePurpose = 'EMAIL' | 'PHONE' | 'PASSWORD_RESET' | 'REGISTRATION'

/** Command: a one-time code was presented, to prove an address or a number. */
export type ConfirmCode = {
  readonly type: 'ConfirmCode'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  /** Keyed hash of the code that was presented. */
  readonly codeHash: string
}

/** Command: open the account that was asked for, with its first session. */
export type ConfirmRegistration = {
  readonly type: 'ConfirmRegistration'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  /** Keyed hash of the id and the code that was presented. */
  readonly codeHash: string
  /** The first session. */
  readonly sessionId: string
  /** SHA-256 of the access token. */
  readonly tokenHash: string
  /** When the access token ends. */
  readonly expiresAt: number
  /** SHA-256 of the refresh token. */
  readonly refreshHash: string
  /** When the session ends, however often it is refreshed. */
  readonly refreshExpiresAt: number
  /** What the caller says it is (User-Agent), for the list of sessions. */
  readonly device: string | null
}

/** A command about a consumer was refused; nothing changed. */
export type ConsumerCommandRefused = {
  readonly type: 'ConsumerCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** Record name of the command. */
  readonly command: string
  /** Stable code, e.g. CONSUMER_UNKNOWN. */
  readonly code: string
  readonly detail: string
}

/** An account is open. */
export type ConsumerRegistered = {
  readonly type: 'ConsumerRegistered'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly email: string
  readonly phone: string | null
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
  readonly timeZone: string
  readonly language: string
}

/** An e-mail address is not proved any more: mail to it comes back. */
export type ContactDoubted = {
  readonly type: 'ContactDoubted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purpose: CodePurpose
  readonly reason: string
}

/** An e-mail address or a phone number is proved to be the consumer’s. */
export type ContactVerified = {
  readonly type: 'ContactVerified'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  readonly purpose: CodePurpose
}

/** Command: sign out. */
export type EndSession = {
  readonly type: 'EndSession'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
}

/** Command: sign out everywhere. */
export type EndSessions = {
  readonly type: 'EndSessions'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** A session that stays open. */
  readonly keepSessionId: string | null
}

/** What the identity provider said. */
export type IdentityCheckReported = {
  readonly type: 'IdentityCheckReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly checkId: string
  /** APPROVED, DECLINED or NEEDS_REVIEW; EXPIRED when no answer came in time. */
  readonly outcome: KycStatus
  readonly final: boolean
  readonly reasons: readonly string[]
  readonly providerRef: string | null
  /** The provider’s count of the changes of this check: tells an older report from a newer one. Null where it keeps none. */
  readonly version: number | null
}

/** Request to the identity connector. */
export type IdentityCheckRequested = {
  readonly type: 'IdentityCheckRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** Also the idempotency key at the provider. */
  readonly requestId: string
  readonly consumerId: string
  readonly checkId: string
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
  readonly email: string
  readonly documentRef: string | null
}

/** Where the identity check stands. */
export type KycStatus = 'NOT_STARTED' | 'PENDING' | 'APPROVED' | 'DECLINED' | 'NEEDS_REVIEW' | 'EXPIRED'

/** The identity check moved. */
export type KycStatusChanged = {
  readonly type: 'KycStatusChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly checkId: string
  readonly status: KycStatus
  readonly previous: KycStatus
  /** False where the provider may still overturn it. */
  readonly final: boolean
  readonly reasons: readonly string[]
}

/** What a notice is about, where the consumer may choose. */
export type NoticeCategory = 'REMINDERS' | 'RECEIPTS' | 'ACCOUNT' | 'STATEMENTS' | 'NEWS'

/** Whether notices of a category come by a channel. */
export type NoticeChoice = {
  readonly category: NoticeCategory
  readonly channel: Channel
  readonly wanted: boolean
}

/** From now on notices come as chosen. */
export type NoticePreferencesChanged = {
  readonly type: 'NoticePreferencesChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** All that is chosen; the default holds for the rest. */
  readonly choices: readonly NoticeChoice[]
}

/** There is another password. */
export type PasswordChanged = {
  readonly type: 'PasswordChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** True where a one-time code stood in for the old password. */
  readonly byCode: boolean
}

/** Command: a refresh token was presented; exchange it for new tokens. */
export type RefreshSession = {
  readonly type: 'RefreshSession'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
  /** SHA-256 of the refresh token that was presented. */
  readonly presentedHash: string
  /** SHA-256 of the next access token. */
  readonly tokenHash: string
  /** When the next access token ends. */
  readonly expiresAt: number
  /** SHA-256 of the next refresh token. */
  readonly refreshHash: string
}

/** Command of before registrations were confirmed: open an account at once. It is read, and written no more. */
export type RegisterConsumer = {
  readonly type: 'RegisterConsumer'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly email: string
  readonly phone: string | null
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA name. */
  readonly timeZone: string
  /** BCP 47; the language of notices. */
  readonly language: string
  /** argon2id; null for an account that signs in by one-time code. */
  readonly passwordHash: string | null
  /** The first session, opened with the account. */
  readonly sessionId: string
  /** SHA-256 of the session token. */
  readonly sessionTokenHash: string
  readonly sessionExpiresAt: number
  /** SHA-256 of the refresh token of the first session. */
  readonly refreshHash: string | null
  /** When the first session ends, however often it is refreshed. */
  readonly refreshExpiresAt: number | null
  /** What the caller says it is (User-Agent), for the list of sessions. */
  readonly device: string | null
}

/** An account was asked for with an address that has none: a code is to be sent there. */
export type RegistrationBegun = {
  readonly type: 'RegistrationBegun'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  readonly email: string
  /** BCP 47. */
  readonly language: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA name. */
  readonly timeZone: string
  /** When the code ends. */
  readonly expiresAt: number
}

/** Somebody asked for an account with an address that has one: its owner is told, and nothing changes. */
export type RegistrationRepeated = {
  readonly type: 'RegistrationRepeated'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
}

/** A password hash that takes the place of another one of the same password. */
export type Rehash = {
  /** argon2id, PHC string format. */
  readonly passwordHash: string
  /** SHA-256 of the hash that was verified: where another one is kept by then, nothing is replaced. */
  readonly replaces: string
}

/** Command: send a one-time code. The code is in no record: who knows the secret can make it from its id. */
export type RequestCode = {
  readonly type: 'RequestCode'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  readonly purpose: CodePurpose
  /** Keyed hash of id and code. */
  readonly codeHash: string
  /** Keyed hash of the network that asks, where anybody may ask; null where the owner of a session does. */
  readonly requester: string | null
}

/** Command: verify who the consumer is. */
export type RequestIdentityCheck = {
  readonly type: 'RequestIdentityCheck'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly checkId: string
  /** Reference of a document held by the identity provider; never the document. */
  readonly documentRef: string | null
}

/** Command: set another password by a one-time code. All sessions end. */
export type ResetPassword = {
  readonly type: 'ResetPassword'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly codeId: string
  /** Keyed hash of the code that was presented. */
  readonly codeHash: string
  /** argon2id, PHC string format. */
  readonly passwordHash: string
}

/** Why a session ended. */
export type SessionEnd = 'SIGNED_OUT' | 'REVOKED' | 'TOO_MANY' | 'PASSWORD_CHANGED' | 'REFRESH_REUSED'

/** A session is closed. */
export type SessionEnded = {
  readonly type: 'SessionEnded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
  /** Null in records from before reasons were kept. */
  readonly reason: SessionEnd | null
}

/** A session has new tokens; the old ones are spent. */
export type SessionRefreshed = {
  readonly type: 'SessionRefreshed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
  /** When the access token ends. */
  readonly expiresAt: number
}

/** A session is open. */
export type SessionStarted = {
  readonly type: 'SessionStarted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
  readonly expiresAt: number
  readonly device: string | null
}

/** All sessions were ended, but for one where one was to stay; each has its SessionEnded. */
export type SessionsEnded = {
  readonly type: 'SessionsEnded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** How many. */
  readonly ended: number
}

/** An attempt may go on: the password may be looked at. */
export type SignInAllowed = {
  readonly type: 'SignInAllowed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** Attempts since the last right password, this one included. */
  readonly attempts: number
  /** When the next attempt may begin, where it must wait. */
  readonly lockedUntil: number | null
}

/** An attempt may not go on: there were too many. Nothing was counted. */
export type SignInLocked = {
  readonly type: 'SignInLocked'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly attempts: number
  readonly lockedUntil: number
}

/** Command: the API has checked the credentials; open a session. */
export type StartSession = {
  readonly type: 'StartSession'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly sessionId: string
  readonly tokenHash: string
  /** When the access token ends. */
  readonly expiresAt: number
  /** SHA-256 of the refresh token. */
  readonly refreshHash: string | null
  /** When the session ends, however often it is refreshed. */
  readonly refreshExpiresAt: number | null
  /** What the caller says it is (User-Agent), for the list of sessions. */
  readonly device: string | null
  /** The password, hashed anew: it was hashed at a lower cost than is asked for today. */
  readonly rehash: Rehash | null
}

/** What the bureau had. */
export type BureauOutcome = 'FOUND' | 'THIN_FILE' | 'FROZEN' | 'UNAVAILABLE'

/** Request to the bureau connector. */
export type BureauReportRequested = {
  readonly type: 'BureauReportRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
  /** Which bureau is asked. */
  readonly bureau: string
  /** The round of questions, from 1; 0 where only one bureau could be asked. */
  readonly attempt: number
}

/** What the bureau said. */
export type BureauReported = {
  readonly type: 'BureauReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly outcome: BureauOutcome
  /** 0 to 1000; higher is safer. */
  readonly score: number | null
  readonly openAccounts: number
  /** Accounts past due in the last 24 months. */
  readonly delinquencies: number
  /** Inquiries in the last 6 months. */
  readonly inquiries: number
  readonly oldestAccountMonths: number
  readonly monthlyIncomeMinor: number | null
  readonly providerRef: string | null
  /** Null where the bureau reports none, or a score only. */
  readonly attributes: CreditAttributes | null
  /** Which bureau said it. */
  readonly bureau: string
}

/** Two credit reports of a consumer contradict each other. */
export type BureauReportsContradicted = {
  readonly type: 'BureauReportsContradicted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly source: ContradictionSource
  /** The report that is decided by. */
  readonly standing: ReportReference
  /** The report that says something else. */
  readonly other: ReportReference
  /** In what they differ. */
  readonly fields: readonly string[]
  /** What is done meanwhile, by the policy: DECIDE, DECLINE or REVIEW. */
  readonly rule: string
  readonly policyVersion: string
}

/** Command of the staff: I look at this one. */
export type ClaimReview = {
  readonly type: 'ClaimReview'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewer: string
}

/** Who contradicts: a bureau itself, or another one. */
export type ContradictionSource = 'SAME_BUREAU' | 'OTHER_BUREAU'

/** What a bureau knows of somebody's accounts and newest instalment credit, as the score model uses it. Null where it does not know. Nothing in it tells of sex, marital status, age or nationality. */
export type CreditAttributes = {
  /** NONE, OVERDRAWN, BELOW_200, FROM_200_OR_SALARY. */
  readonly checkingAccount: string | null
  /** DELAYED_IN_THE_PAST, CRITICAL, NONE_OR_ALL_REPAID, REPAID_DULY_TILL_NOW, ALL_REPAID_HERE. */
  readonly creditHistory: string | null
  /** Of the newest instalment credit. */
  readonly durationMonths: number | null
  /** Of the newest instalment credit, in the whole units that the model was made from. */
  readonly creditAmount: number | null
  /** Of the newest instalment credit: NEW_CAR, USED_CAR, FURNITURE, RADIO_OR_TELEVISION, APPLIANCES, REPAIRS, VACATION, RETRAINING, BUSINESS, OTHER. */
  readonly purpose: string | null
  /** NONE_OR_UNKNOWN, BELOW_100, BELOW_500, BELOW_1000, FROM_1000. */
  readonly savings: string | null
  /** Who else answers for the credit: NONE, CO_APPLICANT, GUARANTOR. */
  readonly otherDebtors: string | null
  /** Instalments owed elsewhere: NONE, BANK, STORES. */
  readonly otherInstalments: string | null
}

/** A credit policy was taken: it holds from a time on, for decisions of that business time and later. */
export type CreditPolicyPublished = {
  readonly type: 'CreditPolicyPublished'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly version: string
  /** Null where it never holds by itself, but only as a challenger. */
  readonly effectiveFrom: number | null
  /** The score model it names. */
  readonly modelVersion: string
  /** The policy file as JSON text, its keys sorted. */
  readonly file: string
  /** SHA-256 of the file's text, hex. */
  readonly fileHash: string
}

/** A policy or model was not taken, and why. */
export type CreditRulesRefused = {
  readonly type: 'CreditRulesRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** The type of the command. */
  readonly command: string
  readonly code: string
  /** What was wrong and what to do. */
  readonly detail: string
  readonly problems: readonly RuleProblem[]
}

/** Command of the staff: the refusal stands, or it does not. */
export type DecideReview = {
  readonly type: 'DecideReview'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewer: string
  readonly overturned: boolean
  /** Why; kept for the consumer and the audit log. */
  readonly reason: string
}

/** What a consumer owes or has on hold changed. */
export type ExposureChanged = {
  readonly type: 'ExposureChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly currency: string
  readonly limitMinor: number
  /** Authorised, not captured, less what was paid at checkout. */
  readonly holdMinor: number
  /** Captured principal not yet paid. */
  readonly outstandingMinor: number
  /** Fees not yet paid. */
  readonly feesMinor: number
  readonly availableMinor: number
  /** A missed payment stops new purchases until it is paid. */
  readonly blocked: boolean
}

/** The spending limit moved, and why. */
export type LimitChanged = {
  readonly type: 'LimitChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly limitMinor: number
  readonly previousMinor: number
  readonly currency: string
  readonly score: number | null
  readonly policyVersion: string
  readonly modelVersion: string
  readonly reason: string
  /** The rule of behaviour that moved it; null where a report or other rules did. */
  readonly rule: string | null
  /** The limit is so many percent of what the score gives. */
  readonly percent: number
  /** Why it moved, in words. */
  readonly reasons: readonly Reason[]
}

/** Command of the operator: this credit policy holds from a time on. */
export type PublishCreditPolicy = {
  readonly type: 'PublishCreditPolicy'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** The policy file as JSON text. */
  readonly file: string
  /** Business time from which it holds; null where it never does by itself, but only as a challenger. */
  readonly effectiveFrom: number | null
}

/** Command of the operator: policies may name this score model from now on. */
export type PublishScoreModel = {
  readonly type: 'PublishScoreModel'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** The model file as JSON text. */
  readonly file: string
}

/** Credit says yes, and holds the amount. */
export type PurchaseApproved = {
  readonly type: 'PurchaseApproved'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly decisionId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
  readonly merchantReference: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly limitMinor: number
  readonly exposureBeforeMinor: number
  readonly exposureAfterMinor: number
  readonly score: number
  readonly policyVersion: string
  readonly modelVersion: string
  /** The inputs of the decision by name. */
  readonly features: Readonly<Record<string, number>>
  readonly rulesHit: readonly string[]
  /** As the shop or app names the device it was confirmed on; null where nobody said. */
  readonly deviceId: string | null
  /** Where the score starts: the points of the factors are added to it. */
  readonly scoreBase: number | null
  /** What the score is made of, what lowered it most first. */
  readonly factors: readonly ScoreFactor[]
  /** Who decided: CHAMPION, or CHALLENGER for its share of consumers. */
  readonly variant: string
  /** What the other one would have decided; null where no challenger runs for this consumer. */
  readonly shadow: ShadowDecision | null
  /** What is paid at the checkout, where that is more than a quarter. */
  readonly firstPaymentMinor: number | null
  /** The review whose approval this purchase has used; null for one that passed by itself. */
  readonly reviewId: string | null
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** The reports of each bureau; none in records from before they were told. */
  readonly reports: readonly UsedReport[]
  /** How they contradicted each other; null where they did not. */
  readonly contradiction: ReportContradiction | null
}

/** Credit says no, and why: at most four reasons, most important first. */
export type PurchaseDeclined = {
  readonly type: 'PurchaseDeclined'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly decisionId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly limitMinor: number
  readonly exposureMinor: number
  readonly availableMinor: number
  readonly score: number | null
  readonly policyVersion: string
  readonly modelVersion: string
  readonly features: Readonly<Record<string, number>>
  readonly rulesHit: readonly string[]
  readonly reasons: readonly Reason[]
  /** An amount that would pass now. */
  readonly counterOfferMinor: number | null
  /** As the shop or app names the device it was confirmed on; null where nobody said. */
  readonly deviceId: string | null
  /** Where the score starts: the points of the factors are added to it. */
  readonly scoreBase: number | null
  /** What the score is made of, what lowered it most first. */
  readonly factors: readonly ScoreFactor[]
  /** Who decided: CHAMPION, or CHALLENGER for its share of consumers. */
  readonly variant: string
  /** What the other one would have decided; null where no challenger runs for this consumer. */
  readonly shadow: ShadowDecision | null
  /** A first payment with which the whole amount would pass now. */
  readonly counterFirstPaymentMinor: number | null
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** The reports of each bureau; none in records from before they were told. */
  readonly reports: readonly UsedReport[]
  /** How they contradicted each other; null where they did not. */
  readonly contradiction: ReportContradiction | null
}

/** Two reports that contradict each other. */
export type ReportContradiction = {
  readonly source: ContradictionSource
  /** The report that is decided by. */
  readonly standing: ReportReference
  /** The report that says something else. */
  readonly other: ReportReference
  /** In what they differ. */
  readonly fields: readonly string[]
}

/** One report among those that were compared. */
export type ReportReference = {
  readonly bureau: string
  readonly requestId: string
  /** The bureau's own reference. */
  readonly providerRef: string | null
}

/** Command of a consumer: a person shall look at a refusal. */
export type RequestReview = {
  readonly type: 'RequestReview'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  /** What the consumer has to say. */
  readonly statement: string
}

/** Somebody of the staff looks at it. */
export type ReviewClaimed = {
  readonly type: 'ReviewClaimed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewId: string
  readonly reviewer: string
}

/** A command about a review was not taken, and why. */
export type ReviewCommandRefused = {
  readonly type: 'ReviewCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  /** The type of the command. */
  readonly command: string
  readonly code: string
  readonly detail: string
}

/** A person has decided: the refusal stands, or one purchase of this amount there is approved. */
export type ReviewDecided = {
  readonly type: 'ReviewDecided'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewId: string
  readonly purchaseId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  readonly reviewer: string
  readonly overturned: boolean
  readonly reason: string
  /** Until then a purchase is approved; null where the refusal stands. */
  readonly validUntil: number | null
}

/** Nobody decided by the deadline; the review stays open. */
export type ReviewOverdue = {
  readonly type: 'ReviewOverdue'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewId: string
  readonly dueAt: number
}

/** A person is to look at a refusal, by a deadline. */
export type ReviewRequested = {
  readonly type: 'ReviewRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The refusal it is about. */
  readonly decisionId: string
  readonly reviewId: string
  readonly purchaseId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  /** Codes of the refusal. */
  readonly reasons: readonly string[]
  readonly statement: string
  readonly dueAt: number
  /** CONSUMER, or POLICY where the policy sends such refusals to a person by itself. */
  readonly openedBy: string
}

/** What is wrong with a policy or model file. */
export type RuleProblem = {
  /** Stable code, e.g. POLICY_BAND_GAP. */
  readonly code: string
  /** With the names of the parts. */
  readonly text: string
}

/** What one characteristic did to a score. */
export type ScoreFactor = {
  readonly attribute: string
  /** Null where it was not known. */
  readonly value: string | null
  /** Below 0 where it lowered the score: without it, the score had been so many points higher. */
  readonly points: number
  /** The reason it is where it lowered the score. */
  readonly code: string
}

/** A score model was taken: policies may name it. */
export type ScoreModelPublished = {
  readonly type: 'ScoreModelPublished'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly version: string
  /** The model file as JSON text, its keys sorted. */
  readonly file: string
  /** SHA-256 of the file's text, hex. */
  readonly fileHash: string
}

/** What the other one of champion and challenger would have decided. */
export type ShadowDecision = {
  /** CHAMPION or CHALLENGER. */
  readonly variant: string
  readonly policyVersion: string
  readonly modelVersion: string
  readonly score: number | null
  readonly limitMinor: number
  readonly approved: boolean
  /** Codes of its refusal. */
  readonly reasons: readonly string[]
}

/** A credit report that a decision took into account. */
export type UsedReport = {
  readonly bureau: string
  readonly requestId: string
  /** The bureau's own reference. */
  readonly providerRef: string | null
  readonly outcome: BureauOutcome
  readonly reportedAt: number
  /** True of the one that was decided by. */
  readonly decisive: boolean
}

/** An account after a posting. */
export type AccountBalanceChanged = {
  readonly type: 'AccountBalanceChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly account: string
  readonly currency: string
  readonly entryId: string
  readonly amountMinor: number
  /** Debits less credits. */
  readonly balanceMinor: number
  readonly debitsMinor: number
  readonly creditsMinor: number
  /** How many postings the account has had. */
  readonly postings: number
}

/** Close a month of the ledger, or compute the figures of a closed one again. */
export type ClosePeriod = {
  readonly type: 'ClosePeriod'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
}

/** One money event in double entry: its postings sum to 0 in its currency. */
export type LedgerEntryPosted = {
  readonly type: 'LedgerEntryPosted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly entryId: string
  /** E.g. CAPTURE, MERCHANT_FEE, INSTALMENT_PAID. */
  readonly kind: string
  readonly currency: string
  readonly postings: readonly Posting[]
  readonly purchaseId: string | null
  readonly planId: string | null
  readonly merchantId: string | null
  readonly consumerId: string | null
  /** The first day of the open period, where that of the event was closed; null: the event’s own date. */
  readonly bookedOn: string | null
}

/** One posting on its way to its account (internal repartition by account). */
export type LedgerPosting = {
  readonly type: 'LedgerPosting'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly entryId: string
  readonly account: string
  readonly amountMinor: number
  readonly currency: string
}

/** From here on each task books nothing into the month, and says what it has booked. */
export type PeriodCloseBegun = {
  readonly type: 'PeriodCloseBegun'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly closeId: string
  /** From 1. */
  readonly run: number
}

/** The figures of a closed month were computed again, and are not the ones kept: a defect. The kept ones stay. */
export type PeriodCloseDiffers = {
  readonly type: 'PeriodCloseDiffers'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly run: number
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
  readonly differences: readonly PeriodDifference[]
}

/** When months are closed by themselves. */
export type PeriodCloseScheduled = {
  readonly type: 'PeriodCloseScheduled'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** See SchedulePeriodClose. */
  readonly closeDay: number | null
}

/** A month is closed; or its figures were computed again, and are the same. */
export type PeriodClosed = {
  readonly type: 'PeriodClosed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly run: number
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
  /** To the figures before it was reopened; none where it was not. */
  readonly differences: readonly PeriodDifference[]
}

/** A command about periods was refused, and why. */
export type PeriodCommandRefused = {
  readonly type: 'PeriodCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  readonly command: string
  readonly code: string
  /** What was wrong and what to do. */
  readonly detail: string
}

/** A figure that is not the one kept. */
export type PeriodDifference = {
  readonly account: string
  readonly currency: string
  /** DEBITS or CREDITS. */
  readonly side: string
  readonly keptMinor: number
  readonly foundMinor: number
}

/** Debits and credits of a class of accounts, from the beginning to the end of a period. */
export type PeriodFigure = {
  /** E.g. assets:cash. */
  readonly account: string
  readonly currency: string
  readonly debitsMinor: number
  readonly creditsMinor: number
}

/** A month takes entries again. */
export type PeriodReopened = {
  readonly type: 'PeriodReopened'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly reason: string
  /** The last month that stays closed. */
  readonly closedThrough: string | null
}

/** What one task has booked up to the end of a month (internal repartition). */
export type PeriodShare = {
  readonly type: 'PeriodShare'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly closeId: string
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
}

/** One side of a ledger entry. */
export type Posting = {
  /** E.g. assets:consumer-receivable:con_x, liabilities:merchant-payable:mer_x, income:late-fees. */
  readonly account: string
  /** Debit positive, credit negative. */
  readonly amountMinor: number
}

/** Open the month that was closed last again. */
export type ReopenPeriod = {
  readonly type: 'ReopenPeriod'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** A month, YYYY-MM. */
  readonly period: string
  readonly reason: string
}

/** Close months by themselves from now on, or no more. */
export type SchedulePeriodClose = {
  readonly type: 'SchedulePeriodClose'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `ledger`: there is one, and the audit log names it. */
  readonly ledgerId: string
  /** The day of the next month on which a month is closed, 1 to 28; null: by command only. */
  readonly closeDay: number | null
}

/** An API key was added. */
export type ApiKeyIssued = {
  readonly type: 'ApiKeyIssued'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly apiKeyId: string
}

/** An API key was withdrawn. */
export type ApiKeyRevoked = {
  readonly type: 'ApiKeyRevoked'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly apiKeyId: string
}

/** An API key has a successor, and an end. */
export type ApiKeyRotated = {
  readonly type: 'ApiKeyRotated'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly apiKeyId: string
  readonly endsAt: number
  readonly newApiKeyId: string
}

/** Where the application of a merchant stands. */
export type ApplicationStatus = 'APPLIED' | 'IN_REVIEW' | 'APPROVED' | 'REJECTED'

/** An application moved. */
export type ApplicationStatusChanged = {
  readonly type: 'ApplicationStatusChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly status: ApplicationStatus
  readonly previous: ApplicationStatus
  readonly tier: RiskTier | null
  readonly reasons: readonly string[]
}

/** Command: a merchant wants to sell. */
export type ApplyMerchant = {
  readonly type: 'ApplyMerchant'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  /** As consumers know the merchant. */
  readonly name: string
  readonly legalName: string
  /** In the register of its country. */
  readonly registrationNumber: string
  readonly country: string
  /** ISO 4217; the one currency of its sales and payouts. */
  readonly currency: string
  readonly timeZone: string
  /** ISO 18245. */
  readonly categoryCode: string
  /** Token of the payout account at the gateway. */
  readonly payoutAccount: string
  /** Of the key that is good once the merchant is taken on. */
  readonly apiKeyId: string
  /** SHA-256 of the key. */
  readonly apiKeyHash: string
}

/** Command: suspend, reinstate or close a merchant. */
export type ChangeMerchantStatus = {
  readonly type: 'ChangeMerchantStatus'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly status: MerchantStatus
  readonly reason: string
}

/** Command: other terms from a time on. */
export type ChangeMerchantTerms = {
  readonly type: 'ChangeMerchantTerms'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  /** Of checkouts that are made then or later. */
  readonly effectiveFrom: number
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
}

/** Command: move a merchant to another risk tier. */
export type ChangeRiskTier = {
  readonly type: 'ChangeRiskTier'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly tier: RiskTier
  readonly reason: string
}

/** A consumer took the checkout. */
export type CheckoutClaimed = {
  readonly type: 'CheckoutClaimed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly checkoutId: string
  readonly consumerId: string
}

/** A basket can be paid. */
export type CheckoutCreated = {
  readonly type: 'CheckoutCreated'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly checkoutId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  readonly items: readonly LineItem[]
  readonly merchantReference: string | null
  readonly consumerId: string | null
  readonly returnUrl: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly expiresAt: number
}

/** The checkout was not used in time. */
export type CheckoutExpired = {
  readonly type: 'CheckoutExpired'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly checkoutId: string
}

/** Command of a consumer: this checkout is mine. The first one wins. */
export type ClaimCheckout = {
  readonly type: 'ClaimCheckout'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly checkoutId: string
  readonly consumerId: string
}

/** Command of a merchant: offer a basket for payment. */
export type CreateCheckout = {
  readonly type: 'CreateCheckout'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly checkoutId: string
  readonly amountMinor: number
  readonly currency: string
  readonly items: readonly LineItem[]
  readonly merchantReference: string | null
  /** Set where the merchant knows the consumer: the checkout is theirs from the start. */
  readonly consumerId: string | null
  readonly returnUrl: string | null
}

/** Command: a person decides on an application that is in review. */
export type DecideApplication = {
  readonly type: 'DecideApplication'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly approve: boolean
  /** Where it is approved. */
  readonly tier: RiskTier | null
  readonly reason: string
}

/** Command: add an API key. */
export type IssueApiKey = {
  readonly type: 'IssueApiKey'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly apiKeyId: string
  readonly apiKeyHash: string
}

/** A merchant wants to sell, and is being verified. */
export type MerchantApplied = {
  readonly type: 'MerchantApplied'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  /** As consumers know the merchant. */
  readonly name: string
  readonly legalName: string
  /** In the register of its country. */
  readonly registrationNumber: string
  readonly country: string
  /** ISO 4217; the one currency of its sales and payouts. */
  readonly currency: string
  readonly timeZone: string
  /** ISO 18245. */
  readonly categoryCode: string
  /** Token of the payout account at the gateway. */
  readonly payoutAccount: string
}

/** What the provider found. */
export type MerchantCheckOutcome = 'VERIFIED' | 'NEEDS_REVIEW' | 'NOT_VERIFIED' | 'UNAVAILABLE'

/** What the business verification provider said. */
export type MerchantCheckReported = {
  readonly type: 'MerchantCheckReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly merchantId: string
  readonly outcome: MerchantCheckOutcome
  /** Null where it gave none. */
  readonly riskTier: RiskTier | null
  readonly reasons: readonly string[]
  readonly providerRef: string | null
}

/** Request to the business verification connector. */
export type MerchantCheckRequested = {
  readonly type: 'MerchantCheckRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** Also the idempotency key at the provider. */
  readonly requestId: string
  readonly merchantId: string
  readonly legalName: string
  readonly registrationNumber: string
  readonly country: string
  readonly categoryCode: string
}

/** A command about a merchant or its checkout was refused; nothing changed. */
export type MerchantCommandRefused = {
  readonly type: 'MerchantCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly command: string
  readonly code: string
  readonly detail: string
  readonly checkoutId: string | null
}

/** A merchant may sell. */
export type MerchantOnboarded = {
  readonly type: 'MerchantOnboarded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly name: string
  readonly legalName: string
  readonly country: string
  readonly currency: string
  readonly timeZone: string
  readonly categoryCode: string
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
  readonly payoutAccount: string
  readonly apiKeyId: string
  /** Null for a merchant that was taken on without an application. */
  readonly tier: RiskTier | null
}

/** Whether a merchant may sell. */
export type MerchantStatus = 'ACTIVE' | 'SUSPENDED' | 'CLOSED'

/** A merchant was suspended, reinstated or closed. */
export type MerchantStatusChanged = {
  readonly type: 'MerchantStatusChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly status: MerchantStatus
  readonly previous: MerchantStatus
  readonly reason: string
}

/** Other terms are agreed, from a time on. */
export type MerchantTermsChanged = {
  readonly type: 'MerchantTermsChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  /** Those the merchant was taken on with are version 1. */
  readonly version: number
  readonly effectiveFrom: number
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
}

/** The time of agreed terms has come. */
export type MerchantTermsInForce = {
  readonly type: 'MerchantTermsInForce'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly version: number
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
}

/** Command: take a merchant on. */
export type OnboardMerchant = {
  readonly type: 'OnboardMerchant'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly name: string
  readonly legalName: string
  readonly country: string
  /** ISO 4217; the one currency of its sales and payouts. */
  readonly currency: string
  readonly timeZone: string
  /** ISO 18245 merchant category code. */
  readonly categoryCode: string
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
  /** Token of the payout account at the gateway. */
  readonly payoutAccount: string
  readonly apiKeyId: string
  /** SHA-256 of the API key. */
  readonly apiKeyHash: string
  /** Null: no limit beyond the ticket range. */
  readonly tier: RiskTier | null
}

/** Command: withdraw an API key. */
export type RevokeApiKey = {
  readonly type: 'RevokeApiKey'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly apiKeyId: string
}

/** How much is risked with a merchant: what its fee plan is, and how large its tickets may be. */
export type RiskTier = 'LOW' | 'STANDARD' | 'HIGH'

/** A merchant is in another risk tier. */
export type RiskTierChanged = {
  readonly type: 'RiskTierChanged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly tier: RiskTier
  readonly previous: RiskTier | null
  readonly reason: string
}

/** Command: a new API key in the place of another, which is still taken for a while. */
export type RotateApiKey = {
  readonly type: 'RotateApiKey'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  /** The one that ends. */
  readonly apiKeyId: string
  readonly endsAt: number
  readonly newApiKeyId: string
  /** SHA-256 of the new key. */
  readonly newApiKeyHash: string
}

/** Nothing goes to an e-mail address any more, until the consumer proves that it is theirs. */
export type AddressUndeliverable = {
  readonly type: 'AddressUndeliverable'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly address: string
  readonly reason: string
}

/** How a notice is sent. */
export type Channel = 'EMAIL' | 'SMS' | 'PUSH'

/** What came back of a message that a provider had taken. */
export type DeliveryTrouble = 'HARD_BOUNCE' | 'SOFT_BOUNCE' | 'COMPLAINT'

/** A notice was held over the quiet hours and became pointless: it is not sent. */
export type NotificationDropped = {
  readonly type: 'NotificationDropped'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly template: string
  readonly planId: string | null
  readonly instalmentNo: number | null
  /** NOTHING_OPEN: what it asks for is paid, moved or given up. */
  readonly reason: string
}

/** A notice could not be sent. */
export type NotificationFailed = {
  readonly type: 'NotificationFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly notificationId: string
  readonly channel: Channel
  readonly template: string
  readonly failureCode: string
  /** Which of the providers of the channel it was, such as email-1; null where nobody was reached. */
  readonly provider: string | null
}

/** What the provider said. */
export type NotificationReported = {
  readonly type: 'NotificationReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly channel: Channel
  readonly delivered: boolean
  readonly providerRef: string | null
  readonly failureCode: string | null
  /** Which of the providers of the channel it was, such as email-1; null where nobody was reached. */
  readonly provider: string | null
}

/** Request to a notification connector: rendered and ready. */
export type NotificationRequested = {
  readonly type: 'NotificationRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** One per event, channel and recipient; the idempotency key at the provider. */
  readonly requestId: string
  readonly consumerId: string
  readonly channel: Channel
  readonly recipient: string
  readonly template: string
  readonly templateVersion: number
  readonly language: string
  readonly subject: string | null
  readonly body: string
  /** A legal notice ignores marketing preferences. */
  readonly legal: boolean
  /** The one-time code that the connector puts where the text says {code}; the code itself is in no record. */
  readonly codeId: string | null
  /** The plan it is about. */
  readonly planId: string | null
  readonly instalmentNo: number | null
  /** From 1; higher where it was tried before. */
  readonly attempt: number
}

/** A message came back after it had gone out, or whom it was for complained of it. */
export type NotificationReturned = {
  readonly type: 'NotificationReturned'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly notificationId: string
  readonly channel: Channel
  readonly recipient: string
  readonly trouble: DeliveryTrouble
  readonly reason: string
}

/** A notice went out. */
export type NotificationSent = {
  readonly type: 'NotificationSent'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly notificationId: string
  readonly channel: Channel
  readonly template: string
  readonly templateVersion: number
  readonly language: string
  readonly subject: string | null
  readonly body: string
  /** Which of the providers of the channel it was, such as email-1; null where nobody was reached. */
  readonly provider: string | null
}

/** Command: what a provider said of a message after it had taken it. */
export type ReportDelivery = {
  readonly type: 'ReportDelivery'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly channel: Channel
  readonly notificationId: string
  readonly recipient: string
  readonly trouble: DeliveryTrouble
  /** The provider's own word. */
  readonly reason: string
}

/** Command: keep a card by its token. */
export type AddPaymentMethod = {
  readonly type: 'AddPaymentMethod'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentMethodId: string
  /** From the gateway; the number itself never enters the platform's topics. */
  readonly token: string
  readonly brand: string
  readonly last4: string
  readonly expiryMonth: number
  readonly expiryYear: number
}

/** The network decided on a charge-back. Where it was won, the money is back as a payment of its own. */
export type ChargeBackDecided = {
  readonly type: 'ChargeBackDecided'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly chargeBackId: string
  /** The payment that had been taken back. */
  readonly paymentId: string
  readonly planId: string
  readonly purchaseId: string
  readonly won: boolean
  readonly amountMinor: number
  readonly currency: string
}

/** The gateway could not collect. */
export type ChargeFailed = {
  readonly type: 'ChargeFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly declineCode: string
  readonly declineClass: DeclineClass
  readonly amountMinor: number
  readonly currency: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
  /** The gateway certainly took nothing, for a reason of its own: another gateway may be asked. */
  readonly technical: boolean
  /** Where it was declined: VISA, MASTERCARD or ACH; null where the gateway does not say. */
  readonly network: string | null
  /** The network’s code: Visa’s category, Mastercard’s advice, ACH’s return reason. */
  readonly networkCode: string | null
}

/** Request to the payment gateway: collect. */
export type ChargeRequested = {
  readonly type: 'ChargeRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** One attempt of one payment; the idempotency key at the gateway. */
  readonly requestId: string
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  /** From 1. */
  readonly attempt: number
  readonly token: string
  readonly amountMinor: number
  readonly currency: string
  readonly atCheckout: boolean
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
  /** Another gateway is asked where this one certainly did nothing. */
  readonly mayFailOver: boolean
}

/** The gateway collected. */
export type ChargeSucceeded = {
  readonly type: 'ChargeSucceeded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly gatewayRef: string
  readonly amountMinor: number
  readonly currency: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** Command made of the gateway's webhook: the network decided on a charge-back. */
export type DecideChargeBack = {
  readonly type: 'DecideChargeBack'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly chargeBackId: string
  readonly planId: string
  /** True where the money comes back to the platform. */
  readonly won: boolean
}

/** Whether trying again can help. */
export type DeclineClass = 'SOFT' | 'HARD'

/** From now on new payments go by these rules. */
export type GatewayRoutesPublished = {
  readonly type: 'GatewayRoutesPublished'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** `gateways`: there is one book of routes, and the audit log names it. */
  readonly routesId: string
  /** From 1. */
  readonly version: number
  readonly rules: readonly GatewayRule[]
}

/** The rules were not taken, and why. */
export type GatewayRoutesRefused = {
  readonly type: 'GatewayRoutesRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly code: string
  /** What was wrong and what to do. */
  readonly detail: string
}

/** Which charges go to which gateways. The first rule that fits holds. */
export type GatewayRule = {
  readonly name: string
  /** Card networks such as visa; none: all. */
  readonly brands: readonly string[]
  /** None: all. */
  readonly currencies: readonly string[]
  /** Least amount, itself included. */
  readonly minMinor: number | null
  /** Largest amount, itself included. */
  readonly maxMinor: number | null
  /** In the order in which they are asked after the first one. */
  readonly shares: readonly GatewayShare[]
}

/** A gateway of a rule, and how much of it goes there first. */
export type GatewayShare = {
  readonly gateway: string
  /** Of the charges under the rule, 0 to 100; 0: only when the others took nothing. */
  readonly percent: number
}

/** Command of a consumer: pay now. */
export type PayInstalment = {
  readonly type: 'PayInstalment'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly instalmentNo: number
  readonly paymentId: string
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
}

/** Command of a consumer: pay an amount now, over one plan or many. */
export type PayPlans = {
  readonly type: 'PayPlans'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  /** The plans it may pay; all that owe something where there are none. */
  readonly planIds: readonly string[]
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
  /** NEXT or LAST: what the part beyond all that is due pays down. */
  readonly prepayment: string
}

/** An attempt failed; another follows on the day given. */
export type PaymentAttemptFailed = {
  readonly type: 'PaymentAttemptFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  readonly attempt: number
  readonly amountMinor: number
  readonly currency: string
  readonly declineCode: string
  readonly declineClass: DeclineClass
  readonly nextAttemptOn: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
  /** Where it was declined: VISA, MASTERCARD or ACH; null where the gateway does not say. */
  readonly network: string | null
  /** The network’s code: Visa’s category, Mastercard’s advice, ACH’s return reason. */
  readonly networkCode: string | null
}

/** The consumer's bank took a payment back: what it had paid is owed again, on a plan that was done too. */
export type PaymentChargedBack = {
  readonly type: 'PaymentChargedBack'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  /** The same one again takes nothing back a second time. */
  readonly chargeBackId: string
  readonly paymentId: string
  readonly planId: string
  /** The instalment that the payment was for. */
  readonly instalmentNo: number
  /** All of the payment, or a part. */
  readonly amountMinor: number
  readonly currency: string
  /** As the gateway names it, such as fraudulent. */
  readonly reason: string
  /** The purchase that its plan pays. */
  readonly purchaseId: string
}

/** A command about a payment was refused; nothing changed. */
export type PaymentCommandRefused = {
  readonly type: 'PaymentCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly command: string
  readonly code: string
  readonly detail: string
}

/** The day of an attempt has come, and the rules of the card’s network allow none before the day given. */
export type PaymentDelayed = {
  readonly type: 'PaymentDelayed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  /** The one before; 0 where the first is still to come. */
  readonly attempt: number
  readonly amountMinor: number
  readonly currency: string
  readonly nextAttemptOn: string
}

/** A payment failed for good: no further attempt follows by itself. */
export type PaymentFailed = {
  readonly type: 'PaymentFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  readonly attempt: number
  readonly amountMinor: number
  readonly currency: string
  readonly declineCode: string
  readonly declineClass: DeclineClass
  readonly atCheckout: boolean
  /** The payment over several plans that this is a part of; its first part has the same id. */
  readonly groupId: string | null
  /** On the first part: all of them. */
  readonly parts: readonly PaymentPart[]
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
  /** Where it was declined: VISA, MASTERCARD or ACH; null where the gateway does not say. */
  readonly network: string | null
  /** The network’s code: Visa’s category, Mastercard’s advice, ACH’s return reason. */
  readonly networkCode: string | null
  /** What the consumer can do: PAY_BY_HAND, USE_ANOTHER_CARD, or NONE. */
  readonly nextAction: string
}

/** A card is kept. */
export type PaymentMethodAdded = {
  readonly type: 'PaymentMethodAdded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentMethodId: string
  readonly brand: string
  readonly last4: string
  readonly expiryMonth: number
  readonly expiryYear: number
}

/** What one plan gets of a payment over several. */
export type PaymentPart = {
  /** Of the part. */
  readonly paymentId: string
  readonly planId: string
  /** The instalment that it pays first. */
  readonly instalmentNo: number
  readonly amountMinor: number
}

/** A gateway certainly took nothing; the same attempt goes to the next gateway of its route. */
export type PaymentRerouted = {
  readonly type: 'PaymentRerouted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  readonly attempt: number
  readonly amountMinor: number
  readonly currency: string
  readonly fromGateway: string
  readonly toGateway: string
  /** Why it certainly took nothing. */
  readonly declineCode: string
  /** Of the request to the next gateway. */
  readonly requestId: string
}

/** Money could not be given back; a person has to look. */
export type PaymentReturnFailed = {
  readonly type: 'PaymentReturnFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly returnId: string
  readonly paymentId: string
  readonly planId: string
  readonly amountMinor: number
  readonly currency: string
  readonly declineCode: string
}

/** Money is back with the consumer. */
export type PaymentReturned = {
  readonly type: 'PaymentReturned'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly returnId: string
  readonly paymentId: string
  readonly planId: string
  readonly amountMinor: number
  readonly currency: string
  readonly gatewayRef: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** A payment came in. */
export type PaymentSucceeded = {
  readonly type: 'PaymentSucceeded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly paymentId: string
  readonly planId: string
  readonly instalmentNo: number
  readonly attempt: number
  readonly amountMinor: number
  readonly currency: string
  readonly gatewayRef: string
  /** The payment over several plans that this is a part of; its first part has the same id. */
  readonly groupId: string | null
  /** On the first part: all of them. */
  readonly parts: readonly PaymentPart[]
  /** NEXT or LAST where the consumer chose; null for the plan's own rule. */
  readonly prepayment: string | null
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** The operator says which charges go to which gateways. */
export type PublishGatewayRoutes = {
  readonly type: 'PublishGatewayRoutes'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  /** In order; where none fits, the primary gateway is asked alone. */
  readonly rules: readonly GatewayRule[]
}

/** Command made of the gateway's webhook: the consumer's bank took a payment back. */
export type ReportChargeBack = {
  readonly type: 'ReportChargeBack'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly chargeBackId: string
  readonly paymentId: string
  readonly planId: string
  readonly purchaseId: string
  readonly amountMinor: number
  readonly currency: string
  /** As the gateway names it. */
  readonly reason: string
}

/** The gateway could not give the money back. */
export type ReturnFailed = {
  readonly type: 'ReturnFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly returnId: string
  readonly paymentId: string
  readonly planId: string
  readonly declineCode: string
  readonly declineClass: DeclineClass
  readonly amountMinor: number
  readonly currency: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** Request to the payment gateway: give back. */
export type ReturnRequested = {
  readonly type: 'ReturnRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly returnId: string
  readonly paymentId: string
  readonly planId: string
  /** The gateway's name of the payment. */
  readonly gatewayRef: string
  readonly amountMinor: number
  readonly currency: string
  readonly attempt: number
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** The gateway gave the money back. */
export type ReturnSucceeded = {
  readonly type: 'ReturnSucceeded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly consumerId: string
  readonly returnId: string
  readonly paymentId: string
  readonly planId: string
  readonly gatewayRef: string
  readonly amountMinor: number
  readonly currency: string
  /** The payment gateway; null for the primary one, as in records from before there were two. */
  readonly gateway: string | null
}

/** The purchase was a fraud. */
export type FraudReported = {
  readonly type: 'FraudReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly discoveredOn: string
  readonly balance: PlanBalance
}

/** One payment of a plan. */
export type Instalment = {
  /** From 1. */
  readonly no: number
  readonly dueDate: string
  /** Principal of this instalment now, after refunds. */
  readonly amountMinor: number
  /** Principal paid. */
  readonly paidMinor: number
  /** Late fees charged on it. */
  readonly feesMinor: number
  readonly feesPaidMinor: number
  readonly status: InstalmentStatus
  /** Range of days late, such as 4-30; null where it is not late. */
  readonly delinquency: string | null
  /** Null where it bears none. */
  readonly interest: InstalmentInterest | null
}

/** An instalment is so late that it counts in another range of days. */
export type InstalmentDelinquent = {
  readonly type: 'InstalmentDelinquent'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly dueDate: string
  /** Without days of pauses. */
  readonly daysLate: number
  /** Such as 4-30. */
  readonly range: string
  readonly overdueMinor: number
  readonly balance: PlanBalance
}

/** Please collect this instalment: the first one at checkout, the others on their day. */
export type InstalmentDue = {
  readonly type: 'InstalmentDue'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly dueDate: string
  /** Principal and fees still owed on it. */
  readonly amountMinor: number
  readonly paymentMethodId: string
  /** True while the consumer is present. */
  readonly atCheckout: boolean
  readonly balance: PlanBalance
}

/** The interest in an instalment, for one period of its schedule. */
export type InstalmentInterest = {
  /** Of the whole period: as charged, or as it will be charged as things stand. */
  readonly amountMinor: number
  /** Of it, what was charged: on the due date, or with an earlier payment. */
  readonly chargedMinor: number
  readonly paidMinor: number
  /** When its period begins. */
  readonly from: string
  /** When its period ends, wherever the due date was moved. */
  readonly to: string
  /** The capture whose schedule it is of, from 1; 0 where it was moved here by a re-age. */
  readonly series: number
}

/** An instalment is due on another day. */
export type InstalmentMoved = {
  readonly type: 'InstalmentMoved'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly fromDate: string
  readonly dueDate: string
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** An instalment was not paid on its day; new purchases stop until it is. */
export type InstalmentOverdue = {
  readonly type: 'InstalmentOverdue'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly dueDate: string
  readonly overdueMinor: number
  readonly daysLate: number
  readonly balance: PlanBalance
}

/** Money came in for a plan. */
export type InstalmentPaid = {
  readonly type: 'InstalmentPaid'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly paymentId: string
  /** What came in. */
  readonly amountMinor: number
  /** Kept as deposit: nothing is captured yet. */
  readonly depositMinor: number
  /** Applied to principal. */
  readonly principalMinor: number
  /** Applied to late fees. */
  readonly feeMinor: number
  /** Owed back to the consumer. */
  readonly excessMinor: number
  readonly instalments: readonly Instalment[]
  readonly late: boolean
  /** Which instalments it covered, in the order they were paid. */
  readonly shares: readonly InstalmentShare[]
  /** Of a plan that is charged off: what came in on it. */
  readonly recoveryMinor: number
  /** NEXT or LAST where the consumer chose. */
  readonly prepayment: string | null
  /** Applied to interest. */
  readonly interestMinor: number
  readonly balance: PlanBalance
}

/** What one instalment got of a payment. */
export type InstalmentShare = {
  readonly instalmentNo: number
  readonly feeMinor: number
  readonly principalMinor: number
  readonly interestMinor: number
}

/** Where one instalment stands. */
export type InstalmentStatus = 'SCHEDULED' | 'DUE' | 'OVERDUE' | 'PAID'

/** Interest is owed from now on: its day has come, or an earlier payment pays it. */
export type InterestCharged = {
  readonly type: 'InterestCharged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly amountMinor: number
  /** DUE, PAID_EARLY or PAID_OFF (to the day, where all is paid at once). */
  readonly cause: string
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** A late fee by the scheme. */
export type LateFeeCharged = {
  readonly type: 'LateFeeCharged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly instalmentNo: number
  readonly feeId: string
  readonly amountMinor: number
  readonly scheme: string
  /** Which line of the scheme: FIRST, SECOND, ONCE. */
  readonly rule: string
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** A late fee, or a part of it, is taken back: an entry of its own, the fee stays on record. */
export type LateFeeReversed = {
  readonly type: 'LateFeeReversed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly feeId: string
  readonly instalmentNo: number
  readonly amountMinor: number
  /** Of it, what was owed. */
  readonly unpaidMinor: number
  /** Of it, what was paid: it goes back. */
  readonly returnedMinor: number
  /** Of the fee, taken back so far. */
  readonly reversedMinor: number
  /** WAIVED or MISTAKE. */
  readonly cause: string
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** Command of a consumer: pay an instalment on another day. */
export type MoveInstalmentDate = {
  readonly type: 'MoveInstalmentDate'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly instalmentNo: number
  /** The new date. */
  readonly dueDate: string
}

/** Command of a consumer: hold the plan while a return or a problem is looked into. */
export type PausePlan = {
  readonly type: 'PausePlan'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly pauseId: string
  /** RETURN or PROBLEM. */
  readonly reason: string
}

/** The plan can carry the purchase: its first payment is in, or none is needed. */
export type PlanAuthorised = {
  readonly type: 'PlanAuthorised'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly checkoutId: string
  readonly merchantName: string
  readonly merchantReference: string | null
  readonly product: Product
  readonly amountMinor: number
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly balance: PlanBalance
}

/** The money of one plan after an event; every plan event carries it, so that no reader has to add up. */
export type PlanBalance = {
  readonly authorisedMinor: number
  readonly capturedMinor: number
  readonly releasedMinor: number
  readonly refundedMinor: number
  /** Paid at checkout and not yet applied to a capture. */
  readonly depositMinor: number
  /** authorised - captured - released - deposit, not below 0. */
  readonly holdMinor: number
  /** Captured principal, less refunds and payments: the sum of amount - paid over the instalments. */
  readonly outstandingMinor: number
  /** Late fees charged and not paid. */
  readonly feesMinor: number
  /** All that was collected, deposit included, less what was returned. */
  readonly paidMinor: number
  /** Interest charged and not paid. */
  readonly interestMinor: number
}

/** There is no plan: the first payment failed, or nothing was ever captured. */
export type PlanCancelled = {
  readonly type: 'PlanCancelled'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly checkoutId: string
  readonly amountMinor: number
  /** FIRST_PAYMENT_FAILED, RELEASED or AMOUNT_OVERFLOW. */
  readonly cause: string
  readonly declineCode: string | null
  readonly balance: PlanBalance
}

/** What was charged off is owed again. */
export type PlanChargeOffUndone = {
  readonly type: 'PlanChargeOffUndone'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  /** Owed again. */
  readonly principalMinor: number
  /** Late fees owed again. */
  readonly feeMinor: number
  /** Recovered meanwhile: they are payments now. */
  readonly recoveredMinor: number
  /** What had been charged off: the sum of the three. */
  readonly chargedOffMinor: number
  readonly instalments: readonly Instalment[]
  /** Interest that was charged and is not paid. */
  readonly interestMinor: number
  readonly balance: PlanBalance
}

/** What the plan owes is not expected any more; what still comes in is a recovery. */
export type PlanChargedOff = {
  readonly type: 'PlanChargedOff'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  /** LATE or FRAUD. */
  readonly cause: string
  readonly principalMinor: number
  readonly feeMinor: number
  readonly instalments: readonly Instalment[]
  /** Interest that was charged and is not paid. */
  readonly interestMinor: number
  readonly balance: PlanBalance
}

/** A command about a plan was refused; nothing changed. */
export type PlanCommandRefused = {
  readonly type: 'PlanCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly command: string
  readonly code: string
  readonly detail: string
  readonly balance: PlanBalance
}

/** Nothing is open and nothing is owed. */
export type PlanCompleted = {
  readonly type: 'PlanCompleted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly balance: PlanBalance
}

/** Until a day nothing of the plan falls due, gets later or costs fees. */
export type PlanPaused = {
  readonly type: 'PlanPaused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly pauseId: string
  /** RETURN or PROBLEM. */
  readonly reason: string
  readonly from: string
  /** The first day on which it goes on. */
  readonly until: string
  readonly balance: PlanBalance
}

/** A schedule for an approved purchase; nothing is owed yet. */
export type PlanProposed = {
  readonly type: 'PlanProposed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly product: Product
  readonly amountMinor: number
  readonly instalments: readonly Instalment[]
  readonly paymentMethodId: string
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** Of PAY_MONTHLY: what it costs, were it captured in full today. */
  readonly cost: CreditCost | null
  readonly balance: PlanBalance
}

/** What was past due is paid in later parts; the old instalments are closed. */
export type PlanReaged = {
  readonly type: 'PlanReaged'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly hardshipId: string
  /** Past due until now. */
  readonly amountMinor: number
  readonly firstDue: string
  readonly parts: number
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** What was not captured was given back: the hold of the plan shrank. */
export type PlanReleased = {
  readonly type: 'PlanReleased'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly releaseId: string
  readonly cause: ReleaseCause
  /** Of this release. */
  readonly amountMinor: number
  readonly balance: PlanBalance
}

/** What happened to the plan was worked out again, in date order, without what was undone. */
export type PlanReworked = {
  readonly type: 'PlanReworked'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly reworkId: string
  /** CHARGED_BACK, PAYMENT_UNDONE or HARDSHIP_UNDONE. */
  readonly cause: string
  /** The movement that never was; null where a payment only became smaller. */
  readonly undoneId: string | null
  /** The payment that did not come in after all. */
  readonly paymentId: string | null
  /** Of the payment, what went away; 0 where no money moved. */
  readonly amountMinor: number
  /** Owed more than before; below 0: less. */
  readonly principalMinor: number
  /** Late fees owed more than before. */
  readonly feeMinor: number
  /** Deposit gone. */
  readonly depositMinor: number
  /** Of payments at checkout, what captures have used now. */
  readonly depositAppliedMinor: number
  /** Gone from what was to go back. */
  readonly excessMinor: number
  /** Owed again on a plan that is charged off. */
  readonly chargedOffMinor: number
  /** Beyond what was kept of the payment: it had been sent back before. */
  readonly lossMinor: number
  readonly instalments: readonly Instalment[]
  /** Interest owed more than before. */
  readonly interestMinor: number
  /** Interest charged more than before, paid or not. */
  readonly interestChargedMinor: number
  readonly balance: PlanBalance
}

/** A capture made the instalments real. */
export type PlanScheduled = {
  readonly type: 'PlanScheduled'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly captureId: string
  /** Of this capture. */
  readonly amountMinor: number
  /** Of the payment made at checkout, what this capture used. */
  readonly depositAppliedMinor: number
  readonly instalments: readonly Instalment[]
  readonly balance: PlanBalance
}

/** Nothing is expected of the plan any more, for good. */
export type PlanWrittenOff = {
  readonly type: 'PlanWrittenOff'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  /** Owed until now; 0 where it was charged off before. */
  readonly principalMinor: number
  readonly feeMinor: number
  /** Interest that was charged and is not paid. */
  readonly interestMinor: number
  readonly balance: PlanBalance
}

/** A refund was worked into the plan. */
export type RefundAllocated = {
  readonly type: 'RefundAllocated'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly refundId: string
  readonly amountMinor: number
  /** Taken off the instalments. */
  readonly reducedMinor: number
  /** Beyond what is owed: goes back to what paid it. */
  readonly returnedMinor: number
  /** LAST_FIRST, NEXT_FIRST, SPREAD or RE_AMORTISE. */
  readonly policy: string
  readonly instalments: readonly Instalment[]
  /** Of a plan that is charged off: what came off its debt. */
  readonly recoveryMinor: number
  /** Interest that was charged and is owed no more, because all was refunded. */
  readonly interestReducedMinor: number
  /** All interest that was charged and is reversed: that, and what goes back of it. */
  readonly interestReversedMinor: number
  readonly balance: PlanBalance
}

/** Command of an operator: the purchase was a fraud; its plan is charged off sooner. */
export type ReportFraud = {
  readonly type: 'ReportFraud'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly discoveredOn: string
}

/** Why money goes back to the consumer. */
export type ReturnCause = 'REFUND' | 'DEPOSIT' | 'OVERPAYMENT'

/** Money goes back to what paid it. */
export type ReturnDue = {
  readonly type: 'ReturnDue'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly planId: string
  readonly currency: string
  readonly returnId: string
  /** The payment it goes back to. */
  readonly paymentId: string
  readonly amountMinor: number
  readonly cause: ReturnCause
  readonly balance: PlanBalance
}

/** Command of an operator: a late fee was charged by mistake; what was paid of it goes back. */
export type ReverseLateFee = {
  readonly type: 'ReverseLateFee'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly feeId: string
}

/** Command of an operator: what is past due is paid in equal monthly parts from a new date. */
export type StartHardship = {
  readonly type: 'StartHardship'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly hardshipId: string
  readonly firstDue: string
  readonly parts: number
}

/** Command of an operator: the plan is owed again. */
export type UndoChargeOff = {
  readonly type: 'UndoChargeOff'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
}

/** Command of an operator: the plan is as if it had not been re-aged. */
export type UndoHardship = {
  readonly type: 'UndoHardship'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly hardshipId: string
}

/** Command of an operator: a payment did not come in after all. The plan is as if it had never been made. */
export type UndoPayment = {
  readonly type: 'UndoPayment'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly paymentId: string
  readonly reason: string
}

/** Command of an operator: what is not paid of a late fee need not be. */
export type WaiveLateFee = {
  readonly type: 'WaiveLateFee'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
  readonly feeId: string
  /** A part of it; all that is not paid where it is null. */
  readonly amountMinor: number | null
}

/** Command of an operator: nothing is expected of the plan any more. Final. */
export type WriteOffPlan = {
  readonly type: 'WriteOffPlan'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly planId: string
}

/** Command of a merchant: the consumer is right; the disputed amount is refunded. */
export type AcceptDispute = {
  readonly type: 'AcceptDispute'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly disputeId: string
}

/** Command of a merchant: the goods are on their way; take the money. */
export type CapturePurchase = {
  readonly type: 'CapturePurchase'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly captureId: string
  readonly amountMinor: number
  readonly currency: string
}

/** Command of the operator: who is right. */
export type DecideDispute = {
  readonly type: 'DecideDispute'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly disputeId: string
  readonly merchantWins: boolean
  readonly note: string | null
}

/** Why a dispute was decided as it was. */
export type DisputeCause = 'OPERATOR' | 'NO_EVIDENCE' | 'ACCEPTED' | 'WITHDRAWN' | 'NETWORK'

/** A dispute has ended: WON gives the merchant what was held, LOST is followed by a refund of it. */
export type DisputeDecided = {
  readonly type: 'DisputeDecided'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly disputeId: string
  readonly origin: DisputeOrigin
  /** WON or LOST. */
  readonly outcome: DisputeStatus
  readonly cause: DisputeCause
  readonly amountMinor: number
  readonly currency: string
  readonly terms: MerchantTerms
  readonly payoutAccount: string
}

/** The merchant answered a dispute. */
export type DisputeEvidenceSubmitted = {
  readonly type: 'DisputeEvidenceSubmitted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly disputeId: string
  readonly origin: DisputeOrigin
  readonly evidence: string
}

/** A captured amount is disputed; it is held from the merchant's payouts until it is decided. */
export type DisputeOpened = {
  readonly type: 'DisputeOpened'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly disputeId: string
  readonly origin: DisputeOrigin
  readonly reason: string
  readonly note: string | null
  readonly amountMinor: number
  readonly currency: string
  /** The merchant has until then to answer. */
  readonly evidenceDueAt: number
  readonly chargeBackId: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
}

/** Who began a dispute: the consumer, or the card network with a charge-back. */
export type DisputeOrigin = 'CONSUMER' | 'NETWORK'

/** Where a dispute stands. WON and LOST are the merchant's point of view. */
export type DisputeStatus = 'NEW' | 'OPEN' | 'UNDER_REVIEW' | 'WON' | 'LOST'

/** Command of a merchant: keep the authorisation until a later time. */
export type ExtendPurchase = {
  readonly type: 'ExtendPurchase'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  /** When what is not captured is to be released. */
  readonly expiresAt: number
}

/** Command of a consumer: something is wrong with what was bought. */
export type OpenDispute = {
  readonly type: 'OpenDispute'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly disputeId: string
  /** Such as NOT_RECEIVED; see the API. */
  readonly reason: string
  /** In the consumer's words. */
  readonly note: string | null
  /** Null disputes all that was captured and neither refunded nor disputed. */
  readonly amountMinor: number | null
}

/** The merchant may ship: what the checkout waits for. */
export type PurchaseAuthorised = {
  readonly type: 'PurchaseAuthorised'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly merchantReference: string | null
  /** When what is not captured is released. */
  readonly expiresAt: number
}

/** The merchant took the money, or a part of it. */
export type PurchaseCaptured = {
  readonly type: 'PurchaseCaptured'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly captureId: string
  readonly product: Product
  /** Of this capture. */
  readonly amountMinor: number
  readonly currency: string
  /** Of all captures so far. */
  readonly capturedMinor: number
  readonly releasedMinor: number
  readonly authorisedMinor: number
  readonly terms: MerchantTerms
  readonly payoutAccount: string
}

/** A command about a purchase was refused; nothing changed. */
export type PurchaseCommandRefused = {
  readonly type: 'PurchaseCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string | null
  readonly purchaseId: string
  readonly command: string
  /** E.g. PURCHASE_UNKNOWN, CAPTURE_OVER_AUTHORISED, REFUND_OVER_CAPTURED. */
  readonly code: string
  readonly detail: string
}

/** Nothing is open and nothing is owed. */
export type PurchaseCompleted = {
  readonly type: 'PurchaseCompleted'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
}

/** The authorisation is kept until a later time. */
export type PurchaseExtended = {
  readonly type: 'PurchaseExtended'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  /** When what is not captured is released. */
  readonly expiresAt: number
}

/** The merchant gave money back. */
export type PurchaseRefunded = {
  readonly type: 'PurchaseRefunded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly refundId: string
  readonly captureId: string | null
  readonly product: Product
  /** Of this refund. */
  readonly amountMinor: number
  readonly currency: string
  /** Of all refunds so far. */
  readonly refundedMinor: number
  readonly capturedMinor: number
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly reason: string | null
  /** The lost dispute that it follows from. */
  readonly disputeId: string | null
  /** The lines of this refund; empty where it is by amount. */
  readonly items: readonly RefundedItem[]
  /** Of all refunds by line so far. */
  readonly refundedItems: readonly RefundedItem[]
}

/** There is no purchase: declined by credit, or its first payment failed. */
export type PurchaseRejected = {
  readonly type: 'PurchaseRejected'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly amountMinor: number
  readonly currency: string
  /** CREDIT_DECLINED or FIRST_PAYMENT_FAILED. */
  readonly cause: string
  readonly reasons: readonly Reason[]
}

/** What was not captured was given back. */
export type PurchaseReleased = {
  readonly type: 'PurchaseReleased'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly planId: string
  readonly merchantId: string
  readonly releaseId: string
  readonly cause: ReleaseCause
  readonly amountMinor: number
  readonly currency: string
  readonly capturedMinor: number
  readonly releasedMinor: number
  readonly authorisedMinor: number
}

/** A purchase is pending. */
export type PurchaseRequested = {
  readonly type: 'PurchaseRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
  readonly merchantReference: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** The basket, where the checkout named its lines; a line is known by its place, from 1. */
  readonly items: readonly LineItem[]
}

/** Command of a merchant: give back what was captured. */
export type RefundPurchase = {
  readonly type: 'RefundPurchase'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly refundId: string
  /** Null refunds over all captures, oldest first. */
  readonly captureId: string | null
  /** Null where it is what the items come to. */
  readonly amountMinor: number | null
  readonly currency: string
  readonly reason: string | null
  /** The lines to refund, in place of an amount. */
  readonly items: readonly RefundedItem[]
}

/** Why an open authorisation was given back. */
export type ReleaseCause = 'RELEASED' | 'VOIDED' | 'EXPIRED'

/** Command of a merchant: give back what is not captured (all of it: a void). */
export type ReleasePurchase = {
  readonly type: 'ReleasePurchase'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly releaseId: string
  /** Null releases all that is open. */
  readonly amountMinor: number | null
}

/** Command: the consumer confirms a checkout. Decided by credit, one hop from here. */
export type RequestPurchase = {
  readonly type: 'RequestPurchase'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
  readonly merchantReference: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  /** As the shop or app names the device it was confirmed on; null where nobody said. */
  readonly deviceId: string | null
  /** What is paid at the checkout, where that is more than a quarter; null: the quarter. */
  readonly firstPaymentMinor: number | null
  /** The refusal whose counter-offer this accepts; null for a purchase of its own. */
  readonly acceptsDecisionId: string | null
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** The basket, where the checkout named its lines; a line is known by its place, from 1. */
  readonly items: readonly LineItem[]
  /** The least that the shop sells for on credit when it was confirmed: less is no offer that it could take. */
  readonly ticketMinMinor: number
}

/** Command of a merchant: why the dispute is wrong. */
export type SubmitDisputeEvidence = {
  readonly type: 'SubmitDisputeEvidence'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly merchantId: string
  readonly purchaseId: string
  readonly disputeId: string
  /** Tracking numbers, letters; in the merchant's words. */
  readonly evidence: string
}

/** Command of a consumer: the dispute is settled, the merchant keeps the money. */
export type WithdrawDispute = {
  readonly type: 'WithdrawDispute'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly consumerId: string
  readonly purchaseId: string
  readonly disputeId: string
}

/** Command of the operator: a line by hand. */
export type CorrectSettlement = {
  readonly type: 'CorrectSettlement'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly correctionId: string
  /** CHARGE, CREDIT or CORRECTION. */
  readonly kind: SettlementLineKind
  /** What the merchant is charged or credited, above 0; signed for a CORRECTION. */
  readonly amountMinor: number
  readonly currency: string
  readonly purchaseId: string | null
  readonly captureId: string | null
  readonly refundId: string | null
  /** Why. */
  readonly note: string
}

/** A payout failed; it is tried again with the next tick. */
export type PayoutFailed = {
  readonly type: 'PayoutFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly settlementId: string
  readonly amountMinor: number
  readonly currency: string
  readonly failureCode: string
  readonly attempt: number
}

/** A payout waits: its merchant is suspended. */
export type PayoutHeld = {
  readonly type: 'PayoutHeld'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly settlementId: string
  readonly amountMinor: number
  readonly currency: string
  readonly payoutAccount: string
  readonly reason: string
}

/** A merchant has its money. */
export type PayoutPaid = {
  readonly type: 'PayoutPaid'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly settlementId: string
  readonly amountMinor: number
  readonly currency: string
  readonly gatewayRef: string
}

/** What the gateway said of a payout. */
export type PayoutReported = {
  readonly type: 'PayoutReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly merchantId: string
  readonly settlementId: string
  readonly succeeded: boolean
  readonly gatewayRef: string | null
  readonly failureCode: string | null
  readonly amountMinor: number
  readonly currency: string
}

/** Request to the payment gateway: pay a merchant. */
export type PayoutRequested = {
  readonly type: 'PayoutRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly requestId: string
  readonly merchantId: string
  readonly settlementId: string
  readonly payoutAccount: string
  readonly amountMinor: number
  readonly currency: string
}

/** What one day pays a merchant: payout = sales - returns - fees - repaid debt, never below 0. */
export type SettlementClosed = {
  readonly type: 'SettlementClosed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly settlementId: string
  readonly settledOn: string
  readonly currency: string
  readonly salesMinor: number
  readonly returnsMinor: number
  readonly feesMinor: number
  readonly debtRepaidMinor: number
  readonly payoutMinor: number
  /** Debt carried to the next one, 0 or below. */
  readonly carriedMinor: number
  /** How many lines it closes: those that name its settlementId. */
  readonly lineCount: number
  readonly payoutAccount: string
  /** Owed to the merchant after it; what is being paid out has left. */
  readonly payableMinor: number
  /** On fees; above 0. */
  readonly taxMinor: number
  /** Held back; above 0. */
  readonly holdbackMinor: number
  /** Of what was held; above 0. */
  readonly releaseMinor: number
  /** Charges, credits and corrections; signed. */
  readonly correctionsMinor: number
}

/** A command about a settlement was refused; nothing changed. */
export type SettlementCommandRefused = {
  readonly type: 'SettlementCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly command: string
  readonly code: string
  readonly detail: string
}

/** Something to settle with a merchant. */
export type SettlementLineAdded = {
  readonly type: 'SettlementLineAdded'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly lineId: string
  readonly kind: SettlementLineKind
  /** Signed: what it adds to the payout. */
  readonly amountMinor: number
  readonly currency: string
  /** Null for a correction of the account as a whole. */
  readonly purchaseId: string | null
  readonly captureId: string | null
  readonly refundId: string | null
  readonly settleOn: string
  /** The settlement that will close with it. */
  readonly settlementId: string
  /** Owed to the merchant after this line. */
  readonly payableMinor: number
  /** Where the merchant is paid, as the sale or refund said. */
  readonly payoutAccount: string
  /** Of a HOLDBACK, RELEASE or REVERSAL: the dispute it is for. */
  readonly disputeId: string | null
  /** Held from the merchant after this line. */
  readonly heldMinor: number
  /** Of a correction: why. */
  readonly note: string | null
  /** Of a reserve: when it is released. */
  readonly releaseOn: string | null
  /** The merchant's. */
  readonly timeZone: string
}

/** What a settlement line stands for. */
export type SettlementLineKind = 'SALE' | 'RETURN' | 'REVERSAL' | 'FEE' | 'FEE_REFUND' | 'COMMISSION' | 'TAX' | 'HOLDBACK' | 'RELEASE' | 'CHARGE' | 'CREDIT' | 'CORRECTION'

/** One ledger account in one currency. */
export type AccountState = {
  readonly account: string
  readonly currency: string
  readonly debitsMinor: number
  readonly creditsMinor: number
  /** How many postings it has had. */
  readonly postings: number
}

/** The end of one subject's chain. */
export type AuditState = {
  readonly subject: string
  /** Of the newest entry; 0 before the first. */
  readonly sequence: number
  /** Of the newest entry; 64 zeros before the first. */
  readonly hash: string
}

/** What the bureau reported, as the scorecard uses it. */
export type BureauFacts = {
  readonly outcome: BureauOutcome
  /** 0 to 1000. */
  readonly score: number | null
  readonly openAccounts: number
  readonly delinquencies: number
  readonly inquiries: number
  readonly oldestAccountMonths: number
  readonly reportedAt: number
  /** Null where the bureau reports none, or a score only. */
  readonly attributes: CreditAttributes | null
  /** In minor units of the currency of the limit. */
  readonly monthlyIncomeMinor: number | null
}

/** The newest usable report of one bureau. */
export type BureauFile = {
  readonly bureau: string
  readonly requestId: string
  readonly providerRef: string | null
  readonly facts: BureauFacts
  /** True once the bureau has said something else to the same question. */
  readonly contradicted: boolean
}

/** A question to the bureau. */
export type BureauInquiry = {
  readonly requestId: string
  /** From 1. */
  readonly attempt: number
  readonly answered: boolean
  /** When to ask again, after the bureau could not answer. */
  readonly askAgainAt: number | null
  /** One a bureau that was asked; none in records from before there was more than one. */
  readonly questions: readonly BureauQuestion[]
}

/** What one bureau was asked in a round. */
export type BureauQuestion = {
  readonly bureau: string
  readonly requestId: string
  readonly answered: boolean
  /** When it counts as silent; null where that changes nothing, or no more. */
  readonly silentAt: number | null
  /** True once nobody waits for it. */
  readonly silent: boolean
}

/** A charge of a card, whose decline or success may be known. */
export type CardAttempt = {
  readonly paymentId: string
  readonly attempt: number
  readonly token: string
  readonly amountMinor: number
  /** Business time of the request, ms. */
  readonly atMs: number
}

/** The charges of a consumer’s cards in the last 30 days, over all plans. */
export type CardAttempts = {
  readonly consumerId: string
  /** Oldest first. */
  readonly attempts: readonly CardAttempt[]
  readonly cards: readonly CardNetwork[]
}

/** What is known of the network of a card. */
export type CardNetwork = {
  readonly token: string
  readonly network: string
  /** The network said: never again; until a charge succeeds. */
  readonly isClosed: boolean
}

/** A payment that the consumer's bank took back. */
export type ChargeBackState = {
  readonly chargeBackId: string
  readonly paymentId: string
  readonly purchaseId: string
  readonly amountMinor: number
  readonly status: ChargeBackStatus
}

/** Where a charge-back stands. */
export type ChargeBackStatus = 'OPEN' | 'WON' | 'LOST'

/** The basket of a checkout, with the terms it was offered under. */
export type CheckoutOffer = {
  readonly merchantId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  readonly items: readonly LineItem[]
  readonly merchantReference: string | null
  readonly returnUrl: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly createdAt: number
  readonly expiresAt: number
}

/** One checkout: what is offered, and to whom it went. */
export type CheckoutState = {
  readonly checkoutId: string
  /** Null before the checkout is created. */
  readonly offer: CheckoutOffer | null
  readonly status: CheckoutStatus
  /** The consumer who has it. */
  readonly consumerId: string | null
}

/** Whether a checkout can still be taken. */
export type CheckoutStatus = 'OPEN' | 'CLAIMED' | 'EXPIRED'

/** A month with its figures. */
export type ClosedPeriod = {
  /** A month, YYYY-MM. */
  readonly period: string
  readonly run: number
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
}

/** The newest one-time code of a purpose. */
export type CodeState = {
  readonly purpose: CodePurpose
  readonly codeId: string
  /** Keyed hash of id and code. */
  readonly codeHash: string
  readonly status: CodeStatus
  readonly expiresAt: number
  /** Wrong codes that were presented. */
  readonly attempts: number
  /** When codes of this purpose were sent, as far as the limit on sending looks back. */
  readonly sentAt: readonly number[]
  /** Who asked for each of them; empty where the owner of a session did, and in states from before it was kept. */
  readonly sentBy: readonly string[]
}

/** Where a one-time code stands. */
export type CodeStatus = 'ISSUED' | 'USED' | 'EXHAUSTED'

/** Where a payment or a return stands. SUCCEEDED: the gateway did it; APPLIED: the plan has taken it in. */
export type CollectionStatus = 'WAITING' | 'IN_FLIGHT' | 'SUCCEEDED' | 'APPLIED' | 'FAILED' | 'CANCELLED'

/** Which plans of a consumer owe something, and which payments over several plans are on their way. */
export type ConsumerDebts = {
  readonly consumerId: string
  /** In the order they began to owe. */
  readonly planIds: readonly string[]
  /** Ids of the payments. */
  readonly underWay: readonly string[]
}

/** The late fees of a consumer over all plans, as long as a law looks at them. */
export type ConsumerFees = {
  readonly consumerId: string
  readonly fees: readonly PlanFee[]
}

/** What a consumer said of themselves when the account was opened. */
export type ConsumerProfile = {
  readonly email: string
  readonly phone: string | null
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly timeZone: string
  readonly language: string
  readonly registeredAt: number
}

/** An open session. */
export type ConsumerSession = {
  readonly sessionId: string
  /** SHA-256 of the access token, hex. */
  readonly tokenHash: string
  /** When the access token ends. */
  readonly expiresAt: number
  /** SHA-256 of the refresh token that is good now, hex. */
  readonly refreshHash: string | null
  /** When the session ends; null for one that cannot be refreshed and ends with its access token. */
  readonly refreshExpiresAt: number | null
  readonly startedAt: number | null
  /** When it was last refreshed. */
  readonly refreshedAt: number | null
  readonly device: string | null
}

/** One consumer: who they are, how they sign in, and where their identity check stands. */
export type ConsumerState = {
  readonly consumerId: string
  /** Null before the account is open. */
  readonly profile: ConsumerProfile | null
  /** argon2id; in this store only, never in an event. */
  readonly passwordHash: string | null
  /** Open sessions, oldest first. */
  readonly sessions: readonly ConsumerSession[]
  readonly kyc: KycState
  readonly emailVerifiedAt: number | null
  readonly phoneVerifiedAt: number | null
  /** The newest one-time code of each purpose. */
  readonly codes: readonly CodeState[]
  /** Null where the last attempt was right. */
  readonly signIn: SignInState | null
  /** What the consumer chose of notices; the default holds for the rest. */
  readonly noticeChoices: readonly NoticeChoice[]
  /** Null where none waits for its code. */
  readonly registration: PendingRegistration | null
}

/** How to reach a consumer. */
export type Contact = {
  readonly email: string
  readonly phone: string | null
  /** BCP 47. */
  readonly language: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** IANA name; for quiet hours. */
  readonly timeZone: string
}

/** What credit needs to know of a consumer. */
export type CreditProfile = {
  readonly givenName: string
  readonly familyName: string
  readonly dateOfBirth: string
  readonly country: string
  /** The currency of the limit, from the country; null where no credit is given there. */
  readonly currency: string | null
}

/** The book of rules: the credit policies and score models that were published, in order, and who does not sell. */
export type CreditRules = {
  readonly policies: readonly PublishedPolicy[]
  readonly models: readonly PublishedModel[]
  /** Merchants that are suspended or closed: nothing is bought there, however long ago it was asked for. */
  readonly stoppedMerchants: readonly string[]
}

/** How somebody has paid, as far as it moves their limit. */
export type CreditStanding = {
  /** The limit is so many percent of what the score gives. */
  readonly percent: number
  /** How often each rule was met since it last moved the limit. */
  readonly counts: Readonly<Record<string, number>>
  /** When behaviour last lowered the limit. */
  readonly loweredAt: number | null
}

/** What is known of one consumer for credit: identity, bureau report, limit, and what each purchase holds of it. */
export type CreditState = {
  readonly consumerId: string
  /** Null before the account is open. */
  readonly profile: CreditProfile | null
  readonly kyc: KycStatus
  /** The newest question to the bureau. */
  readonly inquiry: BureauInquiry | null
  /** The report that is decided by; see files. */
  readonly report: BureauFacts | null
  /** By the scorecard; null without a report. */
  readonly score: number | null
  readonly limitMinor: number
  /** The consumer's own cap below the limit. */
  readonly ownCapMinor: number | null
  /** Purchases that hold or owe something. */
  readonly purchases: readonly PurchaseExposure[]
  /** Purchases decided in the last days: each is decided once. */
  readonly decided: readonly DecidedPurchase[]
  /** As last told in ExposureChanged. */
  readonly exposure: ExposureTotals
  /** Null before the first approval. */
  readonly history: PurchaseHistory | null
  /** The policy version that the limit is by. */
  readonly limitPolicy: string | null
  /** The model version that the limit is by. */
  readonly limitModel: string | null
  /** Null before the first sign of how somebody pays. */
  readonly standing: CreditStanding | null
  /** Purchases that wait for a report, in the order in which they were asked for. */
  readonly waiting: readonly WaitingPurchase[]
  /** Refusals of the last weeks, the oldest first. */
  readonly refusals: readonly Refusal[]
  /** The newest usable report of each bureau; none in records from before there was more than one. */
  readonly files: readonly BureauFile[]
  /** How the reports contradict each other; null where they do not. */
  readonly contradiction: ReportContradiction | null
  /** Which bureau `report` is of: the one that is decided by. */
  readonly reportBureau: string
  /** EMAIL and PHONE, where the consumer has proved them; null: not known, of accounts from before it was listened to. */
  readonly verifiedContacts: readonly string[] | null
}

/** A purchase that was decided. */
export type DecidedPurchase = {
  readonly purchaseId: string
  readonly decidedAt: number
  readonly approved: boolean
  readonly amountMinor: number
  readonly decisionId: string | null
  /** The first payment that was offered with a refusal. */
  readonly offeredFirstMinor: number | null
  /** The merchant, where this approval made it a known one. */
  readonly newMerchantId: string | null
  /** The same of the device. */
  readonly newDeviceId: string | null
}

/** A dispute of a purchase. */
export type DisputeState = {
  readonly disputeId: string
  readonly origin: DisputeOrigin
  readonly status: DisputeStatus
  readonly amountMinor: number
  readonly evidenceDueAt: number
  readonly chargeBackId: string | null
}

/** What became of a purchase whose request has not been read yet. */
export type EarlyOutcome = {
  /** Set where it was authorised. */
  readonly planId: string | null
  /** Set where it was rejected. */
  readonly cause: string | null
  readonly reasons: readonly Reason[]
}

/** Sums over the purchases of a consumer. */
export type ExposureTotals = {
  readonly holdMinor: number
  readonly outstandingMinor: number
  readonly feesMinor: number
  readonly availableMinor: number
  readonly blocked: boolean
}

/** What is open of an instalment. */
export type FollowedInstalment = {
  readonly no: number
  readonly dueDate: string
  readonly openMinor: number
  /** Nothing more is to be said before it is due. */
  readonly reminded: boolean
}

/** A plan with something open: for reminders, and to know whether a held notice still has a point. */
export type FollowedPlan = {
  readonly planId: string
  readonly currency: string
  readonly open: readonly FollowedInstalment[]
  readonly pauses: readonly PlanPause[]
  /** The day on which to say that the plan goes on; null while it is not paused. */
  readonly resumesOn: string | null
}

/** Which charges go to which gateways. */
export type GatewayRoutes = {
  /** 0 before anything was published. */
  readonly version: number
  readonly rules: readonly GatewayRule[]
}

/** A notice that must not go out yet. */
export type HeldNotice = {
  readonly notice: WaitingNotice
  readonly notBefore: number
}

/** One payment of a plan, with what was done to collect it. */
export type InstalmentState = {
  /** From 1. */
  readonly no: number
  readonly dueDate: string
  readonly amountMinor: number
  readonly paidMinor: number
  readonly feesMinor: number
  readonly feesPaidMinor: number
  readonly status: InstalmentStatus
  /** When its collection was asked for; null before. */
  readonly askedOn: string | null
  /** Late fees charged since it fell due. */
  readonly feeSteps: number
  /** When the last of them was charged. */
  readonly feeOn: string | null
  /** Range of days late, such as 4-30; null where it is not late. */
  readonly delinquency: string | null
  /** Null where it bears none. */
  readonly interest: InstalmentInterest | null
}

/** Where the newest identity check stands. */
export type KycState = {
  readonly status: KycStatus
  /** Of the newest check. */
  readonly checkId: string | null
  /** When it was asked for. */
  readonly requestedAt: number | null
  /** When the newest report that counted was made. */
  readonly reportedAt: number | null
  /** True where nothing moves it any more. */
  readonly final: boolean
  /** What the provider gave as reasons. */
  readonly reasons: readonly string[]
  /** Of the newest report. */
  readonly version: number | null
  /** When checks were begun, as far as the limit on them looks back. */
  readonly begunAt: readonly number[]
}

/** The book of periods. */
export type LedgerPeriods = {
  readonly ledgerId: string
  /** In their order. */
  readonly closed: readonly ClosedPeriod[]
  /** The one reopened last, as it was. */
  readonly reopened: ClosedPeriod | null
  readonly running: RunningClose | null
  /** See SchedulePeriodClose. */
  readonly closeDay: number | null
  /** The first month to close where none is. */
  readonly scheduledFrom: string | null
}

/** A merchant as it was taken on, and whether it may sell. */
export type MerchantAccount = {
  readonly name: string
  readonly legalName: string
  readonly country: string
  /** ISO 4217; the one currency of its sales and payouts. */
  readonly currency: string
  readonly timeZone: string
  /** ISO 18245. */
  readonly categoryCode: string
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
  readonly payoutAccount: string
  readonly status: MerchantStatus
  readonly onboardedAt: number
  readonly tier: RiskTier | null
  /** Of the terms in force. */
  readonly termsVersion: number
  /** Agreed, and not in force yet; the earliest first. */
  readonly nextTerms: readonly MerchantTermsVersion[]
}

/** An API key that is accepted. */
export type MerchantApiKey = {
  readonly apiKeyId: string
  /** SHA-256 of the key, hex. */
  readonly apiKeyHash: string
  /** Until then it is taken; null: until it is withdrawn. */
  readonly endsAt: number | null
}

/** An application, and where it stands. */
export type MerchantApplication = {
  readonly status: ApplicationStatus
  /** As consumers know the merchant. */
  readonly name: string
  readonly legalName: string
  /** In the register of its country. */
  readonly registrationNumber: string
  readonly country: string
  /** ISO 4217; the one currency of its sales and payouts. */
  readonly currency: string
  readonly timeZone: string
  /** ISO 18245. */
  readonly categoryCode: string
  /** Token of the payout account at the gateway. */
  readonly payoutAccount: string
  /** Of the check that is under way, or was the last. */
  readonly requestId: string
  /** How often the provider was asked. */
  readonly attempt: number
  /** Where the provider did not answer. */
  readonly askAgainAt: number | null
  readonly reasons: readonly string[]
  readonly apiKeyId: string
  readonly apiKeyHash: string
}

/** One merchant and its API keys. */
export type MerchantState = {
  readonly merchantId: string
  /** Null before the merchant is taken on. */
  readonly account: MerchantAccount | null
  readonly apiKeys: readonly MerchantApiKey[]
  readonly application: MerchantApplication | null
}

/** Terms from a time on. */
export type MerchantTermsVersion = {
  readonly version: number
  readonly effectiveFrom: number
  readonly terms: MerchantTerms
  readonly ticketMinMinor: number
  readonly ticketMaxMinor: number
}

/** How to reach one consumer, and the notices that wait or are on their way. */
export type NotificationState = {
  readonly consumerId: string
  /** Null until the registration has arrived. */
  readonly contact: Contact | null
  /** Notices that came before the contact did, oldest first. */
  readonly waiting: readonly WaitingNotice[]
  /** Handed to a provider that has not answered yet, oldest first. */
  readonly pending: readonly PendingNotice[]
  /** What the consumer chose; the default holds for the rest. */
  readonly choices: readonly NoticeChoice[]
  /** Notices that wait for the end of the quiet hours, oldest first. */
  readonly held: readonly HeldNotice[]
  /** Plans with something open. */
  readonly plans: readonly FollowedPlan[]
  /** Ids of the events told last: none is told twice. */
  readonly told: readonly string[]
  /** The e-mail address that bounced; null where none did. */
  readonly undeliverable: string | null
  /** The last e-mails that servers took: they can still come back. */
  readonly mailed: readonly PendingNotice[]
  /** Messages that are tried again, oldest first. */
  readonly retries: readonly RetriedNotice[]
}

/** A payout on its way to a merchant. */
export type OpenPayout = {
  readonly settlementId: string
  readonly amountMinor: number
  readonly payoutAccount: string
  /** From 1; the request id is made of it. */
  readonly attempt: number
  /** Business time at which this attempt failed; null while it is under way. */
  readonly failedAt: number | null
  /** It waits for its merchant to be reinstated. */
  readonly held: boolean
}

/** The lines of one day that is not settled yet, added up. */
export type OpenSettlement = {
  readonly settleOn: string
  readonly salesMinor: number
  /** Above 0. */
  readonly returnsMinor: number
  /** Above 0. */
  readonly feesMinor: number
  readonly lineCount: number
  /** On fees; above 0. */
  readonly taxMinor: number
  /** Held back; above 0. */
  readonly holdbackMinor: number
  /** Of what was held; above 0. */
  readonly releaseMinor: number
  /** Charges, credits and corrections; signed. */
  readonly correctionsMinor: number
}

/** What is owed on one instalment, principal and fees, as the plan last said. */
export type OwedInstalment = {
  readonly no: number
  readonly owedMinor: number
  readonly dueDate: string
  /** Asked for in vain. */
  readonly overdue: boolean
  /** Late fees among it. */
  readonly feesMinor: number
}

/** What a payment is for: the first one at checkout, a scheduled one, or one the consumer makes. */
export type PaymentKind = 'CHECKOUT' | 'AUTOPAY' | 'MANUAL'

/** A card by its token. */
export type PaymentMethodState = {
  readonly paymentMethodId: string
  readonly token: string
  readonly brand: string
  readonly last4: string
  readonly expiryMonth: number
  readonly expiryYear: number
}

/** One payment and its attempts. */
export type PaymentState = {
  readonly paymentId: string
  readonly instalmentNo: number
  readonly kind: PaymentKind
  /** The record that asked for it: the same one again asks for nothing new. */
  readonly causeId: string
  /** For a MANUAL one: the command that its outcome answers. */
  readonly commandId: string | null
  readonly token: string
  /** Of the attempt under way or the last one. */
  readonly amountMinor: number
  /** From 1; 0 while the first is still to come. */
  readonly attempt: number
  /** Of that attempt. */
  readonly requestId: string
  readonly status: CollectionStatus
  /** While WAITING. */
  readonly nextAttemptOn: string | null
  /** It may pay more than its own instalment, so that no other one of the plan is charged meanwhile. */
  readonly reachesOver: boolean
  /** The gateway's name of it, once it came in. */
  readonly gatewayRef: string | null
  /** The payment over several plans that this is a part of; its first part has the same id. */
  readonly groupId: string | null
  /** On the first part: all of them. */
  readonly parts: readonly PaymentPart[]
  /** NEXT or LAST where the consumer chose; null for the plan's own rule. */
  readonly prepayment: string | null
  /** The gateways that its charges may be sent to, in order; none: the primary one alone. */
  readonly route: readonly string[]
  /** The one that the attempt under way or the last one went to. */
  readonly gateway: string | null
}

/** A rendered notice at a provider. */
export type PendingNotice = {
  readonly requestId: string
  readonly channel: Channel
  readonly template: string
  readonly templateVersion: number
  readonly language: string
  readonly subject: string | null
  readonly body: string
  readonly recipient: string
  /** The plan it is about. */
  readonly planId: string | null
  readonly instalmentNo: number | null
  /** It carries a one-time code. */
  readonly isCode: boolean
  /** From 1; higher where it was tried before. */
  readonly attempt: number
}

/** An account that was asked for, until its code comes or ends. */
export type PendingRegistration = {
  readonly profile: ConsumerProfile
  readonly passwordHash: string | null
  /** When the code ends, and this goes. */
  readonly expiresAt: number
}

/** What a task has booked in a month. */
export type PeriodSums = {
  readonly month: string
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
}

/** What a task that posts knows of periods. */
export type PeriodsHeard = {
  /** Up to the end of this month nothing is booked. */
  readonly closedThrough: string | null
  /** Those with entries, in order. */
  readonly months: readonly string[]
  /** Closes that it has said its figures for. */
  readonly answered: readonly string[]
}

/** A late fee, and what of it was taken back. */
export type PlanFee = {
  readonly feeId: string
  readonly instalmentNo: number
  readonly currency: string
  readonly on: string
  readonly amountMinor: number
  readonly reversedMinor: number
}

/** Something that moved a plan, so that it can be worked out again without another. */
export type PlanMovement = {
  /** CAPTURE, RELEASE, PAYMENT, REFUND, LATE_FEE, FEE_REVERSAL, DATE_MOVE or RE_AGE. */
  readonly kind: string
  readonly id: string
  readonly on: string
  readonly amountMinor: number
  /** The instalment it names; 0 where none. */
  readonly instalmentNo: number
  /** Of a payment its prepayment rule, of a refund its policy. */
  readonly choice: string | null
  /** The new or first due date. */
  readonly date: string | null
  /** Of a re-age. */
  readonly parts: number
}

/** What a plan pays for, as credit approved it. */
export type PlanOrder = {
  readonly consumerId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly merchantReference: string | null
  readonly purchaseId: string
  readonly checkoutId: string
  readonly product: Product
  readonly currency: string
  /** Authorised. */
  readonly amountMinor: number
  readonly paymentMethodId: string
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  /** t0 of the schedule. */
  readonly approvedOn: string
  /** What is paid at the checkout, where that is more than a quarter. */
  readonly firstPaymentMinor: number | null
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
}

/** A time in which nothing of a plan gets later: from its first day up to, and without, its end. */
export type PlanPause = {
  readonly pauseId: string
  readonly from: string
  readonly until: string
}

/** A payment that came in for a plan. */
export type PlanPayment = {
  readonly paymentId: string
  readonly collectedMinor: number
  /** Of it, what was sent back. */
  readonly returnedMinor: number
  /** Of it, what did not come in after all. */
  readonly chargedBackMinor: number
}

/** The payments of one plan, and what the plan owes. */
export type PlanPayments = {
  readonly planId: string
  readonly consumerId: string
  readonly currency: string
  readonly owed: readonly OwedInstalment[]
  readonly payments: readonly PaymentState[]
  readonly returns: readonly ReturnState[]
  /** Before this day the platform charges nothing by itself. */
  readonly pausedUntil: string | null
  /** Oldest first. */
  readonly chargeBacks: readonly ChargeBackState[]
}

/** The rules a plan lives by, frozen when it is proposed. */
export type PlanRules = {
  /** AFTERPAY_AU, CLEARPAY_UK or KLARNA_UK. */
  readonly lateFeeScheme: string
  /** LAST_FIRST, NEXT_FIRST, SPREAD or RE_AMORTISE. */
  readonly refundPolicy: string
  /** NEXT or LAST: what a payment beyond the instalment it names pays down. */
  readonly prepayment: string
  /** LAST_INSTALMENT or BACK_TO_CARD: where a payment at checkout beyond instalment 1 goes. */
  readonly depositSurplus: string
}

/** One plan: its order, its rules and its money. */
export type PlanState = {
  readonly planId: string
  readonly status: PlanStatus
  readonly order: PlanOrder
  readonly rules: PlanRules
  readonly capturedMinor: number
  readonly releasedMinor: number
  readonly refundedMinor: number
  /** Paid at checkout and not yet applied to a capture. */
  readonly depositMinor: number
  /** Paid at checkout and applied to captures. */
  readonly depositAppliedMinor: number
  /** None before the first capture. */
  readonly instalments: readonly InstalmentState[]
  /** In the order they came in. */
  readonly payments: readonly PlanPayment[]
  /** Number of late fees so far. */
  readonly feesCharged: number
  /** Ids of the captures, releases and refunds worked in. */
  readonly movements: readonly string[]
  /** In the order of time; they do not overlap. */
  readonly pauses: readonly PlanPause[]
  /** How many dates of it were moved. */
  readonly dateMoves: number
  /** All that moved it, in the order it came. */
  readonly history: readonly PlanMovement[]
  /** Principal and fees charged off. */
  readonly chargedOffMinor: number
  /** Of it, what came in since. */
  readonly recoveredMinor: number
  /** When a fraud was discovered. */
  readonly fraudOn: string | null
  /** Days to the next charge-off count from here. */
  readonly chargeOffUndoneOn: string | null
  /** All late fees, in the order they were charged. */
  readonly fees: readonly PlanFee[]
}

/** Where a plan stands. NEW: nothing is known of it yet. */
export type PlanStatus = 'NEW' | 'PROPOSED' | 'AUTHORISED' | 'CANCELLED' | 'COMPLETED' | 'CHARGED_OFF' | 'WRITTEN_OFF'

/** A score model in the book of rules. */
export type PublishedModel = {
  readonly version: string
  readonly file: string
}

/** A credit policy in the book of rules. */
export type PublishedPolicy = {
  readonly version: string
  readonly effectiveFrom: number | null
  /** The policy file as JSON text; null once nothing can be decided by it any more. */
  readonly file: string | null
  /** A version means one content for ever. */
  readonly fileHash: string
}

/** One capture, and what of it was refunded. */
export type PurchaseCapture = {
  readonly captureId: string
  readonly amountMinor: number
  readonly refundedMinor: number
  readonly capturedAt: number
}

/** What one purchase holds of the limit. */
export type PurchaseExposure = {
  readonly purchaseId: string
  readonly holdMinor: number
  readonly outstandingMinor: number
  readonly feesMinor: number
  /** Numbers of the instalments that are overdue. */
  readonly overdue: readonly number[]
  /** What a month of it costs at most, interest included, where it is paid back monthly. */
  readonly monthlyMinor: number | null
}

/** What earlier purchases say of a consumer, for the rules against fraud. */
export type PurchaseHistory = {
  readonly approvals: number
  /** Purchases that were paid off. */
  readonly completed: number
  readonly largestCompletedMinor: number
  /** Where something was bought, the newest last; at most 100. */
  readonly merchantIds: readonly string[]
  /** From which something was bought, the newest last; at most 20. */
  readonly deviceIds: readonly string[]
}

/** A purchase as it was requested. */
export type PurchaseOrder = {
  readonly consumerId: string
  readonly checkoutId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly product: Product
  readonly amountMinor: number
  readonly currency: string
  readonly paymentMethodId: string
  readonly merchantReference: string | null
  readonly terms: MerchantTerms
  readonly payoutAccount: string
  readonly requestedAt: number
  /** Of PAY_MONTHLY: the plan that was chosen among those of the terms. */
  readonly monthly: MonthlyTerms | null
  /** The basket, where the checkout named its lines; a line is known by its place, from 1. */
  readonly items: readonly LineItem[]
}

/** One purchase: what was authorised, and what became of it. */
export type PurchaseState = {
  readonly purchaseId: string
  readonly status: PurchaseStatus
  /** Null before the purchase is requested. */
  readonly order: PurchaseOrder | null
  /** Set with the authorisation. */
  readonly planId: string | null
  /** When what is not captured is released. */
  readonly expiresAt: number | null
  readonly capturedMinor: number
  /** Voided and expired included. */
  readonly releasedMinor: number
  readonly refundedMinor: number
  /** Oldest first. */
  readonly captures: readonly PurchaseCapture[]
  readonly releaseIds: readonly string[]
  readonly refundIds: readonly string[]
  /** Why it was rejected. */
  readonly reasons: readonly Reason[]
  /** An outcome that was heard before the request; used when the request comes. */
  readonly early: EarlyOutcome | null
  /** Oldest first. */
  readonly disputes: readonly DisputeState[]
  /** What was refunded by line, of each line. */
  readonly refundedItems: readonly RefundedItem[]
}

/** Where a purchase stands; NEW before it is requested. */
export type PurchaseStatus = 'NEW' | 'PENDING' | 'AUTHORISED' | 'PARTLY_CAPTURED' | 'CAPTURED' | 'COMPLETED' | 'REJECTED' | 'VOIDED' | 'EXPIRED'

/** A refusal that a person may look at. */
export type Refusal = {
  readonly decisionId: string
  readonly purchaseId: string
  readonly merchantId: string
  readonly merchantName: string
  readonly amountMinor: number
  readonly currency: string
  readonly reasons: readonly string[]
  readonly declinedAt: number
  readonly review: ReviewState | null
  /** What lowered the score beside the reasons: a refusal names four at most, and all of it stands behind the rule that failed. */
  readonly unnamed: readonly string[]
}

/** A share of a capture that is held back for a time. */
export type Reserve = {
  readonly purchaseId: string
  readonly captureId: string
  readonly amountMinor: number
  readonly releaseOn: string
}

/** A message that did not get through for now, and when it is tried again. */
export type RetriedNotice = {
  readonly message: PendingNotice
  readonly notBefore: number
}

/** Money on its way back to the consumer. */
export type ReturnState = {
  readonly returnId: string
  readonly paymentId: string
  readonly amountMinor: number
  readonly gatewayRef: string
  readonly attempt: number
  readonly requestId: string
  readonly status: CollectionStatus
  /** While WAITING. */
  readonly nextAttemptOn: string | null
  /** The one that took the payment. */
  readonly gateway: string | null
}

/** How far the review of a refusal is. */
export type ReviewState = {
  readonly reviewId: string
  readonly dueAt: number
  /** Who looks at it; null while nobody does. */
  readonly reviewer: string | null
  /** True once it was told that the deadline has passed. */
  readonly overdue: boolean
  /** Null while nobody has decided. */
  readonly overturned: boolean | null
  /** Until then the approval can be used. */
  readonly validUntil: number | null
  readonly used: boolean
}

/** A close that waits for the figures of some tasks. */
export type RunningClose = {
  /** A month, YYYY-MM. */
  readonly period: string
  readonly closeId: string
  readonly run: number
  /** Of the command or tick. */
  readonly cause: Envelope
  /** Tasks heard of. */
  readonly shares: number
  /** By account and currency. */
  readonly figures: readonly PeriodFigure[]
}

/** What is open with one merchant: days not yet settled, what is owed, debt carried, payouts under way. */
export type SettlementState = {
  readonly merchantId: string
  /** Of its sales and payouts; null before the first line. */
  readonly currency: string | null
  /** Where the next payout goes: that of the newest sale or refund. */
  readonly payoutAccount: string | null
  /** Owed to the merchant: the open days and the carried debt. What is being paid out has left. */
  readonly payableMinor: number
  /** Debt to net from the next settlement, 0 or below. */
  readonly carriedMinor: number
  /** The last day settled; a later line goes to a day after it. */
  readonly closedThrough: string | null
  /** Days with lines, earliest first. */
  readonly openDays: readonly OpenSettlement[]
  /** Asked for and not yet paid, oldest first. */
  readonly payouts: readonly OpenPayout[]
  /** Held back and not yet released: disputed amounts and reserves. */
  readonly heldMinor: number
  /** The next to be released first. */
  readonly reserves: readonly Reserve[]
  readonly timeZone: string
  /** Payouts wait while the merchant is suspended. */
  readonly suspended: boolean
}

/** Attempts to sign in since the last right password. */
export type SignInState = {
  readonly attempts: number
  readonly lastAt: number
  /** Until then no attempt may begin. */
  readonly lockedUntil: number | null
}

/** The month that is open, in one currency. */
export type StatementBook = {
  readonly currency: string
  /** The first day of the month. */
  readonly from: string
  readonly openingMinor: number
  readonly lines: readonly StatementLine[]
  readonly plans: readonly StatementPlan[]
}

/** A plan as statements see it. */
export type StatementPlan = {
  readonly planId: string
  readonly purchaseId: string
  readonly merchantName: string
  readonly owedMinor: number
  readonly due: readonly StatementDue[]
  /** False where nothing more is expected of it. */
  readonly isOpen: boolean
}

/** The months of one consumer that are open. */
export type StatementState = {
  readonly consumerId: string
  /** Null until the registration has arrived. */
  readonly timeZone: string | null
  readonly language: string
  readonly books: readonly StatementBook[]
  /** The first day that no statement has yet; null before the first one. */
  readonly closedUntil: string | null
}

/** What a notice is to say, before it is known to whom and in which language. */
export type WaitingNotice = {
  /** Envelope of the event it tells of. */
  readonly cause: Envelope
  readonly template: string
  /** Values of the template by name. */
  readonly facts: Readonly<Record<string, string>>
  /** The plan it is about. */
  readonly planId: string | null
  readonly instalmentNo: number | null
}

/** A purchase that waits for a credit report. */
export type WaitingPurchase = {
  readonly request: RequestPurchase
  /** When it is decided without. */
  readonly until: number
}

/** The payment methods of one consumer. */
export type WalletState = {
  readonly consumerId: string
  readonly methods: readonly PaymentMethodState[]
}

/** A delivery that is not done. */
export type WebhookDelivery = {
  readonly deliveryId: string
  readonly eventId: string
  readonly eventType: string
  readonly body: string
  /** 0 before the first. */
  readonly attempt: number
  readonly status: WebhookStatus
  readonly nextAttemptAt: number | null
}

/** An address of a merchant. */
export type WebhookEndpoint = {
  readonly endpointId: string
  readonly url: string
  readonly eventTypes: readonly string[]
  readonly secretVersion: number
  readonly previousUntil: number | null
}

/** The addresses of a merchant. */
export type WebhookEndpoints = {
  readonly merchantId: string
  readonly endpoints: readonly WebhookEndpoint[]
}

/** What is to be delivered to one address about one thing, in order. */
export type WebhookQueue = {
  readonly merchantId: string
  readonly endpointId: string
  readonly subject: string
  readonly url: string
  readonly secretVersion: number
  readonly previousUntil: number | null
  readonly deliveries: readonly WebhookDelivery[]
}

/** Where a delivery stands. */
export type WebhookStatus = 'WAITING' | 'IN_FLIGHT' | 'DEAD'

/** A payment that is to come. */
export type StatementDue = {
  readonly dueDate: string
  readonly planId: string
  /** Principal, fees and interest still to be paid. */
  readonly amountMinor: number
}

/** What a consumer owed and paid in a month, in one currency. It never changes. */
export type StatementIssued = {
  readonly type: 'StatementIssued'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly statementId: string
  readonly consumerId: string
  readonly currency: string
  /** YYYY-MM. */
  readonly month: string
  readonly from: string
  /** The last day. */
  readonly to: string
  /** In which the month began and ended; IANA name. */
  readonly timeZone: string
  /** BCP 47; of the document. */
  readonly language: string
  /** Owed at the beginning: what the statement before closed with. */
  readonly openingMinor: number
  readonly purchasesMinor: number
  /** Below 0, unless payments were taken back. */
  readonly paymentsMinor: number
  /** 0 or below. */
  readonly refundsMinor: number
  /** Late fees, less those taken back. */
  readonly feesMinor: number
  readonly interestMinor: number
  /** Not expected any more, or expected again. */
  readonly chargedOffMinor: number
  readonly adjustmentsMinor: number
  /** The sum of the eight before it: what the plans owe. */
  readonly closingMinor: number
  readonly lines: readonly StatementLine[]
  /** The end of the month after it. */
  readonly dueUntil: string
  /** Due until then, by date. */
  readonly nextDue: readonly StatementDue[]
  /** Which rendering the document has. */
  readonly templateVersion: number
}

/** One movement of what a consumer owes. */
export type StatementLine = {
  /** In the consumer's time zone. */
  readonly date: string
  readonly kind: StatementLineKind
  readonly planId: string
  readonly purchaseId: string
  readonly merchantName: string
  /** Signed: above 0 is owed more. */
  readonly amountMinor: number
}

/** What a line of a statement is. */
export type StatementLineKind = 'PURCHASE' | 'PAYMENT' | 'REFUND' | 'FEE' | 'INTEREST' | 'CHARGE_OFF' | 'ADJUSTMENT'

/** Command of a merchant: tell me of my purchases there. */
export type RegisterWebhookEndpoint = {
  readonly type: 'RegisterWebhookEndpoint'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly url: string
  /** Such as purchase.captured; all where there are none. */
  readonly eventTypes: readonly string[]
}

/** Command of a merchant: tell me nothing there any more. */
export type RemoveWebhookEndpoint = {
  readonly type: 'RemoveWebhookEndpoint'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
}

/** Command: try a delivery again that was given up. */
export type ReplayWebhook = {
  readonly type: 'ReplayWebhook'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  /** What the delivery is about: a purchase or a settlement. */
  readonly subject: string
  readonly deliveryId: string
}

/** Command of a merchant: sign with a new secret; the last one stays valid for a day. */
export type RotateWebhookSecret = {
  readonly type: 'RotateWebhookSecret'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
}

/** An attempt failed; another follows. */
export type WebhookAttemptFailed = {
  readonly type: 'WebhookAttemptFailed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly attempt: number
  readonly status: number | null
  readonly failure: string
  readonly nextAttemptAt: number
}

/** A command about webhooks was refused; nothing changed. */
export type WebhookCommandRefused = {
  readonly type: 'WebhookCommandRefused'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly command: string
  readonly code: string
  readonly detail: string
}

/** A delivery was given up; it can be replayed. */
export type WebhookDeadLettered = {
  readonly type: 'WebhookDeadLettered'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly attempt: number
  readonly status: number | null
  readonly failure: string
}

/** The merchant has an event. */
export type WebhookDelivered = {
  readonly type: 'WebhookDelivered'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly attempt: number
  readonly status: number | null
}

/** What became of an attempt. */
export type WebhookDeliveryReported = {
  readonly type: 'WebhookDeliveryReported'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly requestId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly subject: string
  readonly succeeded: boolean
  /** HTTP status; null where there was no answer. */
  readonly status: number | null
  readonly failure: string | null
}

/** Request to the connector: one attempt of a delivery. */
export type WebhookDeliveryRequested = {
  readonly type: 'WebhookDeliveryRequested'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly requestId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly subject: string
  readonly eventId: string
  readonly eventType: string
  readonly url: string
  readonly secretVersion: number
  /** The secret was changed less than a day ago. */
  readonly signWithPrevious: boolean
  readonly body: string
  readonly attempt: number
}

/** A merchant is told of its purchases at an address. */
export type WebhookEndpointRegistered = {
  readonly type: 'WebhookEndpointRegistered'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly url: string
  readonly eventTypes: readonly string[]
  /** The secret itself is derived and stands nowhere. */
  readonly secretVersion: number
}

/** Nothing is delivered to an address any more. */
export type WebhookEndpointRemoved = {
  readonly type: 'WebhookEndpointRemoved'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
}

/** An event is to be delivered. */
export type WebhookQueued = {
  readonly type: 'WebhookQueued'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly deliveryId: string
  readonly subject: string
  readonly eventId: string
  readonly eventType: string
  /** JSON, as it is signed and sent. */
  readonly body: string
}

/** A delivery that was given up is tried again. */
export type WebhookReplayed = {
  readonly type: 'WebhookReplayed'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly deliveryId: string
}

/** Deliveries are signed with a new secret. */
export type WebhookSecretRotated = {
  readonly type: 'WebhookSecretRotated'
  /** Who, when and why; see Envelope. */
  readonly meta: Envelope
  readonly merchantId: string
  readonly endpointId: string
  readonly secretVersion: number
  /** Until then with the last one too. */
  readonly previousUntil: number
}
