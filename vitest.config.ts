import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{src,inngest,prisma,bench,e2e}/**/*.test.{ts,tsx}"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
