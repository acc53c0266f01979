import type {
  Contact,
  FollowedPlan,
  HeldNotice,
  NoticeChoice,
  NotificationDropped,
  NotificationFailed,
  NotificationRequested,
  NotificationSent,
  WaitingNotice,
} from '#schemas'

/** What the topology says: requests, what became of them, and what never leaves it. */
export type NotificationOutput =
  | NotificationRequested
  | NotificationSent
  | NotificationFailed
  | NotificationDropped
  | KeptFact

/** What is folded into the state and written nowhere. */
export type KeptFact = ContactLearned | ChoicesLearned | NoticeDeferred | NoticeHeld | NoticeReleased | PlansFollowed

/** The consumer can be reached from now on. */
type ContactLearned = { readonly type: 'ContactLearned'; readonly contact: Contact }
/** The consumer has chosen. */
type ChoicesLearned = { readonly type: 'ChoicesLearned'; readonly choices: readonly NoticeChoice[] }
/** A notice waits for the contact. */
type NoticeDeferred = { readonly type: 'NoticeDeferred'; readonly notice: WaitingNotice }
/** A notice waits for the end of the quiet hours. */
type NoticeHeld = { readonly type: 'NoticeHeld'; readonly held: HeldNotice }
/** It waits no more. */
type NoticeReleased = { readonly type: 'NoticeReleased'; readonly held: HeldNotice }
/** What is open of the consumer's plans has changed. */
type PlansFollowed = { readonly type: 'PlansFollowed'; readonly plans: readonly FollowedPlan[] }
