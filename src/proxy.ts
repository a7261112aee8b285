import { type NextRequest, NextResponse } from "next/server";

/** Says which page was asked for, which pages themselves are not told: to come back to it after signing in. */
export const pageHeader = "x-goalkeeper-page";

/** Hands the page's address on. Whatever the caller has put under that name is overwritten. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(pageHeader, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/studio/:path*", "/me/:path*", "/admin/:path*"] };
