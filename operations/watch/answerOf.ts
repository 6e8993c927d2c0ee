import type { NodeAnswers } from "./clusterWatch.ts";

/** What a node answered; undefined when it did not. */
export function answerOf<Sample>(answers: NodeAnswers<Sample>, node: string): Sample | undefined {
  const answer = answers[node];
  return answer !== undefined && "answer" in answer ? answer.answer : undefined;
}
