/** What a platform says to a request. */
export interface PlatformAnswer {
  /** Of HTTP. */
  readonly status: number
  /** `Retry-After`, in milliseconds from now. */
  readonly waitMs: number | undefined
  readonly text: string
}

/** What became of one record. */
export type Fate =
  | { readonly is: 'acknowledged' }
  /** It is sent again. */
  | { readonly is: 'again'; readonly why: string }
  | { readonly is: 'refused'; readonly refusal: ShipRefusal }

/** Why a platform does not take a record. */
export interface ShipRefusal {
  /** Of HTTP, or of the record in the answer; absent where the record was in no request. */
  readonly status?: number | undefined
  readonly reason: string
  /** The platform may have stored it all the same: its answer does not say which records of a request it means. */
  readonly isUnsure?: boolean
}

/** What an answer means for the records of its request. */
export type AnswerVerdict =
  | { readonly of: 'all'; readonly fate: Fate }
  /** One for each record, in their order. */
  | { readonly of: 'each'; readonly fates: readonly Fate[] }
  /**
   * The request is sent again in two halves; where it has one record alone, `refusal` is the record's. Too large, or an
   * answer that does not say what became of the records.
   */
  | { readonly of: 'halves'; readonly refusal: ShipRefusal; readonly why: string }
  /** Accepted, and acknowledged when this id is reported. */
  | { readonly of: 'later'; readonly ackId: number }
  /** No record of any request would be taken: the run ends. */
  | { readonly of: 'stop'; readonly why: string }

export const ACKNOWLEDGED: Fate = { is: 'acknowledged' }
export const ALL_ACKNOWLEDGED: AnswerVerdict = { of: 'all', fate: ACKNOWLEDGED }

/** Longer reasons are cut. */
const LONGEST_REASON = 2000

/** What a refusing platform says, on one line. */
export function reasonOf(status: number, text: string): string {
  const said = text.trim()
  return said === '' ? `HTTP ${status}` : said.slice(0, LONGEST_REASON)
}

/** Statuses that mean: later. A server that fails is asked again, too. */
export function isTemporary(status: number): boolean {
  return status === 429 || status === 408 || status >= 500
}

/**
 * What a status means, whatever the platform; undefined: the platform's own answer is read. A success is 200, 201, 202
 * or 204 (Loki answers 260 where ingestion is blocked).
 */
export function generalVerdict({ status, text }: PlatformAnswer): AnswerVerdict | undefined {
  if (status === 413) return halves(status, text)
  if (isTemporary(status)) return { of: 'all', fate: { is: 'again', why: `HTTP ${status}` } }
  if (status >= 300 && status < 400) return { of: 'stop', why: `HTTP ${status}: it sends to another place` }
  if (isSuccess(status) && text.trimStart().startsWith('<'))
    return { of: 'stop', why: `HTTP ${status} with a page for people: that is another server than the platform` }
  if (NEVER.has(status)) return { of: 'stop', why: `HTTP ${status}: ${reasonOf(status, text)}` }
  return undefined
}

/** Unauthorized, forbidden, not there, no POST there, proxy credentials, media type: no record is at fault. */
const NEVER: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 415])

export function isSuccess(status: number): boolean {
  return status === 200 || status === 201 || status === 202 || status === 204
}

export function refusedAll(status: number, text: string, isUnsure: boolean): AnswerVerdict {
  return { of: 'all', fate: { is: 'refused', refusal: { status, reason: reasonOf(status, text), isUnsure } } }
}

function halves(status: number, text: string): AnswerVerdict {
  const reason = reasonOf(status, text)
  return { of: 'halves', refusal: { status, reason }, why: `HTTP ${status}` }
}

/** The platform's answer does not say what became of the records. */
export function unknown(status: number, why: string): AnswerVerdict {
  return { of: 'halves', refusal: { status, reason: why, isUnsure: true }, why }
}

/** A JSON object; undefined where the text is something else. */
export function jsonObject(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
