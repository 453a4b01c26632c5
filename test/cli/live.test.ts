import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { MAIN } from './processes.ts'
import { dropLine } from './program.ts'

describe('a live pipe', () => {
  it.each([[[]], [['--from', 'perf']], [['--from', 'perf:script', '--id', '--id-salt', 'x', '--host', 'h']]])(
    'gives each record before the next line goes in (%j)',
    async (words) => {
      const child = spawn(process.execPath, [MAIN, '-q', ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
      const ended = new Promise((resolve) => child.on('close', resolve))
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      for (let index = 0; index < 5; index++) {
        // In two pieces, as a slow writer may send it.
        const line = dropLine(index)
        child.stdin.write(line.slice(0, 40))
        child.stdin.write(line.slice(40))
        const { value } = await lines.next()
        expect(JSON.parse(String(value)).capture.line).toBe(index + 1)
      }
      child.stdin.end()
      expect(await ended).toBe(0)
    },
  )
})
