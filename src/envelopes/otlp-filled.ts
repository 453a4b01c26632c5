import { fields } from '../event/generated/fields.ts'
import type { PartName } from '../event/generated/members.ts'
import { asObject, type Filled } from '../event/part.ts'
import { latin1 } from '../text/utf8.ts'
import { keyValue, memberType } from './otlp-value.ts'

/** The texts around the leaves of a mould. */
interface Around {
  readonly p0: string
  readonly p1: string
  readonly p2: string
  readonly p3: string
}

/** Parts from moulds: their leaves never repeat, and all around them does. Leaves need no escapes. */
export class FilledTexts {
  private readonly moulds = new WeakMap<Filled['mould'], Around>()

  /** `,{"key":…,"value":…}` of the part, in latin1. */
  textOf(name: PartName, part: Filled): string {
    let around = this.moulds.get(part.mould)
    if (around === undefined) {
      around = aroundOf(name, part)
      this.moulds.set(part.mould, around)
    }
    const { p0, p1, p2, p3 } = around
    const { a, b, c } = part
    if (b === undefined) return p0 + a + p1
    if (c === undefined) return p0 + a + p1 + b + p2
    return p0 + a + p1 + b + p2 + c + p3
  }
}

function aroundOf(name: PartName, part: Filled): Around {
  const value = part.value()
  const key = `,{"key":"${name}","value":`
  if (typeof value === 'string') return { p0: `${key}{"stringValue":"`, p1: '"}}', p2: '', p3: '' }
  const type = fields[name]
  const holes: readonly string[] = part.mould.holes
  const pieces: string[] = []
  let text = `${key}{"kvlistValue":{"values":[`
  for (const [at, [member, inner]] of Object.entries(asObject(value)).entries()) {
    if (inner === undefined) continue
    if (at > 0) text += ','
    if (!holes.includes(member)) text += latin1(keyValue(member, inner, memberType(type, member)))
    else {
      pieces.push(`${text}{"key":"${member}","value":{"${typeof inner === 'string' ? 'stringValue' : 'intValue'}":"`)
      text = '"}}'
    }
  }
  const [p0 = '', p1 = '', p2 = '', p3 = ''] = [...pieces, `${text}]}}}`]
  return { p0, p1, p2, p3 }
}
