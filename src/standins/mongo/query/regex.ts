import type { BSONRegExp } from "bson";
import { MongoError } from "../error.ts";

/** The body of a character class for what PCRE calls by a name or an escape and JavaScript does not, or otherwise. */
const posixClasses = new Map(
  Object.entries({
    alnum: "A-Za-z0-9",
    alpha: "A-Za-z",
    blank: " \\t",
    cntrl: "\\x00-\\x1f\\x7f",
    digit: "0-9",
    graph: "\\x21-\\x7e",
    lower: "a-z",
    print: "\\x20-\\x7e",
    punct: "!-\\/:-@\\[-`\\{-~",
    space: " \\t\\n\\v\\f\\r",
    upper: "A-Z",
    word: "\\w",
    xdigit: "0-9A-Fa-f",
  }),
);

const SPACE = " \\t\\n\\v\\f\\r";
const AT_END = "(?=\\n?(?![^]))";
const syntax = /[\^$\\.*+?()[\]{}|/]/;

function invalid(pattern: string, why: string): MongoError {
  return new MongoError(51091, "Location51091", `Regular expression is invalid: ${why}: ${pattern}`);
}

interface Flags {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

/** Translates one pattern of PCRE (which MongoDB uses) to JavaScript's syntax with the flag `u`. */
class Translation {
  private readonly pattern: string;
  private readonly flags: Flags;
  private at: number;

  constructor(pattern: string, at: number, flags: Flags) {
    this.pattern = pattern;
    this.at = at;
    this.flags = flags;
  }

  run(): string {
    const { multiline, dotAll, extended } = this.flags;
    let out = "";
    while (this.at < this.pattern.length) {
      const char = this.pattern[this.at++] ?? "";
      if (char === "\\") out += this.escape(false);
      else if (char === "[") out += this.characterClass();
      else if (char === "]") out += "\\]";
      else if (char === ".") out += dotAll ? "[^]" : "[^\\n]";
      else if (char === "^") out += multiline ? "(?<![^\\n])" : "^";
      else if (char === "$") out += multiline ? "(?![^\\n])" : AT_END;
      else if (extended && /\s/.test(char)) continue;
      else if (extended && char === "#") this.skipComment();
      else out += char;
    }
    return out;
  }

  private skipComment(): void {
    const end = this.pattern.indexOf("\n", this.at);
    this.at = end === -1 ? this.pattern.length : end + 1;
  }

  private escape(inClass: boolean): string {
    const char = this.pattern[this.at++];
    if (char === undefined) throw invalid(this.pattern, "\\ at end of pattern");
    if (!/[A-Za-z0-9]/.test(char)) {
      if (syntax.test(char) || (inClass && char === "-")) return `\\${char}`;
      return char;
    }
    if (/[dDwWbBnrtfxpPk0-9]/.test(char)) return `\\${char}`;
    if (char === "s") return inClass ? SPACE : `[${SPACE}]`;
    if (char === "S" && !inClass) return `[^${SPACE}]`;
    if (char === "h") return inClass ? " \\t" : "[ \\t]";
    if (char === "a") return "\\x07";
    if (char === "e") return "\\x1b";
    if (!inClass && char === "A") return "(?<![^])";
    if (!inClass && char === "z") return "(?![^])";
    if (!inClass && char === "Z") return AT_END;
    throw invalid(this.pattern, `the escape \\${char} is not supported`);
  }

  private characterClass(): string {
    let out = "[";
    if (this.pattern[this.at] === "^") {
      out += "^";
      this.at++;
    }
    // A bracket that comes first stands for itself.
    if (this.pattern[this.at] === "]") {
      out += "\\]";
      this.at++;
    }
    for (;;) {
      const char = this.pattern[this.at++];
      if (char === undefined) throw invalid(this.pattern, "missing terminating ] for character class");
      if (char === "]") return `${out}]`;
      if (char === "\\") out += this.escape(true);
      else if (char === "[" && this.pattern[this.at] === ":") out += this.posixClass();
      else out += char === "[" ? "\\[" : char;
    }
  }

  private posixClass(): string {
    const end = this.pattern.indexOf(":]", this.at);
    const body = end === -1 ? undefined : posixClasses.get(this.pattern.slice(this.at + 1, end));
    if (body === undefined) throw invalid(this.pattern, "unknown POSIX class name");
    this.at = end + 2;
    return body;
  }
}

/**
 * Compiles a regular expression of MongoDB (PCRE; options i, m, s, x; also `(?i)` at the very beginning) to one of
 * JavaScript. What the two write alike and mean differently is translated: `$` also before a final newline, `.` and
 * line ends only by \n, `\s` in ASCII. Throws 51091 for what is invalid, or has no counterpart.
 */
export function compileRegex(pattern: string, options: string): RegExp {
  if (pattern.includes("\0")) {
    throw new MongoError(2, "BadValue", "Regular expression cannot contain an embedded null byte");
  }
  const unknown = /[^imsxu]/.exec(options);
  if (unknown !== null) {
    throw new MongoError(51108, "Location51108", `invalid flag in regex options: ${unknown[0]}`);
  }
  const leading = /^\(\?([imsx]+)\)/.exec(pattern);
  const all = options + (leading?.[1] ?? "");
  const flags: Flags = {
    multiline: all.includes("m"),
    dotAll: all.includes("s"),
    extended: all.includes("x"),
  };
  const source = new Translation(pattern, leading?.[0].length ?? 0, flags).run();
  try {
    return new RegExp(source, all.includes("i") ? "iu" : "u");
  } catch (error) {
    throw invalid(pattern, error instanceof Error ? error.message : "syntax error");
  }
}

/** Compiles a BSON regular expression. */
export function compileBsonRegex(regex: BSONRegExp): RegExp {
  return compileRegex(regex.pattern, regex.options);
}
