import {
  ALL_ACKNOWLEDGED,
  type AnswerVerdict,
  generalVerdict,
  isSuccess,
  type PlatformAnswer,
  refusedAll,
} from '../answer.ts'

/**
 * What Loki says to a push. A 400 is about some of the records and may have stored the others (seen with Loki 3.7): to
 * send it again would store those twice.
 */
export function lokiVerdict(answer: PlatformAnswer): AnswerVerdict {
  const general = generalVerdict(answer)
  if (general !== undefined) return general
  return isSuccess(answer.status) ? ALL_ACKNOWLEDGED : refusedAll(answer.status, answer.text, answer.status === 400)
}
