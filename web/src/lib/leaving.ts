// A screen that is left gives its leases back; the next screen asks for tasks only once that is done, lest it
// lose what it just got.
let leaving: Promise<unknown> = Promise.resolve();

/** What a screen does as it is left. */
export function leaveBy(step: Promise<unknown>): void {
  leaving = Promise.allSettled([leaving, step]);
}

/** Once every screen that was left is done with it. */
export async function haveLeft(): Promise<void> {
  await leaving;
}
