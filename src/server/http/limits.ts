import type { AppSettings } from "#src/config/env.ts";
import { type Limit, openLimit, Remembered } from "./limit.ts";

/** How often who may do what. An address may be a whole house behind one router, so it gets a multiple of one person's. */
export interface Limits {
  /** Declines, by caller's id. */
  readonly decline: Limit;
  /** Declines, by sender, whoever they say to be: 20 callers' worth. */
  readonly declineAddress: Limit;
  /** Attempts to sign in, by sender. */
  readonly signIn: Limit;
  /** Attempts to sign in to one account from where nobody has signed in to it yet, in 15 minutes. */
  readonly signInAccount: Limit;
  /** From where which account was signed in to: what happens elsewhere must not keep its owner out. */
  readonly signedInFrom: Remembered;
  /** All requests to the auth library, by sender: 20 times the attempts to sign in. */
  readonly authAddress: Limit;
  /** The same, by session: 5 times. */
  readonly authCaller: Limit;
  /** What moderators change by hand, by caller's id. */
  readonly byHand: Limit;
}

export function openLimits(settings: AppSettings): Limits {
  const { RATE_LIMIT_DECLINE, RATE_LIMIT_SIGN_IN, RATE_LIMIT_BY_HAND } = settings;
  return {
    decline: openLimit(RATE_LIMIT_DECLINE),
    declineAddress: openLimit(20 * RATE_LIMIT_DECLINE),
    signIn: openLimit(RATE_LIMIT_SIGN_IN),
    signInAccount: openLimit(5 * RATE_LIMIT_SIGN_IN, 15 * 60),
    signedInFrom: new Remembered(50_000),
    authAddress: openLimit(20 * RATE_LIMIT_SIGN_IN),
    authCaller: openLimit(5 * RATE_LIMIT_SIGN_IN),
    byHand: openLimit(RATE_LIMIT_BY_HAND),
  };
}
