import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP, isIPv4 } from "node:net";
import { SettingsError } from "#src/config/env.ts";

/** Says whether an address belongs to a proxy whose forwarding headers we believe. */
export type IsTrusted = (address: string) => boolean;

/** An IPv4 address in IPv6 clothes, as dual-stack sockets show it, is the IPv4 address. */
const plain = (address: string) =>
  address.startsWith("::ffff:") && isIPv4(address.slice(7)) ? address.slice(7) : address;
const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");

/** Reads TRUSTED_PROXIES: addresses and CIDR ranges, divided by commas or blanks. Throws SettingsError. */
export function trustedProxies(setting: string | undefined): IsTrusted {
  const list = new BlockList();
  const wrong: string[] = [];
  for (const entry of (setting ?? "").split(/[\s,]+/).filter((part) => part !== "")) {
    const [address = "", prefix, ...rest] = entry.split("/");
    const longest = isIPv4(address) ? 32 : 128;
    const length = prefix === undefined ? longest : /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (isIP(address) === 0 || rest.length > 0 || !(length <= longest))
      wrong.push(`TRUSTED_PROXIES has "${entry}", which is neither an address nor a CIDR range`);
    else list.addSubnet(address, length, family(address));
  }
  if (wrong.length > 0) throw new SettingsError(wrong.join("\n"));
  return (address) => isIP(address) !== 0 && list.check(address, family(address));
}

/**
 * The address a request comes from. Anyone can write `x-forwarded-for`, but each proxy adds to its right end the
 * address that it saw: read from there, the first one that is no proxy of ours is the client.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, isTrusted: IsTrusted): string {
  let client = plain(peer);
  const hops = (forwardedFor ?? "").split(",").map((hop) => plain(hop.trim()));
  while (isTrusted(client)) {
    const hop = hops.pop();
    if (hop === undefined || isIP(hop) === 0) break;
    client = hop;
  }
  return client;
}

/**
 * Writes the client's address where the app reads it (`x-client-address`, and `x-forwarded-for` for libraries), and
 * removes what a client that is no trusted proxy claims about itself.
 */
export function settleAddress(headers: IncomingHttpHeaders, peer: string, isTrusted: IsTrusted): void {
  const forwardedFor = headers["x-forwarded-for"];
  const client = clientAddress(
    peer,
    Array.isArray(forwardedFor) ? forwardedFor.join(",") : forwardedFor,
    isTrusted,
  );
  if (!isTrusted(plain(peer)))
    for (const claim of ["forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"])
      delete headers[claim];
  headers["x-forwarded-for"] = client;
  headers["x-client-address"] = client;
}
