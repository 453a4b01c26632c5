import { describe, expect, it } from 'vitest'
import type { Program } from '../../../../adapters/bpftrace/program/ast.ts'
import { parseProgram } from '../../../../adapters/bpftrace/program/parse.ts'
import { corpusText, hasCorpus, programs } from '../corpus.ts'

function callsOf(program: Program): readonly string[] {
  return program.clauses.flatMap(({ body }) =>
    body.flatMap((statement) =>
      statement.kind === 'call'
        ? [`${statement.call.name}(${statement.call.args.map(({ text }) => text).join(', ')})`]
        : [],
    ),
  )
}

function probesOf(source: string): readonly string[] {
  return parseProgram(source).clauses.flatMap(({ probes }) => probes.map(({ type, path }) => [type, ...path].join(':')))
}

describe('a program', () => {
  it.skipIf(!hasCorpus)('is understood whole, each of the captures', () => {
    const found = programs().map((path) => ({ path, ...parseProgram(corpusText(path)) }))
    expect(found.length).toBeGreaterThan(60)
    expect(
      found.filter(({ problems, clauses }) => problems.length > 0 || clauses.length === 0).map(({ path }) => path),
    ).toEqual([])
  })

  const probes: readonly (readonly [source: string, probes: readonly string[]])[] = [
    ['tracepoint:skb:kfree_skb {}', ['tracepoint:skb:kfree_skb']],
    ['t:skb:kfree_skb{}', ['tracepoint:skb:kfree_skb']],
    ['k : tcp_drop , kr:tcp_v4_rcv {}', ['kprobe:tcp_drop', 'kretprobe:tcp_v4_rcv']],
    ['rt:kfree_skb {} f:vmlinux:tcp_drop {}', ['rawtracepoint:kfree_skb', 'fentry:vmlinux:tcp_drop']],
    ['kprobe:tcp_drop+0x10 {}', ['kprobe:tcp_drop+0x10']],
    ['uprobe:/usr/lib/libc.so.6:malloc /pid == 1/ {}', ['uprobe:/usr/lib/libc.so.6:malloc']],
    ['uprobe:"/a b/c":f {}', ['uprobe:/a b/c:f']],
    ['tracepoint:net:* {}', ['tracepoint:net:*']],
    ['constructor:x {} __proto__:y {}', ['constructor:x', '__proto__:y']],
    ['begin {} interval:s:1 {} END {}', ['BEGIN', 'interval:s:1', 'END']],
    ['profile:hz:99 // comment { }\n /* { */ {}', ['profile:hz:99']],
    ['#!/usr/bin/env bpftrace\n#include <linux/skbuff.h>\nBEGIN {}', ['BEGIN']],
    ['struct a { int x; char y[4]; }; union b { int c; } enum e { A, B = 4, C } BEGIN {}', ['BEGIN']],
    ['config = { stack_mode = perf; max_map_keys = 10 } import "x"; let @m = lruhash(10); BEGIN {}', ['BEGIN']],
    ['name = tracepoint:skb:kfree_skb {}', ['tracepoint:skb:kfree_skb']],
  ]

  it.each(probes)('%s has its probes', (source, wanted) => {
    expect(parseProgram(source).problems).toEqual([])
    expect(probesOf(source)).toEqual(wanted)
  })

  const predicates: readonly (readonly [source: string, predicate: string])[] = [
    ['t:a:b /pid == 3/ {}', 'pid==3'],
    ['t:a:b /args->len / 2 > 10/ {}', 'args->len/2>10'],
    ['t:a:b / ((a/b)) == 1 / { $x = 4 / 2; }', '((a/b))==1'],
    ['t:a:b /comm == "a/ {"/ {}', 'comm=="a/ {"'],
    ['t:a:b /@m[pid, tid]/ {}', '@m[pid,tid]'],
  ]

  it.each(predicates)('%s has its predicate', (source, predicate) => {
    const { clauses, problems } = parseProgram(source)
    expect(problems).toEqual([])
    expect(clauses.map((clause) => clause.predicate?.text)).toEqual([predicate])
  })

  const calls: readonly (readonly [source: string, calls: readonly string[]])[] = [
    [
      'BEGIN { printf("a{%d // }", (int8)args->reason); print((1, "b")) }',
      ['printf("a{%d // }", (int8)args->reason)', 'print((1,"b"))'],
    ],
    ['BEGIN { @x[comm, ksym(args->location)]++; time(); }', ['time()']],
    ['BEGIN { printf("%d\\n", $a ? 1 : 2); }', ['printf("%d\\n", $a?1:2)']],
    ['#define FMT "%s\\n"\n#define SHOW printf(FMT, comm) // note\nBEGIN { SHOW; }', ['printf("%s\\n", comm)']],
    ['BEGIN { printf("x") } // last', ['printf("x")']],
    [
      'BEGIN { if (1) { } printf("%s\\n", ((struct sock *)arg0)->__sk_common.skc_family) }',
      ['printf("%s\\n", ((struct sock*)arg0)->__sk_common.skc_family)'],
    ],
    ['BEGIN { printf("%d", sizeof(struct sock)); }', ['printf("%d", sizeof(struct sock))']],
  ]

  it.each(calls)('%s calls', (source, wanted) => {
    const program = parseProgram(source)
    expect(program.problems).toEqual([])
    expect(callsOf(program)).toEqual(wanted)
  })

  it('knows numbers in each spelling', () => {
    const { clauses } = parseProgram('BEGIN { print(0x10); print(1_000); print(1e3); print(10ull); }')
    const values = clauses.flatMap(({ body }) =>
      body.flatMap((one) =>
        one.kind === 'call' && one.call.args[0]?.kind === 'number' ? [one.call.args[0].value] : [],
      ),
    )
    expect(values).toEqual([16n, 1000n, 1000n, 10n])
  })

  it('counts the enumerators that it declares', () => {
    const { enumerators } = parseProgram('enum e { A, B = 4, C, D = 1 << 3, E = -1 };\nBEGIN {}')
    expect([...enumerators]).toEqual([
      ['A', 0n],
      ['B', 4n],
      ['C', 5n],
      ['D', 8n],
      ['E', -1n],
    ])
  })

  it('goes on behind what it cannot read, and says where that was', () => {
    const program = parseProgram(
      'BEGIN { printf("a\\q"); printf("b"); }\nEND { $x = = 1; printf("c"); }\nk:f / pid { }\ni:s:1 { printf("d") }',
    )
    expect(callsOf(program)).toEqual(['printf("b")', 'printf("c")', 'printf("d")'])
    expect(program.problems.map(({ line, column }) => [line, column])).toEqual([
      [1, 18],
      [2, 12],
      [3, 6],
    ])
  })

  it('tells of a macro with parameters that prints, for it is not expanded', () => {
    const { problems } = parseProgram('#define P(x) printf("%d\\n", x)\nBEGIN {}')
    expect(problems).toHaveLength(1)
  })

  it.each([
    ['blocks', '{'.repeat(30_000)],
    ['blocks that end', `${'{'.repeat(3000)}${'}'.repeat(3000)}`],
    ['choices', 'if (pid) { } else '.repeat(5000)],
    ['parentheses', `$x = ${'('.repeat(30_000)}`],
    ['operators', `$x = 1${' / 1'.repeat(30_000)};`],
    ['fields', `$x = $y${'.a'.repeat(30_000)};`],
    ['signs', `$x = ${'- '.repeat(30_000)}1;`],
  ])('says of more %s than any program has that it does not read them', (_, text) => {
    const start = process.cpuUsage().user
    const { problems, clauses } = parseProgram(`BEGIN { ${text}\n}\nEND { printf("c"); }`)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]?.text).toMatch(/^less nesting expected|^a shorter expression expected|expected, the end found$/)
    expect(clauses.length).toBeLessThan(3)
    expect(process.cpuUsage().user - start).toBeLessThan(2_000_000)
  })

  it('never fails on a piece of itself', () => {
    const source =
      't:skb:kfree_skb /args->reason == 3/ { if (pid) { printf("%s\\n", comm); } else { @[comm] = count(); } } // x'
    for (let end = 0; end <= source.length; end++) expect(() => parseProgram(source.slice(0, end))).not.toThrow()
    for (let start = 0; start <= source.length; start++) expect(() => parseProgram(source.slice(start))).not.toThrow()
  })
})
