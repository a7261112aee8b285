import stories from "../playwright.config.ts";

/** Run by `npm run screens`, in the way that stories are: makes the pictures in docs/screens anew. */
export default {
  ...stories,
  projects: [{ name: "screens" }],
  testDir: ".",
  testMatch: "screens.ts",
  timeout: 240_000,
};
