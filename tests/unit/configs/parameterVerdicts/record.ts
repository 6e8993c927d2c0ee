import { readFileSync, writeFileSync } from "node:fs";
import { candidates } from "./candidates.ts";

/**
 * Records what a real PostgreSQL says to every candidate. Run by hand, against a throwaway server:
 *
 *   node record.ts ask | docker exec -i -u postgres NODE psql -XAtq 2>/dev/null | node record.ts write
 */
const file = new URL("postgresql17.json", import.meta.url);

if (process.argv[2] === "ask") {
  const literal = (value: string) => `'${value.replaceAll("'", "''")}'`;
  for (const [name, value] of candidates()) {
    // ALTER SYSTEM reads the value as the configuration file does, checks included, and applies nothing.
    console.log(`alter system set "${name}" = ${literal(value)};\n\\echo :ERROR\nalter system reset all;`);
  }
} else {
  const answers = readFileSync(0, "utf8").trim().split("\n");
  const asked = candidates();
  if (answers.length !== asked.length) throw new Error(`${asked.length} questions, ${answers.length} answers`);
  const verdicts = new Map<string, { accepted: string[]; refused: string[] }>();
  asked.forEach(([name, value], index) => {
    const verdict = verdicts.get(name) ?? { accepted: [], refused: [] };
    verdicts.set(name, verdict);
    verdict[answers[index] === "true" ? "refused" : "accepted"].push(value);
  });
  const lines = [...verdicts].map(([name, verdict]) => `${JSON.stringify(name)}: ${JSON.stringify(verdict)}`);
  writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
  console.log(`${asked.length} verdicts on ${verdicts.size} parameters`);
}
