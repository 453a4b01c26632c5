import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnyLine } from '../../../adapters/tracenorm/ndjson/any-line.ts'
import { ownLineReader } from '../../../adapters/tracenorm/ndjson/own-line.ts'
import { members } from '../../../src/event/generated/members.ts'
import { lineOf } from '../../../src/event/line.ts'
import { EventRecord } from '../../../src/event/record.ts'
import { openConverter } from '../../kit/harness.ts'
import { events, recordOf } from '../../stages/events.ts'

const converter = await openConverter(['--from=tracenorm', '--kind=all'], '.')

/** What comes out of lines of input, without its last line end; and what was rejected, as `line word column`. */
async function passed(
  text: string,
): Promise<{ readonly lines: readonly string[]; readonly rejected: readonly string[] }> {
  const { ndjson, rejected, fault } = await converter.convert(Buffer.from(text, 'latin1'))
  expect(fault).toBeUndefined()
  return {
    lines: ndjson === '' ? [] : ndjson.replace(/\n$/, '').split('\n'),
    rejected: rejected.map((unit) =>
      unit
        .split(' ')
        .filter((_, at) => at === 0 || at === 2 || at === 3)
        .join(' '),
    ),
  }
}

/**
 * The parts of a record, to compare two ways of reading: a part and one that was filled are alike when they say the
 * same.
 */
function contentOf(record: EventRecord): unknown {
  return { ...record.toJSON(), line: lineOf(record), flags: record.flags, unknown: record.unknown }
}

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const DROP = '{"v":1,"kind":"drop","drop":{"count":1},"capture":{"path":"a","line":1}}'

describe('a line as we write it', () => {
  it('is read as one that is parsed whole, in any order of records', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 8 }), (some) => {
        const readOwnLine = ownLineReader()
        // Twice: what was remembered of the first time is used in the second.
        for (const event of [...some, ...some]) {
          const line = lineOf(recordOf(event))
          const own = readOwnLine(`x${line}y`, 1, line.length + 1, false)
          const any = readAnyLine(Buffer.from(line, 'latin1').toString('utf8'))
          expect(any).toBeInstanceOf(EventRecord)
          if (!(any instanceof EventRecord) || own === undefined) throw new Error(`not read: ${line}`)
          expect(contentOf(own)).toEqual(contentOf(any))
          for (const name of members) if (name !== 'flags') expect(own[name]?.text).toBe(any[name]?.text)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is read in the same way after lines that differ in a leaf', () => {
    const readOwnLine = ownLineReader()
    const line = (ns: string, addr: string, at: number, path: string): string =>
      `{"v":1,"kind":"trace","clock":{"id":"perf","ns":"${ns}"},"skb":{"addr":"${addr}","len":7},"capture":{"tool":"perf","format":"script","path":"${path}","line":${at}}}`
    const lines = [
      line('1', '0x1', 1, '"line":2'.replaceAll('"', '\\"')),
      line('2', '0xabc', 2, 'a'),
      line('300', '0x0', 9007199254740991, 'a'),
      line('18446744073709551615', '0xffffffffffffffff', 3, 'b'),
      line('0', '0xdef', 12, 'a'),
    ]
    for (const text of lines) {
      const record = readOwnLine(text, 0, text.length, true)
      expect(record?.toJSON()).toEqual(JSON.parse(text))
      expect(record && lineOf(record)).toBe(text)
    }
  })

  it.each([
    ['a time with a leading zero', '"ns":"7"', '"ns":"07"'],
    ['a time of 21 digits', '"ns":"7"', `"ns":"${'1'.repeat(21)}"`],
    ['a time that is empty', '"ns":"7"', '"ns":""'],
    ['a time that is a number', '"ns":"7"', '"ns":7'],
    ['an address in capitals', '"addr":"0x7"', '"addr":"0xA"'],
    ['an address of 17 digits', '"addr":"0x7"', `"addr":"0x${'1'.repeat(17)}"`],
    ['an address without 0x', '"addr":"0x7"', '"addr":"7"'],
    ['line 0', '"line":7', '"line":0'],
    ['a line that is no integer', '"line":7', '"line":7.5'],
    ['a line that is too large', '"line":7', '"line":9007199254740992'],
    ['a line with a leading zero', '"line":7', '"line":07'],
    ['an unknown kind', '"kind":"drop"', '"kind":"drip"'],
    ['a missing section', '"drop":{"count":1},', ''],
    ['a section that is no object', '"drop":{"count":1}', '"drop":1'],
    ['a bracket too few', '"line":7}}', '"line":7}'],
    ['a bracket too many', '"line":7}}', '"line":7}}}'],
    ['the wrong bracket', '"line":7}}', '"line":7]}'],
    ['a comma too many', '"drop"', ',"drop"'],
    ['a cut string', '"addr":"0x7"', '"addr":"0x7'],
  ])('is rejected with %s, also after two that were good', async (_, good, bad) => {
    const line =
      '{"v":1,"kind":"drop","clock":{"id":"perf","ns":"7"},"skb":{"addr":"0x7","len":7},"drop":{"count":1},"capture":{"path":"a","line":7}}'
    const other = line.replaceAll('7', '8')
    const { lines, rejected } = await passed(`${[line, other, line.replace(good, bad), other].join('\n')}\n`)
    expect(lines).toEqual([line, other, other])
    expect(rejected.map((unit) => unit.split(' ')[0])).toEqual(['3'])
  })
})

