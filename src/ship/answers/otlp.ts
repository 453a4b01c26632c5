import {
  ALL_ACKNOWLEDGED,
  type AnswerVerdict,
  generalVerdict,
  isJsonObject,
  isSuccess,
  jsonObject,
  type PlatformAnswer,
  reasonOf,
  refusedAll,
} from '../answer.ts'

/**
 * What an OTLP/HTTP receiver says. A success may have no body (Fluent Bit 5.1 answers 201 without one). A
 * `partialSuccess` with rejected records does not say which; the specification forbids to send them again.
 */
export function otlpVerdict(answer: PlatformAnswer, records: number): AnswerVerdict {
  const general = generalVerdict(answer)
  if (general !== undefined) return general
  const { status, text } = answer
  if (!isSuccess(status)) return refusedAll(status, text, false)
  const partial = jsonObject(text)?.partialSuccess
  const rejected = isJsonObject(partial) ? Number(partial.rejectedLogRecords ?? 0) : 0
  if (!(rejected > 0)) return ALL_ACKNOWLEDGED
  const isUnsure = rejected < records
  return { of: 'all', fate: { is: 'refused', refusal: { status, reason: reasonOf(status, text), isUnsure } } }
}
