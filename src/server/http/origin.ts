const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/** The origins that pages of this app are served from: the app's own, and on loopback that host's other names. */
export function allowedOrigins(appUrl: string): string[] {
  const { origin, protocol, hostname, port } = new URL(appUrl);
  if (!loopbackNames.includes(hostname)) return [origin];
  return loopbackNames.map((name) => `${protocol}//${name}${port === "" ? "" : `:${port}`}`);
}

/**
 * Whether a request that is authenticated by cookie was made by another site's page. Browsers say so in `Origin` or
 * `Sec-Fetch-Site`; what sends neither is no browser, and carries cookies only by its user's own will.
 */
export function isForeign(headers: Headers, appUrl: string): boolean {
  const origin = headers.get("origin");
  if (origin !== null) return !allowedOrigins(appUrl).includes(origin);
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}