describe('an event', () => {
  it.each([
    ['with blanks', '{ "v": 1, "kind": "drop", "drop": {"count": 1}, "capture": {"path": "a", "line": 1} }'],
    ['in another order', '{"kind":"drop","v":1,"capture":{"line":1,"path":"a"},"drop":{"count":1}}'],
    ['with a member of a later version', DROP.replace('"capture"', '"later":{"a":[1]},"capture"')],
    ['with a key of a later version', DROP.replace('"count":1', '"count":1,"later":true')],
    ['with a flag of a later version', DROP.replace('"capture"', '"flags":["later"],"capture"')],
    ['with escapes', DROP.replace('"a"', '"\\u0041\\/"')],
    ['that is not ASCII', DROP.replace('"a"', latin1('"Zürich 😀"'))],
  ])('%s is passed on as it came', async (_, line) => {
    expect(await passed(`${line}\n${DROP}\n${line}\n`)).toEqual({ lines: [line, DROP, line], rejected: [] })
  })

  it('keeps its line without CR, and ends the input with or without a line end', async () => {
    expect(await passed(`${DROP}\r\n\r\n   \n${DROP}`)).toEqual({ lines: [DROP, DROP], rejected: [] })
  })

  it('keeps what this version does not know when a stage changes it', () => {
    const record = readAnyLine(DROP.replace('"capture"', '"later":"ü","capture"'))
    if (!(record instanceof EventRecord)) throw new Error(record.text)
    expect(Buffer.from(lineOf(record), 'latin1').toString()).toBe(DROP.replace(/\}$/, ',"later":"ü"}'))
    expect(record.toJSON()).toEqual({ ...JSON.parse(DROP), later: 'ü' })
  })
})

