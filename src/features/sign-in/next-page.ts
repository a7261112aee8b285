/** Nobody's address: only what stays on it is a page of ours. */
const ours = "http://page.invalid";

/**
 * The page to go on to after signing in, from the address's `next`: a path of ours with its query, or the person's own page. What
 * would lead to another site is not followed.
 */
export function nextPage(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return "/";
  const url = URL.parse(wanted, ours);
  if (url === null || url.origin !== ours || /^\/(sign-in|api)(\/|$)/.test(url.pathname)) return "/";
  return `${url.pathname}${url.search}`;
}

/** The address that asks the person to sign in, and then leads back to `page`. */
export const signInAddress = (page: string | null): string =>
  page === null || nextPage(page) === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(page)}`;
