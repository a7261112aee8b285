import type { Services } from "../services.ts";

/**
 * `/api/auth/*`, by the auth library. It takes any `Sec-Fetch-Mode` for a browser's and then wants an origin; but
 * Node's own fetch sends that header alone, and what names neither an origin nor a site is no browser.
 */
export async function handleAuth({ auth }: Services, request: Request): Promise<Response> {
  const headers = new Headers(request.headers);
  const isScript = headers.has("sec-fetch-mode") && !headers.has("sec-fetch-site") && !headers.has("origin");
  if (!isScript) return await auth.handler(request);
  headers.delete("sec-fetch-mode");
  const { url, method } = request;
  const body = method === "GET" ? null : await request.arrayBuffer();
  return await auth.handler(new Request(url, { method, headers, body }));
}
