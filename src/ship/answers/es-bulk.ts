import {
  ACKNOWLEDGED,
  ALL_ACKNOWLEDGED,
  type AnswerVerdict,
  type Fate,
  generalVerdict,
  isJsonObject,
  isSuccess,
  isTemporary,
  jsonObject,
  type PlatformAnswer,
  reasonOf,
  refusedAll,
  unknown,
} from '../answer.ts'

/**
 * What Elasticsearch and OpenSearch say to `_bulk`: one item for each record. 409 on `create` says that a record of
 * this `_id` is there: an earlier request brought it. VictoriaLogs 1.26 answers 200 with an empty body where it stopped
 * at a record, so an answer without as many items as records says nothing.
 */
export function esBulkVerdict(answer: PlatformAnswer, records: number): AnswerVerdict {
  const general = generalVerdict(answer)
  if (general !== undefined) return general
  const { status, text } = answer
  if (!isSuccess(status)) return refusedAll(status, text, false)
  const items = jsonObject(text)?.items
  if (!Array.isArray(items) || items.length !== records)
    return unknown(status, `HTTP ${status} without an item for each record`)
  const fates = items.map(fateOf)
  if (fates.every((fate) => fate === ACKNOWLEDGED)) return ALL_ACKNOWLEDGED
  return fates.every((fate) => fate !== undefined)
    ? { of: 'each', fates }
    : unknown(status, `HTTP ${status} with an item that has no status`)
}

function fateOf(item: unknown): Fate | undefined {
  const created = isJsonObject(item) ? item.create : undefined
  if (!isJsonObject(created) || typeof created.status !== 'number') return undefined
  const { status, error } = created
  if (status === 200 || status === 201 || status === 409) return ACKNOWLEDGED
  if (isTemporary(status)) return { is: 'again', why: `item status ${status}` }
  const reason = reasonOf(status, error === undefined ? '' : JSON.stringify(error))
  return { is: 'refused', refusal: { status, reason } }
}
