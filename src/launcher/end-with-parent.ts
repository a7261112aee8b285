/** Loaded into a program that is not ours, by `--import`: it ends when the process that started it does. */
if (process.channel !== undefined) {
  process.on("disconnect", () => process.exit(1));
  // Listening must not keep a program alive that has come to its end.
  process.channel.unref();
}
