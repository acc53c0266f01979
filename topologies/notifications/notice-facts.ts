import type {
  AddressUndeliverable,
  Contact,
  FollowedPlan,
  HeldNotice,
  NoticeChoice,
  NotificationDropped,
  NotificationFailed,
  NotificationRequested,
  NotificationReturned,
  NotificationSent,
  RetriedNotice,
  WaitingNotice,
} from '#schemas'

/** What the topology says: requests, what became of them, and what never leaves it. */
export type NotificationOutput =
  | NotificationRequested
  | NotificationSent
  | NotificationFailed
  | NotificationDropped
  | NotificationReturned
  | AddressUndeliverable
  | KeptFact

/** What is folded into the state and written nowhere. */
export type KeptFact =
  | ContactLearned
  | ContactProved
  | ChoicesLearned
  | NoticeDeferred
  | NoticeHeld
  | NoticeReleased
  | RetryPlanned
  | RetryBegun
  | PlansFollowed

/** The consumer can be reached from now on. */
type ContactLearned = { readonly type: 'ContactLearned'; readonly contact: Contact }
/** The e-mail address works. */
type ContactProved = { readonly type: 'ContactProved' }
/** The consumer has chosen. */
type ChoicesLearned = { readonly type: 'ChoicesLearned'; readonly choices: readonly NoticeChoice[] }
/** A notice waits for the contact. */
type NoticeDeferred = { readonly type: 'NoticeDeferred'; readonly notice: WaitingNotice }
/** A notice waits for the end of the quiet hours. */
type NoticeHeld = { readonly type: 'NoticeHeld'; readonly held: HeldNotice }
/** It waits no more. */
type NoticeReleased = { readonly type: 'NoticeReleased'; readonly held: HeldNotice }
/** A message did not get through for now, and is tried again. */
type RetryPlanned = { readonly type: 'RetryPlanned'; readonly retry: RetriedNotice }
/** That try is due. */
type RetryBegun = { readonly type: 'RetryBegun'; readonly retry: RetriedNotice }
/** What is open of the consumer's plans has changed. */
type PlansFollowed = { readonly type: 'PlansFollowed'; readonly plans: readonly FollowedPlan[] }
