import { expect, test } from "vitest";
import { cardTowards } from "./movement.ts";

/** Two rows of three cards, and a last row of two. */
const cards = [0, 100, 200].flatMap((top) => [0, 10, 20].map((left) => ({ left, top }))).slice(0, 8);

test("left and right go through all cards in the order of reading, and stop at the ends", () => {
  expect(cardTowards(cards, 2, "ArrowRight")).toBe(3);
  expect(cardTowards(cards, 3, "ArrowLeft")).toBe(2);
  expect(cardTowards(cards, 7, "ArrowRight")).toBe(-1);
  expect(cardTowards(cards, 0, "ArrowLeft")).toBe(-1);
});

test("up and down keep to the column, as far as the next row has it", () => {
  expect(cardTowards(cards, 1, "ArrowDown")).toBe(4);
  expect(cardTowards(cards, 5, "ArrowDown")).toBe(7);
  expect(cardTowards(cards, 7, "ArrowUp")).toBe(4);
  expect(cardTowards(cards, 1, "ArrowUp")).toBe(-1);
  expect(cardTowards(cards, 6, "ArrowDown")).toBe(-1);
});

test("from nowhere, the first card is where one begins", () => {
  expect(cardTowards(cards, -1, "ArrowDown")).toBe(0);
  expect(cardTowards([], -1, "ArrowDown")).toBe(-1);
});
