import { Command, CommanderError, Option } from "commander";
import { UserError } from "../configs/userError.ts";
import { scenarioNames } from "../operations/drill/scenarioNames.ts";
import { projectDir } from "../toolchain/project.ts";
import { positiveNumber, wholeNumber } from "./optionValues.ts";

/** Runs one command line; the exit code. Each verb's own file is loaded only when it is called. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode; // it has printed its message, or the help
    // A bug keeps its stack trace.
    process.stderr.write(`${error instanceof UserError ? error.message : (error as Error).stack}\n`);
    return 1;
  }
}

function createProgram(done: (exitCode: number) => void): Command {
  const program = new Command("postgres-cluster")
    .usage("VERB [options]   as: npm run VERB -- [options]")
    .description("A replicated PostgreSQL cluster on Docker, declared and proven.")
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError("(more with --help)");

  const verb = (name: string, description: string, exitCodes: string) =>
    program
      .command(name)
      .usage("[options]")
      .description(description)
      .allowExcessArguments(false)
      .addHelpText("after", `\nExit codes: ${exitCodes}`);
  const stackVerb = (name: string, description: string, exitCodes: string) =>
    verb(name, description, exitCodes).addOption(stackOption());
  const pulumiVerb = (name: string, pulumi: string, description: string) =>
    stackVerb(
      name,
      description,
      "0 done; 1 a mistake that the message explains; 130 cancelled by Ctrl-C; else Pulumi's own.",
    )
      .allowUnknownOption()
      .allowExcessArguments()
      .addHelpText("after", `Further options go to Pulumi: see pulumi ${pulumi} --help.`);
  const yes = new Option("-y, --yes", "do not ask (the default where there is no terminal)");

  pulumiVerb(
    "up",
    "up",
    "Set up what is missing on this machine, then bring the cluster to what its stack config declares.",
  )
    .addOption(yes)
    .action(async ({ stack, yes }, command: Command) => {
      const { up } = await import("./up.ts");
      done(await up({ stack: await requireStack(stack), yes, rest: command.args }));
    });
  pulumiVerb("preview", "preview", "Show, line by line, what `up` would change.").action(
    async ({ stack }, command: Command) => {
      const { preview } = await import("./preview.ts");
      done(await preview({ stack: await requireStack(stack), rest: command.args }));
    },
  );
  pulumiVerb("destroy", "destroy", "Remove the cluster. Its data volumes are kept, and adopted by a later `up`.")
    .addOption(yes)
    .option("--delete-data", "remove the data volumes as well")
    .action(async ({ stack, yes, deleteData }, command: Command) => {
      const { destroy } = await import("./destroy.ts");
      done(await destroy({ stack: await requireStack(stack), yes, deleteData, rest: command.args }));
    });
  stackVerb(
    "switchover",
    "Make another node the primary: edits `primary` in the stack config, and runs `up`. No acknowledged row is lost.",
    "0 done and verified; 1 a mistake, or not possible; 130 cancelled by Ctrl-C; else Pulumi's own.",
  )
    .requiredOption("--to <node>", "the standby that is to be the primary")
    .action(async ({ stack, to }) => {
      const { switchover } = await import("./switchover.ts");
      done(await switchover({ stack: await requireStack(stack), to }));
    });
  stackVerb(
    "failover",
    "Promote a standby in place of a primary that is dead, fence that one, and write the new primary into the stack config.",
    "0 done, and the nodes that are left are verified; 1 not so, a mistake, or refused with nothing changed.",
  )
    .option("--to <node>", "a standby, where several have received as much")
    .option("--allow-data-loss", "also where acknowledged rows could be missing on every standby that is left")
    .option("--json", "print the result as JSON")
    .action(async ({ stack, to, allowDataLoss, json }) => {
      const { failover } = await import("./failover.ts");
      const flags = { allowDataLoss: allowDataLoss === true, json: json === true };
      done(await failover({ stack: await requireStack(stack), ...flags, ...(to !== undefined && { to }) }));
    });
  stackVerb(
    "status",
    "Show each node's role, state and replication lag.",
    "0 healthy; 1 degraded, or a mistake; 2 down or unreachable.",
  )
    .option("--json", "print JSON instead of a table")
    .action(async ({ stack, json }) => {
      const { status } = await import("./status.ts");
      done(await status({ stack: await requireStack(stack), json: json === true }));
    });
  stackVerb(
    "verify",
    "Verify that replication works, changing nothing but rows of its own.",
    "0 every check passed; 1 one failed, or a mistake.",
  )
    .option("--json", "print the report as JSON")
    .action(async ({ stack, json }) => {
      const { verify } = await import("./verify.ts");
      done(await verify({ stack: await requireStack(stack), json: json === true }));
    });
  stackVerb(
    "sync-sequences",
    "Set the subscribers' sequences, which PostgreSQL does not replicate, to where the publisher's are (mode logical).",
    "0 done; 1 a mistake.",
  )
    .option("--json", "print what was set as JSON")
    .action(async ({ stack, json }) => {
      const { syncSequences } = await import("./syncSequences.ts");
      done(await syncSequences({ stack: await requireStack(stack), json: json === true }));
    });
  stackVerb(
    "watch",
    "Show, again and again, each node's role, state, lag and throughput: in place on a terminal, else a line each time.",
    "0 ended by Ctrl-C; 1 a mistake.",
  )
    .option("-i, --interval <seconds>", "from one look to the next", positiveNumber, 1)
    .option("--json", "print a JSON object a line")
    .action(async ({ stack, interval, json }) => {
      const { watch } = await import("./watch.ts");
      done(await watch({ stack: await requireStack(stack), interval, json: json === true }));
    });
  stackVerb(
    "load",
    "Insert rows through the primary's published port as the application does, or read them from the standbys, and measure.",
    "0 all that was asked for was acknowledged; 1 not all of it, or a mistake; 130 stopped by Ctrl-C.",
  )
    .requiredOption(
      "-n, --rows <number>",
      "rows to insert, each in a transaction of its own; with --read: queries",
      wholeNumber,
    )
    .option("-c, --clients <number>", "connections at the same time; with --read: to each standby", wholeNumber, 8)
    .option("-r, --rate <number>", "transactions a second in all; without it as many as there can be", positiveNumber)
    .option("--read", "read rows of the newest run from every standby instead of inserting")
    .option("--table <name>", "the table, made where it is missing; its key is (run, number)", "public.load")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nThe table is created in the application's database and stays there, with its rows: drop it when you are done with it.",
    )
    .action(async ({ stack, read, json, ...options }) => {
      const { load } = await import("./load.ts");
      const flags = { read: read === true, json: json === true };
      done(await load({ stack: await requireStack(stack), ...flags, ...options }));
    });
  stackVerb(
    "drill",
    "Make a fault on the live cluster while clients write, recover from it, and account for every row they were told about.",
    "0 no acknowledged row is lost, two nodes never accepted writes, and the cluster is whole again; 1 not so, or a mistake; 130 stopped by Ctrl-C.",
  )
    .addOption(new Option("--scenario <name>", "the fault").choices(scenarioNames).default("kill"))
    .option("-c, --clients <number>", "connections that write at the same time", wholeNumber, 8)
    .option("--seconds <number>", "for how long; the fault comes after a third of it", positiveNumber, 30)
    .option("-r, --rate <number>", "rows a second in all; without it as many as there can be", positiveNumber)
    .option("-o, --output <folder>", "where the JSON file and the HTML page go", "reports")
    .option("--json", "print the result as JSON")
    .addHelpText("after", drillHelp)
    .action(async ({ stack, json, ...options }) => {
      const { drill } = await import("./drill.ts");
      done(await drill({ stack: await requireStack(stack), json: json === true, ...options }));
    });
  verb(
    "env",
    'Print what a shell needs to call Pulumi directly: eval "$(npm run --silent env)"',
    "0 printed; 1 a mistake.",
  )
    .option("-s, --stack <name>", "also create this stack if it does not exist yet")
    .action(async ({ stack }) => {
      const { env } = await import("./env.ts");
      done(await env({ stack: stack === undefined ? undefined : await requireStack(stack) }));
    });
  verb("test", "Set up as `up` does, then run all tests. Arguments go to vitest.", "0 all passed; 1 not.")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options, command: Command) => {
      const { test } = await import("./test.ts");
      done(await test(command.args));
    });
  verb(
    "check",
    "Check types, lint, format and the tests that need no Docker: seconds.",
    "0 all well; else that of the first check that failed.",
  ).action(async () => {
    const { check } = await import("./check.ts");
    done(await check());
  });
  return program;
}

const drillHelp = `
The faults, all of them on real containers:
  kill          the primary is killed (SIGKILL) and started again
  stop          the primary is shut down and started again
  pause         the primary is frozen for some seconds
  switchover    another node is made the primary, and then the first one again
  network       the primary is cut off from the network for some seconds
  replica-loss  as many standbys are killed as commits can do without, and started again later

Clients of the cluster feel all of this. Ctrl-C undoes the fault and removes the drill's rows.`;

const stackOption = () => new Option("-s, --stack <name>", "the stack: a file configs/Pulumi.<name>.yaml (required)");

async function requireStack(stack: string | undefined): Promise<string> {
  const { readStackConfig, stacksMessage } = await import("../toolchain/state/stackConfig.ts");
  if (stack === undefined)
    throw new UserError(
      `Which stack? Give --stack NAME (after a \`--\` of its own for npm). ${stacksMessage(projectDir)}`,
    );
  readStackConfig(projectDir, stack);
  return stack;
}
