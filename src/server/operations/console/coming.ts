/** To be replaced. */
export function comingSoon(...given: readonly unknown[]): Promise<never> {
  return Promise.reject(new Error(`not yet: ${given.length}`));
}
