// Commands that answer on stdout, into a full disk and a closed pipe.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MAIN, spawned } from './processes.ts'
import { tracenorm } from './program.ts'

const FULL = '/dev/full'
const NO_SPACE = { status: 1, stderr: 'tracenorm: stdout: cannot write: no space left on the device\n' }

describe.skipIf(!existsSync(FULL))('on a full disk', () => {
  it.each([
    ['reasons list'],
    ['reasons show NO_SOCKET --json'],
    ['schema'],
    ['adapters --json'],
    ['snapshot -q'],
    ['programs list'],
    ['--help'],
    ['convert --help'],
    ['help summary'],
  ])('%s fails, and says so', async (words) => {
    expect(await tracenorm(words.split(' '), { to: FULL })).toMatchObject(NO_SPACE)
  })

  it.each(['--version', '-V'])('%s fails as a process, too', async (word) => {
    expect(await spawned([word], { to: FULL })).toMatchObject(NO_SPACE)
  })
})

it('a closed pipe ends reasons list quietly, as cat', () => {
  const script = `"$0" "$1" reasons list --json; echo "status $?" >&2`
  const { stderr } = spawnSync('sh', ['-c', `{ ${script}; } | true`, process.execPath, MAIN])
  expect(stderr.toString()).toMatch(/^status (141|0)\n$/)
})
