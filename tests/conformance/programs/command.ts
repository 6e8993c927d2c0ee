import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const step = process.env.CONFORMANCE_STEP as string;
const directory = process.env.CONFORMANCE_DIRECTORY as string;
const { Command } = command.local;

/** Every property, and secrets in three places. */
function everything() {
  const text = `first\nsecond ${step === "changed" ? "new" : "old"}\nthird\n`;
  const all = new Command("all", {
    create: 'echo "create $PLAIN $(cat)"; echo "to stderr" >&2; pwd',
    update: 'echo "update $PLAIN after $PULUMI_COMMAND_STDOUT"',
    delete: `echo "delete $PLAIN after $PULUMI_COMMAND_STDOUT" > ${directory}/deleted`,
    environment: { PLAIN: "plain", HIDDEN: pulumi.secret("canary-in-map"), TEXT: text },
    stdin: pulumi.secret("canary-stdin"),
    dir: directory,
    interpreter: ["/bin/bash", "-c"],
    logging: "stderr",
    triggers: [1, { nested: ["a"] }],
  });
  const triggered = new Command("triggered", {
    create: "echo run $RANDOM$RANDOM",
    interpreter: ["/bin/bash", "-c"],
    triggers: [1, { nested: step === "changed" ? ["b"] : ["a"] }],
    logging: "none",
  });
  const previous = new Command("previous", {
    create: 'echo "previous=$PULUMI_COMMAND_STDOUT"',
    environment: { STEP: step, FROM: triggered.stdout },
    addPreviousOutputInEnv: false,
    logging: "stdout",
  });
  const hidden = new Command("hidden", { create: "true", environment: pulumi.secret({ ALL: "canary-whole-map" }) });
  return { all: all.stdout, stderr: all.stderr, previous: previous.stdout, hidden: hidden.environment };
}

/** A command that fails as told. */
function failing() {
  const fails = { FAIL: step.includes("bad") ? "3" : "0" };
  new Command("failing", {
    create: 'echo "to stdout"; echo "the reason" >&2; exit $FAIL',
    environment: fails,
    logging: "stderr",
  });
}

/** A command that prints, waits until it is told to go on, and prints again. */
function waiting() {
  new Command("waiting", {
    create: `echo "line before" >&2; while [ ! -e ${directory}/go ]; do sleep 0.05; done; echo "line after" >&2`,
    logging: "stderr",
  });
}

/** A command that would run for long. */
function endless() {
  new Command("endless", { create: `echo $$ > ${directory}/pid; echo started >&2; exec sleep 300`, logging: "stderr" });
}

function unsupported() {
  new Command("unsupported", { create: "true", assetPaths: ["*.txt"] });
}

const programs: Record<string, () => object | undefined> = {
  base: everything,
  changed: everything,
  good: () => void failing(),
  bad: () => void failing(),
  waiting: () => void waiting(),
  endless: () => void endless(),
  unsupported: () => void unsupported(),
  empty: () => undefined,
};

export const outputs = programs[step]?.() ?? {};
