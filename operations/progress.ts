/** Says what is being done, one line at a time, to stderr: `pulumi up` shows it live. Never anything secret. */
export interface Progress {
  say(line: string): void;
}

export function stderrProgress(): Progress {
  return { say: (line) => process.stderr.write(`${line}\n`) };
}
