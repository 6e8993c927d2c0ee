import { readFileSync, writeFileSync } from "node:fs";
import { sha256 } from "../../../../configs/sha256.ts";
import { candidates, question, schemas } from "./candidates.ts";

/**
 * Records whether a real PostgreSQL publishes every candidate, and whether its table then still takes updates and deletes. Run by hand,
 * against an empty database of a throwaway server:
 *
 *   node record.ts ask | docker exec -i -u postgres NODE psql -XAtq 2>/dev/null | node record.ts write
 */
const file = new URL("postgresql17.json", import.meta.url);
const questions = candidates().map(question);

if (process.argv[2] === "ask") {
  console.log(questions.join("\n"));
} else {
  const answers = readFileSync(0, "utf8").match(/^(?:true|false)$/gm) ?? [];
  if (answers.length !== questions.length) throw new Error(`${questions.length} questions, ${answers.length} answers`);
  const failed = (index: number) => (answers[index] === "true" ? "-" : "+");
  const verdicts = Object.keys(schemas).map((name) => {
    const own = candidates().flatMap(({ schema }, index) => (schema === name ? failed(index) : []));
    return [name, own.join("")];
  });
  const recorded = { questions: sha256(questions.join("\n")), verdicts: Object.fromEntries(verdicts) };
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${questions.length} verdicts on ${verdicts.length} tables`);
}
