import { expect, test as base } from "@playwright/test";

/** Playwright's test, which fails as well when a page of it reports an error that no one would see. */
export const test = base.extend<{ expectedErrors: RegExp | undefined; noErrors: void }>({
  /** Matches console errors that a story provokes on purpose, such as the browser's own line about a 401. */
  expectedErrors: [undefined, { option: true }],
  noErrors: [
    async ({ browser, context, expectedErrors }, runStory) => {
      const errors: string[] = [];
      const watch = (watched: typeof context) => {
        watched.on("console", (message) => {
          if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
        });
        watched.on("weberror", (error) => errors.push(error.error().stack ?? error.error().message));
      };
      watch(context);
      // A story's second browser is a context that it opens itself.
      const open = browser.newContext.bind(browser);
      browser.newContext = async (options) => {
        const opened = await open(options);
        watch(opened);
        return opened;
      };
      await runStory();
      browser.newContext = open;
      expect(errors.filter((line) => !expectedErrors?.test(line))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
