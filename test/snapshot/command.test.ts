import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSnapshot } from '../../src/kernel/snapshot.ts'
import { scratchFolder, tracenorm } from '../cli/program.ts'

const scratch = scratchFolder()

describe.runIf(process.platform === 'linux')('tracenorm snapshot', () => {
  it('writes a snapshot to stdout, and says on stderr what is missing', async () => {
    const { status, stdout, stderr } = await tracenorm(['snapshot'])
    const read = readSnapshot(stdout.toString('utf8'))
    expect(read).toHaveProperty('snapshot')
    const missing = 'snapshot' in read ? read.snapshot.missing : []
    expect(stderr).toBe(missing.map(({ what, why }) => `tracenorm: no ${what}: ${why}\n`).join(''))
    expect(status).toBe(0)
  })

  it('writes it to a file', async () => {
    const path = scratch.in('host.json')
    const { status, stdout, stderr } = await tracenorm(['snapshot', '-q', '-o', path])
    expect({ status, stdout: stdout.length, stderr }).toEqual({ status: 0, stdout: 0, stderr: '' })
    expect(readSnapshot(readFileSync(path, 'utf8'))).toHaveProperty('snapshot')
    expect(statSync(path).size).toBeLessThan(100_000)
  })

  it('takes the zone of TZ', async () => {
    const { stdout } = await tracenorm(['snapshot', '-q'], { env: { TZ: 'NPT-5:45' } })
    expect(JSON.parse(stdout.toString('utf8'))).toHaveProperty('timezone.zone', '+05:45')
  })

  it('fails where the file cannot be written', async () => {
    const { status, stderr } = await tracenorm(['snapshot', '-o', scratch.in('nowhere/host.json')])
    expect(status).toBe(1)
    expect(stderr).toContain('nowhere/host.json')
  })
})
