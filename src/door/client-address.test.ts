import { expect, test } from "vitest";
import { clientAddress, trustedProxies } from "./client-address.ts";

test.each([
  // peer, x-forwarded-for, trusted, client
  ["203.0.113.7", "1.2.3.4", "", "203.0.113.7"],
  ["::ffff:203.0.113.7", undefined, "", "203.0.113.7"],
  ["10.0.0.1", "1.2.3.4", "10.0.0.0/8", "1.2.3.4"],
  ["10.0.0.1", "9.9.9.9, 1.2.3.4", "10.0.0.0/8", "1.2.3.4"],
  ["10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "10.0.0.0/8", "1.2.3.4"],
  ["10.0.0.1", "nonsense", "10.0.0.0/8", "10.0.0.1"],
  ["10.0.0.1", undefined, "10.0.0.0/8", "10.0.0.1"],
  ["::1", "2001:db8::5", "::1 10.0.0.1", "2001:db8::5"],
])("from %s, forwarded for %s, trusting %j: %s", (peer, forwardedFor, trusted, client) => {
  expect(clientAddress(peer, forwardedFor, trustedProxies(trusted))).toBe(client);
});

test.each(["proxy.example", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/", "10.0.0.0/-1"])(
  "a list of proxies with %j in it is refused by name",
  (entry) => {
    expect(() => trustedProxies(entry)).toThrow(`"${entry}"`);
  },
);
