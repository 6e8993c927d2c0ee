import pg, { type Client } from "pg";
import { logicalPlanOf, type PlannedSchemaFile } from "../../../configs/logicalPlan.ts";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { UserError } from "../../../configs/userError.ts";
import { createBookkeeping } from "../../logical/bookkeeping.ts";
import type { StepContext } from "../context.ts";
import { inDatabase, inTransaction } from "./inDatabase.ts";

/** Creates our books, and applies the given schema files of the plan in their order: each in a transaction, together with its entry. */
export async function applySchemaFiles(context: StepContext, node: string, paths: readonly string[]): Promise<void> {
  const { plan } = context.desired;
  const files = logicalPlanOf(plan).schemaFiles.filter(({ path }) => paths.includes(path));
  await inDatabase(context, node, async (client) => {
    await inTransaction(client, async () => {
      await client.query(createBookkeeping);
    });
    for (const file of files) {
      context.progress.say(`${node}: applying ${file.path}`);
      await applyFile(client, node, plan.owner, file);
    }
  });
}

/** As the role that owns the database, so that the tables are the application's. */
async function applyFile(client: Client, node: string, owner: string, file: PlannedSchemaFile): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`set local role ${pg.escapeIdentifier(owner)}`);
    await client.query(file.text).catch((error) => {
      throw new UserError(describeFailure(node, file, error), { cause: error });
    });
    await client.query("reset role");
    await client.query(`insert into ${ownSchema}.schema_files (path, sha256) values ($1, $2)`, [
      file.path,
      file.sha256,
    ]);
  });
}

function describeFailure(node: string, { path, text }: PlannedSchemaFile, error: pg.DatabaseError): string {
  const position = Number(error.position ?? 0);
  const line = position > 0 ? `, line ${text.slice(0, position - 1).split("\n").length}` : "";
  const more = [error.detail, error.hint].filter(Boolean).join(" ");
  return `${node}: ${path}${line}: ${error.message}. ${more}${more && " "}Nothing of this file was applied there; mend it and run \`up\` again.`;
}