describe('what is no event', () => {
  it.each([
    ['no JSON', '{"v":1,"kind":"drop",}', /^no JSON: /, 22],
    ['a word that is none of JSON', '{"v": curl}', /^no JSON: Unexpected token 'c'$/, 7],
    ['a value that is cut', '{"v":1,"kind":tru}', /^no JSON: Unexpected token '}'$/, 18],
    ['more than an object', `${DROP}}`, /^no JSON: /, DROP.length + 1],
    ['no JSON at all', 'curl 883 [001] 1.5: skb:kfree_skb:', /^no JSON: /, 1],
    ['another JSON', '{"level":30,"msg":"hello"}', /^no event of tracenorm: it has no "v"$/, 1],
    ['a list', '[1]', /^not a JSON object$/, 1],
    ['a number', '1', /^not a JSON object$/, 1],
    ['another version', '{"v":2,"kind":"drop"}', /^version 2 of the format: only 1 is known here$/, 1],
    [
      'an event without what it must have',
      '{"v":1,"kind":"drop","capture":{"path":"a","line":1}}',
      /^drop is missing$/,
      1,
    ],
    ['an event with a wrong member', DROP.replace(':1}', ':"1"}'), /^drop.count must be integer$/, 1],
  ])('is rejected, with the reason: %s', async (_, line, reason, column) => {
    const { rejected } = await passed(`${DROP}\n${line}\n${DROP}\n`)
    expect(rejected).toEqual([`2 malformed ${column}`])
    const refused = readAnyLine(line)
    expect(refused instanceof EventRecord ? '' : refused.text).toMatch(reason)
  })

  it.each([
    ['\x1b[2J{"v":1}', 'no JSON'],
    ['{"v":\x1b[31m}', 'no JSON'],
    ['{"v":1 "\x07"}', 'no JSON'],
    [
      DROP.replace('"count":1', '"count":1,"\x1b[2J":{}')
        .replaceAll('\x1b', '\\u001b')
        .replace('"line":1', '"line":"\x1b"'),
      'no JSON',
    ],
    [DROP.replace('"capture"', '"labels":{"\\u001b[2J":7},"capture"'), 'labels'],
  ])('is told of without what stands in it, as that may move a cursor: %j', (line, beginning) => {
    const refused = readAnyLine(line)
    if (refused instanceof EventRecord) throw new Error('taken')
    expect(refused.text).toMatch(/^[\x20-\x7e]+$/)
    expect(refused.text.startsWith(beginning)).toBe(true)
  })

  it.each([98, 99, 100_000])('is rejected where it is too deep: %i levels within a member', async (levels) => {
    const nested = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
    const lists = `${'['.repeat(levels)}${']'.repeat(levels)}`
    const lines = [
      DROP.replace('"capture"', `"sample":${nested},"capture"`),
      DROP.replace(/\}$/, `,"later":${lists}}`),
      DROP.replace(/\}$/, `,"later":${nested}}`),
    ]
    const { lines: kept, rejected } = await passed(`${lines.join('\n')}\n${DROP}\n`)
    expect(kept).toEqual(levels < 100 ? [...lines, DROP] : [DROP])
    expect(rejected).toHaveLength(levels < 100 ? 0 : 3)
  })

  it.each([
    ['a NUL', '{"v":1,"kind":"loss","x":"\0"}', 27],
    ['a byte that is no UTF-8', '{"v":1,"kind":"loss","x":"\xc3\xa9\xef\xbf\xbd\xff"}', 32],
  ])('is rejected with the same column and reason for %s, whatever else is in its window', async (_, line, column) => {
    const converter = await openConverter(['--from=tracenorm'], '.')
    for (const other of ['', '{"v":1,"kind":"\xc3\xa9"}\n']) {
      const { rejected } = await converter.convert(Buffer.from(`${line}\n${other}`, 'latin1'))
      expect(rejected[0]).toBe(`1 0 malformed ${column} ${line}\n`)
    }
  })

  it('is rejected where it is no UTF-8', async () => {
    const { lines, rejected } = await passed(`${DROP.replace('"a"', '"\xff"')}\n${DROP}\n`)
    expect([lines, rejected]).toEqual([[DROP], [`1 malformed ${DROP.indexOf('"a"') + 2}`]])
  })

  it('is truncated where the input ends within it', async () => {
    const { lines, rejected } = await passed(`${DROP}\n${DROP.slice(0, -5)}`)
    expect(lines).toEqual([DROP])
    expect(rejected).toEqual([`2 truncated ${DROP.length - 4}`])
  })
})
