// Plain JavaScript, because it must run in the very versions of Node that it turns away.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 11)) {
  process.stderr.write(
    `Goalkeeper needs Node 24.11 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      "On Linux x64 `npm ci` brings one along, and `npm start` finds it: start by npm, after `npm ci`.\n" +
      "Elsewhere install Node 24 from https://nodejs.org, or by `nvm install`, and try again.\n",
  );
  process.exit(1);
}
