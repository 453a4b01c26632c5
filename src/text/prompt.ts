/** A shell's prompt: `# `, `$ `, `root@host:~# `, `[root@host ~]# `, `bash-5.2# `. Each alternative fails in one pass. */
const MARK =
  /^(?:\[[^\]@\n]*@[^\]\n]*\]|[\w.-]+@[\w.-]+(?::[^\s#$%>]*)?|\([\w.-]+\) [\w.-]+@\S+|[a-z]*sh-\d[\w.]*)?\s*[#$%](?:\s+|$)/
/** A word that can be a command, behind settings of variables: `sudo`, `./x.sh`, `LC_ALL=C perf`. */
const COMMAND = /^(?:[A-Za-z_]\w*=\S*\s+)*[A-Za-z_./~][\w./~+@-]*(?:$|[\s;|&<>()])/

/** Offset of what stands behind a shell's prompt at the beginning of a line; 0: there is no prompt. */
export function promptEnd(line: string): number {
  return MARK.exec(line)?.[0].length ?? 0
}

/** A shell's prompt with a command behind it, or with nothing. Anything else behind it may be a tool's, or anybody's. */
export function isPrompt(line: string): boolean {
  const end = promptEnd(line)
  return end > 0 && (end >= line.length || COMMAND.test(line.slice(end)))
}
