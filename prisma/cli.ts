import { createCli } from "@prisma/cli-engine";
import { loadOrmConfig, ormCommandFamily } from "@prisma/orm-toolchain/cli";

/**
 * Prisma's own commands without its CLI package, which carries over a gigabyte of hosting tools:
 * `node prisma/cli.ts contract emit`. No telemetry seam is given, so nothing is reported to anyone.
 */
const cli = createCli({
  name: "prisma",
  version: "8",
  commandFamilies: [ormCommandFamily],
  groups: Object.fromEntries(
    ["contract", "db", "migration", "migration ref", "orm"].map((group) => [group, { brief: group }]),
  ),
  commands: ormCommandFamily.commands,
});

process.exitCode = await cli.run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  cwd: import.meta.dirname,
  env: { PRISMA_DISABLE_TELEMETRY: "1" },
  isTty: { stdin: false, stdout: false, stderr: false },
  exit: (code) => process.exit(code),
  onSignal: () => () => undefined,
  managementApi: { baseUrl: "" },
  host: {
    runtime: { name: "node", version: process.version },
    platform: process.platform,
    arch: process.arch,
  },
  loadConfig: (configPath) =>
    loadOrmConfig({ cwd: import.meta.dirname, ...(configPath === undefined ? {} : { configPath }) }),
});
