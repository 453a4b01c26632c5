// The spool: what is in it outlives its process, and nothing else counts as taken.
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Spool } from '../../src/ship/spool/spool.ts'
import { scratchFolder } from '../cli/program.ts'
import { madeLine, madeLines } from './shipping.ts'

const scratch = scratchFolder()
const MANY = 1024 ** 2

function open(name: string, paths: readonly (string | undefined)[] = [undefined], most = MANY): Promise<Spool> {
  return Spool.open({ folder: scratch.in(name), most, paths })
}

/** Puts lines, each in a block of its own, and leaves the spool without settling them. */
async function filled(name: string, lines: readonly string[], path?: string): Promise<void> {
  const spool = await open(name, [path])
  for (const line of lines) spool.put(Buffer.from(line))
  await spool.close(false)
  await spool.end()
}

/** All that it gives out. */
function drained(spool: Spool): readonly string[] {
  const lines: string[] = []
  for (let chunk = spool.next(); chunk !== undefined; chunk = spool.next()) {
    lines.push(chunk.lines.toString())
    spool.settle(chunk)
  }
  return lines
}

function segmentOf(name: string): string {
  const [segment = ''] = readdirSync(scratch.in(name)).filter((file) => file.endsWith('.ndjson'))
  return join(scratch.in(name), segment)
}

describe('a spool', () => {
  it('gives out what an earlier process put, and is empty when that is settled', async () => {
    await filled('whole', madeLines(3))
    const spool = await open('whole')
    expect(spool.counts.found).toBe(3)
    expect(drained(spool)).toEqual(madeLines(3))
    await spool.close(true)
    await spool.end()
    expect(readdirSync(scratch.in('whole'))).toEqual([])
  })

  it.each([1, 40, 200])('cuts off a last block of which %i bytes are missing', async (missing) => {
    const name = `torn-${missing}`
    await filled(name, madeLines(3))
    truncateSync(segmentOf(name), readFileSync(segmentOf(name)).length - missing)
    const spool = await open(name)
    expect([spool.counts.found, spool.torn > 0]).toEqual([2, true])
    expect(drained(spool)).toEqual(madeLines(2))
    await spool.end()
  })

  it('cuts off rubbish after its last block', async () => {
    await filled('rubbish', madeLines(2))
    appendFileSync(segmentOf('rubbish'), Buffer.alloc(100))
    const spool = await open('rubbish')
    expect([spool.torn, drained(spool)]).toEqual([100, madeLines(2)])
    await spool.end()
  })

  it('ends where an earlier segment is damaged', async () => {
    await filled('damaged', madeLines(2))
    const first = segmentOf('damaged')
    await filled('damaged', madeLines(1))
    writeFileSync(first, readFileSync(first, 'latin1').replace('NO_SOCKET', 'NO_SOCKEX'), 'latin1')
    await expect(open('damaged')).rejects.toThrow(/byte 0: the checksum is not that of the records/)
  })

  it.each([
    ['a byte of the first block of three', 300],
    ['the length in its head', 9],
    ['a byte of the last block', -30],
    ['the head of the last block', -340],
  ])('ends, and cuts nothing off, where %s is another one', async (_, at) => {
    const name = `flipped${at}`
    await filled(name, madeLines(3))
    const path = segmentOf(name)
    const bytes = readFileSync(path)
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = (bytes[place] ?? 0) ^ 1
    writeFileSync(path, bytes)
    await expect(open(name)).rejects.toThrow(/byte \d+: the checksum is not that of the records/)
    expect(readFileSync(path)).toEqual(bytes)
  })

  it('ends, and removes nothing, where its cursor is damaged', async () => {
    await filled('cursor', madeLines(3))
    const spool = await open('cursor')
    const chunk = spool.next()
    if (chunk !== undefined) spool.settle(chunk)
    await spool.end()
    const path = join(scratch.in('cursor'), 'cursor.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"segment":2', '"segment":6'))
    await expect(open('cursor')).rejects.toThrow(/not the cursor of a spool/)
    expect(readFileSync(segmentOf('cursor'), 'utf8')).toContain(madeLine(3))
  })

  it('is for one process at a time', async () => {
    const spool = await open('locked')
    await expect(open('locked')).rejects.toThrow(/another process uses it/)
    await spool.end()
    await (await open('locked')).end()
  })

  it('has no room beyond its bound until something is settled', async () => {
    const spool = await open('bounded', [undefined], 4096)
    for (let line = 1; spool.room() === undefined; line++) {
      spool.put(Buffer.from(madeLine(line)))
      await spool.close(false)
    }
    const room = spool.room()
    drained(spool)
    await room
    await spool.end()
  })
})

describe('an input that is read again', () => {
  it('gives only what is new', async () => {
    await filled('again', madeLines(3), 'perf.txt')
    const spool = await open('again', ['perf.txt'])
    spool.put(Buffer.from(madeLines(5).join('')))
    await spool.close(true)
    expect(spool.counts).toEqual({ found: 3, read: 5, known: 3, spooled: 2 })
    expect(drained(spool).join('')).toBe(madeLines(5).join(''))
    await spool.end()
  })

  it('is refused where its first lines are others', async () => {
    await filled('others', madeLines(3), 'perf.txt')
    const spool = await open('others', ['perf.txt'])
    expect(() => spool.put(Buffer.from(madeLines(4).toReversed().join('')))).toThrow(/its first records are not the 3/)
    await spool.end()
  })

  it('is refused where it ends before', async () => {
    await filled('shorter', madeLines(3), 'perf.txt')
    const spool = await open('shorter', ['perf.txt'])
    spool.put(Buffer.from(madeLine(1)))
    expect(() => spool.inputs.next(true)).toThrow(/its first records are not the 3/)
    await spool.end()
  })
})
