// rsyslog and syslog-ng with the configurations of docs/platforms.md hand on every event as it was.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolder } from '../cli/program.ts'
import { expectSame, ndjsonOf, type PlainEvent, sampleEvents } from './events.ts'
import { configurationOf, found, runUntil } from './programs.ts'

const scratch = scratchFolder()
const rsyslogd = found('rsyslogd', [], 'the configuration of rsyslog')
// Debian's packages of rsyslog and syslog-ng exclude each other: an unpacked one (dpkg -x) serves as well.
const unpacked = process.env.TRACENORM_SYSLOG_NG ?? '/'
const syslogNg = found('syslog-ng', [join(unpacked, 'usr/sbin')], 'the configuration of syslog-ng')

/** So many line ends, and the last of them at the end. */
function hasLines(path: string, lines: number, leastBytes: number): boolean {
  if (!existsSync(path) || statSync(path).size < leastBytes) return false
  return readFileSync(path, 'latin1').split('\n').length === lines + 1
}

function eventsIn(path: string): readonly PlainEvent[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** The configuration with places in `folder`. */
function placedIn(folder: string, heading: string): string {
  return configurationOf(heading).replaceAll('/var/log/', `${folder}/`).replaceAll('/var/lib/rsyslog', folder)
}

describe.skipIf(rsyslogd === undefined)('rsyslog', () => {
  it('hands on all events, whatever their length and the case of their members', async () => {
    const events = [
      ...sampleEvents(),
      { v: 1, kind: 'trace', args: { x: 1, X: '\u007f' }, capture: { path: 'case', line: 1 } },
    ]
    const [from, to, conf] = [scratch.in('tracenorm.ndjson'), scratch.in('tracenorm.out'), scratch.in('rsyslog.conf')]
    const sent = ndjsonOf(events)
    writeFileSync(from, sent)
    writeFileSync(conf, placedIn(scratch.path, 'rsyslog'))
    const words = ['-n', '-f', conf, '-i', scratch.in('rsyslog.pid')]
    await runUntil(rsyslogd ?? '', words, () => hasLines(to, events.length, sent.length), {
      seconds: 60,
      cwd: scratch.path,
    })
    expectSame(eventsIn(to), events)
  })
})

describe.skipIf(syslogNg === undefined)('syslog-ng', () => {
  it('hands on all lines as they are', async () => {
    const folder = scratch.path
    const events = sampleEvents()
    const [from, to, conf] = [scratch.in('tracenorm.ndjson'), scratch.in('tracenorm.out'), scratch.in('syslog-ng.conf')]
    const sent = ndjsonOf(events)
    writeFileSync(from, sent)
    writeFileSync(to, '')
    writeFileSync(conf, placedIn(folder, 'syslog-ng'))
    const libraries = ['usr/lib/syslog-ng', 'usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu']
    const words = ['-F', '-f', conf, '--no-caps', '--persist-file', scratch.in('ng.persist')]
    const own = ['--pidfile', scratch.in('ng.pid'), '--control', scratch.in('ng.ctl')]
    const modules = join(unpacked, 'usr/lib/syslog-ng/3.38')
    await runUntil(
      syslogNg ?? '',
      [...words, ...own, ...(unpacked === '/' ? [] : ['--module-path', modules])],
      () => hasLines(to, events.length, sent.length),
      {
        seconds: 60,
        cwd: folder,
        ...(unpacked !== '/' && {
          env: { LD_LIBRARY_PATH: [...libraries.map((name) => join(unpacked, name)), modules].join(':') },
        }),
      },
    )
    expect(readFileSync(to, 'utf8') === sent).toBe(true)
  })
})
