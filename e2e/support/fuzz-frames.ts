import { type FuzzCallers, type FuzzRequest, strangeRequest } from "./fuzz-requests.ts";
import { Chance } from "./fuzz-values.ts";

const text = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "latin1");
const close = "Connection: close";
const host = "Host: localhost";

/** A request to the API whose body comes in chunks, in these lines; `coding` is how it says so. */
const chunked = (lines: readonly string[], coding = "chunked") =>
  text("POST /api/trpc/x HTTP/1.1", host, `Transfer-Encoding: ${coding}`, close, "", ...lines, "", "");
/** A request to sign in with these headers more, and this body. */
const signIn = (headers: readonly string[], ...body: string[]) =>
  text("POST /api/auth/sign-in/email HTTP/1.1", host, ...headers, close, "", ...body);

type Frame = (chance: Chance) => Omit<FuzzRequest, "kind">;
const whole = (...pieces: Buffer[]) => ({ pieces, unfinished: false });
const cut = (...pieces: Buffer[]) => ({ pieces, unfinished: true });

/** Requests whose frame itself is broken, or ends before its end. */
const frames: readonly Frame[] = [
  (chance) => cut(chance.bytes(chance.pick([1, 20, 500, 5_000]))),
  (chance) => whole(Buffer.concat([chance.bytes(100), text("", "", "")])),
  () => whole(text("GET / HTTP/9.9", host, "", "")),
  () => whole(text("GET /\u0000 HTTP/1.1", host, close, "", "")),
  () => whole(text("GET / HTTP/1.1", "Host: a", "Host: b", close, "", "")),
  () => whole(text("GET / HTTP/1.1", close, "", "")),
  () => whole(text("GET / HTTP/1.0", "", "")),
  () => whole(text("GET /api/inngest HTTP/1.0", "", "")),
  () => whole(text("GET", "", "")),
  () => whole(text("PRI * HTTP/2.0", "", "SM", "", "")),
  () => cut(Buffer.from("16030100a5010000a10303", "hex")),
  () => whole(text("CONNECT localhost:443 HTTP/1.1", host, close, "", "")),
  () => whole(text("OPTIONS * HTTP/1.1", host, close, "", "")),
  () => whole(text("GET http://evil.example/studio HTTP/1.1", host, close, "", "")),
  () => whole(text("GET / HTTP/1.1", host, "Bad Header: x", close, "", "")),
  () => whole(text("GET / HTTP/1.1", host, " folded: x", close, "", "")),
  () => whole(text("GET / HTTP/1.1", host, "x: \u0001", close, "", "")),
  () => whole(text("GET / HTTP/1.1", host, "x: y\rz: w", close, "", "")),
  (chance) =>
    whole(
      text("GET / HTTP/1.1", host, `x: ${"y".repeat(chance.pick([15_000, 17_000, 100_000]))}`, close, "", ""),
    ),
  (chance) =>
    whole(
      text(
        "GET / HTTP/1.1",
        host,
        ...Array.from({ length: chance.pick([500, 3_000]) }, (_, n) => `h${n}: x`),
        close,
        "",
        "",
      ),
    ),
  (chance) =>
    whole(text(`GET /${"a".repeat(chance.pick([8_000, 16_000, 70_000]))} HTTP/1.1`, host, close, "", "")),
  (chance) =>
    whole(
      text(`GET /admin/goals?${"a=1&".repeat(chance.pick([1_000, 3_500]))} HTTP/1.1`, host, close, "", ""),
    ),
  () => whole(signIn(["Content-Length: 5", "Content-Length: 6"], "abcdef")),
  () => whole(signIn(["Content-Length: -1"], "")),
  () => whole(signIn(["Content-Length: 99999999999999999999"], "")),
  () =>
    whole(
      signIn(
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        "0",
        "",
        "GET /smuggled HTTP/1.1",
        host,
        "",
        "",
      ),
    ),
  () => whole(chunked(["0"], "chunked, identity")),
  () => whole(chunked(["0"], "xchunked")),
  () => whole(chunked(["zz", "abc", "0"])),
  () => whole(chunked(["FFFFFFFFFFFFFFFFFF", "abc", "0"])),
  () => whole(chunked([`1;${"e".repeat(20_000)}`, "a", "0"])),
  () =>
    whole(
      text(
        "DELETE /goals/x HTTP/1.1",
        host,
        "Transfer-Encoding: chunked",
        "Trailer: x",
        close,
        "",
        "0",
        `x: ${"t".repeat(20_000)}`,
        "",
        "",
      ),
    ),
  () => whole(text("GET / HTTP/1.1", host, "Expect: 200-ok", close, "", "")),
  () =>
    whole(
      text(
        "POST /api/pusher/auth HTTP/1.1",
        host,
        "Expect: 100-continue",
        "Content-Length: 3",
        close,
        "",
        "a=b",
      ),
    ),
  () =>
    whole(
      text(
        "GET / HTTP/1.1",
        host,
        "Upgrade: websocket",
        "Connection: Upgrade, close",
        "Sec-WebSocket-Key: x",
        "",
        "",
      ),
    ),
  () =>
    whole(
      text(
        "GET / HTTP/1.1",
        host,
        "Upgrade: h2c",
        "Connection: Upgrade, HTTP2-Settings",
        "HTTP2-Settings: x",
        close,
        "",
        "",
      ),
    ),
  () =>
    whole(
      ...Array.from({ length: 30 }, () => text("GET /healthz HTTP/1.1", host, "", "")),
      text("GET /healthz HTTP/1.1", host, close, "", ""),
    ),
  () =>
    whole(
      Buffer.concat([
        text("POST /api/auth/sign-out HTTP/1.1", host, "Content-Length: 0", "", ""),
        text("NONSENSE", "", ""),
      ]),
    ),
  () =>
    cut(
      text(
        "POST /api/auth/sign-in/email HTTP/1.1",
        host,
        "Content-Type: application/json",
        "Content-Length: 500",
        "",
        '{"email":',
      ),
    ),
  () => cut(text("POST /api/trpc/admin.search HTTP/1.1", host, "Transfer-Encoding: chunked", "", "5", "abc")),
  () => cut(text("GET / HTTP/1.1", host)),
  () => cut(text("GET /studio HTTP/1.1", host, "", "")),
];

/** The request of this seed and number. */
export function fuzzRequest(seed: number, index: number, callers: FuzzCallers): FuzzRequest {
  const chance = new Chance(seed, index);
  if (chance.is(0.8)) return strangeRequest(chance, callers);
  const place = chance.below(frames.length);
  const frame = frames[place]?.(chance) ?? whole();
  return { kind: `frame ${place}`, ...frame };
}
