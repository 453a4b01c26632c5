import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { FIELD_PATHS } from '../../src/event/field-names.ts'
import { type FieldType, fields } from '../../src/event/generated/fields.ts'
import type { Json } from '../../src/event/part.ts'
import type { EventRecord } from '../../src/event/record.ts'
import { whereStage } from '../../src/stages/where.ts'
import { type Event, events, KEYS, recordOf, valueAt } from './events.ts'

/** Records of the events met so far: to make one takes longer than to filter it. */
const records = new Map<Event, EventRecord>()

/** Whether the stage keeps an event. */
function keeps(expression: string): (event: Event) => boolean {
  const stage = whereStage([{ name: '--where', text: expression }])
  return (event) => {
    const record = records.get(event) ?? recordOf(event)
    records.set(event, record)
    return stage.take(record) !== undefined
  }
}

/** `--where: column 6: no field drop.reasn; near: drop.reason`. */
function complaintOf(expression: string): string {
  try {
    whereStage([{ name: '--where', text: expression }])
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`
  }
  throw new Error(`no error for ${expression}`)
}

const DROP: Event = {
  v: 1,
  kind: 'drop',
  ts: '2023-02-23T18:03:36.370138884Z',
  clock: { id: 'monotonic', ns: '18446744073709551615' },
  event_name: 'skb:kfree_skb',
  process: { comm: 'curl', tid: 883 },
  drop: { count: 1, reason: 'NO_SOCKET' },
  stack: [
    { symbol: 'a', offset: 3, line: 1 },
    { symbol: 'b', inlined: true },
  ],
  args: { queue_mapping: 3, name: 'lo', flag: true },
  flags: ['incomplete'],
  capture: { path: 'perf.txt', line: 1 },
}

/** Leaves: fields with a value of their own, with the type of it. */
const LEAVES = FIELD_PATHS.flatMap((path) => {
  const [member = '', key] = path.split('.')
  const whole = fields[member]
  const type =
    key === undefined ? whole : typeof whole === 'object' && 'fields' in whole ? whole.fields[key] : undefined
  return typeof type === 'string' ? [{ path, type }] : []
})

function literalsFor(type: FieldType, samples: readonly Event[], path: string): readonly Json[] {
  const met = samples.map((event) => valueAt(event, path)).filter((value) => value !== undefined)
  const other: Json = type === 'string' ? 'none of these' : type === 'bool' ? false : 41
  return [...new Set(met)].slice(0, 3).concat(other)
}

/** As CEL writes it. */
function written(value: Json, type: FieldType): string {
  return type === 'double' && Number.isInteger(value) ? `${JSON.stringify(value)}.0` : JSON.stringify(value)
}

const samples = fc.sample(events, { numRuns: 200, seed: 9 })

describe('a comparison, on random events of all kinds', () => {
  it('meets each field, and events without it', () => {
    const always = ['v', 'kind', 'capture', 'capture.path', 'capture.line']
    for (const path of FIELD_PATHS) {
      const met = samples.filter((event) => valueAt(event, path) !== undefined).length
      expect(met, path).toBeGreaterThan(0)
      if (!always.includes(path)) expect(met, path).toBeLessThan(samples.length)
    }
    expect(new Set(samples.map(({ kind }) => kind)).size).toBe(5)
  })

  it.each(LEAVES)('means what JavaScript means by it, and is false where $path is missing', ({ path, type }) => {
    for (const literal of literalsFor(type, samples, path)) {
      const text = written(literal, type)
      const tests: readonly (readonly [string, (value: Json | undefined) => boolean])[] = [
        [`${path} == ${text}`, (value) => value === literal],
        [`${text} == ${path}`, (value) => value === literal],
        [`${path} != ${text}`, (value) => value !== undefined && value !== literal],
        [`!(${path} == ${text})`, (value) => value !== literal],
        [`!(${path} != ${text})`, (value) => value === undefined || value === literal],
        [`${path} in [${text}]`, (value) => value === literal],
        [`has(${path}) && ${path} != ${text}`, (value) => value !== undefined && value !== literal],
        [`!has(${path}) || ${path} == ${text}`, (value) => value === undefined || value === literal],
        [`has(${path}) ? ${path} == ${text} : kind == "loss"`, (value) => value === literal],
        ...(type === 'bool' ? [] : orderTests(path, text, literal)),
      ]
      for (const [expression, predicate] of tests) {
        const kept = keeps(expression)
        const isTernary = expression.includes('?')
        for (const event of samples) {
          const value = valueAt(event, path)
          const expected = predicate(value) || (isTernary && value === undefined && event.kind === 'loss')
          if (kept(event) !== expected) expect.fail(`${expression} of ${JSON.stringify(event)}`)
        }
      }
    }
  })
})

function orderTests(
  path: string,
  text: string,
  literal: Json,
): readonly (readonly [string, (value: Json | undefined) => boolean])[] {
  const compare = (value: Json | undefined): number =>
    value === undefined || value === null || literal === null
      ? Number.NaN
      : value < literal
        ? -1
        : value > literal
          ? 1
          : 0
  return [
    [`${path} < ${text}`, (value) => compare(value) < 0],
    [`${path} <= ${text}`, (value) => compare(value) <= 0],
    [`${path} > ${text}`, (value) => compare(value) > 0],
    [`${path} >= ${text}`, (value) => compare(value) >= 0],
    [`!(${path} < ${text})`, (value) => !(compare(value) < 0)],
  ]
}

/** Expressions about a value, and what they mean. */
type Meaning = readonly [expression: string, holds: (event: Event) => boolean]

function agree(meanings: readonly Meaning[]): void {
  for (const [expression, holds] of meanings) {
    const kept = keeps(expression)
    for (const event of samples)
      if (kept(event) !== holds(event)) expect.fail(`${expression} of ${JSON.stringify(event)}`)
  }
}

function listAt(event: Event, path: string): readonly Json[] | undefined {
  const value = valueAt(event, path)
  return Array.isArray(value) ? value : undefined
}

describe('a member that is a list or a section, on random events of all kinds', () => {
  const types = FIELD_PATHS.map((path) => {
    const [member = '', key] = path.split('.')
    const whole = fields[member]
    return {
      path,
      type: key === undefined ? whole : typeof whole === 'object' && 'fields' in whole ? whole.fields[key] : undefined,
    }
  })
  const elements = types.flatMap(({ path, type }) =>
    typeof type === 'object' && 'list' in type && typeof type.list === 'object' && 'fields' in type.list
      ? Object.entries(type.list.fields).map(([key, keyType]) => ({ path, key, keyType }))
      : [],
  )
  const texts = types.flatMap(({ path, type }) =>
    typeof type === 'object' && 'list' in type && type.list === 'string' ? [{ path }] : [],
  )
  const maps = types.flatMap(({ path, type }) =>
    typeof type === 'object' && 'map' in type ? KEYS.map((key) => ({ path, key, isText: type.map === 'string' })) : [],
  )

  it('is there or not', () => {
    expect([elements.length, texts.length, maps.length]).toEqual([12, 2, 12])
    agree(types.map(({ path }): Meaning => [`has(${path})`, (event) => valueAt(event, path) !== undefined]))
  })

  it.each(elements)('has elements: $path, $key', ({ path, key, keyType }) => {
    const keyOf = (element: Json | undefined): Json | undefined =>
      typeof element === 'object' && element !== null ? JSON.parse(JSON.stringify(element))[key] : undefined
    const keysIn = (event: Event): readonly (Json | undefined)[] => listAt(event, path)?.map(keyOf) ?? []
    const met = samples.flatMap(keysIn).filter((value) => value !== undefined)
    const other: Json = keyType === 'string' ? 'none of these' : keyType === 'bool' ? false : 41
    for (const literal of [...new Set(met)].slice(0, 3).concat(other)) {
      const text = written(literal, keyType)
      agree([
        [`${path}.exists(e, e.${key} == ${text})`, (event) => keysIn(event).includes(literal)],
        [
          `${path}.exists(e, e.${key} != ${text})`,
          (event) => keysIn(event).some((value) => value !== undefined && value !== literal),
        ],
        [
          `${path}.all(e, !(e.${key} == ${text}))`,
          (event) => listAt(event, path) !== undefined && keysIn(event).every((value) => value !== literal),
        ],
        [`${path}.exists(e, !has(e.${key}))`, (event) => keysIn(event).includes(undefined)],
        [
          `${path}.exists_one(e, e.${key} == ${text} || false)`,
          (event) => keysIn(event).filter((value) => value === literal).length === 1,
        ],
        [
          `${path}.filter(e, e.${key} == ${text}).size() > 1`,
          (event) => keysIn(event).filter((value) => value === literal).length > 1,
        ],
        [`${path}[0].${key} == ${text}`, (event) => keysIn(event)[0] === literal],
        [`${path}[1].${key} != ${text}`, (event) => keysIn(event)[1] !== undefined && keysIn(event)[1] !== literal],
        [`!(${path}[0].${key} == ${text})`, (event) => keysIn(event)[0] !== literal],
      ])
    }
  })

  it.each(texts)('has texts: $path', ({ path }) => {
    const met = [...new Set(samples.flatMap((event) => listAt(event, path) ?? []))].slice(0, 3)
    for (const literal of [...met, 'none of these']) {
      const text = JSON.stringify(literal)
      const isIn = (event: Event): boolean => listAt(event, path)?.includes(literal) === true
      agree([
        [`${text} in ${path}`, isIn],
        [`!(${text} in ${path})`, (event) => !isIn(event)],
        [`${path}.exists(e, e == ${text})`, isIn],
        [`${path}[0] == ${text}`, (event) => listAt(event, path)?.[0] === literal],
        [`size(${path}) > 1`, (event) => (listAt(event, path)?.length ?? 0) > 1],
        [`size(${path}) != 1`, (event) => ![undefined, 1].includes(listAt(event, path)?.length)],
      ])
    }
  })

  it.each(maps)('has keys: $path["$key"]', ({ path, key, isText }) => {
    const met = [...new Set(samples.map((event) => valueAt(event, `${path}.${key}`)))]
    const leaves = met.filter((value) => value !== undefined && typeof value !== 'object').slice(0, 4)
    for (const literal of [...leaves, 'none of these', ...(isText ? [] : [41])]) {
      const at = (event: Event): Json | undefined => valueAt(event, `${path}.${key}`)
      const text = JSON.stringify(literal)
      const member = `${path}["${key}"]`
      agree([
        [`${member} == ${text}`, (event) => at(event) === literal],
        [`${member} != ${text}`, (event) => at(event) !== undefined && at(event) !== literal],
        [`!(${member} == ${text})`, (event) => at(event) !== literal],
        [`has(${member}) || ${member} == ${text}`, (event) => at(event) !== undefined],
        [`"${key}" in ${path}`, (event) => at(event) !== undefined],
        [`${path}.exists(k, k == "${key}" && ${path}[k] == ${text})`, (event) => at(event) === literal],
        ...(key === 'in' ? [] : [[`${path}.${key} == ${text}`, (event: Event) => at(event) === literal] as const]),
      ])
    }
  })
})

describe('a condition of several parts, on random events', () => {
  interface Condition {
    readonly text: string
    readonly holds: (event: Event) => boolean
  }
  const comparison = fc.constantFrom(...LEAVES.filter(({ type }) => type !== 'double')).chain(({ path, type }) =>
    fc
      .tuple(fc.constantFrom(...literalsFor(type, samples, path)), fc.constantFrom('==', '!='), fc.boolean())
      .map(([literal, op, asks]): Condition => {
        if (asks) return { text: `has(${path})`, holds: (event) => valueAt(event, path) !== undefined }
        const isWanted = (value: Json | undefined): boolean =>
          value !== undefined && (value === literal) === (op === '==')
        return {
          text: `${path} ${op} ${JSON.stringify(literal)}`,
          holds: (event) => isWanted(valueAt(event, path)),
        }
      }),
  )
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison,
      fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => ({
        text: `(${a.text}) && (${b.text})`,
        holds: (event: Event) => a.holds(event) && b.holds(event),
      })),
      fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => ({
        text: `(${a.text}) || (${b.text})`,
        holds: (event: Event) => a.holds(event) || b.holds(event),
      })),
      tie('condition').map((a) => ({ text: `!(${a.text})`, holds: (event: Event) => !a.holds(event) })),
      fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => ({
        text: `(${a.text}) ? (${b.text}) : (${c.text})`,
        holds: (event: Event) => (a.holds(event) ? b.holds(event) : c.holds(event)),
      })),
    ),
  }))

  it('is put together as JavaScript puts it together', () => {
    fc.assert(
      fc.property(condition, ({ text, holds }) => {
        const kept = keeps(text)
        for (const event of samples.slice(0, 60)) if (kept(event) !== holds(event)) expect.fail(text)
      }),
      { numRuns: 200 },
    )
  })
})

describe('an expression', () => {
  it.each([
    ['counts with whole numbers', 'drop.count + 1 == 2', true],
    ['divides whole numbers to whole numbers', '7 / 2 == 3 && -7 / 2 == -3 && 7 % 3 == 1', true],
    ['counts exactly in 64 bits', '9007199254740993 - 1 == 9007199254740992', true],
    ['has no number beyond 64 bits', '9223372036854775807 + 1 > 0 || 9223372036854775807 + 1 <= 0', false],
    ['has no number for a division by zero', '1 / 0 == 1 / 0 || 1 % 0 == 0', false],
    ['compares whole numbers with others', '1 == 1.0 && 2 > 1.5', true],
    ['compares ts to the nanosecond', 'ts > "2023-02-23T18:03:36.370138883Z"', true],
    ['compares ts with a time that is not there', 'ts > event_name', false],
    ['reads a number that is text', 'int(process.comm) == 1 || double(clock.ns) > 1.8e19', true],
    ['takes a number of 64 bits without sign for none', 'int(clock.ns) > 0', false],
    ['writes numbers', 'string(drop.count) + "x" == "1x"', true],
    ['asks for a member of a list', 'drop.reason in ["TCP_CSUM", "NO_SOCKET"]', true],
    ['asks for a key', '"name" in args && !("nome" in args)', true],
    ['asks for an element', '"incomplete" in flags', true],
    ['of a list that is missing has no element', '"a" in metric.keys || !("a" in metric.keys)', true],
    ['reads keys of open sections', 'args.queue_mapping == 3 && args["name"] == "lo" && args.flag', true],
    ['takes a missing truth for no truth', 'args.nothing || !args.flag', false],
    [
      'compares values of different types as unequal',
      'args.queue_mapping != "3" && !(args.queue_mapping == "3")',
      true,
    ],
    ['gives values of different types no order', 'args.queue_mapping < "4" || args.queue_mapping > "4"', false],
    ['looks into frames', 'stack[0].symbol == "a" && stack[1].inlined', true],
    ['looks beyond the last frame', 'stack[2].symbol == "c" || has(stack[2])', false],
    ['knows exists()', 'stack.exists(f, f.symbol == "b" && !has(f.offset))', true],
    ['knows all()', 'stack.all(f, has(f.symbol)) && !stack.all(f, f.offset == 3)', true],
    ['knows exists_one()', 'stack.exists_one(f, f.symbol == "b")', true],
    ['knows filter()', 'size(stack.filter(f, has(f.line))) == 1', true],
    ['knows map()', 'stack.map(f, f.symbol) == ["a", "b"]', true],
    ['knows macros in macros', 'stack.exists(f, stack.exists(g, g.symbol == f.symbol && g.line == 1))', true],
    ['asks nothing of a list that is missing', 'metric.buckets.all(b, true) || metric.buckets.exists(b, true)', false],
    ['goes through the keys of a map', 'args.exists(key, key.startsWith("queue"))', true],
    [
      'knows parts of texts',
      'event_name.startsWith("skb:") && event_name.endsWith("skb") && event_name.contains("kf")',
      true,
    ],
    ['knows cases', 'process.comm.upperAscii() == "CURL" && drop.reason.lowerAscii() == "no_socket"', true],
    ['knows sizes, in characters', 'size("😀") == 1 && process.comm.size() == 4 && size(args) == 3', true],
    ['knows patterns', 'event_name.matches("^skb:k?free")', true],
    ['knows no pattern of what is missing', 'device.name.matches(".*") || !(device.name.matches(".*"))', true],
    ['asks for whole members', 'has(stack) && !has(skb) && has(drop.reason) && !has(drop.code)', true],
    ['has a variable hide a member', 'stack.exists(drop, drop.symbol == "a")', true],
    ['may go over several lines', 'kind == "drop"\n  && v == 1 // and a remark', true],
  ])('%s: %s', (_, expression, expected) => {
    expect(keeps(expression)(DROP)).toBe(expected)
  })

  it('looks for a pattern in the first 4 KiB of a text', () => {
    const event = (zeros: number): Event => ({ ...DROP, payload: `${'0'.repeat(zeros)}x` })
    expect(keeps('payload.matches("x")')(event(4095))).toBe(true)
    expect(keeps('payload.matches("x")')(event(4096))).toBe(false)
  })
})

describe('a long expression', () => {
  it('may have many conditions, and lists of many values', () => {
    const ors = Array.from({ length: 900 }, (_, at) => `drop.reason == "R${at}"`).join(' || ')
    expect(keeps(`${ors} || drop.reason == "NO_SOCKET"`)(DROP)).toBe(true)
    const list = Array.from({ length: 20_000 }, (_, at) => `"R${at}"`).join(',')
    expect(keeps(`drop.reason in [${list}, "NO_SOCKET"]`)(DROP)).toBe(true)
    expect(keeps(`process.comm != "${'a'.repeat(100_000)}"`)(DROP)).toBe(true)
  })

  it.each([
    ['conditions', Array.from({ length: 6000 }, () => 'kind == "drop"').join(' || ')],
    ['negations', `${'!'.repeat(100_000)}true`],
    ['sums', `${'1 + '.repeat(5000)}1 == 1`],
    ['brackets', `${'('.repeat(5000)}true${')'.repeat(5000)}`],
    ['macros', `${'stack.exists(f, '.repeat(400)}true${')'.repeat(400)}`],
    ['choices', `${'true ? '.repeat(2000)}true${' : false'.repeat(2000)}`],
  ])('that is too deep gives an error of one line: %s', (_, expression) => {
    expect(complaintOf(expression)).toMatch(/^--where: column \d+: the expression is nested too deeply; .*$/)
  })
})

describe('a wrong expression', () => {
  it.each([
    ['drop.reasn == "X"', '--where: column 6: no field drop.reasn; near: drop.reason'],
    ['reason == "X"', '--where: column 1: no field reason; near: drop.reason'],
    ['has(drop.reasn)', '--where: column 10: no field drop.reasn; near: drop.reason'],
    ['proces.comm == "x"', '--where: column 1: no field proces; near: process'],
    ['stack.exists(f, f.symbl == "x")', '--where: column 19: no field f.symbl; near: symbol'],
    ['stack[0].symbl == "x"', '--where: column 10: no field symbl; near: symbol'],
    ['kind == "drop" && drop["reasn"] == "x"', '--where: column 24: no field drop.reasn; near: drop.reason'],
    ["has(drop['reasn'])", '--where: column 10: no field drop.reasn; near: drop.reason'],
    ['stack[0]["symbl"] == "x"', '--where: column 10: no field symbl; near: symbol'],
    ['constructor == 1', '--where: column 1: no field constructor; the fields are in docs/event-format.md'],
    ['kind.constructor(1)', '--where: column 1: no function string.constructor(int)'],
    ['zzzzzzzz == 1', '--where: column 1: no field zzzzzzzz; the fields are in docs/event-format.md'],
    ['drop.count == "1"', '--where: column 1: int == string: these types do not go together'],
    ['skb == 3', '--where: column 1: skb == int: these types do not go together'],
    ['drop.count', '--where: column 1: the expression gives int; it must be true or false for a record'],
    ['kind == "drop" && (v == 1', '--where: column 26: expected ")", got the end'],
    ['kind == ', '--where: column 9: unexpected token: the end'],
    ['', '--where: column 1: the expression is empty'],
    ['kind == "drop"\n&& drop.reasn == "x"', '--where: line 2, column 9: no field drop.reasn; near: drop.reason'],
    ['kind == "é" && reasn == ""', '--where: column 16: no field reasn; near: drop.reason'],
    ['process.comm.matches("[[:constructor:]]")', '--where: column 24: no class [:constructor:] is offered'],
    ['process.comm.matches("a(+)")', '--where: column 25: nothing before "+" to repeat'],
    [
      'process.comm.matches("(a+)+")',
      '--where: column 27: a quantifier of a group that has one: nested quantifiers are not offered',
    ],
    ['process.comm.matches("\\u0041\\\\1")', '--where: column 29: back-references are not offered'],
    ['process.comm.matches(r"\\1")', '--where: column 24: back-references are not offered'],
    ['process.comm.matches(event_name)', '--where: column 22: the pattern of matches() must be a text in quotes'],
    ['timestamp(ts) == timestamp(ts)', '--where: column 1: timestamp() is not offered; docs/filter.md lists what is'],
    ['has(1)', '--where: column 5: has() takes a member; such as has(skb.len)'],
    ['type(v) == int', '--where: column 1: type() is not offered; docs/filter.md lists what is'],
    ['{"a": true}.a', '--where: column 1: "{"a": true}" is not offered; docs/filter.md lists what is'],
  ])('gives an error of one line, with its column: %s', (expression, complaint) => {
    expect(complaintOf(expression)).toBe(complaint)
    expect(complaint).not.toContain('\n')
  })

  it.each([
    ['drop.reason = "X"', 'column 13: no operator "="; use "==" for equal'],
    ['drop.reason === "X"', 'column 15: no operator "==="; use "==" for equal'],
    ['drop.reason <> "X"', 'column 14: no operator "<>"; use "!=" for not equal'],
    ['drop.reason =~ "X"', 'column 13: no operator "=~"; use .matches("…") for a pattern'],
    ['kind == "drop" and cpu == 1', 'no operator "and"; use "&&" for and'],
    ['kind == "drop" OR cpu == 1', 'no operator "OR"; use "||" for or'],
    ['not has(skb.len)', 'no operator "not"; use "!" for not'],
    ['kind == "drop" & cpu == 1', 'no operator "&"; use "&&" for and'],
    [
      'process.comm like "a%"',
      'no operator "like"; use .contains("…") for a part of a text, .matches("…") for a pattern',
    ],
    ['drop.reason != null', 'no record has null; use has(drop.reason) to ask whether a member is there'],
  ])('in another language gets a hint for this one: %s', (expression, complaint) => {
    expect(complaintOf(expression)).toContain(complaint)
  })

  it.each([
    ['drop.reason == NO_SOCKET', 'NO_SOCKET'],
    ['drop.reason==NO_SOCKET && skb.len > 3', 'NO_SOCKET'],
    ['drop.reason in [NO_SOCKET, TCP_CSUM]', 'NO_SOCKET'],
    ['drop.reason in ["NO_SOCKET", TCP_CSUM]', 'TCP_CSUM'],
    ['process.comm == curl', 'curl'],
    ['process.comm != my-server', 'my-server'],
    ['ts > yesterday', 'yesterday'],
  ])('with a text without quotes gets a hint to quote it: %s', (expression, word) => {
    expect(complaintOf(expression)).toContain(`no field ${word}; a text needs quotes, "${word}", and the whole`)
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'with a name of JavaScript is wrong, or means nothing: %s',
    (name) => {
      for (const set of [name, name.toLowerCase()])
        for (const expression of [
          `payload.matches("[[:${set}:]]")`,
          `args.x.${set}()`,
          `${set}(payload)`,
          `args.${set} == "a"`,
        ])
          try {
            expect(keeps(expression)(DROP)).toBe(false)
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError)
          }
    },
  )

  it('that compares with a misspelt field gets the name of the field', () => {
    expect(complaintOf('skb.len == skb.orig_le')).toContain('near: skb.orig_len')
  })
})

describe('what an expression may cost', () => {
  const doubled = (start: string, times: number): string => `${start}${'.map(a, a + a)'.repeat(times)}.size() > 0`

  it.each([
    ['texts', doubled('["x"]', 40)],
    ['lists', doubled('[[1]]', 40)],
    ['loops', `${'[1,2,3,4,5,6,7,8,9,10].all(a, '.repeat(8)}true${')'.repeat(8)}`],
  ])('is known beforehand where no record plays a part: %s', (_, expression) => {
    expect(complaintOf(expression)).toMatch(/^--where: column 1: the expression takes more than a million steps$/)
  })

  it.each([
    ['texts', doubled('[process.comm]', 40)],
    ['lists', doubled('[stack]', 40)],
    ['loops', `${'stack.all(a, '.repeat(20)}true${')'.repeat(20)}`],
    ['long texts', `stack.all(a, ${Array.from({ length: 200 }, () => 'payload.contains("y")').join(' && ')} || true)`],
  ])('is paid by each record, which is rejected where that is not enough: %s', (_, expression) => {
    const stage = whereStage([{ name: '--where', text: expression }])
    const stack = Array.from({ length: 100 }, (_, at) => ({ symbol: `f${at}` }))
    const dear = recordOf({ ...DROP, stack, payload: 'x'.repeat(200_000) })
    const started = process.cpuUsage()
    expect(() => stage.take(dear)).toThrow('more than a million steps')
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
    expect(() =>
      stage.take(recordOf({ v: 1, kind: 'drop', drop: { count: 1 }, capture: { path: 'a', line: 1 } })),
    ).not.toThrow()
  })

  it('is enough for what people ask', () => {
    const stack = Array.from({ length: 500 }, (_, at) => ({ symbol: `f${at}` }))
    const event = { ...DROP, stack, payload: 'x'.repeat(200_000) }
    expect(keeps('stack.exists(f, stack.exists(g, g.symbol == f.symbol + "0"))')(event)).toBe(true)
    expect(keeps(Array.from({ length: 20 }, (_, at) => `payload.contains("y${at}")`).join(' || '))(event)).toBe(false)
    expect(keeps('payload.matches("(x{0,1000}){0,1}y")')(event)).toBe(false)
  })
})
