import {
  ALL_ACKNOWLEDGED,
  type AnswerVerdict,
  type Fate,
  generalVerdict,
  isSuccess,
  jsonObject,
  type PlatformAnswer,
  reasonOf,
  refusedAll,
  unknown,
} from '../answer.ts'

/** No token, a disabled or invalid one; no or a wrong index or channel; acknowledgement is off: for all records. */
const STOPS: ReadonlySet<number> = new Set([1, 2, 3, 4, 7, 10, 11, 14])
/** An internal error, a busy server. */
const LATER: ReadonlySet<number> = new Set([8, 9])

/**
 * What Splunk's HTTP event collector says. It names the number of the event that is no good; the others are sent again.
 * `wantsAck`: the answer has an id, and the records are acknowledged when it is reported.
 */
export function hecVerdict(answer: PlatformAnswer, records: number, wantsAck: boolean): AnswerVerdict {
  const { status, text } = answer
  const said = jsonObject(text)
  const code = said?.code
  if (typeof code === 'number' && STOPS.has(code))
    return { of: 'stop', why: `HTTP ${status}: ${reasonOf(status, text)}` }
  if (typeof code === 'number' && LATER.has(code)) return { of: 'all', fate: { is: 'again', why: `code ${code}` } }
  const general = generalVerdict(answer)
  if (general !== undefined) return general
  if (isSuccess(status)) return successVerdict(status, said, wantsAck)
  const bad = said?.['invalid-event-number']
  if (typeof bad !== 'number' || !(bad >= 0 && bad < records)) return refusedAll(status, text, false)
  const again: Fate = { is: 'again', why: `record ${bad + 1} of the request is refused` }
  const refused: Fate = { is: 'refused', refusal: { status, reason: reasonOf(status, text) } }
  return { of: 'each', fates: Array.from({ length: records }, (_, at) => (at === bad ? refused : again)) }
}

function successVerdict(
  status: number,
  said: { readonly [key: string]: unknown } | undefined,
  wantsAck: boolean,
): AnswerVerdict {
  if (said?.code !== 0) return unknown(status, `HTTP ${status} without code 0`)
  if (!wantsAck) return ALL_ACKNOWLEDGED
  return typeof said.ackId === 'number'
    ? { of: 'later', ackId: said.ackId }
    : { of: 'stop', why: 'the answer has no ackId: indexer acknowledgement is off for this token' }
}

/** Whether an answer of /services/collector/ack says that the request of this id is indexed. */
export function isIndexed({ status, text }: PlatformAnswer, ackId: number): boolean {
  const acks = status === 200 ? jsonObject(text)?.acks : undefined
  return (
    typeof acks === 'object' &&
    acks !== null &&
    Object.entries(acks).some(([id, is]) => id === String(ackId) && is === true)
  )
}
