import { expect, test } from "vitest";
import { nextPage, signInAddress } from "./next-page.ts";

test("a page of ours is gone on to, with its query", () => {
  expect(nextPage("/me/receipts/65f000000000000000000001")).toBe("/me/receipts/65f000000000000000000001");
  expect(nextPage("/admin?page=2")).toBe("/admin?page=2");
});

test.each([
  "//evil.example/x",
  "/\\evil.example",
  "/\t/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "evil",
  "",
  undefined,
  ["/me", "/admin"],
])("%j leads nowhere but to the own page", (wanted) => {
  expect(nextPage(wanted)).toBe("/");
});

test("signing in never leads back to signing in, nor to an answer for programs", () => {
  expect(nextPage("/sign-in?next=/me")).toBe("/");
  expect(nextPage("/api/trpc/x")).toBe("/");
});

test("the address to sign in remembers the page that was asked for", () => {
  expect(signInAddress("/me")).toBe("/sign-in?next=%2Fme");
  expect(signInAddress("/")).toBe("/sign-in");
  expect(signInAddress(null)).toBe("/sign-in");
});
